using System.Diagnostics.CodeAnalysis;

namespace Seedance.Http;

/// <summary>
/// Whether a connection is open, and what is under way on it. Closing lets nothing begin and calls off what runs: what
/// has left is awaited for the few seconds that every called-off request is given, and recorded. Only then may the
/// network and the journal go.
/// </summary>
/// <param name="address">The connection's address, for messages.</param>
/// <param name="time">The clock of the drain.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "Its token is read as long as anybody holds the client, and it has no timer to let go of.")]
internal sealed class ConnectionLifetime(Uri address, TimeProvider time)
{
    // Longer than a called-off request and a held journal may take together: what still runs then never ends by itself.
    private static readonly TimeSpan s_longestDrain = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _leases;
    private bool _isClosed;

    /// <summary>Cancelled when the connection closes.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Keeps network and journal until the lease is disposed.</summary>
    /// <exception cref="SeedanceException">The connection is closed.</exception>
    public IDisposable Enter()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            _leases++;
        }

        return new Lease(this);
    }

    /// <summary>Runs something under a lease, and calls it off when the connection closes.</summary>
    /// <param name="run">Begins it.</param>
    /// <param name="stop">Calls it off.</param>
    /// <param name="cancellationToken">The run's own cancellation, which is told apart from the connection's end.</param>
    /// <exception cref="SeedanceException">The connection is closed, at once; or, by the task, it was closed meanwhile.</exception>
    public Task RunAsync(Func<Task> run, Action stop, CancellationToken cancellationToken)
    {
        var lease = Enter();
        return RunAsync(lease, run, stop, cancellationToken);
    }

    /// <summary>The failure of what the connection's end has called off.</summary>
    public SeedanceException Closed() => new(SeedanceErrorKind.ConnectionClosed, Delivery.NotSent, $"The connection to {address} is closed.")
    {
        RecommendedAction = "Connect again: Connect-Seedance. A submission that was under way goes on with the same line and -Resume.",
    };

    public void ThrowIfClosed()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw Closed();
            }
        }
    }

    /// <summary>Lets nothing begin any more, and returns when nothing is under way.</summary>
    public async Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_leases == 0)
            {
                _drained.TrySetResult();
            }
        }

        _closing.Cancel();
        if (!_drained.Task.IsCompleted)
        {
            using var enough = new CancellationTokenSource();
            await Task.WhenAny(_drained.Task, Task.Delay(s_longestDrain, time, enough.Token));
            enough.Cancel();
        }
    }

    private async Task RunAsync(IDisposable lease, Func<Task> run, Action stop, CancellationToken cancellationToken)
    {
        using (lease)
        using (Closing.UnsafeRegister(static stop => ((Action)stop!)(), stop))
        {
            try
            {
                await run();
            }
            catch (OperationCanceledException) when (Closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw Closed();
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_leases == 0 && _isClosed)
            {
                _drained.TrySetResult();
            }
        }
    }

    private sealed class Lease(ConnectionLifetime lifetime) : IDisposable
    {
        private ConnectionLifetime? _lifetime = lifetime;

        public void Dispose() => Interlocked.Exchange(ref _lifetime, null)?.Leave();
    }
}
