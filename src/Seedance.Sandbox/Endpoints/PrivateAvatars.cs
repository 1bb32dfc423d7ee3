using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>POST /v1/seedance2/private-avatar: material of virtual persons.</summary>
internal sealed class PrivateAvatars(SandboxState state, Reviews reviews)
{
    private const int MaxGroupName = 64;
    private const int MaxDescription = 300;

    public SandboxResponse Submit(SandboxRequest request)
    {
        using var document = RequestFields.Parse(request);
        var fields = new RequestFields(document.RootElement);

        var project = Reviews.Project(fields);
        var type = Reviews.AssetType(fields, "Image", "Video", "Audio");
        var assets = Reviews.Assets(fields);
        state.RequireMoney(0);

        // The group comes last: a refused submission must not leave a new group behind.
        return reviews.Start(request, Group(fields, project), type, assets);
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
        if (id is not null)
        {
            throw Refusal.Invalid("group excludes group_id");
        }

        var name = group.Text("name") ?? throw Refusal.Invalid("group.name is required");
        if (name.Length > MaxGroupName)
        {
            throw Refusal.Invalid($"group.name must not exceed {MaxGroupName} characters");
        }

        if (group.Text("description")?.Length > MaxDescription)
        {
            throw Refusal.Invalid($"group.description must not exceed {MaxDescription} characters");
        }

        return state.Groups.Named(project, name)
            ?? state.Groups.Add(new AssetGroup(state.Ids.Group(state.Ids.Next()), name, project, IsRealPerson: false));
    }
}
