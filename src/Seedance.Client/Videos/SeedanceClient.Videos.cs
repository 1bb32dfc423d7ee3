using Seedance.Http;
using Seedance.Runs;
using Seedance.Tasks;
using Seedance.Videos;

namespace Seedance;

public sealed partial class SeedanceClient
{
    /// <summary>
    /// Orders a video: <c>POST /v1/videos/generations</c>. It is billed. The task comes back as accepted; its
    /// <see cref="SeedanceTask.Sources"/> hold what the video is called and the first of its material.
    /// </summary>
    /// <exception cref="SeedanceException">It was not accepted, or that is not known: see <see cref="SeedanceException.Delivery"/>.</exception>
    public Task<SeedanceTask> SubmitVideoAsync(VideoRequest request, CancellationToken cancellationToken = default) =>
        SubmitVideoAsync(request, IntentId.New(), cancellationToken);

    /// <inheritdoc cref="SubmitVideoAsync(VideoRequest, CancellationToken)"/>
    /// <param name="request">The video.</param>
    /// <param name="idempotencyKey">
    /// What the order goes out under (<c>Idempotency-Key</c>): 1 to 191 visible ASCII characters. A server that honours it
    /// answers the same order under the same key with the same task.
    /// </param>
    /// <param name="cancellationToken">Calls it off.</param>
    public Task<SeedanceTask> SubmitVideoAsync(VideoRequest request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        SubmitVideoAsync(request.ToBody(), request.ToSource(), request.EstimateCost(), idempotencyKey, cancellationToken);

    /// <summary>Orders a video by the body of its request.</summary>
    internal async Task<SeedanceTask> SubmitVideoAsync(JsonBody body, AssetSource source, decimal? estimatedCost, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(VideoEndpoints.Submit.WithKey(idempotencyKey), body, cancellationToken);
        return TaskReader.Read(answer.Data, new SeedanceTask
        {
            TaskId = answer.RequireTaskId(),
            Kind = TaskKind.Video,
            CreatedAt = _time.GetUtcNow(),
            SubmittedAt = _time.GetUtcNow(),
            SubmittedTimestamp = _time.GetTimestamp(),
            Sources = [source],
            EstimatedCost = estimatedCost,
        });
    }
}
