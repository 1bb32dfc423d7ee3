using System.Net;
using System.Net.Http.Headers;

namespace Seedance.Client.Tests.Files;

/// <summary>What a host was asked.</summary>
internal sealed record Asked(Uri Address, string Method, string? Range, string? IfRange, string? Authorization);

/// <summary>How an answer goes wrong.</summary>
internal sealed record Mishap
{
    /// <summary>The body ends, as a connection does, after this many bytes.</summary>
    public int? BreaksAfter { get; init; }

    /// <summary>The body ends, as if it were whole, after this many bytes.</summary>
    public int? EndsAfter { get; init; }

    /// <summary>No connection.</summary>
    public bool Throws { get; init; }

    /// <summary>Silence: before the answer, or after so many bytes of it.</summary>
    public bool Hangs { get; init; }

    /// <summary>Another answer altogether.</summary>
    public Func<HttpResponseMessage>? Answer { get; init; }
}

/// <summary>A host that serves one file, as well or badly as the test wants.</summary>
internal sealed class FileHost(byte[] content) : HttpMessageHandler
{
    public byte[] Content { get; set; } = content;

    public string? Tag { get; set; } = "\"first\"";

    public DateTimeOffset? Changed { get; set; }

    public bool HasRanges { get; set; } = true;

    public bool TellsLength { get; set; } = true;

    public string MediaType { get; set; } = "video/mp4";

    public List<Asked> Requests { get; } = [];

    /// <summary>What happens to the answer of this number, from 1; null for nothing.</summary>
    public Func<int, Mishap?>? Script { get; set; }

    /// <summary>How many silences there were.</summary>
    public int Silences { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(new Asked(request.RequestUri!, request.Method.Method, Header(request, "Range"), Header(request, "If-Range"), Header(request, "Authorization")));
        var mishap = Script?.Invoke(Requests.Count);
        if (mishap is { Hangs: true, BreaksAfter: null })
        {
            Silences++;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (mishap is { Throws: true })
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        }

        if (mishap?.Answer is { } other)
        {
            return other();
        }

        var from = 0;
        var isRange = HasRanges && request.Headers.Range is not null && (Header(request, "If-Range") is not { } condition || condition == Tag || condition == Changed?.ToString("R"));
        if (isRange)
        {
            from = (int)request.Headers.Range!.Ranges.Single().From!.Value;
        }

        if (from >= Content.Length)
        {
            var none = new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable) { Content = new ByteArrayContent([]) };
            none.Content.Headers.ContentRange = new ContentRangeHeaderValue(Content.Length);
            return none;
        }

        var length = Content.Length - from;
        var response = new HttpResponseMessage(isRange ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
        {
            Content = new StreamContent(new MishapStream(Content.AsMemory(from), mishap, () => Silences++)),
        };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        response.Content.Headers.ContentLength = TellsLength ? length : null;
        response.Content.Headers.LastModified = Changed;
        if (Tag is not null)
        {
            response.Headers.ETag = EntityTagHeaderValue.Parse(Tag);
        }

        if (isRange)
        {
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, Content.Length - 1, Content.Length);
        }

        return response;
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private sealed class MishapStream(ReadOnlyMemory<byte> content, Mishap? mishap, Action silent) : MemoryStream(content.ToArray())
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var left = (mishap?.BreaksAfter ?? mishap?.EndsAfter ?? int.MaxValue) - Position;
            if (left <= 0 && mishap is { Hangs: true })
            {
                silent();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (left <= 0 && mishap?.BreaksAfter is not null)
            {
                throw new IOException("The connection was reset.");
            }

            // Small pieces, as a network gives them.
            return await base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Math.Clamp(left, 0, 1000))], cancellationToken);
        }
    }
}

/// <summary>Lets the time of a manual clock pass while something is not done.</summary>
internal static class Passing
{
    /// <summary>To the end of every pause; past longer limits only when <paramref name="silences"/> counts another silence.</summary>
    public static async Task<T> UntilDoneAsync<T>(this ManualTimeProvider time, Task<T> task, TimeSpan limit, Func<int>? silences = null)
    {
        for (var passed = 0; !task.IsCompleted; await Task.WhenAny(task, Task.Delay(1, TestContext.Current.CancellationToken)))
        {
            if (silences?.Invoke() > passed)
            {
                passed++;
                time.Advance(limit);
            }
            else if (time.NextDue - time.GetUtcNow() < limit)
            {
                time.AdvanceToNext();
            }
        }

        return await task;
    }
}
