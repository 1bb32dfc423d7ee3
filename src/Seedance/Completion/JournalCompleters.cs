using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Seedance.Commands;

/// <summary>
/// Completes a parameter with what the journal knows, the latest first. It asks nobody else: no request is made, and where
/// there is no key, no journal, or no answer of its database within a moment, nothing is offered.
/// </summary>
public abstract class JournalCompleter : IArgumentCompleter
{
    // More than anybody looks through.
    private const int MostOffers = 50;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var typed = CompletionText.Typed(wordToComplete);
            var given = fakeBoundParameters?["Connection"];
            var connection = (given is PSObject wrapped ? wrapped.BaseObject : given) as SeedanceConnection ?? ConnectionStore.Current;
            return [.. Pick(connection.GetJournal().ReadNames(), commandName, parameterName)
                .Where(name => Begins(name.Value) || Begins(name.Label))
                .Take(MostOffers)
                .Select(name => CompletionText.Offer(name.Value, name.Hint, name.Label))];

            bool Begins(string? text) => text?.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ?? false;
        }
        catch (Exception)
        {
            // An error in the middle of a line that somebody is typing helps nobody.
            return [];
        }
    }

    private protected abstract IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName);

    /// <summary>Something to offer.</summary>
    /// <param name="Value">What is typed.</param>
    /// <param name="Hint">What is known of it.</param>
    /// <param name="Label">What else it is called, by which it is found too; null if nothing.</param>
    private protected readonly record struct Suggestion(string Value, string Hint, string? Label = null)
    {
        public static IEnumerable<Suggestion> From(IEnumerable<JournalName> names) => names.Select(name => new Suggestion(name.Value, name.Hint));
    }
}

/// <summary>Completes the ids of tasks.</summary>
public sealed class TaskIdCompleter : JournalCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) => Suggestion.From(
        commandName.Equals("Save-SeedanceVideo", StringComparison.OrdinalIgnoreCase) ? names.TaskIds.Where(name => name.Kind == TaskKind.Video) : names.TaskIds);
}

/// <summary>Completes the ids of groups.</summary>
public sealed class GroupIdCompleter : JournalCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) => Suggestion.From(names.GroupIds);
}

/// <summary>Completes the names of groups.</summary>
public sealed class GroupNameCompleter : JournalCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) => Suggestion.From(names.GroupNames);
}

/// <summary>Completes the names of runs.</summary>
public sealed class RunNameCompleter : JournalCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) => Suggestion.From(names.RunNames);
}

/// <summary>Completes the projects.</summary>
public sealed class ProjectNameCompleter : JournalCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) => Suggestion.From(names.ProjectNames);
}
