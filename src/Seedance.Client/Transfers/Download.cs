using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace Seedance.Transfers;

/// <summary>
/// Fetches a file into a part of it, going on where it broke off as often as something comes, and gives up after a few
/// attempts in a row that brought nothing. Memory holds one block, whatever the length.
/// </summary>
/// <param name="http">The network without the key.</param>
/// <param name="time">The clock of silences and pauses.</param>
/// <param name="silence">How long the other side may say nothing.</param>
internal sealed class Download(HttpMessageInvoker http, TimeProvider time, TimeSpan silence)
{
    /// <summary>So many attempts in a row may bring nothing: three breaks are survived.</summary>
    private const int MaxFruitless = 4;

    private const int BlockSize = 128 * 1024;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(20);

    /// <summary>Fetches what is missing.</summary>
    /// <param name="source">The link, with what is to be said of it when it fails.</param>
    /// <param name="part">Where the bytes go.</param>
    /// <param name="moved">Told whenever bytes have come.</param>
    /// <param name="cancellationToken">Calls the download off; what came is kept.</param>
    public async Task FetchAsync(DownloadSource source, PartFile part, Action moved, CancellationToken cancellationToken)
    {
        for (var fruitless = 0; ;)
        {
            var before = part.Length;
            SeedanceException failure;
            try
            {
                if (await AttemptAsync(source, part, moved, cancellationToken))
                {
                    return;
                }

                failure = FileErrors.Broken(source.What, source.Link.Host, $"it ended after {part.Length} of {part.Total} bytes.");
            }
            catch (SeedanceException e) when (e.Delivery == Delivery.NotSent && e.Kind != SeedanceErrorKind.FileUnavailable)
            {
                failure = e;
            }

            fruitless = part.Length > before ? 0 : fruitless + 1;
            if (fruitless == MaxFruitless)
            {
                throw FileErrors.GaveUp(failure, part.Validator is null ? 0 : part.Length, part.Path);
            }

            var pause = TimeSpan.FromTicks(Math.Min(s_longestPause.Ticks, s_firstPause.Ticks << fruitless));
            await Task.Delay(failure.RetryAfter is { } asked && asked > pause ? (asked < s_longestPause ? asked : s_longestPause) : pause, time, cancellationToken);
        }
    }

    /// <summary>One request; true once the file is whole.</summary>
    private async Task<bool> AttemptAsync(DownloadSource source, PartFile part, Action moved, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Link);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (part is { Length: > 0, Validator: { } validator })
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }

        using var limit = new CancellationTokenSource(silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return await TakeAsync(response, source, part, () => limit.CancelAfter(silence), moved, either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            throw FileErrors.Silent(source.What, source.Link.Host, silence);
        }
        catch (HttpRequestException e) when (e.InnerException is SeedanceException refused)
        {
            throw refused;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw FileErrors.Broken(source.What, source.Link.Host, e.InnerException?.Message ?? e.Message);
        }
    }

    private async Task<bool> TakeAsync(
        HttpResponseMessage response, DownloadSource source, PartFile part, Action alive, Action moved, CancellationToken cancellationToken)
    {
        var range = response.Content.Headers.ContentRange;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                RequireFile(response, source);
                part.Restart(Validator(response), response.Content.Headers.ContentLength);
                break;
            case HttpStatusCode.PartialContent when range?.From == part.Length && (part.Total is null || range.Length is null || range.Length == part.Total):
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable when range?.Length == part.Length:
                return true;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                // Not the part that is missing: from the beginning, then.
                part.Restart(validator: null, total: null);
                throw FileErrors.NoFile(source.What, source.Link.Host, "another part");
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw FileErrors.Expired(source.What, source.TaskId, source.Link.Host, (int)response.StatusCode, source.ExpiresAt is { } expiry && expiry <= time.GetUtcNow() ? expiry : null);
            default:
                throw FileErrors.Answered(source.What, source.Link.Host, (int)response.StatusCode,
                    response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow()));
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            for (int read; (read = await stream.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0; alive())
            {
                if (part.Length + read > part.Total)
                {
                    part.Restart(validator: null, total: null);
                    throw FileErrors.NoFile(source.What, source.Link.Host, "more than the file's length");
                }

                await part.AppendAsync(block.AsMemory(0, read), cancellationToken);
                moved();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return part.Length > 0 && (part.Total is null || part.Length == part.Total);
    }

    // A page or a message where a file should be: a proxy's, or an error that calls itself a success.
    private static void RequireFile(HttpResponseMessage response, DownloadSource source)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "text/plain" or "application/json" or "application/xml" or "text/xml")
        {
            throw FileErrors.NoFile(source.What, source.Link.Host, $"{response.Content.Headers.ContentType.MediaType}");
        }
    }

    // A weak ETag does not promise the same bytes.
    private static string? Validator(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag
        ? tag.Tag
        : response.Content.Headers.LastModified?.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A file to fetch.</summary>
/// <param name="Link">Where it is. It may carry a signature, so only its host is ever told.</param>
/// <param name="What">What it is called in messages.</param>
/// <param name="TaskId">The task it came of.</param>
/// <param name="ExpiresAt">When the link stops working; null if that is not known.</param>
internal sealed record DownloadSource(Uri Link, string What, string TaskId, DateTimeOffset? ExpiresAt);
