using System.Globalization;
using System.Text.RegularExpressions;
using Seedance.Errors;

namespace Seedance.Videos;

/// <summary>Makes the name of a file of what is known of a task: <c>{Name}-{TaskId}</c>, or any column that was kept with its row.</summary>
internal static partial class FileNameTemplate
{
    /// <summary>Returns the words; what is to become of them as a file name is for others to see to.</summary>
    /// <exception cref="SeedanceException">The template names what the task does not have.</exception>
    public static string Fill(string template, SeedanceTask task) => Field().Replace(template, field =>
    {
        var name = field.Groups[1].Value.Trim();
        return Values(task).TryGetValue(name, out var value) ? value ?? string.Empty
            : throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The video of task {task.TaskId} was not saved: it has no '{Redaction.Quote(name)}' for its name.")
            {
                RecommendedAction = $"Name one of {string.Join(", ", Values(task).Keys.Select(one => $"{{{one}}}"))} in -NameTemplate; other columns are there if -KeepProperty named them when the video was ordered.",
            };
    });

    private static Dictionary<string, string?> Values(SeedanceTask task)
    {
        var source = task.Sources is [{ } only] ? only : null;
        var values = new Dictionary<string, string?>(source?.Kept?.ToDictionary(column => column.Key, column => (string?)column.Value) ?? [], StringComparer.OrdinalIgnoreCase)
        {
            [nameof(task.TaskId)] = task.TaskId,
            [nameof(source.Name)] = source?.Name,
            [nameof(source.RowId)] = source?.RowId,
            [nameof(source.Row)] = source is { Row: > 0 } ? source.Row.ToString(CultureInfo.InvariantCulture) : null,
            [nameof(task.RunName)] = task.RunName,
        };
        return values;
    }

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
