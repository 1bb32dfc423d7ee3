using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>What goes with what, of the parameters that queue.</summary>
internal static class QueueSwitches
{
    /// <summary>Ends the cmdlet where a list has no name, or a name no list.</summary>
    public static void Check(PSCmdlet command, bool queue, string? listName)
    {
        if (queue != listName is not null)
        {
            command.ThrowTerminatingError(ErrorRecords.From(
                new SeedanceException(
                    SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"{(queue ? "-Queue was given without -ListName" : "-ListName was given without -Queue")}; nothing was sent or queued.")
                {
                    RecommendedAction = "Give -Queue -ListName <name> to queue the rows for runners; leave both out to send them from here.",
                },
                null));
        }
    }
}
