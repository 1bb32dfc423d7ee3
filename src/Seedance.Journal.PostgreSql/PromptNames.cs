namespace Seedance.Journal.PostgreSql;

/// <summary>
/// Ids and names for whoever types at a prompt: a moment is waited for them, and no longer. What comes later serves the next
/// time. A database that fails is left alone for a while, and what was last heard of it is told.
/// </summary>
internal sealed class PromptNames(Func<CancellationToken, Task<JournalNames>> read, TimeProvider time)
{
    /// <summary>What a keystroke may take.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    /// <summary>For how long a database that failed is not asked.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>What an answer may take that serves the next time: a first connection, far away.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private Task _reading = Task.CompletedTask;
    private volatile JournalNames _known = JournalNames.None;
    private long? _failedAt;

    /// <summary>Returns what is known within a moment. Never throws.</summary>
    public JournalNames Read()
    {
        Task reading;
        lock (_gate)
        {
            // What is still being read was waited for already.
            if (!_reading.IsCompleted || (_failedAt is { } at && time.GetElapsedTime(at) < Rest))
            {
                return _known;
            }

            _reading = reading = Task.Run(ReadAsync);
        }

        try
        {
            reading.WaitAsync(Moment, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            // It goes on, for the next time.
        }

        return _known;
    }

    private async Task ReadAsync()
    {
        try
        {
            using var end = new CancellationTokenSource(Longest, time);
            _known = await read(end.Token);
            _failedAt = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whoever types gets no completion. What is wrong is told by the cmdlet that needs the journal.
            _failedAt = time.GetTimestamp();
        }
    }
}
