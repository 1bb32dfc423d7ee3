using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Images;
using Seedance.Runs;
using Seedance.Transfers;

namespace Seedance;

/// <summary>Uploads pictures to public addresses, several at once.</summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where uploads are remembered.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class ImageSender(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    /// <summary>Uploads the files that come, and tells of each as it is there.</summary>
    /// <exception cref="SeedanceException">No later request could have succeeded either: 401, 402, 403, no journal.</exception>
    /// <exception cref="OperationCanceledException">The run was called off, and with it what was under way.</exception>
    public async IAsyncEnumerable<UploadEvent> SendAsync(
        ChannelReader<string> paths, UploadOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new UploadOptions();
        var events = Channel.CreateUnbounded<UploadEvent>();
        using var workers = new WorkerPool(options.ThrottleLimit, cancellationToken);
        await foreach (var next in RunEvents.ReadAsync(events.Reader, client.Lifetime.RunAsync(RunAsync, workers.Stop, cancellationToken), workers.Stop))
        {
            yield return next;
        }

        async Task RunAsync()
        {
            var uploader = new ImageUploader(client, journal, time ?? TimeProvider.System);
            try
            {
                await workers.RunAsync(paths, (path, slot) => UploadAsync(uploader, slot, path, options.Force, events.Writer, workers.Stopping));
            }
            finally
            {
                events.Writer.Complete();
            }
        }
    }

    private static async Task UploadAsync(
        ImageUploader uploader, int slot, string path, bool isFresh, ChannelWriter<UploadEvent> events, CancellationToken cancellationToken)
    {
        var (picture, objections) = LocalImage.Look(path);
        if (picture is null)
        {
            events.TryWrite(new ImageNotUploaded(path, FileErrors.NotUploadable(objections)));
            return;
        }

        foreach (var objection in picture.ReviewObjections())
        {
            events.TryWrite(new UploadWarning($"{objection}; it would fail the review of an asset."));
        }

        var name = System.IO.Path.GetFileName(path);
        try
        {
            var image = await uploader.UploadAsync(picture, isFresh, bytes => Publish(bytes, isEnded: false), cancellationToken);
            events.TryWrite(new ImageUploaded(image));
        }
        catch (SeedanceException e) when (!e.StopsTheRun)
        {
            events.TryWrite(new ImageNotUploaded(path, e));
        }
        finally
        {
            Publish(picture.Length, isEnded: true);
        }

        void Publish(long bytes, bool isEnded) => events.TryWrite(new UploadProgress(slot, name, bytes, picture.Length, isEnded));
    }
}
