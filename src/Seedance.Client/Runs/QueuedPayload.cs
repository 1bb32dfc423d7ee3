using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seedance.Runs;

/// <summary>
/// What a runner needs to send a queued request, beside what the journal keeps of it: whole addresses, for they may be
/// signed. It is kept until the outcome is known.
/// </summary>
internal sealed record QueuedPayload
{
    /// <summary>Gets the addresses of the rows, in their order; null for an order of a video.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>Gets the model whose limits the material is for; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Gets what the group is for; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Gets fields that this version does not know; null for none.</summary>
    public IReadOnlyDictionary<string, object?>? AdditionalFields { get; init; }

    /// <summary>Gets the body of an order of a video; null for material.</summary>
    public string? Order { get; init; }

    /// <summary>Gets what the order costs at most; null if that is not known.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>Returns the text that is queued.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, QueuedPayloadFormat.Default.QueuedPayload);

    /// <summary>Reads it back.</summary>
    public static QueuedPayload FromJson(string json) => JsonSerializer.Deserialize(json, QueuedPayloadFormat.Default.QueuedPayload)!;
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueuedPayload))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
[JsonSerializable(typeof(List<object?>))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(DateTime))]
internal sealed partial class QueuedPayloadFormat : JsonSerializerContext;
