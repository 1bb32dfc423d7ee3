using Seedance.Journal.Contract;

namespace Seedance.Client.Tests.Journal;

/// <summary>The file keeps the contract, and so does the memory of a sandbox.</summary>
public sealed class FileStoreTests : JournalContractTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IJournal Open() =>
        new FileJournal(new DiskJournalFile(_folder.File("journal.jsonl"), TimeProvider.System), new JournalAccount("account"), TimeProvider.System);
}

/// <summary>As does a file of which nothing is read but where a table of offsets says.</summary>
public sealed class FileStoreWithOffsetsTests : JournalContractTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IJournal Open() =>
        new FileJournal(new DiskJournalFile(_folder.File("journal.jsonl"), TimeProvider.System), new JournalAccount("account"), TimeProvider.System, offsetsStep: 1);
}

public sealed class MemoryStoreTests : JournalContractTests, IDisposable
{
    private readonly MemoryJournalFile _file = new();

    public void Dispose() => _file.Dispose();

    protected override IJournal Open() => new FileJournal(_file, new JournalAccount("account"), TimeProvider.System);
}
