using Seedance.Http;

namespace Seedance.Library;

/// <summary>Where the asset library is read and changed. Reading is free; renaming and deleting find done what was done before.</summary>
internal static class LibraryEndpoints
{
    private const string Assets = "v1/seedance2/private-avatar/assets";
    private const string Groups = "v1/seedance2/private-avatar/groups";

    public static readonly Endpoint ListAssets = new(HttpMethod.Get, Assets, Effect.None);
    public static readonly Endpoint ListGroups = new(HttpMethod.Get, Groups, Effect.None);
    public static readonly Endpoint GetAsset = new(HttpMethod.Get, $"{Assets}/{{id}}", Effect.None);
    public static readonly Endpoint GetGroup = new(HttpMethod.Get, $"{Groups}/{{id}}", Effect.None);
    public static readonly Endpoint RenameAsset = new(HttpMethod.Patch, $"{Assets}/{{id}}", Effect.Repeatable);
    public static readonly Endpoint DeleteAsset = new(HttpMethod.Delete, $"{Assets}/{{id}}", Effect.Repeatable);
    public static readonly Endpoint DeleteGroup = new(HttpMethod.Delete, $"{Groups}/{{id}}", Effect.Repeatable);
}
