using System.Text.Json.Serialization;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox;

/// <summary>How the asset library behaves where the real one leaves room.</summary>
public sealed record LibraryOptions
{
    /// <summary>How long after its acceptance an asset can be seen in the library.</summary>
    public TimeSpan VisibleAfter { get; init; }

    /// <summary>How many entries a page holds when a request names no number. Default 20.</summary>
    public int PageSize { get; init; } = 20;

    /// <summary>How lists come in pages.</summary>
    public LibraryPaging Paging { get; init; }

    /// <summary>Whether lists tell <c>TotalCount</c>.</summary>
    public bool IncludesTotal { get; init; } = true;

    /// <summary>Whether the name filter of groups takes the exact name only, instead of every name that contains it in any case.</summary>
    public bool ExactNames { get; init; }

    /// <summary>Whether lists of assets hold those of all groups, whatever group is asked for.</summary>
    public bool IgnoresGroup { get; init; }

    /// <summary>Whether lists do not hold what is the account's own.</summary>
    public bool HidesOwn { get; init; }

    /// <summary>How many groups of other accounts lists hold, before the account's own.</summary>
    public int ForeignGroups { get; init; }

    /// <summary>How many assets of other accounts lists hold, before the account's own.</summary>
    public int ForeignAssets { get; init; }

    /// <summary>The names that foreign entries have in turn; without any, <c>foreign-1</c> and so on.</summary>
    public IReadOnlyList<string> ForeignNames { get; init; } = [];

    /// <summary>Whether foreign assets are said to be in the group that is asked for.</summary>
    public bool ForeignInGroup { get; init; }

    /// <summary>How answers about one asset or group come; lists always come as upstream gives them.</summary>
    public LibraryForm Form { get; init; }

    /// <summary>Whether errors come as upstream gives them, in <c>ResponseMetadata.Error</c>, instead of in the envelope.</summary>
    public bool UpstreamErrors { get; init; }
}

/// <summary>How lists of the library come in pages.</summary>
[JsonConverter(typeof(KebabCaseConverter<LibraryPaging>))]
public enum LibraryPaging
{
    /// <summary>As asked for.</summary>
    Honored,

    /// <summary>The number of the page is ignored: the first page comes each time.</summary>
    FirstPageOnly,

    /// <summary>Number and size are ignored: everything comes each time.</summary>
    Everything,

    /// <summary>Each page begins with the last entry of the page before.</summary>
    Overlapping,

    /// <summary>Behind the last page, the last page comes again.</summary>
    LastRepeats,

    /// <summary>Every page after the first is empty, whatever the total says.</summary>
    EndsEarly,

    /// <summary>The order changes from request to request, so that entries are missed and come twice.</summary>
    Changing,
}

/// <summary>How answers about one asset or group come.</summary>
[JsonConverter(typeof(KebabCaseConverter<LibraryForm>))]
public enum LibraryForm
{
    /// <summary>As upstream gives them: <c>{"ResponseMetadata":…,"Result":{"Id":…}}</c>.</summary>
    Upstream,

    /// <summary>In the service's envelope: <c>{"code":200,"data":{"id":…}}</c>.</summary>
    Envelope,

    /// <summary>Changes and deletions with 204 and nothing; what is read as upstream gives it.</summary>
    NoContent,
}
