using Seedance.Transfers;

namespace Seedance.Videos;

/// <summary>Where each file of a task goes, and that no two of one run go to the same place.</summary>
internal sealed class DownloadPaths
{
    private static readonly string[] s_videos = [".mp4", ".mov", ".webm", ".m4v"];
    private static readonly string[] s_pictures = [".jpg", ".jpeg", ".png", ".webp"];

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly SaveOptions _options;
    private readonly bool _isFolder;

    public DownloadPaths(SaveOptions options)
    {
        _options = options;
        _isFolder = Directory.Exists(options.Destination) || Path.EndsInDirectorySeparator(options.Destination)
            || (Path.GetExtension(options.Destination).Length == 0 && !File.Exists(options.Destination));
    }

    /// <summary>The files of a task: its videos, then the pictures that came with them, if they are wanted.</summary>
    public IEnumerable<(DownloadSource Source, string Path)> FilesOf(SeedanceTask task)
    {
        for (var i = 0; i < task.Videos.Count; i++)
        {
            var video = task.Videos[i];
            var number = task.Videos.Count == 1 ? string.Empty : $"-{i + 1}";
            yield return Of(task, video.Url, "video", video, number, s_videos);
            if (_options.IncludeThumbnail && (i == 0 || video.ThumbnailUrl != task.Videos[i - 1].ThumbnailUrl) && video.ThumbnailUrl is { } thumbnail)
            {
                yield return Of(task, thumbnail, "thumbnail", video, $"{number}-thumbnail", s_pictures);
            }

            if (_options.IncludeThumbnail && (i == 0 || video.LastFrameUrl != task.Videos[i - 1].LastFrameUrl) && video.LastFrameUrl is { } frame)
            {
                yield return Of(task, frame, "last frame", video, $"{number}-last-frame", s_pictures);
            }
        }
    }

    /// <summary>Keeps a place for one file; false if another of this run has it.</summary>
    public bool Take(string path)
    {
        lock (_taken)
        {
            return _taken.Add(path);
        }
    }

    private (DownloadSource Source, string Path) Of(SeedanceTask task, string link, string kind, SeedanceVideo video, string ending, string[] extensions)
    {
        var what = $"The {kind} of task {task.TaskId}";
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            throw new SeedanceException(SeedanceErrorKind.InvalidAnswer, Delivery.Refused, $"{what} has a link that is none.")
            {
                RecommendedAction = $"Look at the task: Get-SeedanceTask -TaskId {task.TaskId} | Format-List *.",
            };
        }

        var source = new DownloadSource(uri, what, task.TaskId, video.ExpiresAt);
        var found = Path.GetExtension(uri.AbsolutePath).ToLowerInvariant();
        var extension = extensions.Contains(found) ? found : extensions[0];
        if (!_isFolder)
        {
            return (source, ending.Length == 0 ? _options.Destination
                : Path.Combine(Path.GetDirectoryName(_options.Destination)!, $"{Path.GetFileNameWithoutExtension(_options.Destination)}{ending}{extension}"));
        }

        if (_options.NameTemplate is { } template)
        {
            // Where the words come to nothing, the id is always there.
            var made = SafeName.From(FileNameTemplate.Fill(template, task), maxBytes: 180);
            return (source, Path.Combine(_options.Destination, $"{(made.Length == 0 ? SafeName.From(task.TaskId) : made)}{ending}{extension}"));
        }

        // The id makes the name unique and traceable, the words make it readable.
        var name = SafeName.From(task.Sources is [{ Name: { } words }] ? words : null, maxBytes: 100);
        var id = SafeName.From(task.TaskId);
        return (source, Path.Combine(_options.Destination, $"{(name.Length == 0 ? id : $"{name}-{id}")}{ending}{extension}"));
    }
}
