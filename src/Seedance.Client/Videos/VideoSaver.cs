using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Runs;
using Seedance.Transfers;
using Seedance.Videos;

namespace Seedance;

/// <summary>Saves the videos of tasks to files, several at once.</summary>
public sealed class VideoSaver
{
    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly HttpMessageInvoker _files;
    private readonly TimeProvider _time;
    private readonly TimeSpan _silence;

    internal VideoSaver(SeedanceClient client, IJournal journal, HttpMessageInvoker files, TimeProvider time, TimeSpan silence)
    {
        _client = client;
        _journal = journal;
        _files = files;
        _time = time;
        _silence = silence;
    }

    /// <summary>
    /// Saves the videos of the tasks that come, and tells of each file as it is whole. A task without links, as the journal
    /// recalls one, is looked at once for them.
    /// </summary>
    /// <exception cref="SeedanceException">No later request could have succeeded either: 401, 402, 403 of the API itself.</exception>
    /// <exception cref="OperationCanceledException">The run was called off; what came is kept, and gone on with next time.</exception>
    public async IAsyncEnumerable<SaveEvent> SaveAsync(
        ChannelReader<SeedanceTask> tasks, SaveOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var events = Channel.CreateUnbounded<SaveEvent>();
        using var run = new VideoDownload(_client, _journal, new Download(_files, _time, _silence), _time, options, events.Writer, cancellationToken);
        await foreach (var next in RunEvents.ReadAsync(events.Reader, _client.Lifetime.RunAsync(() => run.RunAsync(tasks), run.Stop, cancellationToken), run.Stop))
        {
            yield return next;
        }
    }
}
