using System.Text;
using Seedance.Reports;

namespace Seedance;

/// <summary>Writes a report: one HTML file that needs no server, and loads nothing but the pictures whose addresses it was given.</summary>
public static class ReportWriter
{
    /// <summary>Writes a report in UTF-8. Rows are written as they come, so memory does not grow with their number.</summary>
    /// <param name="destination">Where to; it stays open.</param>
    /// <param name="head">What is said about the run as a whole.</param>
    /// <param name="rows">The rows, in any order: the page sorts them.</param>
    /// <param name="cancellationToken">Stops between two rows; the file is not whole then.</param>
    public static async Task WriteAsync(
        Stream destination, ReportHead head, IAsyncEnumerable<ReportRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(rows);

        var page = new ReportPage(head);
        await destination.WriteAsync(Encoding.UTF8.GetBytes(page.Top()), cancellationToken);

        using var blocks = new RowBlocks(destination, head.IncludeThumbnails);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await blocks.AddAsync(row, cancellationToken);
        }

        await blocks.EndAsync(cancellationToken);
        var totals = new ReportTotals(head.Counts ?? blocks.Counts, blocks.ThumbnailsLeftOut);
        await destination.WriteAsync(Encoding.UTF8.GetBytes(page.Bottom(totals)), cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync(Stream, ReportHead, IAsyncEnumerable{ReportRow}, CancellationToken)"/>
    public static Task WriteAsync(Stream destination, ReportHead head, IEnumerable<ReportRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return WriteAsync(destination, head, Each(rows), cancellationToken);
    }

#pragma warning disable CS1998 // Nothing to await: the rows are there.
    private static async IAsyncEnumerable<ReportRow> Each(IEnumerable<ReportRow> rows)
#pragma warning restore CS1998
    {
        foreach (var row in rows)
        {
            yield return row;
        }
    }
}
