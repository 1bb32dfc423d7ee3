using Seedance.Sandbox;

namespace Seedance.Client.Tests;

/// <summary>A connection to a sandbox in memory, on a clock that the test moves, with a journal on disk and every request on record.</summary>
internal sealed class IdentityFixture : IAsyncDisposable
{
    private readonly Recorder _recorder;

    public IdentityFixture(SandboxOptions? options = null, string? journalPath = null, TimeProvider? time = null)
    {
        Sandbox = new SandboxApi(options, time ?? Time);
        _recorder = new Recorder { InnerHandler = new SandboxMessageHandler(Sandbox, time ?? Time) };
        JournalPath = journalPath ?? Path.Combine(Path.GetTempPath(), $"seedance-identity-{Guid.NewGuid():N}.jsonl");
        Connection = new SeedanceConnection(new SeedanceConnectionOptions
        {
            Handler = _recorder,
            TimeProvider = time ?? Time,
            JournalPath = JournalPath,
            RequestsPerSecond = 10000,
            RetryBudget = TimeSpan.Zero,
        });
        Desk = Connection.CreateIdentityVerifier();
    }

    public ManualTimeProvider Time { get; } = new();

    public SandboxApi Sandbox { get; }

    public SeedanceConnection Connection { get; }

    public IdentityVerifier Desk { get; }

    public string JournalPath { get; }

    /// <summary>The bodies of what was sent to the real-avatar address.</summary>
    public List<string> Posts => _recorder.Posts;

    /// <summary>Answers a request in the sandbox's place, before it gets there; null lets it through.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Before
    {
        set => _recorder.Before = value;
    }

    /// <summary>Loses the answer to a request that got there.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? After
    {
        set => _recorder.After = value;
    }

    public Task<IdentitySession> OpenAsync(string? name = null, string? project = null) =>
        Desk.OpenAsync(new IdentityOptions { CallbackUrl = "https://example.com/callback", Name = name, ProjectName = project }, TestContext.Current.CancellationToken);

    public async Task<IdentitySession> ListenAsync(string? name = null, string? language = null) =>
        await Desk.OpenAsync(new IdentityOptions { Listen = "http://127.0.0.1:0/", Name = name, Language = language }, TestContext.Current.CancellationToken);

    /// <summary>The person passes the check, or does not; the result is where the phone goes then.</summary>
    public string Finish(IdentitySession session, string code = "10000") => Sandbox.CompleteLiveness(session.BytedToken, code)!;

    public string Journal() => File.Exists(JournalPath) ? File.ReadAllText(JournalPath) : string.Empty;

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        if (File.Exists(JournalPath))
        {
            File.Delete(JournalPath);
            File.Delete(JournalPath + ".lock");
        }
    }

    private sealed class Recorder : DelegatingHandler
    {
        public List<string> Posts { get; } = [];

        public Func<HttpRequestMessage, HttpResponseMessage?>? Before { get; set; }

        public Func<HttpRequestMessage, HttpResponseMessage?>? After { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Before?.Invoke(request) is { } instead)
            {
                return instead;
            }

            if (request.Method == HttpMethod.Post)
            {
                Posts.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            }

            var answer = await base.SendAsync(request, cancellationToken);
            return After?.Invoke(request) ?? answer;
        }
    }
}
