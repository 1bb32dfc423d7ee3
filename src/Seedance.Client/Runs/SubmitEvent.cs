namespace Seedance;

/// <summary>Something a run of submissions has to tell.</summary>
public abstract record SubmitEvent;

/// <summary>A request was accepted, now or, with <paramref name="Resumed"/>, in an earlier run.</summary>
public sealed record TaskAccepted(SeedanceTask Task, bool Resumed) : SubmitEvent;

/// <summary>Something to know that is no error.</summary>
public sealed record SubmitNotice(string Message) : SubmitEvent;
