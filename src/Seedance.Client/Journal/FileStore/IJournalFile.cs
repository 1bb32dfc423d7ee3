namespace Seedance.Journal.FileStore;

/// <summary>The bytes under the journal: what a disk promises, and nothing more, so that a simulation can break exactly those promises.</summary>
internal interface IJournalFile : IAsyncDisposable
{
    /// <summary>What the file is called in messages.</summary>
    string Name { get; }

    /// <summary>The length in bytes; 0 for a file that is not there yet.</summary>
    long Length { get; }

    /// <summary>Keeps every other process from writing until the result is disposed.</summary>
    ValueTask<IDisposable> LockAsync(CancellationToken cancellationToken);

    /// <summary>Fills the buffer from an offset as far as there are bytes, and returns how many there were.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes at an offset; when it completes, the bytes survive the end of the machine. Makes the file if need be.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes);

    /// <summary>Takes back what a failed write left behind.</summary>
    void Truncate(long length);
}
