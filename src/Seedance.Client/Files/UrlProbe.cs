using System.Net.Http.Headers;

namespace Seedance;

/// <summary>What an address answers.</summary>
/// <param name="Objection">Why nothing can be fetched from it; null if something can.</param>
/// <param name="ContentType">The media type it tells; null if none.</param>
/// <param name="Length">The size in bytes; null if it does not tell.</param>
internal sealed record UrlAnswer(string? Objection, string? ContentType = null, long? Length = null);

/// <summary>Asks addresses what they hold, without fetching it and without the key.</summary>
internal sealed class UrlProbe(HttpMessageInvoker http, TimeProvider time, TimeSpan timeout)
{
    /// <summary>Asks for the head alone; where that is refused, for the first byte: signed addresses are often good for one of the two only.</summary>
    public async Task<UrlAnswer> AskAsync(Uri address, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var head = await AskAsync(HttpMethod.Head, address, either.Token);
            return head.Objection is null ? head : await AskAsync(HttpMethod.Get, address, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new UrlAnswer($"{address.Host} did not answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (SeedanceException e)
        {
            return new UrlAnswer(e.Message.TrimEnd('.'));
        }
        catch (HttpRequestException e)
        {
            return new UrlAnswer(e.InnerException is SeedanceException refused ? refused.Message.TrimEnd('.')
                : $"{address.Host} cannot be reached: {(e.InnerException?.Message ?? e.Message).TrimEnd('.')}");
        }
    }

    private async Task<UrlAnswer> AskAsync(HttpMethod method, Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Get)
        {
            request.Headers.Range = new RangeHeaderValue(0, 0);
        }

        using var response = await http.SendAsync(request, cancellation);
        var headers = response.Content.Headers;
        return response.IsSuccessStatusCode
            ? new UrlAnswer(null, headers.ContentType?.MediaType?.ToLowerInvariant(), headers.ContentRange?.Length ?? headers.ContentLength)
            : new UrlAnswer($"{address.Host} answers with {(int)response.StatusCode}");
    }
}
