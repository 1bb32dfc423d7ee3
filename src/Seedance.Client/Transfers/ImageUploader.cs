using Seedance.Images;

namespace Seedance.Transfers;

/// <summary>
/// Uploads pictures, each once: what this run or, by the journal, an earlier one has uploaded and can still be fetched is
/// not sent again, whatever its file is called.
/// </summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where uploads are remembered.</param>
/// <param name="time">The clock.</param>
internal sealed class ImageUploader(SeedanceClient client, IJournal journal, TimeProvider time)
{
    // The review fetches the picture some time after it was submitted.
    private static readonly TimeSpan s_leastLeft = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Task<UploadedImage>> _ofThisRun = new(StringComparer.Ordinal);

    /// <summary>The picture's public address; uploads it if need be.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="isFresh">Uploads it in any case.</param>
    /// <param name="moved">Told of the bytes that have left.</param>
    /// <param name="cancellationToken">Calls the upload off.</param>
    public async Task<UploadedImage> UploadAsync(LocalImage picture, bool isFresh, Action<long>? moved, CancellationToken cancellationToken)
    {
        Task<UploadedImage>? upload;
        var isFirst = false;
        lock (_ofThisRun)
        {
            if (!_ofThisRun.TryGetValue(picture.ContentHash, out upload))
            {
                isFirst = true;
                _ofThisRun[picture.ContentHash] = upload = FindOrSendAsync(picture, isFresh, moved, cancellationToken);
            }
        }

        try
        {
            var image = await upload;
            return isFirst ? image : image with { Path = picture.Path, IsReused = true };
        }
        catch when (isFirst)
        {
            // Another row may try again.
            lock (_ofThisRun)
            {
                _ofThisRun.Remove(picture.ContentHash);
            }

            throw;
        }
    }

    private async Task<UploadedImage> FindOrSendAsync(LocalImage picture, bool isFresh, Action<long>? moved, CancellationToken cancellationToken)
    {
        // Begun under a lock, which is not held for work.
        await Task.Yield();
        if (!isFresh && await journal.FindUploadAsync(picture.ContentHash, cancellationToken) is { } known && known.ExpiresAt - time.GetUtcNow() > s_leastLeft)
        {
            return new UploadedImage
            {
                Url = known.Url,
                Path = picture.Path,
                FileName = System.IO.Path.GetFileName(picture.Path),
                ContentType = picture.Info.MediaType,
                Length = picture.Length,
                Width = picture.Info.Width,
                Height = picture.Info.Height,
                CreatedAt = known.ExpiresAt - UploadedImage.Lifetime,
                ExpiresAt = known.ExpiresAt,
                IsReused = true,
            };
        }

        var image = await client.UploadImageAsync(picture, moved, cancellationToken);

        // An address with a query may carry a secret, which the journal does not keep; without it, it would lead nowhere.
        if (!image.Url.Contains('?', StringComparison.Ordinal))
        {
            await journal.RecordUploadAsync(new JournalUpload(picture.ContentHash, image.Url, picture.Path, image.ExpiresAt), CancellationToken.None);
        }

        return image;
    }
}
