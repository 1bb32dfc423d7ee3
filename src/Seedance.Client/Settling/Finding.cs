namespace Seedance.Settling;

/// <summary>What the library says of a request whose outcome is not known.</summary>
internal enum FindingKind
{
    /// <summary>A row of it was found for certain, so that it was accepted as a whole.</summary>
    Accepted,

    /// <summary>None of its rows is there, nor anything like them, in a group that can be read.</summary>
    NotFound,

    /// <summary>There is something that may be of its rows, or of others.</summary>
    Unclear,

    /// <summary>The library could not be read.</summary>
    Unreadable,
}

/// <summary>What was found of a request whose outcome was not known.</summary>
/// <param name="Request">The request.</param>
/// <param name="Kind">What was found.</param>
/// <param name="Message">The same in words.</param>
/// <param name="Task">Its task, if it was accepted.</param>
internal sealed record Finding(JournalOpenRequest Request, FindingKind Kind, string Message, SeedanceTask? Task = null);
