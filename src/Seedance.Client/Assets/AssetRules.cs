using Seedance.Assets;
using Seedance.Errors;
using Seedance.Http;
using Seedance.Images;
using Seedance.Model;

namespace Seedance;

/// <summary>What the API takes, as far as it can be told before sending (page "private-avatar", and the asset library's limits).</summary>
public static class AssetRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The longest description of a group, in characters.</summary>
    public const int MaxDescriptionLength = 300;

    private const int MaxRowIdLength = 256;
    private const int MaxPathLength = 4096;

    /// <summary>The row as it can be sent, and what keeps it from being sent, if anything does. An empty cell is no value.</summary>
    /// <param name="row">The row.</param>
    /// <param name="matchBy">By what it is known again, which a made name goes by.</param>
    /// <param name="allowsLoopback">True if the server is this machine itself, and can fetch from it.</param>
    public static (AssetSource Source, IReadOnlyList<AssetProblem> Problems) Read(AssetRow row, MatchBy matchBy = MatchBy.Address, bool allowsLoopback = false) =>
        Read(row, matchBy, new PublicAddress(allowsLoopback));

    internal static (AssetSource Source, IReadOnlyList<AssetProblem> Problems) Read(AssetRow row, MatchBy matchBy, PublicAddress policy)
    {
        var problems = new List<AssetProblem>();
        var (url, path, name) = (Value(row.Url), Value(row.Path), Value(row.Name));
        var picture = path is null ? null : CheckPicture(path, url, problems);
        if (row.Asset is { IsUsable: true } asset)
        {
            problems.Add(new("AssetUrl", $"{asset.AssetUrl} has passed its review; it needs no other")
            {
                RecommendedAction = "Make a video of it: New-SeedanceVideo takes assets. To have changed material reviewed, submit its table again.",
            });
        }
        else if (row.IsUrlCut)
        {
            problems.Add(new("SourceUrl", "the address had a query, which is stored nowhere, so what is left of it may not be fetched")
            {
                RecommendedAction = "Submit the table that it came from again, with -RetryFailed: what failed is sent again, and what passed is left alone.",
            });
        }
        else if (path is null)
        {
            CheckUrl(url, row.OtherColumns, policy, problems);
        }

        CheckText("Name", name, MaxNameLength, problems);
        CheckText("ProjectName", Value(row.ProjectName), int.MaxValue, problems);
        CheckText("RowId", Value(row.RowId), MaxRowIdLength, problems);
        var group = ReadGroup(row, problems);
        var source = new AssetSource(url)
        {
            Name = name ?? (row.OmitsName ? null : NameOf(path)),
            Path = path,
            Picture = picture,
            AssetType = ReadType(Value(row.AssetType), group, isPicture: path is not null, problems),
            Group = group,
            ProjectName = Value(row.ProjectName) ?? group?.ProjectName,
            Row = row.Row,
            RowId = Value(row.RowId),
            Kept = KeptColumns.Read(row.Kept, problems),
            Input = row.InputObject,
        };
        return (source.Name is null && !row.OmitsName && source.Identity is not null
            ? source with { Name = RowIdentity.GenerateName(source, matchBy), IsNameGenerated = true }
            : source, problems);
    }

    /// <summary>Returns the most seconds of a clip or voice that the library takes for a model; null if the model is not known.</summary>
    /// <param name="model">The model; null for the API's default, which is the 2.0 models'.</param>
    public static int? MaxSeconds(string? model) => model?.Trim().ToLowerInvariant() switch
    {
        null => 15,
        "seedance-2.5" => 30,
        var name when name.StartsWith("seedance-2.0", StringComparison.Ordinal) || name.StartsWith("doubao-seedance-2.0", StringComparison.Ordinal) => 15,
        _ => null,
    };

    /// <summary>Returns why the additional fields cannot be sent with a submission; null if they can, or there are none.</summary>
    public static string? AdditionalFieldObjection(IReadOnlyDictionary<string, object?>? fields) =>
        AdditionalFields.Objection(fields)
        ?? (AssetRequest.Fields.FirstOrDefault(own => fields?.ContainsKey(own) == true) is { } twice ? $"'{twice}' is given by a parameter of its own" : null);

    /// <summary>The one error for a table of which no row can be sent: it has neither of the columns that a row needs.</summary>
    public static SeedanceException RefuseTable(IReadOnlyList<string> columns)
    {
        var isForExcel = columns is [var first, ..] && first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase);
        var isMisread = columns.Any(column => TextRules.EncodingObjection(column) is not null);
        var delimiter = columns is [var only] ? only.FirstOrDefault(c => c is ';' or '\t' or '|' or ',') : default;
        var parameter = delimiter == default ? "with the same -Delimiter" : $"-Delimiter {(delimiter == '\t' ? "\"`t\"" : $"'{delimiter}'")}";
        return new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The table has no column Url, and no column Path: {Columns(columns)}. Nothing was sent.")
        {
            RecommendedAction = isMisread ? "It was read in a wrong encoding: read it with Import-Csv -Encoding and the one that it is in, such as Unicode."
                : isForExcel ? $"Its first line is a note to Excel, not the columns: read it with Get-Content | Select-Object -Skip 1 | ConvertFrom-Csv {parameter}."
                : delimiter != default ? $"Its cells are separated otherwise: read it with Import-Csv {parameter}."
                : "Name the column with the addresses Url, or say how to read it: -Url { $_.Column }. If its first line is a title, leave that out: Get-Content | Select-Object -Skip 1 | ConvertFrom-Csv.",
        };
    }

    /// <summary>The one error for a row that cannot be sent.</summary>
    public static SeedanceException Refuse(AssetSource source, IReadOnlyList<AssetProblem> problems)
    {
        var (what, place) = source.Row > 0 ? (Capital(source.ToString()), " in that row") : ($"The asset '{source}'", string.Empty);
        return new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"{what} was not sent: {string.Join("; ", problems)}.")
        {
            RecommendedAction = problems.FirstOrDefault(problem => problem.RecommendedAction is not null)?.RecommendedAction
                ?? $"Correct {string.Join(", ", problems.Select(problem => problem.Column).Distinct())}{place} and submit it again; rows that were sent are skipped with -Resume.",
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
                problems.Add(new("AssetType", $"{ShortText.Quote(word)} is none of Image, Video, Audio"));
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

    private static AvatarGroup? ReadGroup(AssetRow row, List<AssetProblem> problems)
    {
        var groupId = Value(row.GroupId);
        if (groupId is not null && row.Group is { } named && named.GroupId != groupId)
        {
            problems.Add(new("GroupId", "a row takes a Group or a GroupId, not both"));
        }

        CheckText("GroupId", groupId, MaxRowIdLength, problems);
        var group = row.Group ?? (groupId is null ? null : new AvatarGroup { GroupId = groupId });
        if (group is not null)
        {
            CheckGroup(group, problems);
        }

        return group;
    }

    /// <summary>What keeps a group from being submitted to; nothing if it can be.</summary>
    public static IReadOnlyList<AssetProblem> Objections(AvatarGroup group)
    {
        var problems = new List<AssetProblem>();
        CheckGroup(group, problems);
        return problems;
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

        if (group.Name is { } name)
        {
            CheckText("Group", name, MaxNameLength, problems, "the name ");
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

        if (path.Contains("://", StringComparison.Ordinal) || path.Length > MaxPathLength || path.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(new("Path", $"{ShortText.Quote(Redaction.Url(path)!)} is no path of a file{(path.Contains("://", StringComparison.Ordinal) ? "; an address goes into Url" : string.Empty)}"));
            return null;
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

    private static void CheckUrl(string? url, IReadOnlyList<string>? otherColumns, PublicAddress policy, List<AssetProblem> problems)
    {
        if (url is null)
        {
            problems.Add(new("Url", otherColumns is null ? "it is empty" : $"there is no such column; {Columns(otherColumns)}"));
        }
        else if (AddressRules.Objection(url, policy) is { } objection)
        {
            problems.Add(new("Url", objection));
        }
    }

    private static void CheckText(string column, string? text, int most, List<AssetProblem> problems, string what = "")
    {
        if (text?.Length > most)
        {
            problems.Add(new(column, what.Length > 0 ? $"{what}has {text.Length} characters, at most {most} are allowed" : $"{text.Length} characters, at most {most} are allowed"));
        }
        else if (text is not null && TextRules.NameObjection(text) is { } objection)
        {
            problems.Add(new(column, objection));
        }
    }

    private static string Columns(IReadOnlyList<string> columns) =>
        columns.Count == 0 ? "there are no columns" : $"there are {string.Join(", ", columns.Take(20).Select(ShortText.Quote))}{(columns.Count > 20 ? $" and {columns.Count - 20} more" : string.Empty)}";

    private static string? Value(string? cell) => string.IsNullOrWhiteSpace(cell) ? null : cell.Trim();

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
