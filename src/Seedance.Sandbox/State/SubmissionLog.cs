using System.Text;

namespace Seedance.Sandbox.State;

/// <summary>Counts what was received and remembers what was accepted.</summary>
internal sealed class SubmissionLog(SandboxState state)
{
    private static readonly IReadOnlyList<SubmittedAsset> s_noAssets = [];

    private readonly List<Submission> _submissions = [];

    // A row is remembered by a 64-bit hash: a million rows collide with a chance of one in thirty million.
    private readonly HashSet<ulong> _rows = [];

    private long _requests;
    private long _posts;
    private long _gets;
    private long _accepted;
    private long _rowsAccepted;
    private long _tasksNoticed;
    private TimeSpan _noticeDelay;

    public IReadOnlyList<Submission> Submissions => [.. _submissions];

    public SandboxTally Tally => new(
        _requests, _posts, _accepted, _gets, _rowsAccepted, _rows.Count,
        state.Options.TrackRows ? _rowsAccepted - _rows.Count : 0, _tasksNoticed, _noticeDelay);

    /// <summary>What was submitted, without uploads: each distinct asset or order once.</summary>
    public IReadOnlyList<SubmittedRow> Rows =>
    [
        .. from submission in _submissions
           where submission.TaskId is not null
           from content in submission.Assets.Count > 0 ? submission.Assets.Select(asset => asset.Url) : [submission.Body]
           group submission by (submission.ProjectName, submission.GroupId, submission.AssetType, content) into row
           select new SubmittedRow(
               row.Last().Path, row.Key.ProjectName, row.Key.GroupId, row.Key.AssetType, row.Key.content, row.Count(),
               [.. row.Select(submission => submission.TaskId!)])
    ];

    public long Requests => _requests;

    public void Received(string method)
    {
        _requests++;
        if (method == "POST")
        {
            _posts++;
        }
        else if (method == "GET")
        {
            _gets++;
        }
    }

    /// <summary>A task was shown as final for the first time.</summary>
    public void Noticed(TimeSpan delay)
    {
        _tasksNoticed++;
        _noticeDelay += delay;
    }

    public void Accepted(DateTimeOffset time, SandboxRequest request, string? taskId, string? project = null) =>
        Keep(time, request, taskId, project, null, null, s_noAssets);

    public void Accepted(
        DateTimeOffset time, SandboxRequest request, string taskId, AssetGroup group, string type, List<SubmittedAsset> assets)
    {
        _rowsAccepted += assets.Count;
        if (state.Options.TrackRows)
        {
            foreach (var asset in assets)
            {
                _rows.Add(Hash(group.Project, group.Id, type, asset.Url));
            }
        }
        Keep(time, request, taskId, group.Project, group, type, assets);
    }

    private void Keep(
        DateTimeOffset time, SandboxRequest request, string? taskId, string? project, AssetGroup? group, string? type,
        IReadOnlyList<SubmittedAsset> assets)
    {
        _accepted++;
        if (!state.Options.KeepSubmissions)
        {
            return;
        }

        var isText = request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        _submissions.Add(new Submission(
            _accepted, time, request.Path, taskId, project, group?.Id, group?.Name, type, assets,
            isText ? Encoding.UTF8.GetString(request.Body.Span) : ""));
    }

    private static ulong Hash(params ReadOnlySpan<string> parts)
    {
        var hash = 0UL;
        foreach (var part in parts)
        {
            foreach (var letter in part)
            {
                hash = Ids.Mix(hash * 31 + letter);
            }

            hash = Ids.Mix(hash + 0x10000);
        }
        return hash;
    }
}
