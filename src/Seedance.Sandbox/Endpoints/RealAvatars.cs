using System.Text;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>
/// POST /v1/seedance2/real-avatar: three steps at one address, told apart by the fields that are present; and the
/// page that the person opens on a phone.
/// </summary>
internal sealed class RealAvatars(SandboxState state, Reviews reviews)
{
    public const string Page = "/h5/verify";

    private readonly Dictionary<string, IdentityCheck> _checks = [];

    public SandboxResponse Post(SandboxRequest request)
    {
        using var document = RequestFields.Parse(request);
        var fields = new RequestFields(document.RootElement);

        var opens = fields.Has("callback_url");
        var asks = fields.Has("byted_token");
        var submits = fields.HasAny("group_id", "asset_type", "assets", "url", "name", "group");
        return (opens, asks, submits) switch
        {
            (true, false, false) => Open(request, fields),
            (false, true, false) => Ask(request, fields),
            (false, false, true) => Submit(request, fields),
            (false, false, false) => throw Refusal.Invalid("callback_url, byted_token or group_id is required"),
            _ => throw Refusal.Invalid("The fields of two steps must not be sent together"),
        };
    }

    /// <summary>The page behind the link: opening it stands for passing the check, or failing it with <c>&amp;code=</c>.</summary>
    public SandboxResponse Open(SandboxRequest request)
    {
        var token = request.Parameter("bytedToken") ?? "";
        var callback = CompleteLiveness(token, request.Parameter("code") ?? IdentityCheck.Verified);
        return callback is null
            ? Html(410, "This link has expired.")
            : Html(302, "Done. You can close this page.", new Dictionary<string, string> { ["Location"] = callback });
    }

    public string? CompleteLiveness(string token, string resultCode) =>
        _checks.TryGetValue(token, out var check) && check.LinkIsOpen(state.Now, state.Options.LinkLifetime)
            ? check.Finish(resultCode)
            : null;

    private SandboxResponse Open(SandboxRequest request, RequestFields fields)
    {
        var callback = fields.Text("callback_url")!;
        if (!Reviews.IsWebAddress(callback))
        {
            throw Refusal.Invalid("callback_url must be an absolute http or https address");
        }

        var number = state.Ids.Next();
        var check = new IdentityCheck(state.Ids.Token(number), callback, Reviews.Project(fields), state.Now);
        _checks.Add(check.Token, check);
        return Complete(request, check.Project, new SessionTask(state.Ids.Task(number), state.Now, check.Token, state.DrawFaults(request)));
    }

    private SandboxResponse Ask(SandboxRequest request, RequestFields fields)
    {
        if (!_checks.TryGetValue(fields.Text("byted_token")!, out var check))
        {
            throw Refusal.Invalid("byted_token is unknown");
        }

        if (check.Project != Reviews.Project(fields))
        {
            throw Refusal.Invalid("byted_token belongs to another project");
        }

        if (check.IsSpent)
        {
            throw Refusal.Invalid("byted_token has been used already");
        }

        // Whatever the outcome is, asking spends the token.
        check.IsSpent = true;
        var outcome = check.Outcome(state.Now, state.Options.PersonFinishesAfter);
        if (outcome is null)
        {
            throw Refusal.Invalid("The liveness check has not been finished; byted_token is no longer valid");
        }

        if (outcome != IdentityCheck.Verified)
        {
            throw Refusal.Invalid($"The liveness check was not passed (result code {outcome})");
        }

        var number = state.Ids.Next();
        var place = state.Options.GroupIdPlace;
        var group = state.Groups.Add(new AssetGroup(state.Ids.Group(number), null, check.Project, IsRealPerson: true));
        return Complete(
            request, check.Project, new VerifiedTask(state.Ids.Task(number), state.Now, group.Id, place, state.DrawFaults(request)),
            place == GroupIdPlace.Response ? group.Id : null);
    }

    private SandboxResponse Submit(SandboxRequest request, RequestFields fields)
    {
        if (fields.Has("group"))
        {
            throw Refusal.Invalid("A real person has no group to describe; send group_id");
        }

        var id = fields.Text("group_id") ?? throw Refusal.Invalid("group_id is required");
        var group = state.Groups.Require(id, Reviews.Project(fields), realPerson: true);
        var type = Reviews.AssetType(fields, "Video", "Image");
        var assets = reviews.Assets(fields);
        state.RequireMoney(0);
        return reviews.Start(request, group, type, assets);
    }

    private SandboxResponse Complete(SandboxRequest request, string project, SandboxTask task, string? groupId = null)
    {
        state.Tasks.Add(task.Id, task);
        state.Log.Accepted(state.Now, request, task.Id, project);
        return SandboxResponse.Data(json =>
        {
            json.WriteString("id", task.Id);
            json.WriteString("status", "completed");
            if (groupId is not null)
            {
                json.WriteString("group_id", groupId);
            }
        }) with { TaskId = task.Id };
    }

    private static SandboxResponse Html(int status, string text, IReadOnlyDictionary<string, string>? headers = null) =>
        new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!doctype html><title>{text}</title><p>{text}</p>"), headers);
}
