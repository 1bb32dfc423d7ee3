namespace Seedance.Commands;

/// <summary>Chooses runs of a journal.</summary>
internal static class RunSelection
{
    /// <summary>Reads the runs that are wanted, oldest first.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="query">Which of its runs come into question.</param>
    /// <param name="runName">Their name; wildcards are allowed; null for any.</param>
    /// <param name="latestOnly">Whether only the one that began last is wanted.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public static async IAsyncEnumerable<Run> ReadAsync(
        IJournal journal, JournalQuery query, string? runName, bool latestOnly, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = new Wildcards(runName);
        Run? last = null;
        await foreach (var run in journal.ReadRunsAsync(query, cancellationToken))
        {
            if (!name.Match(run.RunName))
            {
                continue;
            }

            last = run;
            if (!latestOnly)
            {
                yield return run;
            }
        }

        if (latestOnly && last is not null)
        {
            yield return last;
        }
    }
}
