using System.Text.Json;
using Seedance.Sandbox.Endpoints;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox.State;

/// <summary>One person's liveness check: from the link to the one question that its token is good for.</summary>
internal sealed class IdentityCheck(string token, string callback, string project, DateTimeOffset opened)
{
    public const string Verified = "10000";

    private string? _outcome;

    public string Token => token;

    public string Project => project;

    public bool IsSpent { get; set; }

    public bool LinkIsOpen(DateTimeOffset now, TimeSpan lifetime) => now < opened + lifetime;

    /// <summary>The code the person ended with; null while the check is not finished.</summary>
    public string? Outcome(DateTimeOffset now, TimeSpan? finishesAfter) =>
        _outcome ?? (now >= opened + finishesAfter ? Verified : null);

    /// <summary>Ends the check, unless it has ended, and tells where the browser goes then.</summary>
    public string Finish(string resultCode)
    {
        _outcome ??= resultCode;
        var separator = callback.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{callback}{separator}bytedToken={Uri.EscapeDataString(token)}&resultCode={Uri.EscapeDataString(_outcome)}&algorithmBaseRespCode=0";
    }
}

/// <summary>The task of an opened session: completed at once, which says nothing about the person.</summary>
internal sealed class SessionTask(string id, DateTimeOffset created, string token, TaskFaults faults)
    : SandboxTask(id, created, TimeSpan.Zero, faults)
{
    protected override string? Failure(string language) => null;

    protected override TimeSpan? Estimate(SandboxOptions options) => null;

    protected override void WriteResult(Utf8JsonWriter json, TaskView view)
    {
        json.WriteString("byted_token", token);
        json.WriteString("h5_link", $"{view.FilesBase}{RealAvatars.Page}?bytedToken={token}&lng=zh");
        json.WriteStartObject("raw_response");
        json.WriteEndObject();
    }
}

/// <summary>The task that tells a verified person's group.</summary>
internal sealed class VerifiedTask(string id, DateTimeOffset created, string groupId, GroupIdPlace place, TaskFaults faults)
    : SandboxTask(id, created, TimeSpan.Zero, faults)
{
    protected override string? Failure(string language) => null;

    protected override TimeSpan? Estimate(SandboxOptions options) => null;

    protected override void WriteResult(Utf8JsonWriter json, TaskView view)
    {
        if (place != GroupIdPlace.RawResponse)
        {
            json.WriteString("group_id", groupId);
            return;
        }
        json.WriteStartObject("raw_response");
        json.WriteStartObject("Result");
        json.WriteString("GroupId", groupId);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
