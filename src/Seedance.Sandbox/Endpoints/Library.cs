using System.Globalization;
using System.Text.Json;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>Groups and assets under /v1/seedance2/private-avatar: lists, single ones, renames and deletions.</summary>
internal sealed class Library(SandboxState state, PrivateAvatars avatars)
{
    public const string Prefix = "/v1/seedance2/private-avatar/";
    public const string Assets = Prefix + "assets";

    private const string Groups = Prefix + "groups";
    private const int MaxPageSize = 100;

    private readonly ForeignEntries _foreign = new(state);
    private readonly LibraryResponses _responses = new(state);
    private int _lists;

    private LibraryOptions Options => state.Options.Library;

    /// <summary>Answers every method at every address but the submission of assets.</summary>
    public SandboxResponse Route(SandboxRequest request)
    {
        try
        {
            return (request.Method, request.Path) switch
            {
                ("GET", Groups) => ListGroups(request),
                ("POST", Groups) => CreateGroup(request),
                ("GET", Assets) => ListAssets(request),
                (_, Groups or Assets) => throw new Refusal(405, $"{request.Path} answers GET and POST only"),
                var (method, path) when path.StartsWith(Groups + "/", StringComparison.Ordinal) => RouteGroup(request, method, path[(Groups.Length + 1)..]),
                var (method, path) when path.StartsWith(Assets + "/", StringComparison.Ordinal) => RouteAsset(request, method, path[(Assets.Length + 1)..]),
                _ => throw new Refusal(404, $"There is nothing at {request.Path}"),
            };
        }
        catch (Refusal refusal) when (Options.UpstreamErrors)
        {
            return _responses.Error(refusal);
        }
    }

    private SandboxResponse ListGroups(SandboxRequest request)
    {
        var name = request.Parameter("name") ?? request.Parameter("Name");
        var project = Project(request);
        var own = Options.HidesOwn ? [] : state.Groups.All.Where(group => project is null || group.Project == project);
        var all = _foreign.Groups.Concat(own).Where(group => name is null || Matches(group.Name, name)).ToList();
        return List(request, "ListAssetGroups", new Listing<AssetGroup>(all.Count, index => all[index]), LibraryResponses.WriteGroup);
    }

    private SandboxResponse ListAssets(SandboxRequest request)
    {
        var groupId = request.Parameter("group_id") ?? request.Parameter("GroupId");
        var all = _foreign.Assets(groupId);
        if (!Options.HidesOwn)
        {
            all = all.Followed(state.Library.List(Options.IgnoresGroup ? null : groupId, Project(request)));
        }

        return List(request, "ListAssets", all, LibraryResponses.WriteAsset);
    }

    private SandboxResponse CreateGroup(SandboxRequest request)
    {
        using var document = RequestFields.Parse(request);
        var fields = new RequestFields(document.RootElement);
        var project = Reviews.Project(fields);
        var group = avatars.FindOrCreateGroup(fields, "", project);
        state.Log.Accepted(state.Now, request, taskId: null, project);
        return _responses.Read("CreateAssetGroup", group, LibraryResponses.WriteGroup);
    }

    private SandboxResponse RouteGroup(SandboxRequest request, string method, string id)
    {
        var group = state.Groups.Find(id) ?? _foreign.FindGroup(id) ?? throw Gone("group_id", id);
        switch (method)
        {
            case "GET":
                return _responses.Read("GetAssetGroup", group, LibraryResponses.WriteGroup);
            case "PATCH":
                using (var document = RequestFields.Parse(request))
                {
                    state.Groups.Rename(group, PrivateAvatars.GroupName(new RequestFields(document.RootElement), ""));
                }
                return _responses.Changed("UpdateAssetGroup", id);
            case "DELETE":
                state.Library.DeleteGroup(group);
                _foreign.Delete(id);
                return _responses.Changed("DeleteAssetGroup", id);
            default:
                throw new Refusal(405, $"{request.Path} answers GET, PATCH and DELETE only");
        }
    }

    private SandboxResponse RouteAsset(SandboxRequest request, string method, string id)
    {
        var asset = state.Library.Find(id) ?? _foreign.FindAsset(id) ?? throw Gone("asset_id", id);
        switch (method)
        {
            case "GET":
                return _responses.Read("GetAsset", asset, LibraryResponses.WriteAsset);
            case "PATCH":
                using (var document = RequestFields.Parse(request))
                {
                    var name = Reviews.AssetName(new RequestFields(document.RootElement), state.Options);
                    state.Library.Rename(id, name ?? throw Refusal.Invalid("name is required"));
                }
                return _responses.Changed("UpdateAsset", id);
            case "DELETE":
                state.Library.Delete(id);
                _foreign.Delete(id);
                return _responses.Changed("DeleteAsset", id);
            default:
                throw new Refusal(405, $"{request.Path} answers GET, PATCH and DELETE only");
        }
    }

    private SandboxResponse List<T>(SandboxRequest request, string action, Listing<T> all, Action<Utf8JsonWriter, T> write)
    {
        var page = Math.Max(1, Number(request, "PageNumber", "page_number", "page") ?? 1);
        var size = Math.Clamp(Number(request, "PageSize", "page_size") ?? Options.PageSize, 1, MaxPageSize);
        if (Options.Paging == LibraryPaging.Changing && all.Count > 1)
        {
            // A step that is no divisor of a page's size, so that the seams move too.
            all = all.Rotated(_lists++ * 7 % all.Count);
        }

        var items = Options.Paging switch
        {
            LibraryPaging.FirstPageOnly => all.Page(0, size),
            LibraryPaging.Everything => all,
            LibraryPaging.Overlapping => all.Page((page - 1) * Math.Max(1, size - 1), size),
            LibraryPaging.LastRepeats => all.Page(Math.Min(page - 1, Math.Max(0, all.Count - 1) / size) * size, size),
            LibraryPaging.EndsEarly when page > 1 => [],
            _ => all.Page((page - 1) * size, size),
        };
        return _responses.List(action, items, write, json =>
        {
            if (Options.IncludesTotal)
            {
                json.WriteNumber("TotalCount", all.Count);
            }
            json.WriteNumber("PageNumber", page);
            json.WriteNumber("PageSize", size);
        });
    }

    private static int? Number(SandboxRequest request, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (int.TryParse(request.Parameter(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }
        return null;
    }

    private static string? Project(SandboxRequest request) => request.Parameter("project_name") ?? request.Parameter("ProjectName");

    private bool Matches(string? name, string filter) => Options.ExactNames
        ? name == filter
        : name?.Contains(filter, StringComparison.OrdinalIgnoreCase) == true;

    private static Refusal Gone(string member, string id) => new(404, $"{member} {id} is not found", $"NotFound.{member}");
}
