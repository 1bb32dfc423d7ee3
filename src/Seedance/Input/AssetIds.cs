namespace Seedance.Commands;

/// <summary>Ids of assets and groups as people give them, and what is wrong with them.</summary>
internal static class AssetIds
{
    private const string Scheme = "asset://";

    /// <summary>The id, also of an address.</summary>
    public static string From(string text) => text.Trim() is var id && id.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? id[Scheme.Length..] : id;

    /// <summary>The journal cannot claim it.</summary>
    public static SeedanceException Foreign(string id, string done) => new(SeedanceErrorKind.InvalidInput, Delivery.NotSent,
        $"Asset {id} is not in this journal, neither by its id nor by group and exact name, so it may be another account's; it was not {done}.")
    {
        RecommendedAction = "Check the id, and that the connection uses the journal and the account of the run that submitted it. If it is yours all the same: -AllowForeign.",
    };

    /// <summary>The journal cannot claim the group, or all of it.</summary>
    public static SeedanceException ForeignGroup(string id, bool isKnown, int foreign) => new(SeedanceErrorKind.InvalidInput, Delivery.NotSent,
        isKnown ? $"Group {id} holds {foreign} asset(s) that are not in this journal and may be another account's; nothing was deleted."
            : $"Group {id} is not in this journal, so it may be another account's; nothing was deleted.")
    {
        RecommendedAction = "Look at what is in it: Get-SeedanceAsset -Online -GroupId. If it is yours all the same: -AllowForeign.",
    };

    /// <summary>There is none of this id.</summary>
    public static SeedanceException NotThere(string id) => new(SeedanceErrorKind.NotFound, Delivery.Refused, $"The asset library has no asset {id}.")
    {
        RecommendedAction = "It may have been deleted. Sync-SeedanceJournal records what is gone.",
    };
}
