using Seedance.Journal;
using Seedance.Library;
using Seedance.Tasks;

namespace Seedance.Settling;

/// <summary>
/// One look at a group for the rows of requests whose outcome is not known. A row is found where one entry has its exact
/// name, nothing else that was sent has that name, and nothing is known that the entry belongs to. What only resembles a
/// name settles nothing; but then the row is not missing for certain either.
/// </summary>
internal sealed class GroupLook
{
    // Two machines' clocks may differ by as much.
    private static readonly TimeSpan s_clocks = TimeSpan.FromMinutes(5);

    private readonly AvatarGroup _group;
    private readonly string? _project;
    private readonly Dictionary<string, int> _claims = new(StringComparer.Ordinal);
    private readonly HashSet<string> _beginnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LibraryAsset>> _entries = new(StringComparer.Ordinal);
    private readonly List<LibraryAsset> _similar = [];
    private readonly HashSet<string> _candidates = new(StringComparer.Ordinal);
    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _otherNames = new(StringComparer.Ordinal);
    private bool _isWhole;
    private bool _hasKnown;
    private bool _showsKnown;

    /// <param name="group">The group, with its id.</param>
    /// <param name="project">Its project.</param>
    /// <param name="open">All requests to it of which no certain outcome is recorded.</param>
    public GroupLook(AvatarGroup group, string? project, IEnumerable<JournalOpenRequest> open)
    {
        (_group, _project) = (group, project);
        foreach (var name in open.SelectMany(request => request.Intent.Rows).Select(row => row.Source.Name).OfType<string>())
        {
            _claims[name] = _claims.GetValueOrDefault(name) + 1;
            var form = SimilarNames.Form(name);
            _beginnings.Add(form);
            for (var length = SimilarNames.ShortestCut; length < form.Length; length++)
            {
                _beginnings.Add(form[..length]);
            }
        }
    }

    /// <summary>Reads the group. Of entries that no row may have become, a hash is kept.</summary>
    public async Task ReadAsync(SeedanceClient client, CancellationToken cancellationToken)
    {
        var isTold = true;
        var list = client.ListAssets(_group.GroupId, _project);
        await foreach (var entry in list.WithCancellation(cancellationToken))
        {
            isTold &= entry.GroupId is not null;

            // A gateway may show other groups, and other accounts', whatever group is asked for.
            if (entry.GroupId != _group.GroupId || (entry.ProjectName is { } project && project != (_project ?? AvatarGroup.DefaultProject)))
            {
                continue;
            }

            _seen.Add(SeenSet.HashOf(entry.AssetId));
            if (entry.Name is { } name && _claims.ContainsKey(name))
            {
                (_entries.TryGetValue(name, out var same) ? same : _entries[name] = []).Add(entry);
                _candidates.Add(entry.AssetId);
            }
            else if (entry.Name is { } other && _beginnings.Contains(SimilarNames.Form(other)))
            {
                _similar.Add(entry);
                _candidates.Add(entry.AssetId);
            }
        }

        _isWhole = list.IsComplete && isTold;
    }

    /// <summary>Takes in what the journal knows of the group: its assets are not the ones that are looked for, and its rows may be.</summary>
    public void Take(SeedanceTask task)
    {
        if (task.Kind != TaskKind.Asset || (task.ProjectName ?? AvatarGroup.DefaultProject) != (_project ?? AvatarGroup.DefaultProject)
            || !(task.GroupId is null ? task.Group?.Name is { } name && name == _group.Name : task.GroupId == _group.GroupId))
        {
            return;
        }

        foreach (var asset in task.Assets)
        {
            _hasKnown = true;
            _showsKnown |= _seen.Contains(SeenSet.HashOf(asset.AssetId));
            if (_candidates.Contains(asset.AssetId))
            {
                _known.Add(asset.AssetId);
            }
        }

        // Where each row has an asset, whichever it is, none of its rows is looked for.
        var placed = task.Assets.Where(asset => asset.IsCertain).Select(asset => asset.SourceIndex).ToHashSet();
        for (var i = 0; i < task.Sources.Count && task.Assets.Count < task.Sources.Count; i++)
        {
            if (!placed.Contains(i) && task.Sources[i].Name is { } open)
            {
                _otherNames.Add(open);
                if (_claims.TryGetValue(open, out var claims))
                {
                    _claims[open] = claims + 1;
                }
            }
        }
    }

    /// <summary>Returns what the look says of a request; null if that may be more after a while.</summary>
    public Finding? Judge(JournalOpenRequest request, bool isLast)
    {
        var names = request.Intent.Rows.Select(row => row.Source.Name).ToList();
        var found = new List<(int Row, LibraryAsset Entry)>();
        string? contested = null;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is { } name && _entries.TryGetValue(name, out var entries)
                && entries.FindAll(entry => !_known.Contains(entry.AssetId) && !(entry.CreatedAt < request.SentAt - s_clocks)) is { Count: > 0 } candidates)
            {
                if (candidates.Count == 1 && _claims[name] == 1)
                {
                    found.Add((i, candidates[0]));
                }
                else
                {
                    contested ??= name;
                }
            }
        }

        if (found.Count > 0)
        {
            return found.Count < names.Count && !isLast ? null : Accepted(request, found);
        }

        if (contested is not null)
        {
            return new Finding(request, FindingKind.Unclear, $"'{contested}' is there in group '{_group}', but more than one entry or more than one row has that name, so which is whose cannot be told.");
        }

        return !isLast ? null : Missing(request, names);
    }

    private Finding Accepted(JournalOpenRequest request, List<(int Row, LibraryAsset Entry)> found)
    {
        var group = _group with { Name = _group.Name ?? request.Intent.Group?.Name, IsRealPerson = request.Intent.Group is { IsRealPerson: true }, IsImplied = request.Intent.Group is { IsImplied: true } };
        return new Finding(request, FindingKind.Accepted, $"{found.Count} of {request.Intent.Rows.Count} row(s) were found in group '{_group}'.", LibraryTask.Create(request, group, found));
    }

    private Finding Missing(JournalOpenRequest request, List<string?> names)
    {
        var like = _similar.Find(entry => !_known.Contains(entry.AssetId) && !_otherNames.Contains(entry.Name!) && names.Exists(name => name is not null && SimilarNames.Resemble(name, entry.Name!)));
        var doubt = like is not null ? $"group '{_group}' has an entry '{like.Name}', and a name that is like one of the rows' is not enough to tell"
            : names.TrueForAll(name => name is null) ? "its rows were sent without names, by which they could be found"
            : !_isWhole ? $"the list of group '{_group}' was not whole, or did not say to which group its entries belong"
            : _hasKnown && !_showsKnown ? $"group '{_group}' shows none of the assets that are known to be in it"
            : _group.IsRealPerson && !_showsKnown ? $"the group of a real person may show nothing here"
            : null;
        return doubt is null ? new Finding(request, FindingKind.NotFound, $"it is not in group '{_group}'") : new Finding(request, FindingKind.Unclear, $"{char.ToUpperInvariant(doubt[0])}{doubt[1..]}.");
    }
}
