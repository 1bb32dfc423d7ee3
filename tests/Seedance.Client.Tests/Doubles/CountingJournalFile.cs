namespace Seedance.Client.Tests;

/// <summary>A journal file that counts what is read of it.</summary>
internal sealed class CountingJournalFile(IJournalFile file) : IJournalFile
{
    public long BytesRead { get; private set; }

    public string Name => file.Name;

    public IJournalView? Open() => file.Open() is { } view ? new CountingView(this, view) : null;

    public ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken) => file.LockAsync(cancellationToken);

    public (IDisposable Hold, string Place) HoldRun(string runId) => file.HoldRun(runId);

    public bool IsRunHeld(string place) => file.IsRunHeld(place);

    public IJournalView? OpenOffsets() => file.OpenOffsets();

    public void ReplaceOffsets(Action<Stream>? write) => file.ReplaceOffsets(write);

    private sealed class CountingView(CountingJournalFile counter, IJournalView view) : IJournalView
    {
        public long Length => view.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var read = view.Read(offset, buffer);
            counter.BytesRead += read;
            return read;
        }

        public void Dispose() => view.Dispose();
    }
}
