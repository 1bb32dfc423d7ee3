using Seedance.Journal.Contract;

[assembly: AssemblyFixture(typeof(Seedance.Journal.PostgreSql.Tests.PostgreSqlServer))]

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>The store on PostgreSQL keeps the contract.</summary>
public sealed class PostgreSqlJournalTests(PostgreSqlServer server) : JournalContractTests, IAsyncLifetime
{
    private JournalAddress? _address;

    public async ValueTask InitializeAsync()
    {
        _address = await server.CreateDatabaseAsync();
        await using var database = new Database(new PostgreSqlJournalOptions(_address));
        await JournalSchema.InstallAsync(database, [], confirmsServer: false, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override IJournal Open() => new PostgreSqlJournal(
        new PostgreSqlJournalOptions(_address!), JournalAccount.Create("tests", "sk-key", new Uri("https://example.com")));
}
