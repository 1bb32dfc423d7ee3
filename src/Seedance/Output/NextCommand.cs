using System.Management.Automation.Language;

namespace Seedance.Commands;

/// <summary>The command that goes on from where a run stands, as its operator would type it.</summary>
internal static class NextCommand
{
    // A comment, so that the whole can be pasted as it is.
    private const string Correct = "# Correct the rows first: -Force sends again what failed for a reason that does not pass by itself, too.\n";

    private static readonly ReportRowState[] s_again = [ReportRowState.Failed, ReportRowState.Invalid, ReportRowState.NotAccepted];

    /// <summary>Returns the command; null if there is nothing left to do.</summary>
    /// <param name="head">What is known of the run, with its rows by state.</param>
    /// <param name="isOfVideos">True if its rows are orders of videos.</param>
    public static string? For(ReportHead head, bool isOfVideos)
    {
        var counts = head.Counts ?? new Dictionary<ReportRowState, long>();
        if (Has(counts, ReportRowState.Accepted))
        {
            return $"Get-SeedanceTask{Argument("RunName", head.RunName)} -Status Pending, Processing | Wait-SeedanceTask";
        }

        var retry = Has(counts, s_again) ? head.HasLastingFailure ? " -RetryFailed -Force" : " -RetryFailed" : string.Empty;
        var note = retry.Length > 0 && head.HasLastingFailure ? Correct : string.Empty;
        return retry.Length == 0 && !Has(counts, ReportRowState.Unknown) ? null
            : isOfVideos ? $"{note}Import-Csv ./your-rows.csv | New-SeedanceVideo{Argument("RunName", head.RunName)} -Resume{retry} | Wait-SeedanceTask"
            : $"{note}Import-Csv ./your-rows.csv | Submit-SeedanceAsset{Argument("Group", head.GroupName)}{Argument("RunName", head.RunName)} -Resume{retry} | Wait-SeedanceTask";
    }

    private static bool Has(IReadOnlyDictionary<ReportRowState, long> counts, params ReadOnlySpan<ReportRowState> states)
    {
        foreach (var state in states)
        {
            if (counts.GetValueOrDefault(state) > 0)
            {
                return true;
            }
        }

        return false;
    }

    // Who copies the command must get what is meant, and nothing else run: a text that cannot be typed is left out.
    private static string Argument(string name, string? value) =>
        string.IsNullOrEmpty(value) || value.Any(char.IsControl) ? string.Empty : $" -{name} '{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
}
