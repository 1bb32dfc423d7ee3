namespace Seedance;

/// <summary>A list of queued rows that runners work off. Queued, UnderWay, Accepted, Unknown, Refused and Unsent add up to the rows.</summary>
public sealed record List
{
    /// <summary>Gets its name.</summary>
    public required string ListName { get; init; }

    /// <summary>Gets when it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets how many rows it has.</summary>
    public int Rows => Queued + UnderWay + Accepted + Unknown + Refused + Unsent;

    /// <summary>Gets how many rows no runner has taken yet.</summary>
    public int Queued { get; init; }

    /// <summary>Gets how many rows a runner that is there is sending.</summary>
    public int UnderWay { get; init; }

    /// <summary>Gets how many rows were accepted.</summary>
    public int Accepted { get; init; }

    /// <summary>Gets how many rows may or may not have been accepted: <c>Submit-SeedanceAsset -Resume</c> asks the library.</summary>
    public int Unknown { get; init; }

    /// <summary>Gets how many rows were refused.</summary>
    public int Refused { get; init; }

    /// <summary>Gets how many rows could not be sent, however often a runner took them.</summary>
    public int Unsent { get; init; }

    /// <summary>Gets how many of the accepted rows have a usable asset.</summary>
    public int Usable { get; init; }

    /// <summary>Gets how many of the accepted rows have none, although their task has ended.</summary>
    public int Failed { get; init; }

    /// <summary>Gets how many tasks have not been seen to end.</summary>
    public int OpenTasks { get; init; }

    /// <summary>Gets how many runners work it off.</summary>
    public int Runners { get; init; }

    /// <summary>Gets whether nothing is queued, under way or open any more.</summary>
    public bool IsDone => Queued == 0 && UnderWay == 0 && OpenTasks == 0;

    /// <summary>Returns the name.</summary>
    public override string ToString() => ListName;
}
