using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>POST /v1/seedance2/private-avatar and, in the newer form, …/assets: material of virtual persons.</summary>
internal sealed class PrivateAvatars(SandboxState state, Reviews reviews)
{
    private const int MaxGroupName = 64;
    private const int MaxDescription = 300;

    public SandboxResponse Submit(SandboxRequest request)
    {
        using var document = RequestFields.Parse(request);
        return Submit(request, new RequestFields(document.RootElement));
    }

    /// <summary>Takes the newer form, which names the type and knows no single asset; or does not know it at all.</summary>
    public SandboxResponse SubmitNewer(SandboxRequest request)
    {
        if (state.Options.NewerForm != NewerForm.Served)
        {
            throw state.Options.NewerForm == NewerForm.NotFound
                ? new Refusal(404, $"There is nothing at {request.Path}")
                : new Refusal(405, $"{request.Path} answers GET only");
        }

        using var document = RequestFields.Parse(request);
        var fields = new RequestFields(document.RootElement);
        foreach (var required in (ReadOnlySpan<string>)["asset_type", "assets"])
        {
            if (!fields.Has(required))
            {
                throw Refusal.Invalid($"{required} is required");
            }
        }
        return Submit(request, fields, fields.Text("model"));
    }

    private SandboxResponse Submit(SandboxRequest request, RequestFields fields, string? model = null)
    {
        var project = Reviews.Project(fields);
        var type = Reviews.AssetType(fields, "Image", "Video", "Audio");
        var assets = reviews.Assets(fields);
        state.RequireMoney(0);

        // The group comes last: a refused submission must not leave a new group behind.
        return reviews.Start(request, Group(fields, project), type, assets, model);
    }

    private AssetGroup Group(RequestFields fields, string project)
    {
        var id = fields.Text("group_id");
        if (fields.Object("group") is not { } group)
        {
            return id is null
                ? throw Refusal.Invalid("group or group_id is required")
                : state.Groups.Require(id, project, realPerson: false);
        }

        return id is null ? FindOrCreateGroup(group, "group.", project) : throw Refusal.Invalid("group excludes group_id");
    }

    /// <summary>Returns the group that a request describes, which is there or comes into being.</summary>
    public AssetGroup FindOrCreateGroup(RequestFields group, string prefix, string project)
    {
        var name = GroupName(group, prefix);
        if (group.Text("description")?.Length > MaxDescription)
        {
            throw Refusal.Invalid($"{prefix}description must not exceed {MaxDescription} characters");
        }

        return state.Groups.FindByName(project, name)
            ?? state.Groups.Add(new AssetGroup(state.Ids.Group(state.Ids.Next()), name, project, IsRealPerson: false));
    }

    public static string GroupName(RequestFields group, string prefix)
    {
        var name = group.Text("name") ?? throw Refusal.Invalid($"{prefix}name is required");
        return name.Length <= MaxGroupName ? name : throw Refusal.Invalid($"{prefix}name must not exceed {MaxGroupName} characters");
    }
}
