using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

/// <summary>Sees once, before anything is recorded to be sent, that the account is the one whose history this is.</summary>
internal sealed class AccountAdmission(Database database, JournalAccount account, TimeProvider time)
{
    private volatile bool _isAdmitted;

    /// <exception cref="SeedanceException">Of kind <see cref="SeedanceErrorKind.AccountUnclear"/>.</exception>
    public async ValueTask RequireAsync(CancellationToken cancellationToken)
    {
        while (!_isAdmitted)
        {
            var ledger = new AccountLedger(account);
            var seen = 0L;
            var records = new Records(database.Name);
            foreach (var (position, record) in await database.CallAsync("read_accounts_v1", [], row => (row.GetInt64(0), row.GetString(1)), cancellationToken))
            {
                ledger.Apply(records.Read(record));
                seen = position;
            }

            if (ledger.Objection() is { } objection)
            {
                throw JournalErrors.AccountUnclear(database.Name, account, objection);
            }

            // Another may have introduced itself meanwhile, and there may be something to object by now.
            _isAdmitted = ledger.Introduction(time.GetUtcNow()) is not { } introduction
                || await database.CallAsync<bool>("introduce_account_v1", account.Name, Records.Write(introduction), seen);
        }
    }
}
