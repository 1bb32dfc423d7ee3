using Seedance.Transfers;

namespace Seedance.Assets;

/// <summary>Uploads the local pictures of a batch.</summary>
/// <param name="uploader">Puts them where the review can fetch them.</param>
/// <param name="publish">Where events go.</param>
/// <param name="stop">Calls it off.</param>
internal sealed class BatchPictures(ImageUploader uploader, Action<SubmitEvent> publish, CancellationToken stop)
{
    /// <summary>Returns what is left of a batch, each row with an address.</summary>
    public async Task<List<PlannedRow>> UploadAsync(List<PlannedRow> batch)
    {
        if (!batch.Exists(row => row.Source.Picture is not null))
        {
            return batch;
        }

        var rows = await Task.WhenAll(batch.Select(async row =>
        {
            if (row.Source.Picture is not { } picture)
            {
                return row;
            }

            try
            {
                var image = await uploader.UploadAsync(picture, isFresh: false, moved: null, stop);
                publish(new RowImageUploaded(row.Source, image));
                return row with { Source = row.Source with { Address = image.Url } };
            }
            catch (SeedanceException e) when (!e.StopsTheRun)
            {
                publish(new RowFailed(row.Source, e));
                return null;
            }
        }));
        return [.. rows.OfType<PlannedRow>()];
    }
}
