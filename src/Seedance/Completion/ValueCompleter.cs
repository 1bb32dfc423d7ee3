using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Seedance.Commands;

/// <summary>Completes a parameter from a list of known values that does not exclude others.</summary>
public abstract class ValueCompleter(params string[] values) : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        values
            .Where(value => value.StartsWith(CompletionText.Typed(wordToComplete), StringComparison.OrdinalIgnoreCase))
            .Select(value => CompletionText.Offer(value, value));
}

/// <summary>Completes the types of material.</summary>
public sealed class AssetTypeCompleter() : ValueCompleter("Image", "Video", "Audio");
