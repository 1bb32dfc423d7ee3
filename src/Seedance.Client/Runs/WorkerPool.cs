using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;

namespace Seedance.Runs;

/// <summary>
/// Does the same with everything that comes, so many at once. What fails of itself is its own affair; an exception out of
/// the work is one that nothing after could escape: it ends the run.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly int _limit;
    private readonly ConcurrencyLimiter _slots;
    private readonly SortedSet<int> _free;
    private readonly CancellationTokenSource _stop;
    private ExceptionDispatchInfo? _fatal;

    public WorkerPool(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
        _slots = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = int.MaxValue });
        _free = [.. Enumerable.Range(0, limit)];
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Cancelled when the run is called off.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Takes in everything, and ends when all of it is done.</summary>
    /// <param name="items">What comes.</param>
    /// <param name="work">What is done with each; the number is its place among those under way, from 0.</param>
    public async Task RunAsync<T>(ChannelReader<T> items, Func<T, int, Task> work)
    {
        try
        {
            while (await items.WaitToReadAsync(_stop.Token))
            {
                while (items.TryRead(out var item))
                {
                    // Waits for a place, not for the work: so items are read only as fast as they are dealt with.
                    var slot = await _slots.AcquireAsync(1, _stop.Token);
                    _ = DoAsync(slot, item, work);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Stop(e);
        }

        // Every place back: nothing is under way any more.
        using (await _slots.AcquireAsync(_limit, CancellationToken.None))
        {
        }

        _fatal?.Throw();
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Calls the run off: nothing more is begun.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task DoAsync<T>(RateLimitLease slot, T item, Func<T, int, Task> work)
    {
        using (slot)
        {
            var number = TakeNumber();
            try
            {
                await work(item, number);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // Nobody awaits this: what is not told here would be lost.
                Stop(e);
            }
            finally
            {
                lock (_free)
                {
                    _free.Add(number);
                }
            }
        }
    }

    private int TakeNumber()
    {
        lock (_free)
        {
            var number = _free.Min;
            _free.Remove(number);
            return number;
        }
    }

    private void Stop(Exception failure)
    {
        _fatal ??= ExceptionDispatchInfo.Capture(failure);
        _stop.Cancel();
    }
}
