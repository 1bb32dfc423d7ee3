using System.Net.Http.Headers;
using Seedance.Errors;

namespace Seedance.Http;

/// <summary>Puts the key into its header, and only on the way to the address it belongs to.</summary>
internal sealed class AuthorizationHandler(Uri baseUri, string? apiKey) : DelegatingHandler
{
    private static readonly ProductInfoHeaderValue s_product =
        new("Seedance-PowerShell", typeof(AuthorizationHandler).Assembly.GetName().Version?.ToString(3) ?? "0");

    // Kept as the header's value and nowhere else.
    private readonly AuthenticationHeaderValue? _authorization = apiKey is null ? null : new AuthenticationHeaderValue("Bearer", apiKey);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } uri || Uri.Compare(uri, baseUri, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new InvalidOperationException($"The key does not go to {Redaction.Url(request.RequestUri?.ToString())}.");
        }

        request.Headers.Authorization = _authorization;
        request.Headers.UserAgent.Clear();
        request.Headers.UserAgent.Add(s_product);
        return base.SendAsync(request, cancellationToken);
    }
}
