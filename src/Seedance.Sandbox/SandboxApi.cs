namespace Seedance.Sandbox;

/// <summary>
/// The asset API in memory: submissions, reviews, identity checks, videos, uploads and balances behind one
/// synchronous, thread-safe method. Seed and clock decide everything, so that a run can be repeated exactly.
/// </summary>
/// <param name="options">How it behaves; null takes the defaults.</param>
/// <param name="time">Its clock; null takes the system's.</param>
public sealed class SandboxApi(SandboxOptions? options = null, TimeProvider? time = null)
{
    private readonly object _gate = new();
    private readonly Ids _ids = new(options?.Seed ?? new SandboxOptions().Seed);
    private Router? _router;

    /// <summary>How it behaves.</summary>
    public SandboxOptions Options { get; } = options ?? new SandboxOptions();

    /// <summary>Every accepted POST so far, in order; a copy. Empty without <see cref="SandboxOptions.KeepSubmissions"/>.</summary>
    public IReadOnlyList<Submission> Submissions
    {
        get
        {
            lock (_gate)
                return Router.State.Book.Submissions;
        }
    }

    /// <summary>What was counted so far.</summary>
    public SandboxTally Tally
    {
        get
        {
            lock (_gate)
                return Router.State.Book.Tally;
        }
    }

    /// <summary>How many requests were handled.</summary>
    public long RequestCount
    {
        get
        {
            lock (_gate)
                return Router.State.Book.Requests;
        }
    }

    private Router Router => _router ??= new Router(new SandboxState(Options, time ?? TimeProvider.System, _ids));

    /// <summary>Answers one request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The answer; a refusal is an error envelope, never an exception.</returns>
    public SandboxResponse Handle(SandboxRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            Router.State.Book.Received(request.Method);
            try
            {
                return Router.Route(request);
            }
            catch (Refusal refusal)
            {
                return SandboxResponse.Error(refusal.Status, refusal.Message);
            }
        }
    }

    /// <summary>Adds a group with an id of the caller's choice, as if it had been there before.</summary>
    /// <param name="groupId">The id.</param>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="projectName">The project it is in.</param>
    /// <param name="realPerson">Whether it is the group of a verified person.</param>
    public void AddGroup(string groupId, string? name = null, string projectName = "default", bool realPerson = false)
    {
        lock (_gate)
            Router.State.Groups.Add(new AssetGroup(groupId, name, projectName, realPerson));
    }

    /// <summary>Plays the person who opens the link of an identity session on a phone and passes the check, or does not.</summary>
    /// <param name="bytedToken">The session's token.</param>
    /// <param name="resultCode">The outcome; <c>10000</c> means verified. The first outcome of a session stands.</param>
    /// <returns>Where the phone's browser is redirected to; null when there is no such session or its link has expired.</returns>
    public string? CompleteLiveness(string bytedToken, string resultCode = "10000")
    {
        lock (_gate)
            return Router.RealAvatars.CompleteLiveness(bytedToken, resultCode);
    }

    /// <summary>Forgets everything but which ids were given out, so that none is given twice.</summary>
    public void Clear()
    {
        lock (_gate)
            _router = null;
    }
}
