using Seedance.Sandbox;

namespace Seedance.SandboxServer;

/// <summary>One request over a socket, and the ways to answer it, or not to.</summary>
internal sealed class Exchange(
    HttpContext context, SandboxRequest request, SandboxApi api, TimeProvider time, TimeSpan wayBack, CancellationToken stopping)
{
    private const int BufferSize = 64 * 1024;

    public SandboxResponse Process() => api.Handle(request);

    public async Task AnswerAsync(SandboxResponse answer)
    {
        await WaitAsync(wayBack);
        await WriteAsync(answer, answer.Length);
    }

    /// <summary>
    /// Promises the whole answer and sends half of it. The server closes the connection when it finds the promise
    /// broken; a reset instead could overtake the half and destroy it.
    /// </summary>
    public Task BreakOffAsync(SandboxResponse answer) => WriteAsync(answer, answer.Length / 2);

    /// <summary>Promises the whole answer, sends half of it, and falls silent.</summary>
    public async Task StallAsync(SandboxResponse answer)
    {
        await WriteAsync(answer, answer.Length / 2);
        await HangAsync();
    }

    public Task AbortAsync()
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Stays silent until the caller gives up, or the server stops.</summary>
    public async Task HangAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    /// <summary>Waits, whether or not the caller does: a server does not know that its caller has left.</summary>
    public async Task WaitAsync(TimeSpan span)
    {
        if (span > TimeSpan.Zero)
            await Task.Delay(span, time, stopping);
    }

    private async Task WriteAsync(SandboxResponse answer, long count)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Length;
        if (answer.Headers is { } headers)
        {
            foreach (var (name, value) in headers)
                response.Headers[name] = value;
        }

        if (answer.Content is { } content)
            await CopyAsync(content, response.Body, count);
        else if (!answer.Body.IsEmpty)
            await response.Body.WriteAsync(answer.Body[..(int)count], context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
    }

    private async Task CopyAsync(Stream from, Stream to, long count)
    {
        var buffer = new byte[BufferSize];
        while (count > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), context.RequestAborted);
            if (read == 0)
                return;
            await to.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            count -= read;
        }
    }
}
