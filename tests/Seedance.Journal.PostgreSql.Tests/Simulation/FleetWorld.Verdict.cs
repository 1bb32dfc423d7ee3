namespace Seedance.Journal.PostgreSql.Tests.Simulation;

internal sealed partial class FleetWorld
{
    private string? Unfinished(List<Member> members) =>
        members.Find(one => one.Process.IsAlive && !one.Main.IsCompleted) is { } endless ? $"{endless} does not end ({_steps} steps)"
        : members.Find(one => one.Main.Exception is not null && !(_wasDown && one.HasBegun is false)) is { } failed ? $"a line failed: {failed.Main.Exception!.InnerException!.Message}"
        : null;

    private string? Wrong()
    {
        var accepted = _api.Submissions;
        var twice = accepted.SelectMany(one => one.Assets).GroupBy(asset => asset.Url).Count(same => same.Count() > 1);
        return twice > 0 ? $"{twice} row(s) accepted twice"
            : accepted.Where(one => one.GroupName is not null).GroupBy(one => one.GroupName).FirstOrDefault(same => same.Select(one => one.GroupId).Distinct().Count() > 1) is { } made ? $"group {made.Key} was made twice"
            : _wrong.Count > 0 ? _wrong[0]
            : _acknowledged.FirstOrDefault(id => _database.Find(id)?.State != "Accepted") is { } forgotten && !_mayForget ? $"the acceptance of {forgotten} was acknowledged and is not there"
            : _database.Deadlocks > 0 ? $"{_database.Deadlocks} deadlock(s)"
            : null;
    }

    private string? Lost(Member last)
    {
        var sent = _api.Submissions.SelectMany(one => one.Assets.Select(asset => asset.Name!)).ToHashSet();
        foreach (var row in _rows)
        {
            var isSent = sent.Contains(row.Name!);
            last.Failed.TryGetValue(row.Name!, out var error);
            var wrong = (isSent, last.GivenOut.Contains(row.Name!), error) switch
            {
                (true, true, null) => null,
                (_, false, { Delivery: Delivery.Unknown }) when _anyTrouble => null,
                (false, false, { Delivery: not Delivery.Unknown }) when _anyTrouble => null,
                (true, false, not null) => $"was accepted, and called not so: {error.Message}",
                (false, false, not null) => $"failed without any trouble: {error.Message}",
                (_, true, not null) => "is both a task and an error",
                (true, false, null) => "was accepted and is lost",
                (false, true, _) => "has a task that the server does not know",
                (false, false, null) => "is neither a task nor an error",
            };
            if (wrong is not null)
            {
                return $"{row} {wrong}";
            }
        }

        return null;
    }
}
