namespace Seedance.Journal.FileStore;

/// <summary>
/// How far a file was read, and what lies just before that: nothing is open between two uses, so each use asks whether
/// the file is the one that was read.
/// </summary>
internal readonly struct ReadMark
{
    private const int SampleLength = 512;

    private readonly long _position;
    private readonly byte[] _sample;

    /// <summary>Marks a place in the file.</summary>
    public ReadMark(IJournalView view, long position) => (_position, _sample) = (position, Sample(view, position));

    /// <summary>Returns whether a file goes on from here: it is as long at least, and the same just before. Any does before one was read.</summary>
    public bool IsIn(IJournalView? view) =>
        _position == 0 || (view is not null && view.Length >= _position && Sample(view, _position).AsSpan().SequenceEqual(_sample));

    private static byte[] Sample(IJournalView view, long position)
    {
        var sample = new byte[Math.Min(SampleLength, position)];
        view.Read(position - sample.Length, sample);
        return sample;
    }
}
