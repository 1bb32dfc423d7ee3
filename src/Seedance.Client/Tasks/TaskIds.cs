using Seedance.Errors;

namespace Seedance.Tasks;

/// <summary>Checks ids before they become paths.</summary>
internal static class TaskIds
{
    private const int Longest = 128;

    // How PowerShell writes a row of a table, and a hashtable, as text.
    private static readonly string[] s_rows = ["@{", "System.Collections."];

    /// <summary>Why <paramref name="id"/> cannot be a task's; null if it can.</summary>
    public static SeedanceException? Check(string? id) => id switch
    {
        _ when string.IsNullOrWhiteSpace(id) => Invalid("There is no task's id: it is empty.", "Give the id as it was told when the rows were submitted. A row without one has not been submitted: pipe it to Submit-SeedanceAsset first."),
        _ when s_rows.Any(row => id.StartsWith(row, StringComparison.Ordinal)) => Invalid("This is a row of a table, not a task: it has no TaskId.", "Pipe it to Submit-SeedanceAsset first, and what that gives to this cmdlet."),
        _ when id.StartsWith("asset_", StringComparison.OrdinalIgnoreCase) || id.StartsWith("asset://", StringComparison.OrdinalIgnoreCase) =>
            Invalid($"'{Shown(id)}' is the id of an asset, not of a task.", "Give the TaskId of the task that reviewed it; Get-SeedanceAsset shows it."),
        "." or ".." => Invalid($"'{id}' is not a task's id.", Advice),
        { Length: > Longest } => Invalid($"'{Shown(id)}' is not a task's id: it is longer than {Longest} characters.", Advice),
        _ when id.Any(char.IsControl) => Invalid("This is not a task's id: it holds control characters.", Advice),
        _ => null,
    };

    private const string Advice = "Give the id as it was told when the rows were submitted, such as task_01J….";

    // What is no id may be anything, an address with its signature too.
    private static string Shown(string id)
    {
        const int Most = 40;
        var text = Redaction.Text(id) ?? string.Empty;
        return text.Length > Most ? $"{text[..Most]}…" : text;
    }

    private static SeedanceException Invalid(string message, string action) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, message) { RecommendedAction = action };
}
