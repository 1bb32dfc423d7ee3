using System.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;

namespace Seedance.Http;

/// <summary>A request's body, which remembers whether the transport has asked for it: one that was not asked for cannot have taken effect.</summary>
internal abstract class ReplayableContent : HttpContent
{
    /// <summary>True from the moment the body begins to leave.</summary>
    public bool WasSent { get; private set; }

    /// <summary>Called whenever a part of a long body has left: as long as it moves, its attempt's time does not run out.</summary>
    public Action? OnProgress { get; set; }

    /// <summary>What was wrong with the body itself, if that is what broke the attempt; null if nothing was.</summary>
    public virtual SeedanceException? Failure => null;

    /// <summary>What of it no message may repeat.</summary>
    public virtual IEnumerable<string> Secrets => [];

    /// <summary>The same body for another attempt. A used one may have been buffered on its way, and would not be asked again.</summary>
    public abstract ReplayableContent Clone();

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasSent = true;
        return WriteAsync(stream, cancellationToken);
    }

    /// <summary>Tells that a part has left.</summary>
    protected void Moved() => OnProgress?.Invoke();

    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);
}

/// <summary>A JSON body. It is made once, so that its length is known and a second attempt sends the same bytes.</summary>
internal sealed class JsonBody : ReplayableContent
{
    private readonly byte[] _json;

    private JsonBody(byte[] json)
    {
        _json = json;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public static JsonBody Create<T>(T value, JsonTypeInfo<T> format, IReadOnlyDictionary<string, object?>? additionalFields = null) =>
        new(AdditionalFields.Write(value, format, additionalFields));

    public override IEnumerable<string> Secrets => Errors.Secrets.InJson(_json);

    /// <summary>Creates the body from its text.</summary>
    public static JsonBody FromText(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>Returns its text.</summary>
    public string ToText() => Encoding.UTF8.GetString(_json);

    public override ReplayableContent Clone() => new JsonBody(_json);

    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        stream.WriteAsync(_json, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
