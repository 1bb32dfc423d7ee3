using System.Text.Json;

namespace Seedance.Sandbox;

/// <summary>The generation of one video, and the files that come of it.</summary>
internal sealed class VideoTask(
    string id, DateTimeOffset created, TimeSpan duration, decimal cost, bool returnsLastFrame, bool isRejected, TimeSpan lifetime)
    : SandboxTask(id, created, duration)
{
    private const int CreditsPerUnit = 10;

    /// <summary>Whether this file can be had now: it exists and its link has not expired.</summary>
    public bool Serves(string file, DateTimeOffset now) =>
        IsFinal(now) && !isRejected && now < Expires && (file != LastFrame || returnsLastFrame);

    protected override TimeSpan? Estimate(SandboxOptions options) => options.VideoTime.Max;

    protected override string? Failure(string language) => isRejected ? Messages.VideoRejected(language) : null;

    protected override void WriteCosts(Utf8JsonWriter json)
    {
        if (isRejected)
            return;
        json.WriteNumber("cost", cost);
        json.WriteNumber("credits_cost", cost * CreditsPerUnit);
    }

    protected override void WriteResult(Utf8JsonWriter json, string filesBase)
    {
        json.WriteStartArray("videos");
        if (!isRejected)
        {
            json.WriteStartObject();
            json.WriteStartArray("url");
            json.WriteStringValue(filesBase + Files.Prefix + Id + ".mp4");
            json.WriteEndArray();
            json.WriteNumber("expires_at", Expires.ToUnixTimeSeconds());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (isRejected)
            return;
        json.WriteString("thumbnail_url", filesBase + Files.Prefix + Id + ".jpg");
        if (returnsLastFrame)
            json.WriteString("last_frame_url", filesBase + Files.Prefix + LastFrame);
    }

    private DateTimeOffset Expires => Completed + lifetime;

    private string LastFrame => Id + "-last.png";
}
