using System.Text.Json;

namespace Seedance.Sandbox;

/// <summary>
/// Work that takes time. Nothing runs: its state at any moment follows from when it began and how long it takes.
/// </summary>
internal abstract class SandboxTask(string id, DateTimeOffset created, TimeSpan duration)
{
    private bool _isNoticed;

    public string Id => id;

    public DateTimeOffset Created => created;

    public DateTimeOffset Completed => created + duration;

    /// <summary>Why it ends as failed, in the language; null when it ends well.</summary>
    protected abstract string? Failure(string language);

    /// <summary>The members of <c>result</c>, once it is final.</summary>
    protected abstract void WriteResult(Utf8JsonWriter json, string filesBase);

    /// <summary>What its kind adds beside <c>result</c> once it is final: costs, for instance.</summary>
    protected virtual void WriteCosts(Utf8JsonWriter json)
    {
    }

    /// <summary>How long such a task is announced to take; null when that is not told.</summary>
    protected abstract TimeSpan? Estimate(SandboxOptions options);

    public bool IsFinal(DateTimeOffset now) => now >= Completed;

    /// <summary>True the first time that it is looked at as final.</summary>
    public bool Notice(DateTimeOffset now) => !_isNoticed && (_isNoticed = IsFinal(now));

    public void Write(Utf8JsonWriter json, DateTimeOffset now, SandboxOptions options, string language, string filesBase)
    {
        var failure = IsFinal(now) ? Failure(language) : null;
        var elapsed = duration > TimeSpan.Zero ? (now - created) / duration : 1;

        json.WriteString("id", id);
        json.WriteString("status",
            failure is not null ? "failed" : IsFinal(now) ? "completed" : elapsed < options.Pending ? "pending" : "processing");
        json.WriteNumber("progress", IsFinal(now) ? 100 : Math.Clamp((int)(100 * elapsed), 0, 99));
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        if (IsFinal(now))
        {
            json.WriteNumber("completed", Completed.ToUnixTimeSeconds());
            json.WriteNumber("actual_time", (long)Math.Round(duration.TotalSeconds));
        }
        if (options.EstimatedTime && Estimate(options) is { } estimate)
            json.WriteNumber("estimated_time", (long)Math.Ceiling(estimate.TotalSeconds));
        if (IsFinal(now))
        {
            WriteCosts(json);
            json.WriteStartObject("result");
            WriteResult(json, filesBase);
            json.WriteEndObject();
        }
        if (failure is not null)
        {
            json.WriteStartObject("error");
            json.WriteString("code", "task_failed");
            json.WriteString("message", failure);
            json.WriteEndObject();
        }
    }
}
