using Seedance.Sandbox.Endpoints;
using Seedance.Sandbox.State;
using Seedance.Sandbox.Transfers;

namespace Seedance.Sandbox;

/// <summary>Leads each request to its endpoint, past the check of the key.</summary>
internal sealed class Router
{
    private readonly PrivateAvatars _privateAvatars;
    private readonly TaskQueries _tasks;
    private readonly Videos _videos;
    private readonly Files _files;
    private readonly Uploads _uploads;
    private readonly Balances _balances;
    private readonly UsageReports _usage;
    private readonly Library _library;

    public Router(SandboxState state)
    {
        var reviews = new Reviews(state);
        State = state;
        RealAvatars = new RealAvatars(state, reviews);
        _privateAvatars = new PrivateAvatars(state, reviews);
        _tasks = new TaskQueries(state);
        _videos = new Videos(state);
        _files = new Files(state);
        _uploads = new Uploads(state, _files);
        _balances = new Balances(state);
        _usage = new UsageReports(state);
        _library = new Library(state, _privateAvatars);
    }

    public SandboxState State { get; }

    public RealAvatars RealAvatars { get; }

    public SandboxResponse Route(SandboxRequest request)
    {
        var path = request.Path;

        // Files and the identity page are what strangers' browsers and phones open: no key.
        if (path.StartsWith(Files.Prefix, StringComparison.Ordinal))
        {
            return Only("GET or HEAD", request.Method is "GET" or "HEAD", _files.Get);
        }

        if (path == RealAvatars.Page)
        {
            return Only("GET", request.Method == "GET", RealAvatars.Open);
        }

        Authorize(request.Authorization);
        return path switch
        {
            "/v1/seedance2/private-avatar" => Post(_privateAvatars.Submit),
            Library.Assets when request.Method == "POST" => Post(_privateAvatars.SubmitNewer),
            _ when path.StartsWith(Library.Prefix, StringComparison.Ordinal) => _library.Route(request),
            "/v1/seedance2/real-avatar" => Post(RealAvatars.Post),
            "/v1/videos/generations" => Post(_videos.Submit, isVideo: true),
            "/v1/uploads/images" => Only("POST", request.Method == "POST", _uploads.Post),
            "/v1/balance" or "/v1/user/balance" => Only("GET", request.Method == "GET", _balances.Get),
            "/v1/usage" => Only("GET", request.Method == "GET", _usage.Get),
            _ when path.StartsWith(TaskQueries.Prefix, StringComparison.Ordinal) =>
                Only("GET", request.Method == "GET", _tasks.Get),
            _ => throw new Refusal(404, $"There is nothing at {path}"),
        };

        SandboxResponse Post(Func<SandboxRequest, SandboxResponse> respond, bool isVideo = false) =>
            Only("POST", request.Method == "POST", _ => State.Keys.Once(request, isVideo, respond));

        SandboxResponse Only(string methods, bool matches, Func<SandboxRequest, SandboxResponse> respond) =>
            matches ? respond(request) : throw new Refusal(405, $"{path} answers {methods} only");
    }

    private void Authorize(string? authorization)
    {
        const string Bearer = "Bearer ";
        var key = authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? authorization[Bearer.Length..].Trim()
            : "";
        if (key.Length == 0 || State.Options.ApiKey is { } expected && key != expected)
        {
            throw new Refusal(401, "Authentication failed, please check your API key");
        }
    }
}
