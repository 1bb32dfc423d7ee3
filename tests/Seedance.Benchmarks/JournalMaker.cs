using Seedance.Benchmarks.Parts;

namespace Seedance.Benchmarks;

/// <summary>Writes journals as the module writes them, but without waiting for the disk.</summary>
internal static class JournalMaker
{
    public static async Task MakeAsync(string path, Uri server, int requests, int rowsARequest, bool withEnds)
    {
        await using var connection = new SeedanceConnection(new SeedanceConnectionOptions { ApiKey = "bench", BaseUri = server, NoJournal = true });
        using var file = new PlainFile(path);
        await using var journal = new FileJournal(file, new JournalAccount(connection.AccountName), TimeProvider.System);

        // Groups of appends share a write: one request after another would make as many writes as lines.
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (request, cancellationToken) =>
        {
            var group = new AvatarGroup { Name = "bench" };
            var sources = Enumerable.Range(request * rowsARequest, rowsARequest)
                .Select(row => new AssetSource(Deliveries.Address(row)) { Name = $"shot-{row}", Group = group, ProjectName = "default" }).ToList();
            var intent = new JournalIntent
            {
                IntentId = Guid.NewGuid().ToString("N"),
                Kind = TaskKind.Asset,
                Group = group,
                ProjectName = "default",
                AssetType = AssetType.Image,
                Rows = [.. sources.Select(source => new JournalRow(
                    JournalKey.Create("Image", "default", source.Address, group), source))],
            };
            await journal.BeginAsync(intent, cancellationToken);
            var known = group with { GroupId = "group_0123456789ABC" };
            var task = new SeedanceTask { TaskId = $"task_01K{request:D23}", Kind = TaskKind.Asset, Group = known, ProjectName = "default", AssetType = AssetType.Image, Sources = sources };
            await journal.EndAsync(new JournalOutcome { IntentId = intent.IntentId, State = JournalState.Accepted, TaskId = task.TaskId, GroupId = known.GroupId }, cancellationToken);
            if (withEnds)
            {
                await journal.RecordFinalAsync(Ended(task), cancellationToken);
            }
        });
    }

    /// <summary>The task with all its assets approved.</summary>
    public static SeedanceTask Ended(SeedanceTask task) => task with
    {
        Status = SeedanceTaskStatus.Completed,
        CreatedAt = DateTimeOffset.UtcNow,
        CompletedAt = DateTimeOffset.UtcNow,
        Assets = [.. task.Sources.Select((source, i) => new SeedanceAsset
        {
            AssetId = $"asset_{source.Name}", AssetUrl = $"asset://asset_{source.Name}", Status = "Active", IsUsable = true, Name = source.Name,
            Source = source, SourceIndex = i, TaskId = task.TaskId, GroupId = task.GroupId, MatchedBy = MatchedBy.Name,
        })],
    };

    /// <summary>A file that is not flushed, written by this process alone.</summary>
    private sealed class PlainFile(string path) : IJournalFile, IDisposable
    {
        private readonly FileStream _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        public string Name => path;

        public IJournalView? Open() => new Turn(_file);

        public ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IJournalLock>(new Turn(_file));

        public (IDisposable Hold, string Place) HoldRun(string runId) => (new MemoryStream(), runId);

        public bool IsRunHeld(string place) => false;

        public void Dispose() => _file.Dispose();

        private sealed class Turn(FileStream file) : IJournalLock
        {
            public bool IsCurrent => true;

            public long Length => file.Length;

            public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(file.SafeFileHandle, buffer, offset);

            public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
            {
                RandomAccess.Write(file.SafeFileHandle, bytes.Span, offset);
                return ValueTask.CompletedTask;
            }

            public ValueTask ReplaceAsync(Func<Stream, ValueTask> write) => throw new NotSupportedException("A journal that is being made is not replaced.");

            public void Truncate(long length) => file.SetLength(length);

            public void Dispose()
            {
            }
        }
    }
}
