using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

// The rules are the file's: a database's records go through them as the lines of one.
public sealed partial class PostgreSqlJournal : IJournalArchive
{
    /// <inheritdoc/>
    public async ValueTask<JournalTransfer> ExportAsync(string path, bool canOverwrite, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await using var records = new DatabaseRecords(_database, _options.TimeProvider);
        await records.ReadAsync(_account.Name, cancellationToken);
        return await Archive(records).ExportAsync(path, canOverwrite, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="SeedanceException">Also where the role does not own the journal.</exception>
    public ValueTask<JournalTransfer> ImportAsync(string path, string? accountName, bool isRehearsal, CancellationToken cancellationToken) =>
        ChangeAsync(archive => archive.ImportAsync(path, accountName, isRehearsal, cancellationToken), isRehearsal, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="SeedanceException">Also where the role does not own the journal.</exception>
    public ValueTask<JournalTransfer> ClearAsync(DateTimeOffset before, bool isRehearsal, CancellationToken cancellationToken) =>
        ChangeAsync(archive => archive.ClearAsync(before, isRehearsal, cancellationToken), isRehearsal, cancellationToken);

    private async ValueTask<JournalTransfer> ChangeAsync(Func<FileArchive, ValueTask<JournalTransfer>> change, bool isRehearsal, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await using var records = new DatabaseRecords(_database, _options.TimeProvider);
        await records.RequireOwnerAsync(cancellationToken);
        if (isRehearsal)
        {
            await records.ReadAsync(account: null, cancellationToken);
        }

        return await change(Archive(records));
    }

    private FileArchive Archive(DatabaseRecords records) => new(records, _account, () => { }, _options.TimeProvider);
}
