using Seedance.Sandbox.Faults;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>Takes material of virtual and real persons into review: what both submissions have in common.</summary>
internal sealed class Reviews(SandboxState state)
{
    private const int MaxAssets = 20;
    private const int MaxName = 64;

    /// <summary>The project of a request; without one, the account's default.</summary>
    public static string Project(RequestFields fields) => fields.Text("project_name") ?? "default";

    /// <summary>The type of a request's assets, which must be one of those named; the first is the default.</summary>
    public static string AssetType(RequestFields fields, params ReadOnlySpan<string> allowed)
    {
        var type = fields.Text("asset_type") ?? allowed[0];
        return allowed.Contains(type)
            ? type
            : throw Refusal.Invalid($"asset_type must be one of {string.Join(", ", allowed.ToArray())}");
    }

    /// <summary>The assets of a request, in either form.</summary>
    public static List<SubmittedAsset> Assets(RequestFields fields)
    {
        if (fields.Objects("assets") is not { } assets)
        {
            return [Asset(fields)];
        }

        if (fields.HasAny("url", "name"))
        {
            throw Refusal.Invalid("assets excludes url and name");
        }

        if (assets.Count is 0 or > MaxAssets)
        {
            throw Refusal.Invalid($"assets must hold 1 to {MaxAssets} items");
        }

        return assets.ConvertAll(Asset);
    }

    public SandboxResponse Start(
        SandboxRequest request, AssetGroup group, string type, List<SubmittedAsset> assets)
    {
        var options = state.Options;
        var number = state.Ids.Next();
        var faults = state.DrawFaults(request);
        var task = new ReviewTask(
            state.Ids.Task(number), number, state.Now, options.ReviewTime.At(state.Ids.Share(number)), group, assets, faults, state.Ids)
        {
            IsShuffled = faults.Find(fault => fault.Shuffled) ?? options.ShuffleResults,
        };
        var tellsGroup = faults.Find(fault => fault.GroupId) is { } time
            ? time is GroupIdTime.Early or GroupIdTime.Both
            : options.ReturnGroupId;
        state.Tasks.Add(task.Id, task);
        state.Log.Accepted(state.Now, request, task.Id, group, type, assets);

        return SandboxResponse.Data(json =>
        {
            json.WriteString("id", task.Id);
            json.WriteString("object", "seedance.avatar.asset.task");
            json.WriteString("status", "processing");
            json.WriteNumber("progress", 10);
            json.WriteString("model", "doubao-seedance-2.0");
            if (tellsGroup)
            {
                json.WriteString("group_id", group.Id);
            }
        }) with { TaskId = task.Id };
    }

    private static SubmittedAsset Asset(RequestFields fields)
    {
        var url = fields.Text("url") ?? throw Refusal.Invalid("url is required");
        if (!IsWebAddress(url))
        {
            throw Refusal.Invalid($"url must be an absolute http or https address: {url}");
        }

        var name = fields.Text("name");
        if (name?.Length > MaxName)
        {
            throw Refusal.Invalid($"name must not exceed {MaxName} characters");
        }

        return new SubmittedAsset(url, name);
    }

    public static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
