using Seedance.Assets;
using Seedance.Http;
using Seedance.Runs;
using Seedance.Tasks;

namespace Seedance;

public sealed partial class SeedanceClient
{
    /// <summary>
    /// Submits material for review: <c>POST /v1/seedance2/private-avatar</c>, or <c>real-avatar</c> for a real person's group.
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
        var endpoint = batch.Group is { IsRealPerson: true } ? AssetEndpoints.SubmitOfPerson : AssetEndpoints.Submit;
        using var answer = await SendAsync(endpoint.WithKey(idempotencyKey), JsonBody.Create(batch.ToRequest(), AssetRequestFormat.Default.AssetRequest), cancellationToken);
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
