namespace Seedance.Client.Tests;

/// <summary>A journal in which another session has everything accepted whose outcome is not known, just before a request is claimed.</summary>
internal sealed class LateOutcomeJournal(IJournal journal, IJournal other) : DelegatingJournal(journal)
{
    public override async ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken)
    {
        await foreach (var open in other.ReadOpenAsync(cancellationToken))
        {
            await other.EndAsync(new JournalOutcome { IntentId = open.Intent.IntentId, State = JournalState.Accepted, TaskId = "task_late" }, cancellationToken);
        }

        return await base.BeginAsync(intent, cancellationToken);
    }
}
