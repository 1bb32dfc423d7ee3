using System.Text.RegularExpressions;

namespace Seedance.Client.Tests.Simulation;

/// <summary>What a careless client does: sends again what was answered with 500.</summary>
internal sealed class HastyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (SeedanceException e) when (e.StatusCode == 500)
            {
            }
        }
    }
}

/// <summary>What a client does that trusts a 503, whoever says it.</summary>
internal sealed class TrustingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (SeedanceException e) when (e is { StatusCode: 503, Delivery: Delivery.Unknown })
            {
            }
        }
    }
}

/// <summary>What a client does that takes every failure of the newer address for its absence.</summary>
internal sealed class FallingBackHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SeedanceException) when (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/assets", StringComparison.Ordinal))
        {
            request.RequestUri = new Uri(request.RequestUri.AbsoluteUri[..^"/assets".Length]);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>What a client does that makes a key for every attempt, not for every order.</summary>
internal sealed class NewKeysHandler(HttpMessageHandler inner, Dice dice) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Remove("Idempotency-Key"))
        {
            request.Headers.Add("Idempotency-Key", $"key-{dice.Between(1, int.MaxValue - 1)}");
        }

        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>What a client does that takes an entry of the library for the row whose name it begins with.</summary>
internal sealed class PrefixHandler(HttpMessageHandler inner, IReadOnlyList<AssetSource> rows) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/assets", StringComparison.Ordinal) && response.IsSuccessStatusCode)
        {
            var list = await response.Content.ReadAsStringAsync(cancellationToken);
            foreach (var name in rows.Select(row => row.Name!).OrderByDescending(name => name.Length))
            {
                list = Regex.Replace(list, $"\"Name\":\"{Regex.Escape(name)}[^\"0-9][^\"]*\"", $"\"Name\":\"{name}\"");
            }

            response.Content = new StringContent(list);
        }

        return response;
    }
}

/// <summary>A journal with one mistake in it.</summary>
internal sealed class MistakenJournal(IJournal journal, Mutation mistake, EmptyRuns empty) : DelegatingJournal(journal)
{
    public override async ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken)
    {
        if (mistake is Mutation.IgnoreClaims or Mutation.RetryLive)
        {
            intent = intent with { Rows = [.. intent.Rows.Select(row => row with { WasUnknown = false })] };
        }

        if (mistake != Mutation.IgnoreClaims)
        {
            var taken = await base.BeginAsync(intent, cancellationToken);
            empty.Begin(intent);
            return taken;
        }

        // It claims for the caller whatever the caller saw.
        while (true)
        {
            var seen = await base.FindAsync([.. intent.Rows.Select(row => row.Key)], cancellationToken);
            var claimed = intent with { Rows = [.. intent.Rows.Select((row, i) => row with { Supersedes = seen[i]?.LastIntentId })] };
            if ((await base.BeginAsync(claimed, cancellationToken)).Count == 0)
            {
                return [];
            }
        }
    }

    public override ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken)
    {
        empty.End(outcome);
        return base.EndAsync(mistake == Mutation.ForgetGroupId ? outcome with { GroupId = null } : outcome, cancellationToken);
    }

    public override ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken) => base.SettleAsync(intentId, Mistake(task), cancellationToken);

    public override ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) => base.RecordFinalAsync(Mistake(task), cancellationToken);

    public override ValueTask<long> GetPositionAsync(CancellationToken cancellationToken) =>
        mistake is Mutation.RetryLive or Mutation.FirstRunBlind ? ValueTask.FromResult(long.MaxValue) : base.GetPositionAsync(cancellationToken);

    public override async ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken)
    {
        var found = await base.FindAsync(keys, cancellationToken);
        return mistake switch
        {
            Mutation.TrustGuesses => [.. found.Select(match => match is { IsReviewUnclear: true } ? match with { State = JournalState.ReviewFailed } : match)],
            Mutation.RetryLive => [.. found.Select(match => match is { State: JournalState.UnderWay }
                ? match with { State = JournalState.Unknown, IsRunLive = false } : match)],
            Mutation.FirstRunBlind => [.. found.Select(match => match is { State: not JournalState.Unsent, IsRunLive: true }
                ? match with { State = JournalState.Accepted, IsRunLive = false } : match)],
            Mutation.OneStepBack => [.. found.Select((match, i) => match is not null && empty.EndedTwice(keys[i]) ? match with { State = JournalState.Unsent } : match)],
            _ => found,
        };
    }

    private SeedanceTask Mistake(SeedanceTask task) => mistake == Mutation.ForgetGroupId && task.Group is { } group ? task with { Group = group with { GroupId = null } } : task;
}

/// <summary>Which rows went out twice in a row to nothing: what a rule that looks one step back takes for never sent.</summary>
internal sealed class EmptyRuns
{
    private readonly Dictionary<string, UInt128[]> _open = [];
    private readonly Dictionary<UInt128, int> _empty = [];

    public void Begin(JournalIntent intent) => _open[intent.IntentId] = [.. intent.Rows.Select(row => row.Key.ContentHash)];

    public void End(JournalOutcome outcome)
    {
        foreach (var row in _open.GetValueOrDefault(outcome.IntentId) ?? [])
        {
            _empty[row] = outcome.State == JournalState.Unsent ? _empty.GetValueOrDefault(row) + 1 : 0;
        }
    }

    public bool EndedTwice(JournalKey key) => _empty.GetValueOrDefault(key.ContentHash) >= 2;
}
