using System.Text;
using Seedance.Reports;

namespace Seedance;

/// <summary>
/// Writes a report to a file. What is added is kept in a file beside it, so memory does not grow with the rows, and the
/// report gets its name in one step when it is whole: a file that is there already stays as it is until then, and a link is
/// replaced, never written through.
/// </summary>
public sealed class ReportFileWriter : IAsyncDisposable
{
    private readonly string _path;
    private readonly bool _overwrite;
    private readonly bool _includeThumbnails;
    private readonly FileStream _rows;
    private readonly RowBlocks _blocks;
    private readonly ReportContent _content;

    private ReportFileWriter(string path, bool overwrite, bool includeThumbnails, IJournal? journal, MatchBy matchBy)
    {
        _path = path;
        _overwrite = overwrite;
        _includeThumbnails = includeThumbnails;
        _rows = CreateBeside(path, ".rows", FileOptions.DeleteOnClose);
        _blocks = new RowBlocks(_rows, includeThumbnails);
        _content = new ReportContent(_blocks, includeThumbnails, journal, matchBy);
    }

    /// <summary>Gets what all that was added says about the report as a whole, with its rows by state. It is whole after <see cref="EndRowsAsync"/>.</summary>
    public ReportHead Head => _content.Facts.Head with { IncludeThumbnails = _includeThumbnails };

    /// <summary>Gets why the journal did not tell how often rows were sent; null if it did, or nobody asked.</summary>
    public SeedanceException? JournalFailure => _content.JournalFailure;

    /// <summary>Begins a report.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <param name="overwrite">True to replace a file that is there.</param>
    /// <param name="includeThumbnails">False to show signs for the rows' types instead of their pictures.</param>
    /// <param name="journal">What tells how often rows were sent, and what became of rows that have no task; null to leave that out.</param>
    /// <param name="matchBy">By what the rows of a table are known again in the journal, where they have no id.</param>
    /// <exception cref="SeedanceException">The file exists, or cannot be written there.</exception>
    public static ReportFileWriter Open(string path, bool overwrite = false, bool includeThumbnails = true, IJournal? journal = null, MatchBy matchBy = default)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
        {
            throw Failure(SeedanceErrorKind.InvalidInput, $"'{path}' is a folder.", "Name the file in it that the report is to be.");
        }

        if (!overwrite && (File.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            throw Exists(path);
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw Failure(SeedanceErrorKind.FileUnavailable, $"'{path}' cannot be written: there is no folder '{Path.GetDirectoryName(path)}'.", "Make the folder first, or name another.");
        }

        return Guard(path, () => new ReportFileWriter(path, overwrite, includeThumbnails, journal, matchBy));
    }

    /// <summary>
    /// Adds a run: what is known of it as a whole, the rows of its tasks, and, where there is a journal, those that it sent and
    /// that have no task. Rows of it of which nothing more is known than their number are counted, not shown.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="tasks">Its tasks.</param>
    /// <param name="cancellationToken">Stops between two tasks.</param>
    public Task AddAsync(Run run, IAsyncEnumerable<SeedanceTask> tasks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(tasks);
        return GuardAsync(() => _content.AddAsync(run, tasks, cancellationToken));
    }

    /// <summary>Adds the rows of a task. A row that was added already is passed over.</summary>
    public ValueTask AddAsync(SeedanceTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return GuardAsync(_content.AddAsync(task, cancellationToken));
    }

    /// <summary>Adds the row of an asset.</summary>
    public ValueTask AddAsync(SeedanceAsset asset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return GuardAsync(_content.AddAsync(asset, cancellationToken));
    }

    /// <summary>Adds a row of a table, with what the journal knows of it: what became of it where it has a task, or else why it has none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="refusal">What speaks against sending it; null if nothing does.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public ValueTask AddAsync(AssetSource row, SeedanceException? refusal = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        return GuardAsync(_content.AddAsync(row, refusal, cancellationToken));
    }

    /// <summary>Adds an error about a row. It is shown by <see cref="EndRowsAsync"/>, unless the row has come to more by then.</summary>
    public void AddError(AssetSource row, SeedanceException error)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(error);
        _content.AddError(row, error);
    }

    /// <summary>Adds a row as it is.</summary>
    /// <exception cref="SeedanceException">The disk is full, or the file cannot be written any more.</exception>
    public ValueTask AddAsync(ReportRow row, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        return GuardAsync(_content.AddAsync(row, cancellationToken));
    }

    /// <summary>Writes the rows that were held back: those that only their errors tell of.</summary>
    public Task EndRowsAsync(CancellationToken cancellationToken = default) => GuardAsync(() => _content.EndAsync(cancellationToken));

    /// <summary>Writes the report and gives it its name.</summary>
    /// <param name="head">What is said about the run as a whole: <see cref="Head"/>, with what else is known.</param>
    /// <param name="cancellationToken">Calls it off; nothing is at the path then that was not there before.</param>
    /// <exception cref="SeedanceException">The file came to be meanwhile, or cannot be written.</exception>
    public async Task<FileInfo> CompleteAsync(ReportHead head, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(head);
        await EndRowsAsync(cancellationToken);
        var whole = Guard(_path, () => CreateBeside(_path, ".part", FileOptions.Asynchronous));
        try
        {
            await WriteAsync(whole, head, cancellationToken);
            await whole.DisposeAsync();
            Move(whole.Name);
            return new FileInfo(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(_path, e);
        }
        finally
        {
            // Nothing is there any more where it has its name.
            await whole.DisposeAsync();
            File.Delete(whole.Name);
        }
    }

    /// <summary>Removes what was kept beside the report.</summary>
    public async ValueTask DisposeAsync()
    {
        _blocks.Dispose();
        await _rows.DisposeAsync();
    }

    private async ValueTask GuardAsync(ValueTask written) => await GuardAsync(written.AsTask);

    private async Task GuardAsync(Func<Task> writeAsync)
    {
        try
        {
            await writeAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(_path, e);
        }
    }

    private async Task WriteAsync(FileStream whole, ReportHead head, CancellationToken cancellationToken)
    {
        await _blocks.EndAsync(cancellationToken);
        var page = new ReportPage(head);
        await whole.WriteAsync(Encoding.UTF8.GetBytes(page.Top()), cancellationToken);
        _rows.Position = 0;
        await _rows.CopyToAsync(whole, cancellationToken);
        var totals = new ReportTotals(head.Counts ?? _blocks.Counts, _blocks.ThumbnailsLeftOut);
        await whole.WriteAsync(Encoding.UTF8.GetBytes(page.Bottom(totals)), cancellationToken);
        whole.Flush(flushToDisk: true);
    }

    private void Move(string whole)
    {
        try
        {
            File.Move(whole, _path, _overwrite);
        }
        catch (IOException) when (!_overwrite && File.Exists(_path))
        {
            throw Exists(_path);
        }
    }

    // Under a name that nobody foresees: no link can have been laid there.
    private static FileStream CreateBeside(string path, string suffix, FileOptions options) => new($"{path}.{Path.GetRandomFileName()}{suffix}", new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        Options = options,
    });

    private static T Guard<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw NotWritable(path, e);
        }
    }

    private static SeedanceException Exists(string path) =>
        Failure(SeedanceErrorKind.AlreadyExists, $"The report was not written: '{path}' exists already.", "Name another file, or overwrite it with -Force.");

    private static SeedanceException NotWritable(string path, Exception cause) =>
        Failure(SeedanceErrorKind.FileUnavailable, $"'{path}' cannot be written: {cause.Message}", "Free space or allow writing there, or name another place.", cause);

    private static SeedanceException Failure(SeedanceErrorKind kind, string message, string action, Exception? cause = null) =>
        new(kind, Delivery.NotSent, message, cause) { RecommendedAction = action };
}
