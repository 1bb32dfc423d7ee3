using System.Runtime.CompilerServices;
using Seedance.Settling;

namespace Seedance;

/// <summary>
/// Brings the journal up to what the asset library shows: settles rows of unknown outcome, records what has changed of
/// reviewed assets, and takes in a group that its caller names and that the journal, having been lost, does not know.
/// </summary>
/// <param name="client">The API.</param>
/// <param name="journal">The journal.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class JournalSync(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Compares, and gives out every difference once it is recorded.</summary>
    /// <param name="options">What is compared.</param>
    /// <param name="warn">Called with what could not be found out.</param>
    /// <param name="cancellationToken">Calls it off; what was given out is recorded.</param>
    /// <exception cref="SeedanceException">Journal or library cannot be read.</exception>
    public async IAsyncEnumerable<JournalChange> SyncAsync(
        SyncOptions options, Action<string> warn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var findings = await new RequestSettler(client, journal, _time).SettleAsync(request => IsWanted(request, options), options.IsRehearsal, cancellationToken);
        foreach (var change in findings.SelectMany(Changes))
        {
            yield return change;
        }

        foreach (var unclear in findings.Where(finding => finding.Kind is FindingKind.Unclear or FindingKind.Unreadable).GroupBy(finding => finding.Message))
        {
            warn($"{unclear.Sum(finding => finding.Request.Intent.Rows.Count)} row(s) are of unknown outcome still. {unclear.Key}");
        }

        var comparison = new LibraryComparison(client, journal, warn);
        await foreach (var change in comparison.CompareAsync(options, cancellationToken))
        {
            yield return change;
        }

        if (comparison.HasSeenNothing && findings.Count == 0 && options is { RunName: null, Since: null } and not { GroupName: null, GroupId: null })
        {
            await foreach (var change in new GroupRecovery(client, journal, _time, warn).RecoverAsync(options, cancellationToken))
            {
                yield return change;
            }
        }
    }

    private static bool IsWanted(JournalOpenRequest request, SyncOptions options) =>
        (options.GroupName is null || request.Intent.Group?.Name == options.GroupName)
        && (options.GroupId is null || request.Intent.Group?.GroupId == options.GroupId)
        && (options.RunName is null || request.RunName == options.RunName)
        && !(request.SentAt < options.Since);

    private static IEnumerable<JournalChange> Changes(Finding finding) => finding.Kind is FindingKind.Unclear or FindingKind.Unreadable ? []
        : finding.Request.Intent.Rows.Select((row, i) => (row.Source, Asset: finding.Task?.Assets.FirstOrDefault(asset => asset.SourceIndex == i))).Select(row => new JournalChange
        {
            Change = finding.Kind == FindingKind.Accepted ? JournalChangeKind.Settled : JournalChangeKind.NotFound,
            Name = row.Source.Name,
            RowId = row.Source.RowId,
            AssetId = row.Asset?.AssetId,
            GroupName = finding.Request.Intent.Group?.ToString(),
            Before = nameof(JournalState.Unknown),
            After = finding.Kind == FindingKind.Accepted ? row.Asset?.Status ?? nameof(JournalState.Accepted) : null,
            Message = finding.Kind == FindingKind.NotFound ? $"{finding.Message} The line that sent it sends it again with -Resume -RetryUnknown."
                : row.Asset is null ? "Other rows of its request were found, so it was accepted with them; it was not seen itself." : finding.Message,
        });
}
