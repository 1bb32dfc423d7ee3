using System.Globalization;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>The last line of a run: how many of its rows were accepted, and what goes on.</summary>
internal static class ClosingLine
{
    /// <summary>Returns the line.</summary>
    public static string Text(Run run)
    {
        var settled = run.Accepted + run.AcceptedEarlier;
        var text = string.Create(CultureInfo.InvariantCulture, $"{settled:N0} of {run.Rows:N0} rows accepted");
        return IsWhole(run) ? $"{text}."
            : settled + run.Invalid == run.Rows ? string.Create(CultureInfo.InvariantCulture, $"{text}; correct the {run.Invalid:N0} invalid, and the same line with -Resume sends what is left.")
            : $"{text}; the same line with -Resume goes on.";
    }

    /// <summary>Returns what became of all rows, for the verbose stream.</summary>
    public static string Counts(Run run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.Rows} row(s): {run.Accepted} accepted, {run.AcceptedEarlier} accepted earlier, {run.Invalid} invalid, {run.NotAccepted} not accepted, {run.Unknown} of unknown outcome, {run.UnderWayElsewhere} under way elsewhere");

    /// <summary>Writes the line as an information record; shown by itself where something is left to do.</summary>
    public static void Write(PSCmdlet cmdlet, Run run) =>
        cmdlet.WriteInformation(new HostInformationMessage { Message = Text(run) }, IsWhole(run) ? ["Seedance"] : ["Seedance", "PSHOST"]);

    /// <summary>Shows the line after Ctrl+C, when no stream takes anything any more.</summary>
    public static void Show(PSCmdlet cmdlet, Run run)
    {
        var wanted = cmdlet.MyInvocation.BoundParameters.TryGetValue("InformationAction", out var given) ? given : null;
        if (!IsWhole(run) && wanted is not (ActionPreference.Ignore or ActionPreference.SilentlyContinue))
        {
            cmdlet.Host.UI.WriteLine(Text(run));
        }
    }

    private static bool IsWhole(Run run) => run.Accepted + run.AcceptedEarlier == run.Rows;
}
