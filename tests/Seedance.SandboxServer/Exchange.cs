using System.Globalization;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.SandboxServer;

/// <summary>One request over a socket, and the ways to answer it, or not to.</summary>
/// <param name="context">The request and the way back.</param>
/// <param name="date">The time that answers carry: on the service's clock.</param>
/// <param name="stopping">Ends what would last for ever.</param>
internal sealed class Exchange(HttpContext context, DateTimeOffset date, CancellationToken stopping)
{
    private const int BufferSize = 64 * 1024;

    public async Task SendAsync(PlayedResponse played)
    {
        switch (played.Transmission)
        {
            case Transmission.Reset:
                context.Abort();
                break;
            case Transmission.Silent:
                await HangAsync();
                break;
            case Transmission.CutOff:
                // The server closes the connection when it finds the promise broken; a reset instead could overtake
                // the half and destroy it.
                await WriteAsync(played.Response!, played.Response!.Length / 2);
                break;
            case Transmission.Stalled:
                await WriteAsync(played.Response!, played.Response!.Length / 2);
                await HangAsync();
                break;
            default:
                await WriteAsync(played.Response!, played.Response!.Length);
                break;
        }
    }

    /// <summary>Stays silent until the caller gives up, or the server stops.</summary>
    private async Task HangAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private async Task WriteAsync(SandboxResponse source, long count)
    {
        var response = context.Response;
        response.StatusCode = source.Status;
        response.ContentType = source.ContentType;
        response.ContentLength = source.Length;
        response.Headers.Date = date.ToString("R", CultureInfo.InvariantCulture);
        if (source.Headers is { } headers)
        {
            foreach (var (name, value) in headers)
            {
                response.Headers[name] = value;
            }
        }

        if (source.Content is { } content)
        {
            await CopyAsync(content, response.Body, count);
        }
        else if (!source.Body.IsEmpty)
        {
            await response.Body.WriteAsync(source.Body[..(int)count], context.RequestAborted);
        }
        await response.Body.FlushAsync(context.RequestAborted);
    }

    private async Task CopyAsync(Stream from, Stream to, long count)
    {
        var buffer = new byte[BufferSize];
        while (count > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), context.RequestAborted);
            if (read == 0)
            {
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            count -= read;
        }
    }
}
