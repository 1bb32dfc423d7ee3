using Seedance.Journal.Contract;

namespace Seedance.Journal.Tests;

/// <summary>A store that is made outside of the client, with nothing but its public surface, keeps the contract.</summary>
public sealed class ListJournalTests : JournalContractTests
{
    private readonly ListJournal.Store _store = new();

    protected override IJournal Open() => new ListJournal(_store);
}
