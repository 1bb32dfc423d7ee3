using System.Text.Json;
using Seedance.Http;
using Seedance.Library;

namespace Seedance;

public sealed partial class SeedanceClient
{
    private const int LibraryPageSize = 100;

    /// <summary>Lists the assets of the library: <c>GET /v1/seedance2/private-avatar/assets</c>. Nothing is asked before the list is read.</summary>
    /// <param name="groupId">The group; null for all. A gateway may ignore it: compare <see cref="LibraryAsset.GroupId"/>.</param>
    /// <param name="projectName">The project; null leaves it to the API.</param>
    public LibraryList<LibraryAsset> ListAssets(string? groupId = null, string? projectName = null) =>
        List(LibraryEndpoints.ListAssets, "group_id", groupId, projectName, LibraryReader.Asset, LibraryReader.IdOf);

    /// <summary>Lists the groups of the library: <c>GET /v1/seedance2/private-avatar/groups</c>. Nothing is asked before the list is read.</summary>
    /// <param name="name">A name; the API gives every group whose name is like it.</param>
    /// <param name="projectName">The project; null leaves it to the API.</param>
    public LibraryList<AvatarGroup> ListGroups(string? name = null, string? projectName = null) =>
        List(LibraryEndpoints.ListGroups, "name", name, projectName, LibraryReader.Group, LibraryReader.IdOf);

    /// <summary>Reads one asset of the library; null if there is none of this id.</summary>
    /// <exception cref="SeedanceException">It could not be read, or there is no library.</exception>
    public Task<LibraryAsset?> GetLibraryAssetAsync(string assetId, CancellationToken cancellationToken = default) =>
        GetOfLibraryAsync(LibraryEndpoints.GetAsset.For(assetId), LibraryReader.Asset, cancellationToken);

    /// <summary>Reads one group of the library; null if there is none of this id.</summary>
    /// <exception cref="SeedanceException">It could not be read, or there is no library.</exception>
    public Task<AvatarGroup?> GetGroupAsync(string groupId, CancellationToken cancellationToken = default) =>
        GetOfLibraryAsync(LibraryEndpoints.GetGroup.For(groupId), LibraryReader.Group, cancellationToken);

    /// <summary>Gives an asset of the library another name. Returns false if there is none of this id.</summary>
    /// <exception cref="SeedanceException">It was refused, or there is no library.</exception>
    public Task<bool> RenameAssetAsync(string assetId, string name, CancellationToken cancellationToken = default) =>
        ChangeLibraryAsync(LibraryEndpoints.RenameAsset.For(assetId), JsonBody.Create(new RenameRequest(name), RenameRequestFormat.Default.RenameRequest), cancellationToken);

    /// <summary>Deletes an asset from the library. Returns false if it was gone already, which comes to the same.</summary>
    /// <exception cref="SeedanceException">It was refused, or there is no library.</exception>
    public Task<bool> DeleteAssetAsync(string assetId, CancellationToken cancellationToken = default) =>
        ChangeLibraryAsync(LibraryEndpoints.DeleteAsset.For(assetId), body: null, cancellationToken);

    /// <summary>Deletes a group with all that is in it. Returns false if it was gone already, which comes to the same.</summary>
    /// <exception cref="SeedanceException">It was refused, or there is no library.</exception>
    public Task<bool> DeleteGroupAsync(string groupId, CancellationToken cancellationToken = default) =>
        ChangeLibraryAsync(LibraryEndpoints.DeleteGroup.For(groupId), body: null, cancellationToken);

    /// <summary>Looks at a task of which the library alone knows: at those of its assets whose review had not ended.</summary>
    private async Task<SeedanceTask> GetLibraryTaskAsync(SeedanceTask known, CancellationToken cancellationToken)
    {
        if (known.Assets.Count == 0)
        {
            throw LibraryErrors.UnknownTask(known.TaskId);
        }

        var assets = known.Assets.ToArray();
        for (var i = 0; i < assets.Length; i++)
        {
            if (assets[i].Status == SeedanceAsset.UnderReview)
            {
                assets[i] = LibraryTask.Read(await GetLibraryAssetAsync(assets[i].AssetId, cancellationToken), assets[i]);
            }
        }

        var task = LibraryTask.With(known, assets);
        return task.IsFinal ? task with { CompletedAt = known.CompletedAt ?? _time.GetUtcNow() } : task;
    }

    private LibraryList<T> List<T>(Endpoint endpoint, string filter, string? value, string? projectName, Func<JsonElement, T?> read, Func<T, string> idOf)
        where T : class
    {
        var filters = (value is null ? string.Empty : $"{filter}={Uri.EscapeDataString(value)}&")
            + (projectName is null ? string.Empty : $"project_name={Uri.EscapeDataString(projectName)}&");
        return new LibraryList<T>(endpoint, GetPageAsync, read, idOf);

        async Task<ApiResponse> GetPageAsync(int page, CancellationToken cancellationToken)
        {
            try
            {
                return await SendAsync(
                    endpoint with { Query = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{filters}page={page}&page_size={LibraryPageSize}") },
                    body: null, cancellationToken);
            }
            catch (SeedanceException e) when (e.StatusCode is 404 or 405 && !LibraryErrors.SaysGone(e))
            {
                throw LibraryErrors.NoLibrary(e);
            }
        }
    }

    private async Task<T?> GetOfLibraryAsync<T>(Endpoint endpoint, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var response = await SendAsync(endpoint, body: null, cancellationToken);
            return read(LibraryReader.Result(response)) ?? throw response.Unreadable("an answer without an id");
        }
        catch (SeedanceException e) when (e.StatusCode == 404 || LibraryErrors.SaysGone(e))
        {
            await RequireLibraryAsync(e, cancellationToken);
            return null;
        }
    }

    private async Task<bool> ChangeLibraryAsync(Endpoint endpoint, HttpContent? body, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(endpoint, body, cancellationToken);
            return true;
        }
        catch (SeedanceException e) when (e.StatusCode == 404 || LibraryErrors.SaysGone(e))
        {
            await RequireLibraryAsync(e, cancellationToken);
            return false;
        }
    }

    // "Gone" and "never heard of such an address" come with the same status; a library that can be listed is there.
    private async Task RequireLibraryAsync(SeedanceException failure, CancellationToken cancellationToken)
    {
        if (!LibraryErrors.SaysGone(failure))
        {
            await foreach (var _ in ListGroups().WithCancellation(cancellationToken))
            {
                break;
            }
        }
    }
}
