namespace Seedance.Assets;

/// <summary>Where full batches go: to the API, or into a queue.</summary>
internal interface IBatchTarget
{
    /// <summary>Takes one batch from its rows to its record.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="answered">Called when the request has been accepted, while that is being recorded.</param>
    Task SendAsync(PlannedBatch batch, Action answered);
}
