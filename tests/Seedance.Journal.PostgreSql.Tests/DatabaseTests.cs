namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Tests in a database of their own, with a journal.</summary>
public abstract class DatabaseTests(PostgreSqlServer server) : IAsyncLifetime
{
    private protected PostgreSqlServer Server { get; } = server;

    private protected JournalAddress Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Address = await Server.CreateDatabaseAsync();
        await StoreTesting.InstallAsync(Address);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
