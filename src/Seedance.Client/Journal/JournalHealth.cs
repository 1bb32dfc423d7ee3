namespace Seedance;

/// <summary>How a journal in a database stands: what of it keeps rows from being sent twice, and what does not.</summary>
public sealed record JournalHealth
{
    /// <summary>Gets whether nothing stands in the way of a run.</summary>
    public bool IsReady => Problems.Count == 0;

    /// <summary>Gets where it is.</summary>
    public required string Journal { get; init; }

    /// <summary>Gets the version of its tables and functions; null if there are none.</summary>
    public int? Version { get; init; }

    /// <summary>Gets the version of the server.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Gets the role that it is used as.</summary>
    public string? Role { get; init; }

    /// <summary>Gets whether the role may more than a journal's user needs: read its tables, change them, or manage the server.</summary>
    public bool IsRoleExcessive { get; init; }

    /// <summary>Gets the version of TLS on the way; null if it is not encrypted.</summary>
    public string? Encryption { get; init; }

    /// <summary>Gets whether what is acknowledged outlasts a crash of the server.</summary>
    public bool IsDurable { get; init; }

    /// <summary>Gets the standbys that acknowledge with the server; null if there are none, and a promoted one may lack what came last.</summary>
    public string? SynchronousStandbys { get; init; }

    /// <summary>Gets what stands in the way, each with what to do about it.</summary>
    public IReadOnlyList<string> Problems { get; init => field = DisplayList<string>.From(value); } = [];

    /// <summary>Gets what stands in no run's way, and should be otherwise.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = DisplayList<string>.From(value); } = [];
}
