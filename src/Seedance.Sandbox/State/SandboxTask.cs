using System.Text.Json;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox.State;

/// <summary>What the writing of a task depends on.</summary>
/// <param name="Now">The time.</param>
/// <param name="Options">How the sandbox behaves.</param>
/// <param name="Language">The language of messages.</param>
/// <param name="FilesBase">The base of links to files.</param>
internal sealed record TaskView(DateTimeOffset Now, SandboxOptions Options, string Language, string FilesBase)
{
    /// <summary>How many results are there already; null when all are.</summary>
    public int? EarlyResults { get; init; }

    /// <summary>Whether this is a first end in which everything went well, whatever comes later.</summary>
    public bool AllUsable { get; init; }
}

/// <summary>
/// Work that takes time. Nothing runs: its state at any moment follows from when it began and how long it takes.
/// </summary>
internal abstract class SandboxTask(string id, DateTimeOffset created, TimeSpan duration, TaskFaults faults = default)
{
    private bool _isNoticed;
    private int _queries;
    private int _finalQueries;

    public string Id => id;

    public DateTimeOffset Created => created;

    public DateTimeOffset Completed => created + duration;

    protected TaskFaults Faults => faults;

    /// <summary>Whether it ends as a whole, without any result.</summary>
    public bool HasNoResult => faults.Any(fault => fault.NoResult);

    /// <summary>Why it ends as failed, in the language; null when it ends well.</summary>
    protected abstract string? Failure(string language);

    /// <summary>The members of <c>result</c>, once it is final.</summary>
    protected abstract void WriteResult(Utf8JsonWriter json, TaskView view);

    /// <summary>What its kind adds beside <c>result</c> once it is final: costs, for instance.</summary>
    protected virtual void WriteCosts(Utf8JsonWriter json, TaskView view)
    {
    }

    /// <summary>How long such a task is announced to take; null when that is not told.</summary>
    protected abstract TimeSpan? Estimate(SandboxOptions options);

    public bool IsFinal(DateTimeOffset now) => now >= Completed;

    /// <summary>Counts a query, which finds the task or does not.</summary>
    /// <exception cref="Refusal">The task is not to be found yet.</exception>
    public void Query(DateTimeOffset now, SandboxOptions options)
    {
        _queries++;
        if (_queries <= faults.Count(fault => fault.HiddenQueries) || now < created + (faults.Find(fault => fault.HiddenFor) ?? TimeSpan.Zero))
        {
            throw Refusal.UnknownTask(faults.Find(fault => fault.HiddenStatus) ?? options.UnknownTaskStatus);
        }
        if (IsFinal(now))
        {
            _finalQueries++;
        }
    }

    /// <summary>True the first time that it is queried as final.</summary>
    public bool Notice(DateTimeOffset now) => !_isNoticed && (_isNoticed = IsFinal(now));

    public void Write(Utf8JsonWriter json, TaskView view)
    {
        var now = view.Now;
        json.WriteString("id", id);
        if (!IsFinal(now))
        {
            var elapsed = (now - created) / duration;
            json.WriteString("status", faults.Find(fault => fault.PendingStatus) ?? (elapsed < view.Options.Pending ? "pending" : "processing"));
            json.WriteNumber("progress", Math.Clamp((int)(100 * elapsed), 0, 99));
            WriteTimes(json, view);
        }
        else if (faults.Find(fault => fault.FirstStatus) is { } firstStatus
            && IsBefore(now, fault => fault.SupersededAfter, fault => fault.SupersededAfterQueries))
        {
            var isGood = IsSuccess(firstStatus);
            WriteEnd(json, view with { AllUsable = isGood }, firstStatus, isGood ? null : Messages.TaskFailed(view.Language), hasResult: isGood);
        }
        else
        {
            WriteEnd(json, view);
        }
    }

    /// <summary>Whether a word of <see cref="TaskFault"/> stands for success.</summary>
    private static bool IsSuccess(string status) => status.ToUpperInvariant() is
        "COMPLETED" or "COMPLETE" or "SUCCESS" or "SUCCEED" or "SUCCEEDED" or "DONE" or "FINISHED";

    /// <summary>Whether something that comes after the end has not come yet, by time or by count of queries.</summary>
    protected bool IsBefore(DateTimeOffset now, Func<TaskFault, TimeSpan?> after, Func<TaskFault, int?>? afterQueries = null) =>
        now < Completed + (faults.Find(after) ?? TimeSpan.Zero) || afterQueries is not null && _finalQueries <= faults.Count(afterQueries);

    private void WriteEnd(Utf8JsonWriter json, TaskView view)
    {
        var failure = HasNoResult ? Messages.TaskFailed(view.Language) : Failure(view.Language);
        var status = faults.Find(fault => fault.Status) ?? (failure is null ? "completed" : "failed");
        if (IsBefore(view.Now, fault => fault.ResultDelay, fault => fault.ResultDelayQueries))
        {
            view = view with { EarlyResults = faults.Count(fault => fault.EarlyResults) };
        }
        WriteEnd(json, view, status, IsSuccess(status) && HasNoResult ? null : failure, hasResult: !HasNoResult);
    }

    private void WriteEnd(Utf8JsonWriter json, TaskView view, string status, string? failure, bool hasResult)
    {
        json.WriteString("status", status);
        json.WriteNumber("progress", 100);
        WriteTimes(json, view);
        if (hasResult && view.EarlyResults == 0)
        {
            json.WriteNull("result");
        }
        else if (hasResult)
        {
            WriteCosts(json, view);
            json.WriteStartObject("result");
            if (!faults.Any(fault => fault.EmptyResult))
            {
                WriteResult(json, view);
            }
            json.WriteEndObject();
        }

        var message = faults.Find(fault => fault.ErrorMessage) ?? failure;
        var code = faults.Find(fault => fault.ErrorCode);
        if (!view.AllUsable && (message is not null || code is not null))
        {
            WriteError(json, code ?? "task_failed", message ?? code!);
        }
    }

    private void WriteTimes(Utf8JsonWriter json, TaskView view)
    {
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        if (IsFinal(view.Now))
        {
            json.WriteNumber("completed", Completed.ToUnixTimeSeconds());
            json.WriteNumber("actual_time", (long)Math.Round(duration.TotalSeconds));
        }
        if (view.Options.EstimatedTime && Estimate(view.Options) is { } estimate)
        {
            json.WriteNumber("estimated_time", (long)Math.Ceiling(estimate.TotalSeconds));
        }
    }

    private void WriteError(Utf8JsonWriter json, string code, string message)
    {
        if (faults.Any(fault => fault.PlainError))
        {
            json.WriteString("error", message);
            return;
        }
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("message", message);
        json.WriteEndObject();
    }
}
