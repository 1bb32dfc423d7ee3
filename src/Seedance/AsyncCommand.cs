using System.Collections.Concurrent;
using System.Globalization;
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
    // Bounded, so that what recalls a million tasks does not hold them all while the pipeline writes.
    private readonly BlockingCollection<Action> _outbox = new(256);
    private readonly CancellationTokenSource _stop = new();
    private bool _isWorking;
    private bool _isDebugging;
    private int _requests;
    private int _troubleTold;
    private Run? _untold;

    /// <summary>The work: all of it, from the first input to the last output. Runs off the pipeline's thread.</summary>
    private protected abstract Task WorkAsync(CancellationToken cancellationToken);

    /// <summary>Begins the work.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _isDebugging = MyInvocation.BoundParameters.ContainsKey("Debug")
            || SessionState.PSVariable.GetValue("DebugPreference") is not (null or ActionPreference.SilentlyContinue or ActionPreference.Ignore);
        _isWorking = true;
        _ = Task.Run(RunAsync);
    }

    /// <summary>Sees the work to its end.</summary>
    protected override void EndProcessing() => Guard(() =>
    {
        foreach (var write in _outbox.GetConsumingEnumerable())
        {
            write();
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
    private protected void Post<T>(ChannelWriter<T> inbox, T input) => Guard(() =>
    {
        while (!inbox.TryWrite(input))
        {
            // Room is announced through the outbox, so that there is one thing to wait for.
            _ = AnnounceRoomAsync(inbox);
            if (!_outbox.TryTake(out var write, Timeout.Infinite))
            {
                return;
            }

            write();
        }

        while (_outbox.TryTake(out var write))
        {
            write();
        }
    });

    /// <summary>How many requests were made so far, each attempt counted.</summary>
    private protected int Requests => Volatile.Read(ref _requests);

    /// <summary>Counts an attempt at a request, and tells of it where somebody debugs. Once, it tells that nobody was reached twice in a row.</summary>
    private protected void OnRequest(RequestTrace trace)
    {
        Interlocked.Increment(ref _requests);
        if (trace is { IsUnreached: true, Attempt: 2 } && Interlocked.Exchange(ref _troubleTold, 1) == 0)
        {
            QueueWarning($"{trace.Failure!.Message} It is tried again for up to two minutes.");
        }

        if (_isDebugging)
        {
            QueueWrite(() => WriteDebug(trace.ToString()));
        }
    }

    /// <summary>Writes an object when its turn comes.</summary>
    private protected void QueueObject(object output) => QueueWrite(() => WriteObject(output));

    /// <summary>Writes objects when their turn comes: a handful at a time costs a fraction of one by one.</summary>
    private protected void QueueObjects(IEnumerable<object> output) => QueueWrite(() => WriteObject(output, enumerateCollection: true));

    /// <summary>Writes an error; the pipeline goes on.</summary>
    private protected void QueueError(SeedanceException failure, object? target) => QueueWrite(() => WriteError(ErrorRecords.From(failure, target)));

    /// <summary>Writes a warning.</summary>
    private protected void QueueWarning(string message) => QueueWrite(() => WriteWarning(message));

    /// <summary>Writes to the verbose stream.</summary>
    private protected void QueueVerbose(string message) => QueueWrite(() => WriteVerbose(message));

    /// <summary>Writes how a run went; shown even if the pipeline was stopped before.</summary>
    private protected void QueueClosing(Run run)
    {
        _untold = run;
        QueueWrite(() =>
        {
            _untold = null;
            try
            {
                WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"{ClosingLine.Counts(run)}; {Requests} request(s), {run.Duration?.TotalSeconds:0.0} s."));
                ClosingLine.Write(this, run);
            }
            catch (PipelineStoppedException)
            {
                // Nothing came before it that would have met the stop.
                _untold = run;
                throw;
            }
        });
    }

    /// <summary>Shows progress.</summary>
    private protected void QueueProgress(ProgressRecord progress) => QueueWrite(() => WriteProgress(progress));

    /// <summary>Shows a bar until the result is disposed.</summary>
    private protected IDisposable Show(RowProgress progress) => new ProgressDisplay(progress, WriteProgress, QueueWrite, TimeProvider.System);

    /// <summary>Asks on the pipeline's thread, and goes on with the answer.</summary>
    private protected async Task<bool> AskAsync(Func<bool> ask, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        QueueWrite(() => answer.TrySetResult(ask()));

        // Where the question ends the pipeline, nobody answers.
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Does something on the pipeline's thread when its turn comes.</summary>
    private protected void QueueWrite(Action write)
    {
        try
        {
            _outbox.Add(write);
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
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.ConnectionClosed && Requests > 0)
        {
            // What had been accepted goes down the pipeline: a terminating error would throw it away there.
            QueueWrite(() => WriteError(ErrorRecords.From(e, null)));
        }
        catch (SeedanceException e)
        {
            QueueWrite(() => ThrowTerminatingError(ErrorRecords.From(e, null)));
        }
        catch (Exception e)
        {
            QueueWrite(() => ThrowTerminatingError(ErrorRecords.Unexpected(e)));
        }
        finally
        {
            _outbox.CompleteAdding();
        }
    }

    private async Task AnnounceRoomAsync<T>(ChannelWriter<T> inbox)
    {
        // Off the pipeline's thread, which must not wait for room in the outbox: it is the one that makes it.
        await Task.Yield();
        try
        {
            await inbox.WaitToWriteAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
        }

        QueueWrite(static () => { });
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

            if (_untold is not null)
            {
                ClosingLine.Show(this, _untold);
            }
        }
    }
}
