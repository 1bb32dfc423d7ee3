namespace Seedance.Sandbox.State;

/// <summary>What was answered to which Idempotency-Key.</summary>
internal sealed class IdempotencyKeys(SandboxState state)
{
    private const int MaxLength = 191;

    private readonly Dictionary<(string? Key, string? Authorization), Entry> _entries = [];

    /// <summary>Answers a POST, unless one with its key was answered before: then that answer comes again.</summary>
    public SandboxResponse Once(SandboxRequest request, bool isVideo, Func<SandboxRequest, SandboxResponse> respond)
    {
        var options = state.Options.Idempotency;
        if (request.IdempotencyKey is not { } key || !(options.Support == IdempotencySupport.All || isVideo && options.Support == IdempotencySupport.Videos))
        {
            return respond(request);
        }
        if (key.Length is 0 or > MaxLength || key.Any(character => character is <= ' ' or > '~'))
        {
            throw Refusal.Invalid($"Idempotency-Key must be 1 to {MaxLength} visible ASCII characters");
        }

        var content = Content(request);
        if (!_entries.TryGetValue((key, request.Authorization), out var entry))
        {
            var response = respond(request);
            _entries.Add((key, request.Authorization), new Entry(content, response, state.Now));
            return response;
        }
        if (entry.Content != content)
        {
            throw new Refusal(409, "The key was used with another body", "idempotency_key_reused", "invalid_request_error");
        }
        if (state.Now < entry.Time + options.InProgressFor)
        {
            throw new Refusal(409, "The first request with this key is still in progress", "idempotency_in_progress", "invalid_request_error");
        }
        return entry.Response.With("idempotency-replayed", "true");
    }

    private static ulong Content(SandboxRequest request)
    {
        var hash = 0UL;
        foreach (var letter in request.Path)
        {
            hash = Ids.Mix(hash * 31 + letter);
        }
        foreach (var octet in request.Body.Span)
        {
            hash = Ids.Mix(hash * 31 + octet);
        }
        return hash;
    }

    private sealed record Entry(ulong Content, SandboxResponse Response, DateTimeOffset Time);
}
