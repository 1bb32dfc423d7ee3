namespace Seedance.Client.Tests.Journal;

/// <summary>Short ways to write what a run writes.</summary>
internal static class JournalRecords
{
    public static JournalKey Key(string url, AvatarGroup? group) => JournalKey.Create("Image", "default", url, group);

    public static JournalIntent Intent(string id, AvatarGroup? group, params string[] urls) => new()
    {
        IntentId = id,
        Kind = TaskKind.Asset,
        Group = group,
        ProjectName = "default",
        AssetType = AssetType.Image,
        Rows = [.. urls.Select(url => new JournalRow(Key(url, group), new AssetSource(url) { Name = url.Split('/')[^1] }))],
    };

    /// <summary>Begins a request: with <paramref name="claim"/> by what its rows say that they saw, else as one that has just looked.</summary>
    public static async Task<IReadOnlyList<int>> BeginAsync(this IJournal journal, JournalIntent intent, bool claim = false)
    {
        if (!claim)
        {
            var seen = await journal.FindAsync([.. intent.Rows.Select(row => row.Key)], TestContext.Current.CancellationToken);
            intent = intent with { Rows = [.. intent.Rows.Select((row, i) => row with { Supersedes = seen[i]?.LastIntentId })] };
        }

        return await journal.BeginAsync(intent, TestContext.Current.CancellationToken);
    }

    public static async Task EndAsync(this IJournal journal, string id, JournalState state, string? task = null, string? groupId = null) =>
        await journal.EndAsync(new JournalOutcome { IntentId = id, State = state, TaskId = task, GroupId = groupId }, TestContext.Current.CancellationToken);

    public static async Task<JournalMatch?> FindAsync(this IJournal journal, string url, AvatarGroup? group) =>
        Assert.Single(await journal.FindAsync([Key(url, group)], TestContext.Current.CancellationToken));
}
