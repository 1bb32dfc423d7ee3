namespace Seedance.Journal.FileStore;

/// <summary>
/// The place of the journal: a path, which may come to name another file at any time. So nothing is held open between
/// two uses. What a disk promises, and nothing more, so that a simulation can break exactly those promises.
/// </summary>
internal interface IJournalFile
{
    /// <summary>Gets what the file is called in messages.</summary>
    string Name { get; }

    /// <summary>Opens the file that the path names now, for reading; null if there is none.</summary>
    IJournalView? Open();

    /// <summary>
    /// Opens the file that the path names, makes it if need be, and keeps every other process from writing it, by
    /// whatever path, until the result is disposed.
    /// </summary>
    ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken);

    /// <summary>Shows every process that a run is going, at a place that is recorded with it, until the hold is disposed or this process is gone.</summary>
    (IDisposable Hold, string Place) HoldRun(string runId);

    /// <summary>Returns whether the run that is held at a place is going.</summary>
    bool IsRunHeld(string place);

    /// <summary>Opens the table of offsets that lies beside the file; null if there is none, as at a place that keeps none.</summary>
    IJournalView? OpenOffsets() => null;

    /// <summary>Puts a table of offsets beside the file, whole or not at all; null takes it away.</summary>
    void ReplaceOffsets(Action<Stream>? write)
    {
    }
}

/// <summary>An open journal file.</summary>
internal interface IJournalView : IDisposable
{
    /// <summary>Gets the length in bytes.</summary>
    long Length { get; }

    /// <summary>Fills the buffer from an offset as far as there are bytes, and returns how many there were.</summary>
    int Read(long offset, Span<byte> buffer);
}

/// <summary>An open journal file that nobody else writes.</summary>
internal interface IJournalLock : IJournalView
{
    /// <summary>Gets whether the path still names this file: what was written to another one is found by nobody.</summary>
    bool IsCurrent { get; }

    /// <summary>Writes at an offset, which is the end; when it completes, the bytes survive the end of the machine.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes);

    /// <summary>Puts a file in this one's place, whole or not at all; the lock ends with it.</summary>
    ValueTask ReplaceAsync(Func<Stream, ValueTask> write);

    /// <summary>Takes back what a failed write left behind.</summary>
    void Truncate(long length);
}
