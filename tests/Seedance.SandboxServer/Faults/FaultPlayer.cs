using System.Text;
using Seedance.Sandbox;

namespace Seedance.SandboxServer;

/// <summary>Answers a request the way an order wants it to go wrong.</summary>
internal sealed class FaultPlayer(int seed)
{
    private const string ProxyPage =
        "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";

    private static readonly TimeSpan DefaultSlowness = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(seed);

    /// <param name="exchange">The request and the way back.</param>
    /// <param name="fault">What goes wrong; null for nothing.</param>
    public async Task PlayAsync(Exchange exchange, FaultOrder? fault)
    {
        if (fault?.Kind == FaultKind.Slow)
            await exchange.WaitAsync(fault.Delay ?? DefaultSlowness);

        var answer = IsProcessed(fault) ? exchange.Process() : null;
        if (fault is null or { Kind: FaultKind.Slow })
        {
            await exchange.AnswerAsync(answer!);
            return;
        }

        await exchange.WaitAsync(fault.Delay ?? TimeSpan.Zero);
        await (fault.Kind switch
        {
            FaultKind.ResetBefore or FaultKind.ResetAfter => exchange.AbortAsync(),
            FaultKind.Hang or FaultKind.HangAfter => exchange.HangAsync(),
            FaultKind.Truncated => exchange.BreakOffAsync(answer!),
            FaultKind.Stalled => exchange.StallAsync(answer!),
            FaultKind.TruncatedClean => exchange.AnswerAsync(await HalfAsync(answer!)),
            _ => exchange.AnswerAsync(Fake(fault)),
        });
    }

    private static bool IsProcessed(FaultOrder? fault) => fault?.Kind switch
    {
        FaultKind.ResetBefore or FaultKind.Hang or FaultKind.CodeIn200 or FaultKind.Redirect => false,
        FaultKind.Status or FaultKind.Html => fault.Processed,
        _ => true,
    };

    private SandboxResponse Fake(FaultOrder fault)
    {
        var answer = fault.Kind switch
        {
            FaultKind.Status => SandboxResponse.Error(fault.Status ?? 500, "A fault was ordered"),
            FaultKind.Html => Text(fault.Status ?? 502, "text/html; charset=utf-8", ProxyPage),
            FaultKind.Garbage => new SandboxResponse(200, "application/json", Garbage()),
            FaultKind.Empty => Text(200, "application/json", ""),
            FaultKind.CodeIn200 => Text(200, "application/json; charset=utf-8", """{"code":429,"message":"rate limited"}"""),
            FaultKind.Redirect => Text(307, "text/plain", "") with { Headers = Header("Location", fault.Location) },
            _ => throw new InvalidOperationException($"{fault.Kind.Name()} has no answer of its own."),
        };
        return fault.RetryAfter is { } retryAfter ? answer with { Headers = Header("Retry-After", retryAfter) } : answer;
    }

    private static async Task<SandboxResponse> HalfAsync(SandboxResponse answer)
    {
        using var body = new MemoryStream();
        if (answer.Content is { } content)
            await content.CopyToAsync(body);
        else
            body.Write(answer.Body.Span);
        var half = body.ToArray().AsMemory(0, (int)body.Length / 2);
        return new SandboxResponse(answer.Status, answer.ContentType, half, answer.Headers);
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

    private static Dictionary<string, string> Header(string name, string value) => new() { [name] = value };
}
