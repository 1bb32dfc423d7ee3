using System.Globalization;
using System.Text.Json;
using Seedance.Errors;
using Seedance.Http;

namespace Seedance.Library;

/// <summary>Reads the library's answers: in upstream's form, with members in Pascal case, or in the service's own.</summary>
internal static class LibraryReader
{
    /// <summary>The result in an answer: upstream's, the envelope's, or the answer itself.</summary>
    public static JsonElement Result(ApiResponse response)
    {
        var result = response.Root.At("Result", "result");
        return result.ValueKind == JsonValueKind.Object ? result : response.Data;
    }

    /// <summary>The entries of a list; null if the answer holds none.</summary>
    public static JsonElement? Items(ApiResponse response)
    {
        var items = Result(response).At("Items", "items");
        items = items.ValueKind == JsonValueKind.Array ? items : response.Root.At("data", "Items");
        return items.ValueKind == JsonValueKind.Array ? items : null;
    }

    /// <summary>How many entries the whole list has; null if the answer does not say.</summary>
    public static long? Total(ApiResponse response) =>
        Result(response).At("TotalCount", "total_count").Number() is >= 0 and < 1e15 and var total ? (long)total : null;

    /// <summary>An asset; null if it has no id.</summary>
    public static LibraryAsset? Asset(JsonElement item) => item.At("Id", "id").Text() is not { } id ? null : new LibraryAsset(id)
    {
        Name = item.At("Name", "name").Text(),
        Status = item.At("Status", "status").Text(),
        AssetType = Enum.TryParse<AssetType>(item.At("AssetType", "asset_type").Text(), ignoreCase: true, out var type) && Enum.IsDefined(type) ? type : null,
        GroupId = item.At("GroupId", "group_id").Text(),
        ProjectName = item.At("ProjectName", "project_name").Text(),
        CreatedAt = Time(item.At("CreateTime", "create_time")) ?? Time(item.At("CreatedAt", "created_at")),
        Error = Error(item.At("Error", "error")),
    };

    /// <summary>A group; null if it has no id.</summary>
    public static AvatarGroup? Group(JsonElement item) => item.At("Id", "id").Text() is not { } id ? null : new AvatarGroup
    {
        GroupId = id,
        Name = item.At("Name", "name").Text(),
        Description = item.At("Description", "description").Text(),
        ProjectName = item.At("ProjectName", "project_name").Text(),
        IsRealPerson = item.At("GroupType", "group_type").Text() is { } type && !type.Equals("AIGC", StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>What an asset is told apart by.</summary>
    public static string IdOf(LibraryAsset asset) => asset.AssetId;

    /// <summary>What a group of the library is told apart by.</summary>
    public static string IdOf(AvatarGroup group) => group.GroupId ?? string.Empty;

    private static TaskError? Error(JsonElement error) => error.ValueKind != JsonValueKind.Object ? error.Error()
        : new TaskError(Redaction.ServerText(error.At("Code", "code").Text()), Redaction.ServerText(error.At("Message", "message").Text()));

    private static DateTimeOffset? Time(JsonElement time) =>
        time.UnixTime() ?? (DateTimeOffset.TryParse(time.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var told) ? told : null);
}
