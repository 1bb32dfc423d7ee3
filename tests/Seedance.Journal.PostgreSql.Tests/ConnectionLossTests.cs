using System.Collections.Concurrent;
using System.Diagnostics;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Connections that are cut around the commit of a claim: none is lost, and none refused to whoever has it.</summary>
public sealed class ConnectionLossTests(PostgreSqlServer server)
{
    /// <summary>What lies between the journal and its server.</summary>
    public enum Way
    {
        /// <summary>The connection that is cut.</summary>
        Cut,

        /// <summary>The connection that is cut, and a pooler in transaction mode.</summary>
        CutThenPooler,

        /// <summary>A pooler in transaction mode, and its connection, which is cut.</summary>
        PoolerThenCut,
    }

    [Theory]
    [InlineData(Way.Cut)]
    [InlineData(Way.CutThenPooler)]
    [InlineData(Way.PoolerThenCut)]
    public async Task Of_claims_around_whose_commit_connections_are_cut_none_is_lost_and_none_refused_to_itself(Way way)
    {
        // SEEDANCE_TEST_CUTS=1000 for as many.
        var wanted = Size("SEEDANCE_TEST_CUTS", 100);
        var address = await server.CreateDatabaseAsync();
        await InstallAsync(address);
        var random = new Random(1);
        var cuts = new Dictionary<Cut, int> { [Cut.Before] = 0, [Cut.During] = 0, [Cut.After] = 0 };
        await using var inFront = way == Way.CutThenPooler ? await Pooler.StartAsync(address, sessions: 4) : null;
        await using var proxy = new CuttingProxy(inFront?.Port ?? address.Port, Choose);
        await using var behind = way == Way.PoolerThenCut ? await Pooler.StartAsync(address with { Port = proxy.Port }, sessions: 4) : null;
        var options = new PostgreSqlJournalOptions(address with { Port = behind?.Port ?? proxy.Port }) { Patience = TimeSpan.FromMinutes(5) };
        var journals = Enumerable.Range(0, 4).Select(_ => Open(options)).ToList();
        var winners = new ConcurrentDictionary<int, string>();
        var (claims, refusals, next, watch) = (0, 0, 0, Stopwatch.StartNew());

        // Each request is claimed by two at once, under different ids: one of them has it, whatever is lost on the way.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (Done() < wanted)
            {
                var i = Interlocked.Increment(ref next);
                await Task.WhenAll(ClaimAsync(journals[i % 4], i, "one"), ClaimAsync(journals[(i + 1) % 4], i, "two"));
            }
        }));
        Tell($"{way}: {Done()} connections cut ({string.Join(", ", cuts.Select(cut => $"{cut.Key}: {cut.Value}"))}), {next} requests of 3 rows claimed twice each: " +
            $"{claims} claimed, {refusals} left to the other, in {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal((next, next), (claims, refusals));

        await using var reader = Open(new PostgreSqlJournalOptions(address));
        for (var i = 1; i <= next; i++)
        {
            var found = await reader.FindAsync([.. Names(i).Select(Key)], Cancelled);
            Assert.All(found, match => Assert.Equal((JournalState.Accepted, winners[i], 1), (match?.State, match?.IntentId, match?.Requests)));
        }

        foreach (var journal in journals)
        {
            await journal.DisposeAsync();
        }

        async Task ClaimAsync(PostgreSqlJournal journal, int i, string who)
        {
            var id = $"intent_{i}_{who}";
            if ((await journal.BeginAsync(Intent(id, null, Names(i)), Cancelled)).Count > 0)
            {
                Interlocked.Increment(ref refusals);
                return;
            }

            Assert.True(winners.TryAdd(i, id), $"Both have the request {i}.");
            Interlocked.Increment(ref claims);
            await journal.EndAsync(new JournalOutcome { IntentId = id, State = JournalState.Accepted, TaskId = $"task_{i}" }, Cancelled);
        }

        int Done()
        {
            lock (random)
            {
                return cuts.Values.Sum();
            }
        }

        Cut? Choose(string sent)
        {
            if (!sent.Contains("_intent_v", StringComparison.Ordinal))
            {
                return null;
            }

            lock (random)
            {
                if (random.Next(3) > 0)
                {
                    return null;
                }

                var cut = (Cut)random.Next(3);
                cuts[cut]++;
                return cut;
            }
        }
    }

    private static string[] Names(int i) => [$"{i}_a", $"{i}_b", $"{i}_c"];
}
