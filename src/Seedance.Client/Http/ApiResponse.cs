using System.Net;
using System.Text.Json;

namespace Seedance.Http;

/// <summary>
/// A response's content once it has been read, parsed and found not to be a failure. It travels up the handlers in place
/// of the bytes, so that an answer is parsed once.
/// </summary>
internal sealed class ApiResponse(JsonDocument document, Endpoint endpoint) : HttpContent
{
    /// <summary>The whole answer.</summary>
    public JsonElement Root => document.RootElement;

    /// <summary>What the envelope holds: <c>data</c>, or its first item where that is an array; without an envelope the answer itself.</summary>
    public JsonElement Data
    {
        get
        {
            var data = Root.At("data");
            return data.ValueKind switch
            {
                JsonValueKind.Undefined => Root,
                JsonValueKind.Array => data.EnumerateArray().FirstOrDefault(),
                _ => data,
            };
        }
    }

    /// <summary>The id of the task that was accepted. Accepted under an id that nobody can read is as good as not answered.</summary>
    /// <exception cref="SeedanceException">There is none.</exception>
    public string RequireTaskId() => Data.TaskId() ?? throw Unreadable("an answer without a task id");

    /// <summary>The failure of an answer that lacks what it must hold.</summary>
    public SeedanceException Unreadable(string found) => ApiErrors.Unreadable(endpoint, found);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            document.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("An answer that has been read is not sent on.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
