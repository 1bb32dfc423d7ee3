using System.Collections.Concurrent;
using System.Diagnostics;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Servers that fail under load: what they acknowledged is there afterwards.</summary>
public sealed class ServerLossTests
{
    [Fact]
    public async Task Of_claims_that_a_server_acknowledged_before_it_was_killed_none_is_missing()
    {
        // SEEDANCE_TEST_SERVER_KILLS=20 for as many.
        var kills = Size("SEEDANCE_TEST_SERVER_KILLS", 2);
        await using var server = await PostgreSqlCluster.CreateAsync();
        var address = await server.CreateDatabaseAsync();
        await InstallAsync(address);

        // What the functions promise, they promise whatever the database is set to.
        await PostgreSqlServer.ExecuteAsync(address, $"alter database {address.Database} set synchronous_commit = off");
        await using var load = new Load(new PostgreSqlJournalOptions(address) { Patience = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < kills; i++)
        {
            await load.GoOnAsync(claims: 100);
            await server.KillAsync();
            await server.StartAsync();
        }

        await load.GoOnAsync(claims: 100);
        await load.StopAsync();
        await using var journal = Open(new PostgreSqlJournalOptions(address));
        var missing = await load.FindMissingAsync(journal);
        Tell($"{kills} kills of the server, {load.Claims.Count} claims of 3 rows acknowledged, {missing.Count} missing; {load.Failures.Count} calls failed; {load.Watch.Elapsed.TotalSeconds:F1} s");
        Assert.Empty(load.Failures);
        Assert.Empty(missing);
    }

    /// <summary>Claims from several journals, as fast as they are acknowledged.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly List<PostgreSqlJournal> _journals;
        private readonly CancellationTokenSource _stop = new();
        private readonly SemaphoreSlim _progress = new(0);
        private readonly Task _work;
        private int _next;

        public Load(PostgreSqlJournalOptions options)
        {
            _journals = [.. Enumerable.Range(0, 2).Select(_ => Open(options))];
            _work = Task.WhenAll(Enumerable.Range(0, 8).Select(i => WorkAsync(_journals[i % 2])));
        }

        public Stopwatch Watch { get; } = Stopwatch.StartNew();

        /// <summary>What was acknowledged.</summary>
        public ConcurrentDictionary<int, bool> Claims { get; } = [];

        public ConcurrentBag<SeedanceException> Failures { get; } = [];

        /// <summary>Returns once so many more claims have been acknowledged.</summary>
        public async Task GoOnAsync(int claims)
        {
            for (; claims > 0; claims--)
            {
                await Task.WhenAny(_work, _progress.WaitAsync(Cancelled));
                Cancelled.ThrowIfCancellationRequested();
                Assert.False(_work.IsCompleted, $"The claims have stopped: {Failures.FirstOrDefault()}");
            }
        }

        /// <summary>Returns once every claim has stopped by itself.</summary>
        public Task WaitAsync() => _work;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _work;
        }

        /// <summary>Returns what was acknowledged, and is not there, or is another's.</summary>
        public async Task<List<int>> FindMissingAsync(PostgreSqlJournal journal)
        {
            var missing = new List<int>();
            foreach (var some in Claims.Keys.Chunk(80))
            {
                var found = await journal.FindAsync([.. some.SelectMany(Names).Select(Key)], Cancelled);
                missing.AddRange(some.Where((claim, i) => found.Skip(i * 3).Take(3).Any(match => match?.IntentId != $"intent_{claim}")));
            }

            return missing;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            foreach (var journal in _journals)
            {
                await journal.DisposeAsync();
            }

            _stop.Dispose();
            _progress.Dispose();
        }

        private static string[] Names(int i) => [$"{i}_a", $"{i}_b", $"{i}_c"];

        private async Task WorkAsync(PostgreSqlJournal journal)
        {
            while (!_stop.IsCancellationRequested)
            {
                var i = Interlocked.Increment(ref _next);
                try
                {
                    Assert.Empty(await journal.BeginAsync(Intent($"intent_{i}", null, Names(i)), Cancelled));
                    Claims[i] = true;
                    _progress.Release();
                }
                catch (SeedanceException e)
                {
                    Failures.Add(e);
                    return;
                }
            }
        }
    }
}
