using System.Globalization;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>What tests of the store in a database have in common.</summary>
internal static class StoreTesting
{
    public static AvatarGroup Cast { get; } = new() { Name = "cast" };

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static JournalKey Key(string name) => JournalKey.Create("Image", "default", $"https://example.com/{name}.png", Cast);

    public static JournalIntent Intent(string id, string? runId, params string[] names) => new()
    {
        IntentId = id,
        RunId = runId,
        Kind = TaskKind.Asset,
        Group = Cast,
        AssetType = AssetType.Image,
        Rows = [.. names.Select(name => new JournalRow(Key(name), new AssetSource($"https://example.com/{name}.png") { Name = name }))],
    };

    public static PostgreSqlJournal Open(PostgreSqlJournalOptions options, string account = "tests") =>
        new(options, JournalAccount.Create(account, $"sk-{account}", new Uri("https://example.com")));

    public static async Task InstallAsync(JournalAddress address, params string[] roles)
    {
        await using var database = new Database(new PostgreSqlJournalOptions(address));
        await JournalSchema.InstallAsync(database, roles, confirmsServer: false, Cancelled);
    }

    /// <summary>How large a test is: small by default, and as an environment variable says for whoever has the time.</summary>
    public static int Size(string variable, int small) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : small;

    public static void Tell(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
