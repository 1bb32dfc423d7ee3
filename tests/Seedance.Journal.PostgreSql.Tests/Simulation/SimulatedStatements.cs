using System.Data.Common;
using Npgsql;
using Seedance.Client.Tests;
using Seedance.Client.Tests.Simulation;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// The server that a fleet shares, as a process: it can be killed and comes back with what was committed, be out of reach
/// for a while, or be followed by a standby.
/// </summary>
internal sealed class SimulatedServer(Dice dice, ManualTimeProvider clock, SimulatedDatabase database)
{
    private readonly HashSet<TaskCompletionSource<List<object?[]>>> _underWay = [];

    public SimulatedProcess Process { get; private set; } = new(clock);

    /// <summary>Nobody can reach it.</summary>
    public bool IsDown { get; set; }

    /// <summary>Calls a function when the call has arrived.</summary>
    public Task<List<object?[]>> CallAsync(TimeSpan way, string function, object?[] arguments)
    {
        var answer = new TaskCompletionSource<List<object?[]>>();
        After(way, Arrive);
        return answer.Task;

        void Arrive()
        {
            if (IsDown)
            {
                answer.SetException(Cut());
                return;
            }

            _underWay.Add(answer);
            _ = Process.Start(AnswerAsync);
        }

        async Task AnswerAsync()
        {
            try
            {
                answer.TrySetResult(await database.CallAsync(function, arguments));
            }
            catch (PostgresException e)
            {
                answer.TrySetException(e);
            }
            finally
            {
                _underWay.Remove(answer);
            }
        }
    }

    /// <summary>It is killed: what was not committed is undone, and who waits for an answer is told.</summary>
    public void Crash()
    {
        Process.Kill();
        Process = new SimulatedProcess(clock);
        database.Restart();
        foreach (var answer in _underWay)
        {
            answer.TrySetException(Cut());
        }

        _underWay.Clear();
    }

    public void After(TimeSpan span, Action act) => clock.CreateTimer(_ => act(), null, span, Timeout.InfiniteTimeSpan);

    public TimeSpan Way() => dice.Milliseconds(0, 3);

    public static NpgsqlException Cut() => new("Exception while reading from stream", new IOException("Connection reset by peer"));
}

/// <summary>The way of one process to the database, on which calls and answers are lost.</summary>
/// <param name="dice">Decides which.</param>
/// <param name="server">The database.</param>
/// <param name="faultRate">How often a function is met by it.</param>
/// <param name="givesNewIds">Whether a claim that was not answered is repeated under another id.</param>
/// <param name="runIds">Takes the ids of runs that are begun.</param>
/// <param name="acceptedIds">Takes the ids of requests whose acceptance the database has said to have recorded.</param>
internal sealed class SimulatedStatements(
    Dice dice, SimulatedServer server, Func<string, double> faultRate, bool givesNewIds, List<string> runIds, HashSet<string> acceptedIds) : IStatements
{
    private readonly HashSet<string> _unanswered = [];

    private enum Fault
    {
        NoConnection, LostCall, LostAnswer, Late, Slow, Deadlock, TooManyConnections,
    }

    public async Task<List<T>> RunAsync<T>(string sql, object?[] arguments, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        var name = sql["select * from seedance.".Length..sql.IndexOf('(', StringComparison.Ordinal)];
        var reader = new MemoryRows(await CallAsync(name, arguments).WaitAsync(cancellationToken));
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<List<object?[]>> CallAsync(string function, object?[] arguments)
    {
        if (function is "begin_run_v1" or "begin_runner_v2")
        {
            runIds.Add((string)arguments[function == "begin_run_v1" ? 1 : 2]!);
        }

        if (givesNewIds && function == "begin_intent_v4" && !_unanswered.Add((string)arguments[1]!))
        {
            arguments = [arguments[0], Guid.NewGuid().ToString("N"), .. arguments[2..]];
        }

        var rows = await OnceAsync(function, arguments);
        if (function == "end_intent_v2" && arguments[3] is "Accepted")
        {
            acceptedIds.Add((string)arguments[1]!);
        }

        return rows;
    }

    private async Task<List<object?[]>> OnceAsync(string function, object?[] arguments)
    {
        if (!dice.Happens(faultRate(function)))
        {
            return await AnswerAsync(server.CallAsync(server.Way(), function, arguments));
        }

        var fault = dice.Pick(Enum.GetValues<Fault>());
        switch (fault)
        {
            case Fault.LostAnswer:
                await AnswerAsync(server.CallAsync(server.Way(), function, arguments));
                throw SimulatedServer.Cut();
            case Fault.Late:
                // The connection is gone, and the call is not.
                _ = server.CallAsync(dice.Milliseconds(0, 5_000), function, arguments).ContinueWith(late => late.Exception, TaskScheduler.Default);
                await WayAsync(server.Way());
                throw SimulatedServer.Cut();
            case Fault.Slow:
                return await AnswerAsync(server.CallAsync(dice.Milliseconds(100, 3_000), function, arguments));
            case Fault.Deadlock or Fault.TooManyConnections:
                await WayAsync(server.Way());
                throw new PostgresException("of no use now", "ERROR", "ERROR", fault == Fault.Deadlock ? PostgresErrorCodes.DeadlockDetected : PostgresErrorCodes.TooManyConnections);
            default:
                await WayAsync(server.Way());
                throw SimulatedServer.Cut();
        }
    }

    private async Task<List<object?[]>> AnswerAsync(Task<List<object?[]>> call)
    {
        var rows = await call;
        await WayAsync(server.Way());
        return rows;
    }

    private Task WayAsync(TimeSpan span)
    {
        var done = new TaskCompletionSource();
        server.After(span, done.SetResult);
        return done.Task;
    }
}
