using Seedance.Sandbox.Faults;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox;

/// <summary>
/// The asset API in memory: submissions, reviews, identity checks, videos, uploads and balances behind one
/// synchronous, thread-safe method. Seed and clock decide everything, so that a run can be repeated exactly.
/// </summary>
public sealed class SandboxApi
{
    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private readonly Ids _ids;
    private Router? _router;

    /// <summary>Creates a sandbox in which nothing has happened yet.</summary>
    /// <param name="options">How it behaves; null takes the defaults.</param>
    /// <param name="time">Its clock; null takes the system's.</param>
    /// <exception cref="ArgumentException">A fault in the options contradicts itself.</exception>
    public SandboxApi(SandboxOptions? options = null, TimeProvider? time = null)
    {
        Options = options ?? new SandboxOptions();
        _time = time ?? TimeProvider.System;
        _ids = new Ids(Options.Seed);
        Faults = new FaultSchedule<FaultOrder>(Options.Seed);
        Faults.Order(Options.Faults);
        TaskFaults = new FaultSchedule<TaskFault>(Options.Seed);
        TaskFaults.Order(Options.TaskFaults);
    }

    /// <summary>How it behaves.</summary>
    public SandboxOptions Options { get; private set; }

    /// <summary>The answers that are to go wrong: transports ask for them, <see cref="Handle"/> alone does not.</summary>
    public FaultSchedule<FaultOrder> Faults { get; }

    /// <summary>The tasks that are to go wrong.</summary>
    public FaultSchedule<TaskFault> TaskFaults { get; }

    /// <summary>The time on the service's own clock.</summary>
    public DateTimeOffset Now => _time.GetUtcNow() + Options.ClockOffset;

    /// <summary>Every accepted POST so far, in order; a copy. Empty without <see cref="SandboxOptions.KeepSubmissions"/>.</summary>
    public IReadOnlyList<Submission> Submissions
    {
        get
        {
            lock (_gate)
            {
                return Router.State.Log.Submissions;
            }
        }
    }

    /// <summary>
    /// Every distinct asset and video that was accepted, with how often; computed from the submissions, so empty
    /// without <see cref="SandboxOptions.KeepSubmissions"/>.
    /// </summary>
    public IReadOnlyList<SubmittedRow> Rows
    {
        get
        {
            lock (_gate)
            {
                return Router.State.Log.Rows;
            }
        }
    }

    /// <summary>What was counted so far.</summary>
    public SandboxTally Tally
    {
        get
        {
            lock (_gate)
            {
                return Router.State.Log.Tally;
            }
        }
    }

    /// <summary>How many requests were handled.</summary>
    public long RequestCount
    {
        get
        {
            lock (_gate)
            {
                return Router.State.Log.Requests;
            }
        }
    }

    private Router Router => _router ??= new Router(new SandboxState(Options, _time, _ids, TaskFaults));

    /// <summary>Answers one request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The answer; a refusal is an error envelope, never an exception.</returns>
    public SandboxResponse Handle(SandboxRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            Router.State.Log.Received(request.Method);
            try
            {
                return Router.Route(request);
            }
            catch (Refusal refusal)
            {
                return Router.State.Error(refusal);
            }
        }
    }

    /// <summary>Behaves otherwise from now on. What exists stays; the seed, and the faults that are on order, do too.</summary>
    /// <param name="options">How it is to behave.</param>
    public void Configure(SandboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_gate)
        {
            Options = options;
            Router.State.Options = options;
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
        {
            Router.State.Groups.Add(new AssetGroup(groupId, name, projectName, realPerson));
        }
    }

    /// <summary>Adds an asset with an id and a name of the caller's choice, as if it had been there before.</summary>
    /// <param name="assetId">The id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="groupId">The group it is in, which must exist.</param>
    /// <param name="status">Its state: <c>Active</c>, <c>Processing</c> or <c>Failed</c>.</param>
    /// <param name="assetType">Its type: <c>Image</c>, <c>Video</c> or <c>Audio</c>.</param>
    /// <exception cref="ArgumentException">There is no such group, or the id is taken.</exception>
    public void AddAsset(string assetId, string name, string groupId, string status = "Active", string assetType = "Image")
    {
        lock (_gate)
        {
            var group = Router.State.Groups.Find(groupId) ?? throw new ArgumentException($"There is no group {groupId}.", nameof(groupId));
            Router.State.Library.Add(new LibraryAsset(assetId, name, status, assetType, group));
        }
    }

    /// <summary>Plays the person who opens the link of an identity session on a phone and passes the check, or does not.</summary>
    /// <param name="bytedToken">The session's token.</param>
    /// <param name="resultCode">The outcome; <c>10000</c> means verified. The first outcome of a session stands.</param>
    /// <returns>Where the phone's browser is redirected to; null when there is no such session or its link has expired.</returns>
    public string? CompleteLiveness(string bytedToken, string resultCode = "10000")
    {
        lock (_gate)
        {
            return Router.RealAvatars.CompleteLiveness(bytedToken, resultCode);
        }
    }

    /// <summary>Gets what is to be told about the end of a video whose order named a webhook.</summary>
    /// <param name="taskId">The task.</param>
    /// <returns>Null when there is no such task or it named none.</returns>
    public SandboxWebhook? GetWebhook(string taskId)
    {
        lock (_gate)
        {
            var state = Router.State;
            if (state.Tasks.GetValueOrDefault(taskId) is not VideoTask { Webhook: { } address } task)
            {
                return null;
            }
            var view = new TaskView(state.Now, Options, Options.Language, state.BaseOf(null));
            var body = SandboxResponse.Bare(json => task.Write(json, view)).Body;
            return new SandboxWebhook(new Uri(address.TrimEnd('/') + "/callback"), task.Completed, task.WebhookCalls, body);
        }
    }

    /// <summary>Forgets everything but which ids were given out, so that none is given twice.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _router = null;
        }
    }
}
