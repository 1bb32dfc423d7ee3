namespace Seedance.Journal.FileStore;

/// <summary>Collects ids and names from lines of a journal in their order, so that the latest come first.</summary>
/// <param name="isOurs">Whether an account is the one that they are collected for.</param>
internal sealed class LateNames(Func<string?, bool> isOurs)
{
    private readonly Latest _tasks = new();
    private readonly Latest _groupIds = new();
    private readonly Latest _groupNames = new();
    private readonly Latest _projects = new();
    private readonly Latest _runs = new();
    private readonly List<SeedanceAsset> _assets = [];
    private readonly Dictionary<string, JournalLine> _sent = new(StringComparer.Ordinal);

    /// <summary>The assets as the lines tell them, the latest last.</summary>
    public IReadOnlyList<SeedanceAsset> Assets => _assets;

    /// <summary>What is to be changed of the assets.</summary>
    public AssetChanges Changes { get; } = new();

    /// <summary>Takes in the next line.</summary>
    public void Add(JournalLine line)
    {
        if (isOurs(line.Account))
        {
            AddOwn(line);
        }

        // An outcome stands beside its intent, which tells the account and the rest; one that is unknown may be followed by another.
        if (line is { Type: JournalLineType.Outcome or JournalLineType.Settled, Intent: not null } && _sent.TryGetValue(line.Intent, out var intent))
        {
            line = intent with { Task = line.Task, GroupId = line.GroupId ?? intent.GroupId, At = line.At };
        }
        else if (line is { Type: JournalLineType.Intent, Intent: not null })
        {
            _sent[line.Intent] = line;
        }

        if (line.Type is JournalLineType.Intent or JournalLineType.Final && isOurs(line.Account))
        {
            AddNames(line);
        }
    }

    /// <summary>Everything that was taken in, the latest first.</summary>
    public JournalNames ToNames() => new()
    {
        TaskIds = _tasks.ToList(),
        GroupIds = _groupIds.ToList(),
        GroupNames = _groupNames.ToList(),
        ProjectNames = _projects.ToList(),
        RunNames = _runs.ToList(),
        Assets = [.. _assets.AsEnumerable().Reverse().DistinctBy(asset => asset.AssetId).Select(Changes.Apply)],
    };

    private void AddOwn(JournalLine line)
    {
        if (line.Type == JournalLineType.Run)
        {
            _runs.Add(line.RunName, TaskKind.Unknown, $"begun {line.At?.LocalDateTime:g}");
        }
        else if (line.Type is JournalLineType.Final or JournalLineType.Settled)
        {
            _assets.AddRange(JournalMapper.Assets(line));
        }
        else if (line.Type == JournalLineType.Changes)
        {
            JournalMapper.Changes(line).ForEach(Changes.Add);
        }
    }

    private void AddNames(JournalLine line)
    {
        var kind = line.Kind ?? TaskKind.Unknown;
        _tasks.Add(line.Task, kind, $"{kind}, {line.Status?.ToString() ?? "accepted"}, {line.At?.LocalDateTime:g}{(line.GroupName is null ? "" : $", {line.GroupName}")}");
        var used = $"last used {line.At?.LocalDateTime:g}";
        _groupIds.Add(line.GroupId, kind, $"{line.GroupName ?? "a group"}, {used}");
        _groupNames.Add(line.GroupName, kind, $"{line.GroupId ?? "a group"}, {used}");
        _projects.Add(line.Project, kind, $"a project, {used}");
    }

    private sealed class Latest
    {
        private readonly Dictionary<string, (JournalName Name, int Order)> _names = new(StringComparer.Ordinal);
        private int _order;

        public void Add(string? value, TaskKind kind, string hint)
        {
            if (!string.IsNullOrEmpty(value))
            {
                _names[value] = (new JournalName(value, kind, hint), _order++);
            }
        }

        public IReadOnlyList<JournalName> ToList() => [.. _names.Values.OrderByDescending(name => name.Order).Select(name => name.Name)];
    }
}
