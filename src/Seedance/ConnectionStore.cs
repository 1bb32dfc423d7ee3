using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Seedance.Commands;

/// <summary>
/// The connection of each session. A session that has made none, such as a ThreadJob or a branch of
/// <c>ForEach-Object -Parallel</c>, uses that of the session that connected first in the process; where there is none
/// either, the environment's key opens one.
/// </summary>
internal static class ConnectionStore
{
    private static readonly object s_gate = new();
    private static readonly ConditionalWeakTable<Runspace, SeedanceConnection> s_ofSession = [];
    private static readonly List<SeedanceConnection> s_owned = [];
    private static (WeakReference<Runspace> Owner, SeedanceConnection Connection)? s_shared;
    private static (string Key, SeedanceConnection Connection)? s_ofEnvironment;

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

    /// <summary>The connection that was made; null if there is none.</summary>
    public static SeedanceConnection? Made
    {
        get
        {
            lock (s_gate)
            {
                return Find();
            }
        }
    }

    /// <summary>Makes a connection the session's. One that nobody else was given is closed when it is replaced.</summary>
    public static void Set(SeedanceConnection connection, bool isGivenOut)
    {
        lock (s_gate)
        {
            var session = Runspace.DefaultRunspace;
            if (s_ofSession.TryGetValue(session, out var before))
            {
                Close(before);
            }

            s_ofSession.AddOrUpdate(session, connection);
            if (!isGivenOut)
            {
                s_owned.Add(connection);
            }

            if (s_shared is null || !s_shared.Value.Owner.TryGetTarget(out var owner) || owner == session)
            {
                s_shared = (new WeakReference<Runspace>(session), connection);
            }
        }
    }

    /// <summary>Forgets the session's connection and returns it, to be closed; null if it has none of its own.</summary>
    public static SeedanceConnection? Take()
    {
        lock (s_gate)
        {
            if (!s_ofSession.TryGetValue(Runspace.DefaultRunspace, out var connection))
            {
                return null;
            }

            s_ofSession.Remove(Runspace.DefaultRunspace);
            s_owned.Remove(connection);
            if (s_shared?.Connection == connection)
            {
                s_shared = null;
            }

            return connection;
        }
    }

    /// <summary>Closes every connection that only the module holds.</summary>
    public static void CloseAll()
    {
        lock (s_gate)
        {
            s_owned.ToList().ForEach(Close);
            s_ofSession.Clear();
            s_shared = null;
            s_ofEnvironment = null;
        }
    }

    private static SeedanceConnection? Find() =>
        s_ofSession.TryGetValue(Runspace.DefaultRunspace, out var own) ? own : s_shared?.Connection;

    private static SeedanceConnection OfEnvironment()
    {
        var key = Environment.GetEnvironmentVariable("SEEDANCE_API_KEY");
        if (s_ofEnvironment is { } known && known.Key == key)
        {
            return known.Connection;
        }

        var connection = new SeedanceConnection(new SeedanceConnectionOptions { ApiKey = string.IsNullOrEmpty(key) ? null : key });
        s_ofEnvironment = (key!, connection);
        s_owned.Add(connection);
        return connection;
    }

    // What is under way on it goes on to its end: closing waits for the journal, in the background.
    private static void Close(SeedanceConnection connection)
    {
        if (s_owned.Remove(connection))
        {
            _ = connection.DisposeAsync().AsTask();
        }
    }
}
