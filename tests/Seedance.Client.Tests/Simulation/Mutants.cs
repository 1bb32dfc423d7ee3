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
internal sealed class MistakenJournal(IJournal journal, Mutation mistake, EmptyRuns empty) : IJournal
{
    public string Name => journal.Name;

    public ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken) => journal.EndRunAsync(runEnd, cancellationToken);

    public IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, CancellationToken cancellationToken = default) => journal.ReadRunsAsync(query, cancellationToken);

    public ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken) => journal.BeginRunAsync(run, cancellationToken);

    public async ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken)
    {
        if (mistake != Mutation.IgnoreClaims)
        {
            var taken = await journal.BeginAsync(intent, cancellationToken);
            empty.Begin(intent);
            return taken;
        }

        // It claims for the caller whatever the caller saw.
        while (true)
        {
            var seen = await journal.FindAsync([.. intent.Rows.Select(row => row.Key)], cancellationToken);
            var claimed = intent with { Rows = [.. intent.Rows.Select((row, i) => row with { Supersedes = seen[i]?.LastIntentId })] };
            if ((await journal.BeginAsync(claimed, cancellationToken)).Count == 0)
            {
                return [];
            }
        }
    }

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken)
    {
        empty.End(outcome);
        return journal.EndAsync(mistake == Mutation.ForgetGroupId ? outcome with { GroupId = null } : outcome, cancellationToken);
    }

    public ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken) =>
        journal.SettleAsync(intentId, mistake == Mutation.ForgetGroupId ? task with { Group = task.Group is null ? null : task.Group with { GroupId = null } } : task, cancellationToken);

    public ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken) => journal.RecordChangesAsync(changes, cancellationToken);

    public IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, CancellationToken cancellationToken) => journal.ReadWithoutTaskAsync(runId, cancellationToken);

    public IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(CancellationToken cancellationToken) => journal.ReadOpenAsync(cancellationToken);

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) =>
        journal.RecordFinalAsync(mistake == Mutation.ForgetGroupId ? task with { Group = task.Group is null ? null : task.Group with { GroupId = null } } : task, cancellationToken);

    public ValueTask<long> GetPositionAsync(CancellationToken cancellationToken) =>
        mistake is Mutation.RetryLive or Mutation.FirstRunBlind ? ValueTask.FromResult(long.MaxValue) : journal.GetPositionAsync(cancellationToken);

    public async ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken)
    {
        var found = await journal.FindAsync(keys, cancellationToken);
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

    public ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        journal.FindTasksAsync(taskIds, cancellationToken);

    public IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken) => journal.ReadTasksAsync(query, cancellationToken);

    public IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken) => journal.ReadAssetsAsync(query, cancellationToken);

    public ValueTask DisposeAsync() => journal.DisposeAsync();
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
