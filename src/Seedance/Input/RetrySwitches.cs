using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>What goes with what, of the switches that send again.</summary>
internal static class RetrySwitches
{
    /// <summary>Ends the cmdlet where -Force has nothing to be about.</summary>
    public static void Check(PSCmdlet command, bool retryFailed, bool force)
    {
        if (force && !retryFailed)
        {
            command.ThrowTerminatingError(ErrorRecords.From(
                new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, "-Force was given without -RetryFailed; nothing was sent.")
                {
                    RecommendedAction = "Give -RetryFailed -Force to send again what was refused or failed, whatever the reason was; or leave -Force out.",
                },
                null));
        }
    }
}
