using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Seedance.Commands;

/// <summary>Completes the names of lists, which the database tells; where it takes its time, nothing is offered.</summary>
public sealed class ListNameCompleter : IArgumentCompleter
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var typed = CompletionText.Typed(wordToComplete);
            using var patience = new CancellationTokenSource(s_patience);
            var lists = Task.Run(async () => await ConnectionStore.Current.GetRunnerJournal().FindListsAsync(null, patience.Token)).GetAwaiter().GetResult();
            return [.. lists.Where(list => list.ListName.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Reverse()
                .Select(list => CompletionText.Offer(list.ListName, $"{list.Rows} rows, {list.Queued} queued, made {list.CreatedAt.LocalDateTime:g}", null))];
        }
        catch (Exception)
        {
            // An error in the middle of a line that somebody is typing helps nobody.
            return [];
        }
    }
}
