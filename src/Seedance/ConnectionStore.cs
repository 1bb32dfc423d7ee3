using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Seedance.Commands;

/// <summary>
/// The connection of each session. A session that has made none uses the one it was begun under, as a thread job or a
/// branch of <c>ForEach-Object -Parallel</c> does, or else the one that the environment's key opens; never that of a
/// session that merely runs in the same process: a server's process has those of several tenants.
/// </summary>
internal static class ConnectionStore
{
    private static readonly object s_gate = new();
    private static readonly ConditionalWeakTable<Runspace, SeedanceConnection> s_ofSession = [];
    private static readonly List<SeedanceConnection> s_owned = [];

    // Goes along to the threads that a session begins: its jobs and branches, whatever makes them.
    private static readonly AsyncLocal<Inheritance?> s_inherited = new();
    private static readonly ConditionalWeakTable<Runspace, object> s_warned = [];
    private static (string Values, SeedanceConnection Connection)? s_ofEnvironment;

    /// <summary>The connection to use; throws the error that names the ways to give a key if there is none.</summary>
    public static SeedanceConnection Current
    {
        get
        {
            lock (s_gate)
            {
                return Find() ?? OfEnvironment();
            }
        }
    }

    /// <summary>The connection that would be used; null if there is none.</summary>
    public static SeedanceConnection? Known
    {
        get
        {
            lock (s_gate)
            {
                return Find() ?? (EnvironmentKey is null ? null : OfEnvironment());
            }
        }
    }

    /// <summary>What to say of a connection that the session did not make, where the environment names another key; null if there is nothing, or it was said.</summary>
    public static string? TakeWarning(SeedanceConnection used)
    {
        lock (s_gate)
        {
            var session = Runspace.DefaultRunspace;
            return Inherited is { } inherited && inherited.Connection == used && !s_ofSession.TryGetValue(session, out _)
                && EnvironmentKey is { } key && Hash(key) != inherited.KeyHash && s_warned.TryAdd(session, s_gate)
                ? $"This session uses the connection to {used} of the session that began it, though SEEDANCE_API_KEY holds another key. To use that one here: Connect-Seedance."
                : null;
        }
    }

    /// <summary>Makes a connection the session's. One that nobody else was given is closed when it is replaced, or when the session ends.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="key">Its key; null if it has none.</param>
    /// <param name="isGivenOut">True if somebody else may use it.</param>
    public static void Set(SeedanceConnection connection, string? key, bool isGivenOut)
    {
        lock (s_gate)
        {
            var session = Runspace.DefaultRunspace;
            if (s_ofSession.TryGetValue(session, out var before))
            {
                Close(before);
            }
            else
            {
                session.StateChanged += OnStateChanged;
            }

            s_ofSession.AddOrUpdate(session, connection);
            s_inherited.Value = new Inheritance(connection, key is null ? null : Hash(key), Thread.CurrentThread);
            if (!isGivenOut)
            {
                s_owned.Add(connection);
            }
        }
    }

    /// <summary>Forgets the session's connection and returns it, to be closed; null if it has none of its own.</summary>
    public static SeedanceConnection? Take()
    {
        lock (s_gate)
        {
            return Take(Runspace.DefaultRunspace);
        }
    }

    /// <summary>Closes every connection that only the module holds, and returns when what was under way on them has ended.</summary>
    public static void CloseAll()
    {
        List<Task> closing;
        lock (s_gate)
        {
            closing = s_owned.ConvertAll(connection => connection.DisposeAsync().AsTask());
            s_owned.Clear();
            s_ofSession.Clear();
            s_inherited.Value = null;
            s_ofEnvironment = null;
        }

        Task.WhenAll(closing).GetAwaiter().GetResult();
    }

    /// <summary>The database that the environment names for a journal; null if it names a file, or none.</summary>
    public static string? EnvironmentDatabase =>
        Environment.GetEnvironmentVariable("SEEDANCE_JOURNAL") is { } journal && DatabaseJournal.IsAddress(journal) ? journal : null;

    private static string? EnvironmentKey => Environment.GetEnvironmentVariable("SEEDANCE_API_KEY") is { Length: > 0 } key ? key : null;

    // On the thread that connected, another session was not begun by that one: it merely follows it, as tenants do in a server.
    private static Inheritance? Inherited => s_inherited.Value is { } inherited && inherited.Thread != Thread.CurrentThread ? inherited : null;

    private static SeedanceConnection? Find() =>
        s_ofSession.TryGetValue(Runspace.DefaultRunspace, out var own) ? own : Inherited?.Connection;

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static SeedanceConnection OfEnvironment()
    {
        var language = SeedanceClient.LanguageOf(CultureInfo.CurrentUICulture);
        var values = string.Join('\n', language, EnvironmentKey, Environment.GetEnvironmentVariable("SEEDANCE_JOURNAL"), Environment.GetEnvironmentVariable("SEEDANCE_ACCOUNT"));
        if (s_ofEnvironment is { } known && known.Values == values)
        {
            return known.Connection;
        }

        var connection = new SeedanceConnection(new SeedanceConnectionOptions
        {
            ApiKey = EnvironmentKey,
            Language = language,
            JournalStore = EnvironmentDatabase is { } database ? DatabaseJournal.Store(database, password: null) : null,
        });
        s_ofEnvironment = (values, connection);
        s_owned.Add(connection);
        return connection;
    }

    private static SeedanceConnection? Take(Runspace session)
    {
        if (!s_ofSession.TryGetValue(session, out var connection))
        {
            return null;
        }

        session.StateChanged -= OnStateChanged;
        s_ofSession.Remove(session);
        s_owned.Remove(connection);
        if (s_inherited.Value?.Connection == connection)
        {
            s_inherited.Value = null;
        }

        return connection;
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is not (RunspaceState.Closed or RunspaceState.Broken))
        {
            return;
        }

        lock (s_gate)
        {
            if (s_ofSession.TryGetValue((Runspace)sender!, out var connection))
            {
                Close(connection);
                Take((Runspace)sender!);
            }
        }
    }

    // In the background: the connection itself waits for what is under way.
    private static void Close(SeedanceConnection connection)
    {
        if (s_owned.Remove(connection))
        {
            _ = connection.DisposeAsync().AsTask();
        }
    }

    /// <summary>A connection that was made, for the threads that begin under it.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="KeyHash">Tells its key from others; null if it has none.</param>
    /// <param name="Thread">Where it was made.</param>
    private sealed record Inheritance(SeedanceConnection Connection, string? KeyHash, Thread Thread);
}
