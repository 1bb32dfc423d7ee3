using Seedance.Http;
using Seedance.Images;
using Seedance.Transfers;

namespace Seedance;

public sealed partial class SeedanceClient
{
    /// <summary>
    /// Uploads a picture: <c>POST /v1/uploads/images</c>; JPEG, PNG, WebP or GIF, up to 20 MB. It is not billed, and the
    /// copy is public for 72 hours. Since a second copy does no harm, it is repeated after any passing fault, and a lost
    /// answer is never an unknown outcome.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told of the bytes that have left.</param>
    /// <param name="cancellationToken">Calls the upload off, at once.</param>
    /// <exception cref="SeedanceException">The file is no such picture or cannot be read, or the upload failed.</exception>
    public Task<UploadedImage> UploadImageAsync(string path, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var (picture, objections) = LocalImage.Look(path);
        return picture is null
            ? throw FileErrors.NotUploadable(objections)
            : UploadImageAsync(picture, progress is null ? null : progress.Report, cancellationToken);
    }

    /// <inheritdoc cref="UploadImageAsync(string, IProgress{long}?, CancellationToken)"/>
    internal async Task<UploadedImage> UploadImageAsync(LocalImage picture, Action<long>? moved, CancellationToken cancellationToken)
    {
        using var body = new ImageContent(picture, moved);
        try
        {
            using var answer = await SendAsync(TransferEndpoints.UploadImage, body, cancellationToken);
            var data = answer.Data;
            var url = data.At("url").Text();
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            {
                throw answer.Unreadable("an answer without an address");
            }

            var created = data.At("created_at").UnixTime() ?? _time.GetUtcNow();
            return new UploadedImage
            {
                Url = url,
                Path = picture.Path,
                FileName = data.At("filename").Text() ?? System.IO.Path.GetFileName(picture.Path),
                ContentType = data.At("content_type").Text() ?? picture.Info.MediaType,
                Length = picture.Length,
                Width = picture.Info.Width,
                Height = picture.Info.Height,
                CreatedAt = created,
                ExpiresAt = created + UploadedImage.Lifetime,
            };
        }
        catch (SeedanceException e) when (!e.StopsTheRun && e.Kind != SeedanceErrorKind.FileUnavailable)
        {
            throw FileErrors.NotUploaded(picture.Path, e);
        }
    }
}
