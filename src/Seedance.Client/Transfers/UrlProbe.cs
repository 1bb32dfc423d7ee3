using System.Net.Http.Headers;
using Seedance.Http;

namespace Seedance.Transfers;

/// <summary>What an address answers.</summary>
/// <param name="Objection">Why nothing can be fetched from it; null if something can.</param>
/// <param name="ContentType">The media type it tells; null if none.</param>
/// <param name="Length">The size in bytes; null if it does not tell.</param>
internal sealed record UrlResponse(string? Objection, string? ContentType = null, long? Length = null);

/// <summary>Asks addresses what they hold, without fetching it and without the key.</summary>
internal sealed class UrlProbe(HttpMessageInvoker http, TimeProvider time, TimeSpan timeout, ConnectionLifetime? lifetime = null)
{
    /// <summary>Asks for the head alone; where that is refused, for the first byte: signed addresses are often good for one of the two only.</summary>
    public async Task<UrlResponse> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var lease = lifetime?.Enter();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime?.Closing ?? default, cancellationToken);
        try
        {
            var head = await AskAsync(HttpMethod.Head, address, either.Token);
            return head.Objection is null ? head : await AskAsync(HttpMethod.Get, address, either.Token);
        }
        catch (OperationCanceledException) when (lifetime is { Closing.IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            throw lifetime.Closed();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new UrlResponse($"{address.Host} did not answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (SeedanceException e)
        {
            return new UrlResponse(e.Message.TrimEnd('.'));
        }
        catch (HttpRequestException e)
        {
            return new UrlResponse(e.InnerException is SeedanceException refused ? refused.Message.TrimEnd('.')
                : $"{address.Host} cannot be reached: {(e.InnerException?.Message ?? e.Message).TrimEnd('.')}");
        }
    }

    private async Task<UrlResponse> AskAsync(HttpMethod method, Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Get)
        {
            request.Headers.Range = new RangeHeaderValue(0, 0);
        }

        using var response = await http.SendAsync(request, cancellationToken);
        var headers = response.Content.Headers;
        return response.IsSuccessStatusCode
            ? new UrlResponse(null, headers.ContentType?.MediaType?.ToLowerInvariant(), headers.ContentRange?.Length ?? headers.ContentLength)
            : new UrlResponse($"{address.Host} answers with {(int)response.StatusCode}");
    }
}
