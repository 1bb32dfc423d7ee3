namespace Seedance.Client.Tests;

/// <summary>Reads a journal at once, where a test has nothing else to do.</summary>
internal static class JournalReading
{
    public static IEnumerable<SeedanceTask> ReadTasks(this IJournal journal, JournalQuery? query = null) =>
        journal.ReadTasksAsync(query ?? JournalQuery.All, TestContext.Current.CancellationToken).ToBlockingEnumerable(TestContext.Current.CancellationToken);

    public static IEnumerable<SeedanceAsset> ReadAssets(this IJournal journal, JournalQuery? query = null) =>
        journal.ReadAssetsAsync(query ?? JournalQuery.All, TestContext.Current.CancellationToken).ToBlockingEnumerable(TestContext.Current.CancellationToken);

    public static JournalAccount Named(this string name) => new(name);
}
