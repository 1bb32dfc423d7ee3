namespace Seedance.Journal;

/// <summary>The words for lists and runners that are not as they should be.</summary>
internal static class QueueErrors
{
    public static SeedanceException NoQueue(string journal) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The journal '{journal}' has no lists: rows are queued in a journal that several machines share.")
        {
            RecommendedAction = "Connect with a database: Connect-Seedance -Journal postgresql://host/database.",
        };

    public static SeedanceException ListExists(string listName) =>
        new(SeedanceErrorKind.AlreadyExists, Delivery.NotSent, $"There is a list '{listName}' already; nothing was queued.")
        {
            RecommendedAction = "Add to it with -Resume, which queues what is not in it or sent yet; or choose another -ListName.",
        };

    public static SeedanceException NoList(string listName) =>
        new(SeedanceErrorKind.NotFound, Delivery.NotSent, $"There is no list '{listName}' in this account.")
        {
            RecommendedAction = "See its name by Get-SeedanceList; Submit-SeedanceAsset -Queue -ListName makes one.",
        };
}
