namespace Seedance.Journal.FileStore;

/// <summary>Takes a journal file's records out, in, and away. The file is put in place whole, while nobody else writes it and no run is going.</summary>
/// <param name="file">The file, or what looks like one.</param>
/// <param name="account">Whose records are meant.</param>
/// <param name="onReplaced">Called once the file is another.</param>
/// <param name="time">The clock.</param>
internal sealed class FileArchive(IJournalFile file, JournalAccount account, Action onReplaced, TimeProvider time) : IJournalArchive
{
    public async ValueTask<JournalTransfer> ExportAsync(string path, bool canOverwrite, CancellationToken cancellationToken)
    {
        if (!canOverwrite && File.Exists(path))
        {
            throw Create($"There is a file '{path}' already. It was left as it is.", "Give another path, or replace it with -Force.");
        }

        var ledger = new AccountLedger(account);
        using var view = JournalHistory.Open(file, ledger);
        var (mine, transfer, part) = (new AccountLines(ledger), new JournalTransfer { Journal = file.Name, Path = path, AccountNames = [account.Name] }, path + ".part");
        try
        {
            await using (var stream = DiskJournalFile.CreatePrivate(part))
            {
                var lines = new JournalLineStream(stream);
                await lines.WriteAsync(new JournalLine { Type = JournalLineType.Journal, Version = JournalLine.FormatVersion, At = time.GetUtcNow() }, cancellationToken);
                foreach (var line in Lines(view, file.Name).Where(mine.Contains))
                {
                    // Under the one name that the account has by now.
                    line.Account = line.Account is null ? null : account.Name;
                    line.Legacy = null;
                    await lines.WriteAsync(line, cancellationToken);
                    transfer = transfer with
                    {
                        Requests = transfer.Requests + (line.Type == JournalLineType.Intent ? 1 : 0),
                        Rows = transfer.Rows + (line.Type == JournalLineType.Intent ? line.Rows?.Count ?? 0 : 0),
                        Runs = transfer.Runs + (line.Type == JournalLineType.Run ? 1 : 0),
                    };
                }

                await lines.FlushAsync(cancellationToken);
                stream.Flush(flushToDisk: true);
                transfer = transfer with { Size = lines.Length };
            }

            File.Move(part, path, overwrite: true);
            return transfer;
        }
        catch (Exception e)
        {
            File.Delete(part);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw Create($"The records cannot be written to '{path}': {e.Message}", "Free space or allow writing there, or give another path.", e);
            }

            throw;
        }
    }

    public async ValueTask<JournalTransfer> ImportAsync(string path, string? accountName, bool isRehearsal, CancellationToken cancellationToken)
    {
        using var source = OpenSource(path);
        return await RewriteAsync(view => new JournalMerge(() => Lines(view, file.Name), Imported), merge => merge.Merge(), merge => merge.Transfer with { Path = path }, isRehearsal, cancellationToken);

        IEnumerable<JournalLine> Imported()
        {
            foreach (var line in Lines(source, path))
            {
                line.Account = line.Account is null ? null : accountName ?? line.Account;
                yield return line;
            }
        }
    }

    public ValueTask<JournalTransfer> ClearAsync(DateTimeOffset before, bool isRehearsal, CancellationToken cancellationToken) =>
        RewriteAsync(view => new JournalClearing(() => Lines(view, file.Name), () => Mine(view), before, time.GetUtcNow()), clearing => clearing.Clear(), clearing => clearing.Transfer, isRehearsal, cancellationToken);

    private async ValueTask<JournalTransfer> RewriteAsync<T>(
        Func<IJournalView?, T> begin, Func<T, IEnumerable<JournalLine>> lines, Func<T, JournalTransfer> result, bool isRehearsal, CancellationToken cancellationToken)
    {
        try
        {
            using var view = isRehearsal ? file.Open() : await file.LockAsync(cancellationToken);
            if (RunGoing(view) is { } run)
            {
                throw JournalErrors.RunGoing(file.Name, run);
            }

            var (work, size) = (begin(view), 0L);
            if (isRehearsal)
            {
                await WriteAsync(Stream.Null);
            }
            else
            {
                await ((IJournalLock)view!).ReplaceAsync(WriteAsync);
                onReplaced();
            }

            return result(work) with { Journal = file.Name, Size = size };

            async ValueTask WriteAsync(Stream stream)
            {
                var written = new JournalLineStream(stream);
                foreach (var line in lines(work))
                {
                    await written.WriteAsync(line, cancellationToken);
                }

                await written.FlushAsync(cancellationToken);
                size = written.Length;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalErrors.NotWritable(file.Name, e);
        }
    }

    private IJournalView OpenSource(string path)
    {
        try
        {
            return new DiskJournalFile(path, time).Open() ?? throw Create($"There is no file '{path}'. Nothing was taken in.", "Give the path of a file that Export-SeedanceJournal has written, or of a journal.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Create($"The file '{path}' cannot be read: {e.Message} Nothing was taken in.", "Allow reading it, or give another path.", e);
        }
    }

    private AccountLines Mine(IJournalView? view)
    {
        var ledger = new AccountLedger(account);
        if (view is not null)
        {
            ledger.ReadLegacy(view, file.Name);
        }

        return new AccountLines(ledger);
    }

    private string? RunGoing(IJournalView? view) =>
        Lines(view, file.Name).FirstOrDefault(line => line is { Type: JournalLineType.Run, Path: { } place } && file.IsRunHeld(place)) is { } run ? run.RunName ?? run.Run : null;

    private static IEnumerable<JournalLine> Lines(IJournalView? view, string name) =>
        view is null ? [] : new JournalFileReader(name).Read(view).Select(one => one.Line);

    private static SeedanceException Create(string message, string action, Exception? cause = null) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, message, cause) { RecommendedAction = action };
}
