using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Seedance.Sandbox.Faults;

/// <summary>The answers that stand in place of the service's own.</summary>
internal sealed class FaultResponses(int seed)
{
    private const string Disconnect =
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination";

    private readonly Random _random = new(seed);

    /// <param name="fault">What goes wrong.</param>
    /// <param name="processed">The service's own answer, or null when it has not acted.</param>
    /// <param name="now">The time on the service's clock.</param>
    public SandboxResponse Create(FaultOrder fault, SandboxResponse? processed, DateTimeOffset now)
    {
        var status = fault.Status ?? DefaultStatus(fault.Kind);
        var data = fault.IncludesData ? Data(processed!) : default;
        var response = fault.Kind switch
        {
            FaultKind.Status => SandboxResponse.Error(status, fault.Message ?? "A fault was ordered", fault.Code, fault.Type, data),
            FaultKind.Html => Text(status, "text/html; charset=utf-8", Page(fault.Message ?? PageTitle(status))),
            FaultKind.Text => Text(status, "text/plain", fault.Message ?? (status < 500 ? PageTitle(status) : Disconnect)),
            FaultKind.Unwrapped => Unwrapped(status, fault, status, "upstream error", data),
            FaultKind.CodeIn200 => Unwrapped(200, fault, fault.Status ?? 429, fault.Status == 503 ? "service unavailable" : "rate limited", data),
            FaultKind.Garbage => new SandboxResponse(200, "application/json", Garbage()),
            FaultKind.Empty => Text(status, "application/json", ""),
            FaultKind.Redirect => Text(status, "text/plain", "").With("Location", fault.Location),
            _ => throw new InvalidOperationException($"{fault.Kind.Name()} has no answer of its own."),
        };
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
        {
            response = response.With(name, value);
        }

        var retryAfter = fault.RetryAfterDate is { } span ? (now + span).ToString("R", CultureInfo.InvariantCulture) : fault.RetryAfter;
        return retryAfter is null ? response : response.With("Retry-After", retryAfter);
    }

    private static int DefaultStatus(FaultKind kind) => kind switch
    {
        FaultKind.Status => 500,
        FaultKind.Html => 502,
        FaultKind.Text or FaultKind.Unwrapped => 503,
        FaultKind.Redirect => 307,
        _ => 200,
    };

    private static SandboxResponse Unwrapped(int status, FaultOrder fault, int code, string message, JsonElement data) =>
        SandboxResponse.Write(status, json =>
        {
            SandboxResponse.WriteCode(json, fault.Code, code);
            json.WriteString("message", fault.Message ?? message);
            SandboxResponse.WriteData(json, data);
        });

    private static JsonElement Data(SandboxResponse processed)
    {
        using var document = JsonDocument.Parse(processed.Body);
        return document.RootElement.TryGetProperty("data", out var data) ? data.Clone() : default;
    }

    private byte[] Garbage()
    {
        lock (_random)
        {
            var bytes = new byte[_random.Next(1, 600)];
            _random.NextBytes(bytes);
            return bytes;
        }
    }

    private static SandboxResponse Text(int status, string type, string text) => new(status, type, Encoding.UTF8.GetBytes(text));

    private static string Page(string title) =>
        $"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>";

    private static string PageTitle(int status) => status switch
    {
        200 => "Welcome",
        403 => "Just a moment...",
        404 => "404 Not Found",
        429 => "429 Too Many Requests",
        500 => "500 Internal Server Error",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        504 => "504 Gateway Time-out",
        520 => "520: Web server is returning an unknown error",
        521 => "521: Web server is down",
        522 => "522: Connection timed out",
        523 => "523: Origin is unreachable",
        524 => "524: A timeout occurred",
        525 => "525: SSL handshake failed",
        526 => "526: Invalid SSL certificate",
        527 => "527: Railgun error",
        _ => string.Create(CultureInfo.InvariantCulture, $"{status} Error"),
    };
}
