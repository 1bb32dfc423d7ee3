using System.Threading.Channels;
using Seedance.Runs;
using Seedance.Transfers;

namespace Seedance.Videos;

/// <summary>One run of downloads.</summary>
internal sealed class VideoDownload : IDisposable
{
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromMilliseconds(250);

    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly Download _download;
    private readonly TimeProvider _time;
    private readonly SaveOptions _options;
    private readonly ChannelWriter<SaveEvent> _events;
    private readonly WorkerPool _workers;
    private readonly DownloadPaths _places;

    public VideoDownload(
        SeedanceClient client, IJournal journal, Download download, TimeProvider time, SaveOptions options, ChannelWriter<SaveEvent> events, CancellationToken cancellationToken)
    {
        _client = client;
        _journal = journal;
        _download = download;
        _time = time;
        _options = options;
        _events = events;
        _workers = new WorkerPool(options.ThrottleLimit, cancellationToken);
        _places = new DownloadPaths(options);
    }

    public async Task RunAsync(ChannelReader<SeedanceTask> tasks)
    {
        try
        {
            await _workers.RunAsync(tasks, SaveAsync);
        }
        finally
        {
            _events.Complete();
        }
    }

    /// <summary>Calls the run off.</summary>
    public void Stop() => _workers.Stop();

    public void Dispose() => _workers.Dispose();

    private async Task SaveAsync(SeedanceTask task, int number)
    {
        try
        {
            task = await WithLinksAsync(task);
            RequireVideos(task);
            foreach (var (source, path) in _places.FilesOf(task))
            {
                await SaveAsync(number, task, source, path);
            }
        }
        catch (SeedanceException e) when (!e.StopsTheRun)
        {
            Publish(new FileNotSaved(task, e));
        }
    }

    // One file that fails leaves the others alone.
    private async Task SaveAsync(int number, SeedanceTask task, DownloadSource source, string path)
    {
        try
        {
            if (!_places.Take(path))
            {
                throw FileErrors.Taken(source.What, path);
            }

            if (_options.SkipExisting && File.Exists(path))
            {
                Publish(new FileSaved(task, new FileInfo(path), IsSkipped: true));
                return;
            }

            if (Directory.Exists(path) || (!_options.Force && File.Exists(path)))
            {
                throw FileErrors.Exists(source.What, path);
            }

            using var part = PartFile.Open(path);
            var progress = new Speed(this, number, Path.GetFileName(path), part);
            try
            {
                await _download.FetchAsync(source, part, progress.Moved, _workers.Stopping);
            }
            finally
            {
                progress.End();
            }

            part.Finish(source.What, _options.Force);
            Publish(new FileSaved(task, new FileInfo(path)));
        }
        catch (SeedanceException e) when (!e.StopsTheRun)
        {
            Publish(new FileNotSaved(task, e));
        }
    }

    /// <summary>The task with its links, if it has any: neither the journal nor an id alone tells them.</summary>
    private async Task<SeedanceTask> WithLinksAsync(SeedanceTask task)
    {
        if (task.Videos.Count > 0 || task.RawJson is not null || task.Kind is not (TaskKind.Video or TaskKind.Unknown))
        {
            return task;
        }

        SeedanceTask? known = null;
        try
        {
            known = task.Kind == TaskKind.Unknown ? await _journal.FindTaskAsync(task.TaskId, _workers.Stopping) : null;
        }
        catch (SeedanceException)
        {
            // It would have lent the video's name, no more.
        }

        return await _client.GetTaskAsync(known ?? task, cancellationToken: _workers.Stopping);
    }

    private static void RequireVideos(SeedanceTask task)
    {
        if (task.Videos.Count > 0)
        {
            return;
        }

        var (why, action) = task switch
        {
            { Kind: not (TaskKind.Video or TaskKind.Unknown) } => ($"is a task of kind {task.Kind}, which has no video", "Pipe the tasks of New-SeedanceVideo."),
            { IsFinal: false } => ($"has no video yet ({task.Progress} %)", $"Wait for it: Wait-SeedanceTask -TaskId {task.TaskId} | Save-SeedanceVideo."),
            { Error: { } error } => ($"ended without a video: {error}", "Correct what the message names and order it again: New-SeedanceVideo."),
            _ => ($"ended as {task.Status}, without a video", $"Look at it: Get-SeedanceTask -TaskId {task.TaskId} | Format-List *."),
        };
        throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"Task {task.TaskId} {why}.") { RecommendedAction = action };
    }

    private void Publish(SaveEvent what) => _events.TryWrite(what);

    /// <summary>Measures a download, and tells of it now and then.</summary>
    private sealed class Speed(VideoDownload run, int number, string name, PartFile part)
    {
        private readonly long _began = run._time.GetTimestamp();
        private readonly long _had = part.Length;
        private long _told = run._time.GetTimestamp();

        public void Moved()
        {
            if (run._time.GetElapsedTime(_told) >= s_progressEvery)
            {
                _told = run._time.GetTimestamp();
                Publish(isEnded: false);
            }
        }

        public void End() => Publish(isEnded: true);

        private void Publish(bool isEnded)
        {
            var seconds = run._time.GetElapsedTime(_began).TotalSeconds;
            run.Publish(new SaveProgress(number, name, part.Length, part.Total, seconds > 0 ? Math.Max(0, part.Length - _had) / seconds : 0, isEnded));
        }
    }
}
