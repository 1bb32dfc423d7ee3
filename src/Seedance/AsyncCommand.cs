using System.Collections.Concurrent;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// A cmdlet whose work runs on the thread pool while the pipeline's thread hands it input and writes what it has to say,
/// in order. It does nothing else. When writing throws, as under <c>Select-Object -First 1</c> or
/// <c>-ErrorAction Stop</c>, or when the pipeline is stopped, the work is called off and waited for, so that nothing is left running.
/// </summary>
public abstract class AsyncCommand : ConnectedCommand, IDisposable
{
    private readonly BlockingCollection<Action> _outbox = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _isWorking;

    /// <summary>The work: all of it, from the first input to the last output. Runs off the pipeline's thread.</summary>
    private protected abstract Task WorkAsync(CancellationToken cancellation);

    /// <summary>Begins the work.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _isWorking = true;
        _ = Task.Run(RunAsync);
    }

    /// <summary>Sees the work to its end.</summary>
    protected override void EndProcessing() => Guard(() =>
    {
        foreach (var say in _outbox.GetConsumingEnumerable())
        {
            say();
        }

        _isWorking = false;
    });

    /// <summary>Calls the work off; the pipeline's thread sees it end.</summary>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Ends what is still running.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            EndWork();
            _stop.Dispose();
            _outbox.Dispose();
        }
    }

    /// <summary>Hands the work an input, writing what is ready meanwhile; waits while the work has its hands full.</summary>
    private protected void Hand<T>(ChannelWriter<T> inbox, T input) => Guard(() =>
    {
        while (!inbox.TryWrite(input))
        {
            // Room is announced through the outbox, so that there is one thing to wait for.
            _ = AnnounceRoomAsync(inbox);
            if (!_outbox.TryTake(out var say, Timeout.Infinite))
            {
                return;
            }

            say();
        }

        while (_outbox.TryTake(out var say))
        {
            say();
        }
    });

    /// <summary>Writes an object when its turn comes.</summary>
    private protected void Emit(object output) => Say(() => WriteObject(output));

    /// <summary>Writes an error; the pipeline goes on.</summary>
    private protected void Report(SeedanceException failure, object? target) => Say(() => WriteError(ErrorRecords.Of(failure, target)));

    /// <summary>Writes a warning.</summary>
    private protected void Warn(string message) => Say(() => WriteWarning(message));

    /// <summary>Writes to the verbose stream.</summary>
    private protected void Tell(string message) => Say(() => WriteVerbose(message));

    /// <summary>Shows progress.</summary>
    private protected void Show(ProgressRecord progress) => Say(() => WriteProgress(progress));

    private void Say(Action say)
    {
        try
        {
            _outbox.Add(say);
        }
        catch (InvalidOperationException)
        {
            // Nobody listens any more: room was announced after the work had ended.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await WorkAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (SeedanceException e)
        {
            Say(() => ThrowTerminatingError(ErrorRecords.Of(e, null)));
        }
        catch (Exception e)
        {
            Say(() => ThrowTerminatingError(ErrorRecords.Unexpected(e)));
        }
        finally
        {
            _outbox.CompleteAdding();
        }
    }

    private async Task AnnounceRoomAsync<T>(ChannelWriter<T> inbox)
    {
        try
        {
            await inbox.WaitToWriteAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
        }

        Say(static () => { });
    }

    private void Guard(Action act)
    {
        try
        {
            act();
        }
        catch
        {
            EndWork();
            throw;
        }
    }

    private void EndWork()
    {
        if (_isWorking)
        {
            _isWorking = false;
            _stop.Cancel();

            // The outbox is complete when the work is: what it still says goes unheard.
            foreach (var _ in _outbox.GetConsumingEnumerable())
            {
            }
        }
    }
}
