using System.Globalization;
using Seedance.Sandbox.Faults;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>Takes material of virtual and real persons into review: what both submissions have in common.</summary>
internal sealed class Reviews(SandboxState state)
{
    private const int MaxAssets = 20;

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
    public List<SubmittedAsset> Assets(RequestFields fields)
    {
        if (fields.Objects("assets") is not { } assets)
        {
            return [Asset(fields, 0)];
        }

        if (fields.HasAny("url", "name"))
        {
            throw Refusal.Invalid("assets excludes url and name");
        }

        if (assets.Count is 0 or > MaxAssets)
        {
            throw Refusal.Invalid($"assets must hold 1 to {MaxAssets} items");
        }

        return [.. assets.Select(Asset)];
    }

    public SandboxResponse Start(
        SandboxRequest request, AssetGroup group, string type, List<SubmittedAsset> assets, string? model = null)
    {
        var options = state.Options;
        var number = state.Ids.Next();
        var faults = state.DrawFaults(request);
        var task = new ReviewTask(
            state.Ids.Task(number), number, state.Now, options.ReviewTime.At(state.Ids.Share(number)), group, type,
            options.CutsNames ? assets.ConvertAll(asset => asset with { Name = Cut(asset.Name) }) : assets, faults, state.Ids)
        {
            IsShuffled = faults.Find(fault => fault.Shuffled) ?? options.ShuffleResults,
        };
        var tellsGroup = faults.Find(fault => fault.GroupId) is { } time
            ? time is GroupIdTime.Early or GroupIdTime.Both
            : options.ReturnGroupId;
        state.Tasks.Add(task.Id, task);
        state.Library.Add(task);
        state.Log.Accepted(state.Now, request, task.Id, group, type, assets);

        return SandboxResponse.Data(json =>
        {
            json.WriteString("id", task.Id);
            json.WriteString("object", "seedance.avatar.asset.task");
            json.WriteString("status", "processing");
            json.WriteNumber("progress", 10);
            json.WriteString("model", model ?? "doubao-seedance-2.0");
            if (tellsGroup)
            {
                json.WriteString("group_id", group.Id);
            }
        }) with { TaskId = task.Id };
    }

    private SubmittedAsset Asset(RequestFields fields, int index)
    {
        var url = fields.Text("url") ?? throw Refusal.Invalid("url is required");
        if (!IsWebAddress(url))
        {
            throw Refusal.Invalid($"url must be an absolute http or https address: {url}");
        }

        var asset = new SubmittedAsset(url, AssetName(fields, state.Options));
        return state.Options.RefusedWord is { } word && (Mentions(url, word) || Mentions(asset.Name, word))
            ? throw Refused(asset, index)
            : asset;
    }

    /// <summary>The name of an asset, or null when it has none.</summary>
    public static string? AssetName(RequestFields fields, SandboxOptions options)
    {
        var name = fields.Text("name");
        return options.CutsNames || name is null || name.Length <= options.NameLength
            ? name
            : throw Refusal.Invalid($"name must not exceed {options.NameLength} characters");
    }

    private Refusal Refused(SubmittedAsset asset, int index)
    {
        var reference = state.Options.RefusalReference switch
        {
            AssetReference.Name when asset.Name is { } name => name,
            AssetReference.Url => asset.Url,
            _ => string.Create(CultureInfo.InvariantCulture, $"assets[{index}]"),
        };
        return new Refusal(400, $"{reference}: each side must be between 300 and 6000 px", "InvalidParameter.ImageSize") { Parameter = reference };
    }

    private string? Cut(string? name) => name is null ? null : NameEcho.Cut(name, state.Options.NameLength);

    private static bool Mentions(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    public static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
