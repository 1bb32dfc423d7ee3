namespace Seedance.Sandbox.Faults;

/// <summary>How an answer reaches its caller.</summary>
public enum Transmission
{
    /// <summary>Whole.</summary>
    Complete,

    /// <summary>Not: the connection is reset.</summary>
    Reset,

    /// <summary>Not: the connection stays open and silent.</summary>
    Silent,

    /// <summary>The whole length is promised, half of it comes, then the connection ends.</summary>
    CutOff,

    /// <summary>The whole length is promised, half of it comes, then silence.</summary>
    Stalled,
}

/// <summary>What a transport is to do with a request.</summary>
/// <param name="Response">The answer as it is to be sent; null when nothing is.</param>
/// <param name="Transmission">How it is to be sent.</param>
/// <param name="Processed">The service's own answer, whether it is sent or not; null when the service has not acted.</param>
public sealed record PlayedResponse(SandboxResponse? Response, Transmission Transmission, SandboxResponse? Processed);

/// <summary>Answers requests the way orders want them to go wrong. Transports ask it instead of the service itself.</summary>
/// <param name="api">The service.</param>
/// <param name="time">The clock of the waits; null takes the system's.</param>
public sealed class FaultPlayer(SandboxApi api, TimeProvider? time = null)
{
    private static readonly TimeSpan s_defaultSlowness = TimeSpan.FromSeconds(1);

    private readonly FaultResponses _responses = new(api.Options.Seed);

    /// <summary>Lets the service act, or not, and waits as long as ordered.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fault">What goes wrong; null for nothing.</param>
    /// <param name="cancellationToken">Ends the waits. A caller that leaves does not: the service does not know of it.</param>
    /// <returns>What is to be sent, and how.</returns>
    public async Task<PlayedResponse> PlayAsync(SandboxRequest request, FaultOrder? fault, CancellationToken cancellationToken)
    {
        if (fault is null)
        {
            return Complete(api.Handle(request));
        }

        if (fault.Kind == FaultKind.Slow)
        {
            var early = fault.Processed ? api.Handle(request) : null;
            await WaitAsync(fault.Delay ?? s_defaultSlowness, cancellationToken);
            return Complete(early ?? api.Handle(request));
        }

        var processed = fault.IsProcessed ? api.Handle(request) : null;
        await WaitAsync(fault.Delay ?? TimeSpan.Zero, cancellationToken);
        return fault.Kind switch
        {
            FaultKind.ResetBefore or FaultKind.ResetAfter => new PlayedResponse(null, Transmission.Reset, processed),
            FaultKind.Hang or FaultKind.HangAfter => new PlayedResponse(null, Transmission.Silent, processed),
            FaultKind.Truncated => new PlayedResponse(processed, Transmission.CutOff, processed),
            FaultKind.Stalled => new PlayedResponse(processed, Transmission.Stalled, processed),
            FaultKind.TruncatedClean => new PlayedResponse(await HalfAsync(processed!, cancellationToken), Transmission.Complete, processed),
            _ => new PlayedResponse(_responses.Create(fault, processed, api.Now), Transmission.Complete, processed),
        };
    }

    private static PlayedResponse Complete(SandboxResponse response) => new(response, Transmission.Complete, response);

    private async ValueTask WaitAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        if (span > TimeSpan.Zero)
        {
            await Task.Delay(span, time ?? TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<SandboxResponse> HalfAsync(SandboxResponse response, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (response.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }
        else
        {
            body.Write(response.Body.Span);
        }
        var half = body.ToArray().AsMemory(0, (int)body.Length / 2);
        return new SandboxResponse(response.Status, response.ContentType, half, response.Headers);
    }
}
