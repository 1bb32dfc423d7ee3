using System.Globalization;
using System.Text.Json;
using Seedance.Http;
using Seedance.Tasks;

namespace Seedance;

public sealed partial class SeedanceClient
{
    /// <summary>The languages that the API has messages in (page "tasks/status").</summary>
    public static IReadOnlyList<string> Languages { get; } = ["zh", "en", "ja", "ko", "ru", "fr", "de", "id", "pt", "es"];

    /// <summary>Returns the API's language for a culture; null where it has none.</summary>
    public static string? LanguageOf(CultureInfo culture) => Languages.Contains(culture.TwoLetterISOLanguageName) ? culture.TwoLetterISOLanguageName : null;

    /// <summary>Looks at a task: <c>GET /v1/tasks/{id}</c>.</summary>
    /// <param name="taskId">The task's id.</param>
    /// <param name="language">The language of messages, one of <see cref="Languages"/>; null for the account's.</param>
    /// <param name="cancellationToken">Calls the query off.</param>
    public Task<SeedanceTask> GetTaskAsync(string taskId, string? language = null, CancellationToken cancellationToken = default) =>
        GetTaskAsync(new SeedanceTask { TaskId = taskId }, language, cancellationToken);

    /// <summary>Looks at a task again; what is known of it stays: its rows, group and project.</summary>
    public async Task<SeedanceTask> GetTaskAsync(SeedanceTask known, string? language = null, CancellationToken cancellationToken = default)
    {
        if (TaskIds.Check(known.TaskId) is { } invalid)
        {
            throw invalid;
        }

        if (known.IsFromLibrary)
        {
            return await GetLibraryTaskAsync(known, cancellationToken);
        }

        using var secrets = TaskReader.HideRowsOf(known);
        var endpoint = TaskEndpoints.Get.For(known.TaskId) with { Query = language is null ? null : $"language={Uri.EscapeDataString(language)}" };
        using var answer = await SendAsync(endpoint, body: null, cancellationToken);
        return answer.Data.ValueKind == JsonValueKind.Object && answer.Data.At("status").ValueKind == JsonValueKind.String
            ? TaskReader.Read(answer.Data, known)
            : throw answer.Unreadable("an answer without a task's status");
    }
}
