using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Shows a bar anew each second, so that its time left runs down between rows; disposed, it takes the bar away.</summary>
internal sealed class ProgressDisplay : IDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    private readonly RowProgress _progress;
    private readonly Action<ProgressRecord> _write;
    private readonly Action<Action> _queue;
    private readonly ITimer _timer;
    private int _isQueued;
    private bool _isOver;

    /// <summary>Begins to show a bar.</summary>
    /// <param name="progress">What it shows.</param>
    /// <param name="write">Writes a record; on the pipeline's thread.</param>
    /// <param name="queue">Does something on the pipeline's thread when its turn comes.</param>
    /// <param name="time">The clock.</param>
    public ProgressDisplay(RowProgress progress, Action<ProgressRecord> write, Action<Action> queue, TimeProvider time)
    {
        (_progress, _write, _queue) = (progress, write, queue);
        _timer = time.CreateTimer(_ => Show(), null, s_every, s_every);
    }

    /// <summary>Takes the bar away, with its last count.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _queue(() =>
        {
            _isOver = true;
            var last = _progress.ToRecord();
            last.RecordType = ProgressRecordType.Completed;
            _write(last);
        });
    }

    // One record waits for its turn at most: where the pipeline is slow, they would be in the way of the output. None brings back a bar that is over.
    private void Show()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            _queue(() =>
            {
                Volatile.Write(ref _isQueued, 0);
                if (!_isOver)
                {
                    _write(_progress.ToRecord());
                }
            });
        }
    }
}
