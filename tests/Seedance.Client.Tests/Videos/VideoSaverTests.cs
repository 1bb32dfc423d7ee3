using System.Threading.Channels;
using Seedance.Client.Tests.Files;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;
using Seedance.SandboxServer;

namespace Seedance.Client.Tests.Videos;

/// <summary>Downloads over real sockets.</summary>
public sealed class VideoSaverTests : IAsyncLifetime
{
    private const int Size = 3_000_000;

    private readonly ManualTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();
    private SandboxHost _server = null!;
    private SeedanceConnection _connection = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxHost.StartAsync(new SandboxHostOptions { Time = _time, Sandbox = new SandboxOptions { VideoBytes = Size } }, Cancel);
        _connection = Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Videos_come_whole_without_the_key_ever_going_to_their_host()
    {
        var tasks = await MakeAsync(5);
        var events = await SaveAsync(tasks);

        Assert.Equal(tasks.Select(task => $"prompt-{task.TaskId}.mp4").Order(), events.OfType<FileSaved>().Select(saved => saved.File.Name).Order());
        foreach (var saved in events.OfType<FileSaved>())
        {
            Assert.Equal(await TruthAsync(saved.Task), await File.ReadAllBytesAsync(saved.File.FullName, Cancel));
        }

        var asked = _server.Requests.Where(request => request.Path.StartsWith("/files/", StringComparison.Ordinal)).ToList();
        Assert.True(asked.Count >= 5);
        Assert.All(asked, request => Assert.DoesNotContain("Authorization", request.Headers.Keys, StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(asked, request => string.Concat(request.Headers).Contains(ClientFixture.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cut_at_half_by_the_server_it_is_gone_on_with_by_range_and_ends_byte_for_byte_the_same()
    {
        var task = (await MakeAsync(1))[0];
        _server.Faults.Order(new FaultOrder { Kind = FaultKind.Truncated, Path = "/files/", Count = 1 });
        var saved = Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync([task]))));
        var ranges = _server.Requests.Where(request => request.Path.StartsWith("/files/", StringComparison.Ordinal)).Select(request => request.Headers.GetValueOrDefault("Range")).ToList();

        Assert.Equal([null, $"bytes={Size / 2}-"], ranges);
        Assert.Equal(await TruthAsync(task), await File.ReadAllBytesAsync(saved.File.FullName, Cancel));
    }

    [Fact]
    public async Task Three_breaks_of_every_kind_are_survived()
    {
        var task = (await MakeAsync(1))[0];
        _server.Faults.Order(
            new FaultOrder { Kind = FaultKind.ResetBefore, Path = "/files/", Count = 1 },
            new FaultOrder { Kind = FaultKind.Truncated, Path = "/files/", Count = 1 },
            new FaultOrder { Kind = FaultKind.Status, Status = 503, Path = "/files/", Count = 1 });
        var saved = Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync([task]))));

        Assert.Equal(await TruthAsync(task), await File.ReadAllBytesAsync(saved.File.FullName, Cancel));
    }

    [Fact]
    public async Task One_that_never_comes_costs_one_error_and_the_others_are_saved()
    {
        var tasks = await MakeAsync(3);
        _server.Faults.Order(new FaultOrder { Kind = FaultKind.ResetBefore, Path = $"/files/{tasks[1].TaskId}" });
        var events = Words(await SaveAsync(tasks));

        Assert.Equal(2, events.OfType<FileSaved>().Count());
        var failed = Assert.Single(events.OfType<FileNotSaved>());
        Assert.Equal(tasks[1].TaskId, failed.Task.TaskId);
        Assert.Contains(tasks[1].TaskId, failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public async Task An_expired_link_names_the_task()
    {
        var task = (await MakeAsync(1))[0];
        _time.Advance(TimeSpan.FromHours(25));
        var failed = Assert.IsType<FileNotSaved>(Assert.Single(Words(await SaveAsync([task]))));

        Assert.Equal(SeedanceErrorKind.NotFound, failed.Error.Kind);
        Assert.Contains("expired on 2026-01-02", failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains(task.TaskId, failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_overwritten_without_force()
    {
        var tasks = await MakeAsync(1);
        var file = Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync(tasks)))).File;
        await File.WriteAllTextAsync(file.FullName, "mine", Cancel);
        var requests = _server.Requests.Count;
        var failed = Assert.IsType<FileNotSaved>(Assert.Single(Words(await SaveAsync(tasks))));

        Assert.Equal((SeedanceErrorKind.AlreadyExists, requests), (failed.Error.Kind, _server.Requests.Count));
        Assert.Contains("-Force", failed.Error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file.FullName, Cancel));
        Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync(tasks, options => options with { Force = true }))));
        Assert.Equal(await TruthAsync(tasks[0]), await File.ReadAllBytesAsync(file.FullName, Cancel));
    }

    [Fact]
    public async Task A_destination_may_be_a_file_for_one_video()
    {
        var tasks = await MakeAsync(2);
        var path = _folder.File("new folder/my.mp4");
        var events = Words(await SaveAsync(tasks, options => options with { Destination = path, ThrottleLimit = 1, Force = true }));

        Assert.Equal(path, Assert.Single(events.OfType<FileSaved>()).File.FullName);
        var second = Assert.Single(events.OfType<FileNotSaved>()).Error;
        Assert.Equal(SeedanceErrorKind.AlreadyExists, second.Kind);
        Assert.Contains("another file of this run", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_that_cannot_be_written_costs_one_error_a_video_and_no_request()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "in the way", Cancel);
        var tasks = await MakeAsync(2);
        var requests = _server.Requests.Count;
        var events = Words(await SaveAsync(tasks, options => options with { Destination = _folder.File("file") + "/sub/" }));

        Assert.Equal(2, events.Count);
        Assert.All(events, failed => Assert.Equal(SeedanceErrorKind.FileUnavailable, Assert.IsType<FileNotSaved>(failed).Error.Kind));
        Assert.Equal(requests, _server.Requests.Count);
    }

    [Fact]
    public async Task Pictures_come_with_it_where_they_are_wanted()
    {
        var task = (await MakeAsync(1, request => request with { ReturnLastFrame = true }))[0];
        var names = Words(await SaveAsync([task], options => options with { IncludeThumbnail = true })).Cast<FileSaved>().Select(saved => saved.File.Name);
        Assert.Equal([$"prompt-{task.TaskId}.mp4", $"prompt-{task.TaskId}-thumbnail.jpg", $"prompt-{task.TaskId}-last-frame.png"], names);
    }

    [Fact]
    public async Task A_task_out_of_the_journal_or_known_by_its_id_alone_is_looked_at_for_its_links()
    {
        var task = (await MakeAsync(1))[0];
        var recalled = Assert.Single(_connection.GetJournal().ReadTasks());
        Assert.Empty(recalled.Videos);
        Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync([recalled]))));

        var known = Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync([new SeedanceTask { TaskId = task.TaskId }], options => options with { Force = true }))));
        Assert.Equal($"prompt-{task.TaskId}.mp4", known.File.Name);
    }

    [Fact]
    public async Task What_has_no_video_is_told_why()
    {
        var open = await _connection.GetClient().SubmitVideoAsync(new VideoRequest { Prompt = "open" }, Cancel);
        var failed = (await MakeAsync(1, request => request with { Prompt = "reject" }))[0];
        var asset = new SeedanceTask { TaskId = "task_a", Kind = TaskKind.Asset, Status = SeedanceTaskStatus.Completed };
        var told = Words(await SaveAsync([open, failed, asset], options => options with { ThrottleLimit = 1 })).Cast<FileNotSaved>().Select(one => one.Error).ToList();

        Assert.Contains("has no video yet", told[0].Message, StringComparison.Ordinal);
        Assert.Contains($"Wait-SeedanceTask -TaskId {open.TaskId}", told[0].RecommendedAction, StringComparison.Ordinal);
        Assert.Contains(failed.Error!.Message!, told[1].Message, StringComparison.Ordinal);
        Assert.Contains("kind Asset", told[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_others_chose_stays_in_the_folder()
    {
        var task = (await MakeAsync(1, request => request with { Name = "../../up/and: away?" }))[0];
        var saved = Assert.IsType<FileSaved>(Assert.Single(Words(await SaveAsync([task]))));
        Assert.Equal(_folder.File($"_.._up_and_ away_-{task.TaskId}.mp4"), saved.File.FullName);
    }

    [Fact]
    public async Task A_link_that_others_chose_leads_to_no_private_place()
    {
        foreach (var link in (string[])["http://10.0.0.1/x.mp4?sig=1", "http://169.254.169.254/x.mp4", "file:///etc/passwd", "no link"])
        {
            var task = new SeedanceTask { TaskId = "task_x", Kind = TaskKind.Video, Status = SeedanceTaskStatus.Completed, Videos = [new SeedanceVideo { Url = link }] };
            var failed = Assert.IsType<FileNotSaved>(Assert.Single(Words(await SaveAsync([task]))));
            Assert.Equal(Delivery.Refused, failed.Error.Delivery);
            Assert.DoesNotContain("sig=1", failed.Error.ToString(), StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_folder.Path));
        }
    }

    [Fact]
    public async Task Progress_tells_bytes_and_speed_and_its_end()
    {
        var tasks = await MakeAsync(2);
        var progress = (await SaveAsync(tasks)).OfType<SaveProgress>().ToList();

        Assert.Equal(2, progress.Count(one => one.IsEnded && one.Bytes == Size && one.Total == Size));
        Assert.All(progress, one => Assert.InRange(one.Slot, 0, 2));
    }

    [Fact]
    public async Task A_caller_that_has_seen_enough_leaves_no_download_behind()
    {
        var tasks = await MakeAsync(3);
        _server.Faults.Order(new FaultOrder { Kind = FaultKind.Hang, Path = "/files/", After = 1 });
        await foreach (var next in _connection.CreateVideoSaver().SaveAsync(Reader(tasks), Options(), Cancel))
        {
            if (next is FileSaved)
            {
                break;
            }
        }

        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    private SeedanceConnection Connect() => new(new SeedanceConnectionOptions
    {
        ApiKey = ClientFixture.Key,
        BaseUri = _server.Address,
        TimeProvider = _time,
        JournalPath = _folder.File("../" + Path.GetFileName(_folder.Path) + ".jsonl"),
        RequestsPerSecond = 10_000,
    });

    private SaveOptions Options() => new() { Destination = _folder.Path };

    private static List<SaveEvent> Words(List<SaveEvent> events) => events.FindAll(next => next is not SaveProgress);

    private async Task<List<SeedanceTask>> MakeAsync(int count, Func<VideoRequest, VideoRequest>? with = null)
    {
        var channel = Channel.CreateUnbounded<VideoRequest>();
        for (var i = 1; i <= count; i++)
        {
            var request = new VideoRequest { Prompt = "prompt", Seed = i };
            channel.Writer.TryWrite(with?.Invoke(request) ?? request);
        }

        channel.Writer.Complete();
        var tasks = new List<SeedanceTask>();
        await foreach (var next in _connection.CreateVideoSubmitter().SubmitAsync(channel.Reader, cancellationToken: Cancel).Where(next => next is not RunEnded))
        {
            tasks.Add(Assert.IsType<TaskAccepted>(next).Task);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < tasks.Count; i++)
        {
            tasks[i] = await _connection.GetClient().GetTaskAsync(tasks[i], "en", Cancel);
        }

        return tasks;
    }

    private Task<List<SaveEvent>> SaveAsync(IEnumerable<SeedanceTask> tasks, Func<SaveOptions, SaveOptions>? with = null)
    {
        return _time.UntilDoneAsync(RunAsync(), TimeSpan.FromSeconds(50));

        async Task<List<SaveEvent>> RunAsync()
        {
            var events = new List<SaveEvent>();
            await foreach (var next in _connection.CreateVideoSaver().SaveAsync(Reader(tasks), with?.Invoke(Options()) ?? Options(), Cancel))
            {
                events.Add(next);
            }

            return events;
        }
    }

    private static ChannelReader<SeedanceTask> Reader(IEnumerable<SeedanceTask> tasks)
    {
        var channel = Channel.CreateUnbounded<SeedanceTask>();
        foreach (var task in tasks)
        {
            channel.Writer.TryWrite(task);
        }

        channel.Writer.Complete();
        return channel.Reader;
    }

    private async Task<byte[]> TruthAsync(SeedanceTask task)
    {
        _server.Faults.Order();
        using var http = new HttpClient();
        return await http.GetByteArrayAsync(task.Videos[0].Url, Cancel);
    }
}
