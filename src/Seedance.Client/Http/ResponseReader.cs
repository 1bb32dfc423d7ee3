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

    /// <summary>The answer in <paramref name="response"/>; throws <see cref="SeedanceException"/> for anything that is not a success.</summary>
    public static async Task<ApiResponse> ReadAsync(
        HttpResponseMessage response, string what, TimeProvider time, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var isPost = response.RequestMessage?.Method != HttpMethod.Get;
        if (status is >= 300 and < 400)
        {
            throw ApiErrors.Redirected(what, status, Redaction.Url(response.Headers.Location?.ToString()), isPost);
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

        Redaction.Blot(body, secret.Span);
        return Read(status, body, what, isPost, RetryAfter(response, time));
    }

    /// <summary>The answer that <paramref name="body"/> holds. Every body there is either is one or gives a <see cref="SeedanceException"/>.</summary>
    public static ApiResponse Read(int status, ReadOnlyMemory<byte> body, string what, bool isPost, TimeSpan? retryAfter)
    {
        var document = Parse(body);
        var root = document?.RootElement ?? default;
        var failure = FailureIn(root, status);
        if (failure is not null || status is < 200 or >= 300)
        {
            using (document)
            {
                throw ApiErrors.Answered(what, failure ?? status, root, isPost, retryAfter);
            }
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            document?.Dispose();
            throw ApiErrors.Unreadable(what, Describe(body.Span), isPost);
        }

        return new ApiResponse(document!);
    }

    /// <summary>The status of a failure that an answer tells of itself, whatever its HTTP status: an error, or a code that is not 200.</summary>
    private static int? FailureIn(JsonElement root, int status)
    {
        // A task's own error sits inside `data`; one at the top is the request's.
        var error = root.At("error");
        var code = root.At("code");
        if ((error.ValueKind == JsonValueKind.String && error.Text() is not null) || (error.ValueKind == JsonValueKind.Object && error.EnumerateObject().Any()))
        {
            return status >= 400 ? status : StatusOf(error.At("code"), error.At("type")) ?? StatusOf(code, default) ?? 500;
        }

        if (code.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || code.Number() is 0 or (>= 200 and < 300))
        {
            return null;
        }

        return status >= 400 ? status : StatusOf(code, root.At("type")) ?? (IsSuccessWord(code.Text()) ? null : 500);
    }

    private static int? StatusOf(JsonElement code, JsonElement type) => code.Number() is >= 300 and < 600 and var number
        ? (int)number
        : (type.Text() ?? code.Text()) switch
        {
            "invalid_request_error" => 400,
            "authentication_error" => 401,
            "payment_required" => 402,
            "permission_denied" or "permission_error" => 403,
            "not_found" or "not_found_error" => 404,
            "rate_limit_error" => 429,
            "server_error" => 500,
            _ => null,
        };

    private static bool IsSuccessWord(string? code) =>
        code is not null && (code.Equals("success", StringComparison.OrdinalIgnoreCase) || code.Equals("ok", StringComparison.OrdinalIgnoreCase));

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

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait is null ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string Describe(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return "an empty body";
        }

        var start = body.TrimStart(" \t\r\n"u8);
        var kind = start.StartsWith("<"u8) ? "a web page" : start.StartsWith("{"u8) ? "cut-off or broken JSON" : "no JSON object";
        return string.Create(CultureInfo.InvariantCulture, $"{kind} of {body.Length} bytes");
    }
}
