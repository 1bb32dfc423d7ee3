using Seedance.Connections;
using Seedance.Http;
using Seedance.Identity;
using Seedance.Journal;
using Seedance.Journal.FileStore;
using Seedance.Tasks;
using Seedance.Transfers;

namespace Seedance;

/// <summary>
/// An account at an address, with its limits and its journal. Nothing is built or opened before it is needed.
/// The key cannot be read back.
/// </summary>
public sealed class SeedanceConnection : IAsyncDisposable
{
    private readonly Lazy<ApiTransport> _transport;
    private readonly Lazy<SeedanceClient> _client;
    private readonly Lazy<IJournal> _journal;
    private readonly JournalAccount _account;
    private readonly TokenRegistry _tokens = new();
    private readonly ConnectionLifetime _lifetime;

    /// <summary>Takes the options; opens nothing.</summary>
    /// <exception cref="SeedanceException">No key, an address that the key may not be sent to, or a value out of its range.</exception>
    public SeedanceConnection(SeedanceConnectionOptions options)
    {
        options.Validate();
        options = options with { BaseUri = WithoutVersion(options.BaseUri) };
        BaseUri = options.BaseUri;
        RequestsPerSecond = options.RequestsPerSecond;
        Concurrency = options.Concurrency;
        Timeout = options.Timeout;
        Language = options.Language;
        Time = options.TimeProvider;
        IsSandbox = options.Handler is not null;
        _account = JournalAccount.Create(
            options.AccountName ?? (IsSandbox ? "sandbox" : Environment.GetEnvironmentVariable("SEEDANCE_ACCOUNT")), options.ApiKey, options.BaseUri);
        JournalPath = options.NoJournal || options.JournalStore is not null ? null : options.JournalPath is { } path ? Path.GetFullPath(path) : IsSandbox ? null : JournalLocation.Default(Environment.GetEnvironmentVariable(JournalLocation.Variable));
        Journal = options.NoJournal ? null : options.JournalStore?.Name ?? JournalPath;
        _lifetime = new ConnectionLifetime(BaseUri, Time);
        _transport = new Lazy<ApiTransport>(() => new ApiTransport(options, SharedRate(options)));
        _client = new Lazy<SeedanceClient>(() => new SeedanceClient(_transport.Value.Invoker, _transport.Value.Pacing, BaseUri, Time, _lifetime));
        _journal = new Lazy<IJournal>(() => options switch
        {
            { Journal: { } own } => own,
            { NoJournal: true } => new NullJournal(),
            { JournalStore: { } store } => store.Open(_account),
            _ => new FileJournal(JournalPath is null ? new MemoryJournalFile() : new DiskJournalFile(JournalPath, Time), _account, Time),
        });
    }

    /// <summary>Where requests go.</summary>
    public Uri BaseUri { get; }

    /// <summary>True if a sandbox answers, not the API.</summary>
    public bool IsSandbox { get; }

    /// <summary>Gets the account whose history the journal keeps.</summary>
    public string AccountName => _account.Name;

    /// <summary>Requests a second.</summary>
    public int RequestsPerSecond { get; }

    /// <summary>Requests at once.</summary>
    public int Concurrency { get; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Gets the language of the messages of tasks, where a call names none; null for the account's.</summary>
    public string? Language { get; }

    /// <summary>Gets where requests are recorded: a file or an address; null if nowhere, or only for as long as the connection lasts.</summary>
    public string? Journal { get; }

    /// <summary>The journal's file; null if there is none.</summary>
    public string? JournalPath { get; }

    /// <summary>The address.</summary>
    public override string ToString() => BaseUri.ToString();

    /// <summary>
    /// Closes the connection: nothing is begun on it any more, runs end, what has left is awaited for some seconds and
    /// recorded, and then what was opened is closed.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CloseAsync();
        if (_transport.IsValueCreated)
        {
            _transport.Value.Dispose();
        }

        if (_journal.IsValueCreated)
        {
            await _journal.Value.DisposeAsync();
        }
    }

    /// <summary>The API.</summary>
    /// <exception cref="SeedanceException">The connection is closed.</exception>
    public SeedanceClient GetClient() => Open(_client);

    /// <summary>The journal.</summary>
    /// <exception cref="SeedanceException">The connection is closed.</exception>
    public IJournal GetJournal() => Open(_journal);

    /// <summary>Gets whether requests are recorded.</summary>
    public bool HasJournal => GetJournal() is not NullJournal;

    /// <summary>The clock that everything of this connection goes by.</summary>
    internal TimeProvider Time { get; }

    /// <summary>A submitter on this connection.</summary>
    public AssetSubmitter CreateSubmitter(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>Gets whether it is to this machine itself, which can fetch from this machine.</summary>
    public bool IsLocal => IsSandbox || BaseUri.IsLoopback;

    /// <summary>A checker that asks addresses too, without the key. Only a connection to this machine itself lets it ask on this machine.</summary>
    public AssetChecker CreateChecker(MatchBy matchBy = MatchBy.Address) =>
        new(new PublicAddress(IsLocal), new UrlProbe(Open(_transport).Files, Time, Timeout, _lifetime), matchBy);

    /// <summary>What uploads pictures on this connection.</summary>
    public ImageSender CreateImageSender(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>What orders videos on this connection.</summary>
    public VideoSubmitter CreateVideoSubmitter(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>What saves videos to files on this connection. Links are followed without the key.</summary>
    public VideoSaver CreateVideoSaver(Action<RequestTrace>? listener = null) =>
        new(GetClient().WithRequestObserver(listener), GetJournal(), Open(_transport).Files, Time, Timeout);

    /// <summary>A waiter on this connection.</summary>
    public TaskWaiter CreateWaiter(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>What works a list off on this connection.</summary>
    public QueueRunner CreateRunner(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>What waits for a list on this connection.</summary>
    /// <exception cref="SeedanceException">Its journal has no lists, or it is closed.</exception>
    public ListWaiter CreateListWaiter(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>Gets the journal's lists and runners.</summary>
    /// <exception cref="SeedanceException">Its journal has none, or it is closed.</exception>
    public IRunnerJournal GetRunnerJournal() => GetJournal() as IRunnerJournal ?? throw QueueErrors.NoQueue(GetJournal().Name);

    /// <summary>What brings the journal up to what the asset library shows.</summary>
    public JournalSync CreateSync(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal(), Time);

    /// <summary>What renames and deletes in the asset library.</summary>
    public LibraryEditor CreateLibraryEditor(Action<RequestTrace>? listener = null) => new(GetClient().WithRequestObserver(listener), GetJournal());

    /// <summary>Tests key, address, clock, proxy and journal with what costs nothing. What is wrong is told, not thrown.</summary>
    /// <exception cref="SeedanceException">The connection is closed.</exception>
    public Task<ConnectionTest> TestAsync(Action<RequestTrace>? listener = null, CancellationToken cancellationToken = default) =>
        new ConnectionTester(this).TestAsync(listener, cancellationToken);

    /// <summary>Opens, waits for and completes identity sessions on this connection.</summary>
    public IdentityVerifier CreateIdentityVerifier() => new(GetClient(), GetJournal(), _tokens, Time);

    /// <summary>Polls each task whose id comes once; gives the task with what is to be said of it, or why it cannot be seen, in the order of the ids.</summary>
    public IAsyncEnumerable<(string TaskId, SeedanceTask? Task, SeedanceException? Failure, string? Notice)> LookAsync(
        System.Threading.Channels.ChannelReader<string> ids, string? language = null, Action<RequestTrace>? listener = null, CancellationToken cancellationToken = default) =>
        TaskLookup.LookAsync(GetClient().WithRequestObserver(listener), GetJournal(), ids, language ?? Language, cancellationToken);

    // A file is one machine's, and is not opened for a request that needs no journal.
    private ISharedRate? SharedRate(SeedanceConnectionOptions options) =>
        options is { Journal: null, JournalStore: null } ? null : _journal.Value as ISharedRate;

    private T Open<T>(Lazy<T> part)
    {
        _lifetime.ThrowIfClosed();
        return part.Value;
    }

    // Every path of the API begins with its version; addresses are often copied with one.
    private static Uri WithoutVersion(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        return path.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? new UriBuilder(address) { Path = path[..^"v1".Length] }.Uri : address;
    }
}
