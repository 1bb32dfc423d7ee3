using Microsoft.AspNetCore.Connections;

namespace Seedance.SandboxServer;

/// <summary>Counts the open connections, and keeps some of them silent.</summary>
internal sealed class ConnectionMonitor
{
    private int _open;
    private int _silent;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Takes the next connections without ever reading from them or writing to them.</summary>
    public void Silence(int count) => Volatile.Write(ref _silent, count);

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _open);
        try
        {
            if (TakeSilent())
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private bool TakeSilent()
    {
        int left;
        do
        {
            left = Volatile.Read(ref _silent);
        }
        while (left > 0 && Interlocked.CompareExchange(ref _silent, left - 1, left) != left);
        return left > 0;
    }
}
