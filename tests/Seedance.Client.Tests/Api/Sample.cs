using System.Text.Json;

namespace Seedance.Client.Tests.Api;

/// <summary>The API's samples.</summary>
internal static class Sample
{
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order()!];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Samples");

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.json"));

    public static ApiResponse Answer(string name, bool isPost = false) => ResponseReader.Read(200, Bytes(name), Endpoints.From(isPost));

    /// <summary>The task in an answer.</summary>
    public static SeedanceTask Task(string name, params AssetSource[] sources) =>
        TaskReader.Read(Answer(name).Data, new SeedanceTask { TaskId = "task_known", Sources = sources });

    /// <summary>Equal as JSON: the order of members and blanks do not count.</summary>
    public static void Same(string name, string? actual)
    {
        using var expected = JsonDocument.Parse(Bytes(name));
        using var produced = JsonDocument.Parse(Assert.IsType<string>(actual));
        Assert.True(JsonElement.DeepEquals(expected.RootElement, produced.RootElement), $"Sample {name}: expected {expected.RootElement.GetRawText()}, sent {actual}");
    }
}
