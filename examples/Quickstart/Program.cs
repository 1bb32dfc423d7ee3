// The main job in C#: the rows of a CSV become usable asset:// ids. Here in the sandbox, without a key and a network;
// with a key, give ApiKey in place of Handler.
using System.Threading.Channels;
using Seedance;
using Seedance.Sandbox;

var file = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "assets.csv");
await using var connection = new SeedanceConnection(new SeedanceConnectionOptions { Handler = new SandboxMessageHandler(new SandboxApi()) });

// The wait begins with the first task that is accepted, while the rest is still being submitted.
var tasks = Channel.CreateUnbounded<SeedanceTask>();
int usable = 0, failed = 0, errors = 0;
var submitting = SubmitAsync();
await foreach (var next in connection.CreateWaiter().WaitAsync(tasks.Reader))
{
    if (next is TaskNotEnded open)
    {
        WriteError(open.Error);
    }

    if (next is not TaskEnded { Task: var task })
    {
        continue;
    }

    foreach (var asset in task.UsableAssets)
    {
        Console.WriteLine($"{asset.Name,-24} {asset.AssetUrl,-36} {asset.AssetType}");
    }

    usable += task.UsableAssets.Count;
    failed += task.FailedAssets.Count;
}

await submitting;
Console.WriteLine($"{usable} assets usable, {failed} failed review, {errors} errors");
return errors == 0 && usable > 0 ? 0 : 1;

async Task SubmitAsync()
{
    try
    {
        var options = new SubmitOptions { Group = new AvatarGroup { Name = "spring-cast" } };
        await foreach (var next in connection.CreateSubmitter().SubmitAsync(ReadRows(), options))
        {
            if (next is TaskAccepted accepted)
            {
                tasks.Writer.TryWrite(accepted.Task);
            }

            if (next is RowFailed row)
            {
                WriteError(row.Error);
            }
        }
    }
    finally
    {
        tasks.Writer.Complete();
    }
}

// Enough for a CSV without quotes. AssetRules tells what keeps a row from being sent.
IEnumerable<AssetSource> ReadRows()
{
    var lines = File.ReadLines(file).Select(line => line.Split(',')).ToList();
    for (var row = 1; row < lines.Count; row++)
    {
        string? Cell(string column) => Array.IndexOf(lines[0], column) is >= 0 and var at ? lines[row][at] : null;
        var (source, problems) = AssetRules.Read(new AssetRow { Url = Cell("Url"), Name = Cell("Name"), AssetType = Cell("AssetType"), Row = row });
        if (problems.Count == 0)
        {
            yield return source;
        }
        else
        {
            WriteError(AssetRules.Refuse(source, problems));
        }
    }
}

void WriteError(SeedanceException error)
{
    Interlocked.Increment(ref errors);
    Console.Error.WriteLine($"{error.Message} {error.RecommendedAction}");
}
