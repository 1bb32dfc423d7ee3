using Seedance.Errors;
using Seedance.Images;

namespace Seedance;

/// <summary>What the API takes, as far as it can be told before sending (page "private-avatar", and the asset library's limits).</summary>
public static class AssetRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The longest description of a group, in characters.</summary>
    public const int MaxDescriptionLength = 300;

    private const string OrPath = "; a picture on this machine goes into Path";

    /// <summary>The row as it can be sent, and what keeps it from being sent, if anything does. An empty cell is no value.</summary>
    public static (AssetSource Source, IReadOnlyList<AssetProblem> Problems) Read(AssetRow row)
    {
        var problems = new List<AssetProblem>();
        var url = Value(row.Url);
        var name = Value(row.Name);
        var groupId = Value(row.GroupId);
        var group = row.Group ?? (groupId is null ? null : new AvatarGroup { GroupId = groupId });
        if (row.Group is not null && groupId is not null)
        {
            problems.Add(new("GroupId", "a row takes a Group or a GroupId, not both"));
        }

        var path = Value(row.Path);
        var picture = path is null ? null : CheckPicture(path, url, problems);
        if (path is null)
        {
            CheckUrl(url, row.OtherColumns, problems);
        }

        if (name?.Length > MaxNameLength)
        {
            problems.Add(new("Name", $"{name.Length} characters, at most {MaxNameLength} are allowed"));
        }

        if (group is not null)
        {
            CheckGroup(group, problems);
        }

        var source = new AssetSource(url)
        {
            Name = name ?? NameOf(path),
            Path = path,
            Picture = picture,
            AssetType = ReadType(Value(row.AssetType), group, isPicture: path is not null, problems),
            Group = group,
            ProjectName = Value(row.ProjectName) ?? group?.ProjectName,
            Row = row.Row,
        };
        return (source, problems);
    }

    /// <summary>The one error for a row that cannot be sent.</summary>
    public static SeedanceException Refuse(AssetSource source, IReadOnlyList<AssetProblem> problems)
    {
        var (what, place) = source.Row > 0 ? (Capital(source.ToString()), " in that row") : ($"The asset '{source}'", string.Empty);
        return new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"{what} was not sent: {string.Join("; ", problems)}.")
        {
            RecommendedAction = $"Correct {string.Join(", ", problems.Select(problem => problem.Column).Distinct())}{place} and submit it again; rows that were sent are skipped with -Resume.",
        };
    }

    private static AssetType ReadType(string? word, AvatarGroup? group, bool isPicture, List<AssetProblem> problems)
    {
        var isRealPerson = group is { IsRealPerson: true };
        var type = isRealPerson && !isPicture ? AssetType.Video : AssetType.Image;
        if (word is not null)
        {
            // By name alone: the framework's parser would also take numbers, and lists of names.
            var at = Array.FindIndex(Enum.GetNames<AssetType>(), name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                problems.Add(new("AssetType", $"'{word}' is none of Image, Video, Audio"));
            }

            type = Enum.GetValues<AssetType>()[Math.Max(at, 0)];
        }

        if (isRealPerson && type == AssetType.Audio)
        {
            problems.Add(new("AssetType", "a real person's group takes Video or Image"));
        }

        if (isPicture && type != AssetType.Image)
        {
            problems.Add(new("AssetType", $"only pictures can be uploaded; put the {type} on the public internet and give its Url"));
        }

        return type;
    }

    private static void CheckGroup(AvatarGroup group, List<AssetProblem> problems)
    {
        if (group.IsRealPerson && group.GroupId is null)
        {
            problems.Add(new("Group", "a real person's group needs its id: complete the identity session first"));
        }
        else if (group.GroupId is null && string.IsNullOrWhiteSpace(group.Name))
        {
            problems.Add(new("Group", "it has neither a name nor an id"));
        }

        if (group.Name?.Length > MaxNameLength)
        {
            problems.Add(new("Group", $"the name has {group.Name.Length} characters, at most {MaxNameLength} are allowed"));
        }

        if (group.Description?.Length > MaxDescriptionLength)
        {
            problems.Add(new("Group", $"the description has {group.Description.Length} characters, at most {MaxDescriptionLength} are allowed"));
        }
    }

    private static LocalImage? CheckPicture(string path, string? url, List<AssetProblem> problems)
    {
        if (url is not null)
        {
            problems.Add(new("Path", "a row takes a Url or a Path, not both"));
        }

        var (picture, objections) = LocalImage.Look(path);
        foreach (var objection in objections.Concat(picture?.ReviewObjections() ?? []))
        {
            problems.Add(new("Path", objection));
        }

        return picture;
    }

    // The file's own name, as far as a name may go.
    private static string? NameOf(string? path)
    {
        var name = path is null ? null : System.IO.Path.GetFileName(path);
        return name is { Length: > MaxNameLength } ? name[..(char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)] : name;
    }

    private static void CheckUrl(string? url, IReadOnlyList<string>? otherColumns, List<AssetProblem> problems)
    {
        if (url is null)
        {
            problems.Add(new("Url", otherColumns is null ? "it is empty"
                : $"there is no such column; there are {string.Join(", ", otherColumns)}{(otherColumns is [var only] && only.AsSpan().ContainsAny(';', '\t') ? " (read the file with Import-Csv -Delimiter)" : string.Empty)}"));
        }
        else if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !url.Contains("://", StringComparison.Ordinal))
        {
            problems.Add(new("Url", $"'{Redaction.Url(url)}' is not an absolute address; write it with http:// or https://{OrPath}"));
        }
        else if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            problems.Add(new("Url", $"'{Redaction.Url(url)}' is not an http or https address{(uri.IsFile ? OrPath : string.Empty)}"));
        }
    }

    private static string? Value(string? cell) => string.IsNullOrWhiteSpace(cell) ? null : cell.Trim();

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
