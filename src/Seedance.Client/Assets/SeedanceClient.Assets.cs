using Seedance.Assets;
using Seedance.Http;
using Seedance.Runs;
using Seedance.Tasks;

namespace Seedance;

public sealed partial class SeedanceClient
{
    /// <summary>
    /// Submits material for review: <c>POST /v1/seedance2/private-avatar/assets</c>, where the server has it, or else
    /// <c>private-avatar</c>; <c>real-avatar</c> for a real person's group.
    /// All rows go to the one group, project and type of <paramref name="batch"/>. The task comes back as accepted, with
    /// its rows as <see cref="SeedanceTask.Sources"/>.
    /// </summary>
    /// <exception cref="SeedanceException">It was not accepted, or that is not known: see <see cref="SeedanceException.Delivery"/>.</exception>
    public Task<SeedanceTask> SubmitAssetsAsync(AssetBatch batch, CancellationToken cancellationToken = default) =>
        SubmitAssetsAsync(batch, IntentId.New(), cancellationToken);

    /// <inheritdoc cref="SubmitAssetsAsync(AssetBatch, CancellationToken)"/>
    /// <param name="batch">The rows.</param>
    /// <param name="idempotencyKey">
    /// What the request goes out under (<c>Idempotency-Key</c>): 1 to 191 visible ASCII characters. Nothing says that the
    /// API honours it for assets, so nothing is repeated on the strength of it.
    /// </param>
    /// <param name="cancellationToken">Calls it off.</param>
    public async Task<SeedanceTask> SubmitAssetsAsync(AssetBatch batch, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        if (batch.Group.IsRealPerson)
        {
            return await SubmitAssetsAsync(AssetEndpoints.SubmitOfPerson, batch, batch.ToListRequest(), idempotencyKey, cancellationToken);
        }

        bool? isServed = _served.TryGetValue(AssetEndpoints.Submit.Path, out var known) ? known : null;
        if (isServed != false)
        {
            try
            {
                var endpoint = AssetEndpoints.Submit with { MayBeAbsent = isServed is null };
                var accepted = await SubmitAssetsAsync(endpoint, batch, batch.ToListRequest() with { Model = batch.Model }, idempotencyKey, cancellationToken);
                _served[AssetEndpoints.Submit.Path] = true;
                return accepted;
            }
            catch (SeedanceException e) when (isServed is null && IsAbsence(e))
            {
            }
        }

        var task = await SubmitAssetsAsync(AssetEndpoints.SubmitOlder, batch, batch.ToRequest(), idempotencyKey, cancellationToken);

        // A group that does not exist is a 404 too: the newer address is absent only where the older one takes what it did not.
        _served.TryAdd(AssetEndpoints.Submit.Path, false);
        return task;
    }

    /// <summary>Gets whether the server was found to have the older address for submissions alone, which knows no models.</summary>
    internal bool HasOlderSubmissionOnly => _served.TryGetValue(AssetEndpoints.Submit.Path, out var isServed) && !isServed;

    private static bool IsAbsence(SeedanceException failure) =>
        failure is { Delivery: Delivery.Refused, StatusCode: 404 or 405 } && failure.Code?.StartsWith("NotFound.", StringComparison.OrdinalIgnoreCase) != true;

    private async Task<SeedanceTask> SubmitAssetsAsync(
        Endpoint endpoint, AssetBatch batch, AssetRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            endpoint.WithKey(idempotencyKey), JsonBody.Create(request, AssetRequestFormat.Default.AssetRequest, batch.AdditionalFields), cancellationToken);
        return TaskReader.Read(answer.Data, new SeedanceTask
        {
            TaskId = answer.RequireTaskId(),
            Kind = TaskKind.Asset,
            CreatedAt = _time.GetUtcNow(),
            SubmittedAt = _time.GetUtcNow(),
            SubmittedTimestamp = _time.GetTimestamp(),
            Group = batch.Group,
            ProjectName = batch.ProjectName,
            AssetType = batch.AssetType,
            Sources = batch.Rows,
        });
    }
}
