using System.Globalization;
using Seedance.Library;

namespace Seedance.Settling;

/// <summary>
/// Finds out in the asset library, which is free to read, what became of submissions whose answers were lost: with a list
/// a group, some times over a minute, for what was accepted may be seen only after a while.
/// </summary>
internal sealed class RequestSettler(SeedanceClient client, IJournal journal, TimeProvider time)
{
    private static readonly TimeSpan[] s_waits = [TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30)];

    /// <summary>Looks for requests of unknown outcome, and records those that were accepted.</summary>
    /// <param name="isWanted">Whether a request is to be looked for.</param>
    /// <param name="isRehearsal">Records nothing.</param>
    /// <param name="cancellationToken">Calls it off; what was found by then is recorded.</param>
    /// <returns>What was found of each request.</returns>
    public async Task<IReadOnlyList<Finding>> SettleAsync(Func<JournalOpenRequest, bool> isWanted, bool isRehearsal, CancellationToken cancellationToken)
    {
        var open = new List<JournalOpenRequest>();
        await foreach (var request in journal.ReadOpenAsync(cancellationToken))
        {
            if (request.Intent.Kind == TaskKind.Asset)
            {
                open.Add(request);
            }
        }

        var pending = open.FindAll(request => !request.IsUnderWay && isWanted(request));
        var findings = new List<Finding>(pending.Count);
        var times = new List<DateTimeOffset>();
        for (var look = 0; look < s_waits.Length && pending.Count > 0; look++)
        {
            await Task.Delay(s_waits[look], time, cancellationToken);
            times.Add(time.GetUtcNow());
            var found = (await LookAsync(open, pending, look == s_waits.Length - 1, cancellationToken)).ConvertAll(finding => WithTimes(finding, times));
            foreach (var finding in isRehearsal ? [] : found)
            {
                if (finding.Task is { } task)
                {
                    // Where another run was quicker, it has found the same.
                    _ = await journal.SettleAsync(finding.Request.Intent.IntentId, task, CancellationToken.None);
                }
            }

            findings.AddRange(found);
            open.RemoveAll(request => found.Exists(finding => finding.Task is not null && finding.Request == request));
            pending.RemoveAll(request => found.Exists(finding => finding.Request == request));
        }

        return findings;
    }

    private async Task<List<Finding>> LookAsync(List<JournalOpenRequest> open, List<JournalOpenRequest> pending, bool isLast, CancellationToken cancellationToken)
    {
        var groups = new GroupFinder(client, journal);
        var findings = new List<Finding>();
        var looks = new List<(GroupLook Look, List<JournalOpenRequest> Requests)>();
        foreach (var requests in pending.GroupBy(request => (request.Intent.ProjectName, request.Intent.Group?.GroupId, request.Intent.Group?.Name)).Select(group => group.ToList()))
        {
            try
            {
                var (project, group) = (requests[0].Intent.ProjectName, requests[0].Intent.Group);
                var (found, problem) = await groups.FindAsync(group, project, cancellationToken);
                if (found is null)
                {
                    findings.AddRange(problem is not null ? requests.Select(request => new Finding(request, FindingKind.Unclear, problem))
                        : isLast ? requests.Select(request => new Finding(request, FindingKind.NotFound, $"there is no group '{group}'")) : []);
                    continue;
                }

                var look = new GroupLook(found, project, open.Where(request => request.Intent.ProjectName == project && GroupFinder.MayBe(request.Intent.Group, found)));
                await look.ReadAsync(client, cancellationToken);
                looks.Add((look, requests));
            }
            catch (SeedanceException e)
            {
                findings.AddRange(requests.Select(request => new Finding(request, FindingKind.Unreadable, $"The asset library could not be read: {e.Message}")));
            }
        }

        // After the lists, so that whatever has come into the library meanwhile is known.
        if (looks.Count > 0)
        {
            await foreach (var task in journal.ReadTasksAsync(JournalQuery.All, cancellationToken))
            {
                looks.ForEach(look => look.Look.Take(task));
            }
        }

        findings.AddRange(looks.SelectMany(look => look.Requests.Select(request => look.Look.Judge(request, isLast))).OfType<Finding>());
        return findings;
    }

    private static Finding WithTimes(Finding finding, List<DateTimeOffset> times) => finding.Kind != FindingKind.NotFound ? finding : finding with
    {
        Message = $"The asset library was asked {times.Count} times, at {string.Join(", ", times.Select(at => at.LocalDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)))}, and {finding.Message}: most likely it was not accepted.",
    };
}
