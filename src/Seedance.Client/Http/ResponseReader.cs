using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Seedance.Errors;

namespace Seedance.Http;

/// <summary>Turns a response into an answer, or into the one exception that says what it means.</summary>
internal static class ResponseReader
{
    /// <summary>No answer of this API comes near; a longer one is not this API's.</summary>
    private const int MaxLength = 16 * 1024 * 1024;

    private static readonly string[] s_requestIds = ["X-Oneapi-Request-Id", "X-Request-Id"];

    /// <summary>The answer in <paramref name="response"/>; throws <see cref="SeedanceException"/> for anything that is not a success.</summary>
    public static async Task<ApiResponse> ReadAsync(
        HttpResponseMessage response, Endpoint endpoint, TimeProvider time, KeyEraser key, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            throw ApiErrors.Redirected(endpoint, status, Redaction.Quote(Redaction.Url(response.Headers.Location?.ToString())));
        }

        // Of a failure, half a body still tells more than none; of a success, it is not one.
        byte[] body;
        try
        {
            body = await ReadBodyAsync(response, cancellationToken);
        }
        catch (Exception e) when (status >= 400 && e is HttpRequestException or IOException)
        {
            body = [];
        }

        key.Erase(body);
        return Read(status, body, endpoint, RetryAfter(response, time), RequestId(response));
    }

    /// <summary>The answer that <paramref name="body"/> holds. Every body there is either is one or gives a <see cref="SeedanceException"/>.</summary>
    public static ApiResponse Read(int status, ReadOnlyMemory<byte> body, Endpoint endpoint, TimeSpan? retryAfter = null, string? requestId = null)
    {
        var document = Parse(body);
        if (ResponseFailure.Find(status, document?.RootElement ?? default) is { } failure)
        {
            using (document)
            {
                throw ApiErrors.Answered(endpoint, failure with { Description = Describe(body.Span), RetryAfter = retryAfter, RequestId = requestId });
            }
        }

        // Nothing more to say of what may be done twice. Of what takes effect once, the answer must name what came of it.
        if (status == 204 && body.Length == 0 && endpoint.Effect != Effect.Once)
        {
            document = JsonDocument.Parse("{}");
        }

        if (document?.RootElement.ValueKind != JsonValueKind.Object)
        {
            document?.Dispose();
            throw ApiErrors.Unreadable(endpoint, Describe(body.Span), requestId);
        }

        return new ApiResponse(document, endpoint);
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        try
        {
            body = body.Span.StartsWith(mark) ? body[mark.Length..] : body;
            return body.Length == 0 ? null : JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var expected = response.Content.Headers.ContentLength;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected ?? 4096, 256, 64 * 1024));
        try
        {
            var length = 0;
            for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length == buffer.Length)
                {
                    if (length > MaxLength)
                    {
                        throw new IOException($"The answer is longer than {MaxLength} bytes.");
                    }

                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return length < expected
                ? throw new IOException($"The answer ended after {length} of {expected} bytes.")
                : buffer.AsSpan(0, length).ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            // What decompressors throw, each its own.
            throw new IOException("The answer's compression is broken.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A date is one of the server's clock, which says itself what time it is.
    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - (response.Headers.Date ?? time.GetUtcNow()));
        return wait is null ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string? RequestId(HttpResponseMessage response) =>
        s_requestIds.Select(name => response.Headers.TryGetValues(name, out var values) ? Redaction.Quote(values.FirstOrDefault()) : null)
            .FirstOrDefault(id => !string.IsNullOrEmpty(id));

    private static string Describe(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return "an empty body";
        }

        var start = body.TrimStart(" \t\r\n"u8);
        var kind = start.StartsWith("<"u8) ? "a web page" : start.StartsWith("{"u8) ? "cut-off or broken JSON" : "something other than a JSON object";
        return string.Create(CultureInfo.InvariantCulture, $"{kind} ({body.Length} bytes)");
    }
}
