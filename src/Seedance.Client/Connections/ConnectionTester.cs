using System.Globalization;

namespace Seedance.Connections;

/// <summary>Tests a connection with what costs nothing: a list of groups, and a look into the journal.</summary>
internal sealed class ConnectionTester(SeedanceConnection connection)
{
    private static readonly TimeSpan s_mostSkew = TimeSpan.FromMinutes(5);

    private readonly List<string> _problems = [];
    private RequestTrace? _last;

    public async Task<ConnectionTest> TestAsync(Action<RequestTrace>? listener, CancellationToken cancellationToken)
    {
        var client = connection.GetClient().WithRequestObserver(trace =>
        {
            _last = trace;
            listener?.Invoke(trace);
        });
        var proxy = connection.IsSandbox ? null : ProxyOf(connection.BaseUri);
        var test = new ConnectionTest
        {
            BaseUri = connection.BaseUri,
            AccountName = connection.AccountName,
            Proxy = proxy,
            Journal = await TestJournalAsync(cancellationToken),
        };
        try
        {
            test = test with { HasLibrary = await ProbeAsync(client, cancellationToken), IsKeyValid = true, IsReachable = true };
        }
        catch (SeedanceException e)
        {
            Add(proxy is not null && e.StatusCode == 407 ? "Proxy" : e.Kind is SeedanceErrorKind.AuthenticationFailed or SeedanceErrorKind.PermissionDenied ? "Key" : "Address", e);
            test = test with
            {
                IsReachable = e.StatusCode is not null and not 407 && !e.IsForeign,
                IsKeyValid = e.Kind == SeedanceErrorKind.AuthenticationFailed ? false : null,
            };
        }

        var skew = _last?.ServerTime is { } server ? connection.Time.GetUtcNow() - server : (TimeSpan?)null;
        if (skew?.Duration() > s_mostSkew)
        {
            _problems.Add(string.Create(CultureInfo.InvariantCulture,
                $"Clock: this machine's clock is {skew.Value.Duration().TotalMinutes:0} minutes {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the server's. Set it: what is recorded, and what is looked for by its time, goes by it."));
        }

        return test with { ClockSkew = skew, Latency = _last?.StatusCode is null ? null : _last.Duration, Problems = _problems };
    }

    // Where there is no library, the balance is the next that costs nothing.
    private static async Task<bool> ProbeAsync(SeedanceClient client, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in client.ListGroups().WithCancellation(cancellationToken))
            {
                break;
            }

            return true;
        }
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.NotFound)
        {
            await client.GetBalanceAsync(cancellationToken: cancellationToken);
            return false;
        }
    }

    private async Task<string?> TestJournalAsync(CancellationToken cancellationToken)
    {
        try
        {
            var journal = connection.GetJournal();
            await journal.GetPositionAsync(cancellationToken);
            return connection.HasJournal ? journal.Name : null;
        }
        catch (SeedanceException e)
        {
            Add("Journal", e);
            return connection.Journal;
        }
    }

    private void Add(string part, SeedanceException failure) => _problems.Add($"{part}: {failure.Message} {failure.RecommendedAction}".TrimEnd());

    private static Uri? ProxyOf(Uri address)
    {
        var proxy = HttpClient.DefaultProxy.IsBypassed(address) ? null : HttpClient.DefaultProxy.GetProxy(address);
        return proxy is null || proxy == address ? null : new UriBuilder(proxy) { UserName = string.Empty, Password = string.Empty }.Uri;
    }
}
