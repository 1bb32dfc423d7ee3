using System.Text.Json;
using Seedance.Sandbox.Faults;
using Seedance.Sandbox.Transfers;

namespace Seedance.Sandbox.State;

/// <summary>What a video task was ordered to make.</summary>
internal sealed record VideoTerms(decimal Cost, bool ReturnsLastFrame, bool IsRejected, TimeSpan Lifetime);

/// <summary>The generation of one video, and the files that come of it.</summary>
internal sealed class VideoTask(string id, DateTimeOffset created, TimeSpan duration, VideoTerms terms, TaskFaults faults)
    : SandboxTask(id, created, duration, faults)
{
    private const int CreditsPerUnit = 10;
    private const int TokensPerUnit = 100_000;

    /// <summary>Where the end is to be told, or null.</summary>
    public string? Webhook { get; init; }

    public int WebhookCalls => Faults.Find(fault => fault.WebhookCalls) ?? 1;

    /// <summary>Whether this file can be had now: it exists and its link has not expired.</summary>
    public bool Serves(string file, DateTimeOffset now) =>
        IsFinal(now) && !terms.IsRejected && !HasNoResult && now < Expires && (file != LastFrame || terms.ReturnsLastFrame);

    protected override TimeSpan? Estimate(SandboxOptions options) => options.VideoTime.Max;

    protected override string? Failure(string language) => terms.IsRejected ? Messages.VideoRejected(language) : null;

    protected override void WriteCosts(Utf8JsonWriter json, TaskView view)
    {
        if (terms.IsRejected)
        {
            return;
        }
        if (!IsBefore(view.Now, fault => fault.CostDelay))
        {
            json.WriteNumber("cost", terms.Cost);
            json.WriteNumber("credits_cost", terms.Cost * CreditsPerUnit);
        }
        if (Faults.Find(fault => fault.UsageDelay) is not null && !IsBefore(view.Now, fault => fault.UsageDelay))
        {
            json.WriteStartObject("usage");
            json.WriteNumber("completion_tokens", (long)(terms.Cost * TokensPerUnit));
            json.WriteEndObject();
        }
    }

    protected override void WriteResult(Utf8JsonWriter json, TaskView view)
    {
        var place = Faults.Find(fault => fault.LastFrame) ?? PlaceInResult.Result;
        json.WriteStartArray("videos");
        if (!terms.IsRejected)
        {
            json.WriteStartObject();
            WriteLink(json, view.FilesBase + Files.Prefix + Id + ".mp4");
            if (!Faults.Any(fault => fault.NoExpiry))
            {
                json.WriteNumber("expires_at", Expires.ToUnixTimeSeconds());
            }
            if (place != PlaceInResult.Result)
            {
                WriteLastFrame(json, view);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (terms.IsRejected)
        {
            return;
        }
        json.WriteString("thumbnail_url", view.FilesBase + Files.Prefix + Id + ".jpg");
        if (place != PlaceInResult.Item)
        {
            WriteLastFrame(json, view);
        }
    }

    private void WriteLink(Utf8JsonWriter json, string link)
    {
        if (Faults.Any(fault => fault.PlainLinks))
        {
            json.WriteString("url", link);
            return;
        }
        json.WriteStartArray("url");
        json.WriteStringValue(link);
        json.WriteEndArray();
    }

    private void WriteLastFrame(Utf8JsonWriter json, TaskView view)
    {
        if (terms.ReturnsLastFrame)
        {
            json.WriteString("last_frame_url", view.FilesBase + Files.Prefix + LastFrame);
        }
    }

    private DateTimeOffset Expires => Completed + terms.Lifetime;

    private string LastFrame => Id + "-last.png";
}
