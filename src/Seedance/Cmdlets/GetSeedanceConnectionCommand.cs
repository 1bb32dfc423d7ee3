using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Shows the connection that would be used, never its key. Without one, shows nothing.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceConnection")]
[OutputType(typeof(SeedanceConnection))]
public sealed class GetSeedanceConnectionCommand : PSCmdlet
{
    /// <summary>The connection to show; the session's by default.</summary>
    [Parameter]
    [ValidateNotNull]
    public SeedanceConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        DebugSwitch.NeverAsk(this);
        try
        {
            if ((Connection ?? ConnectionStore.Known) is { } connection)
            {
                if (ConnectionStore.TakeWarning(connection) is { } warning)
                {
                    WriteWarning(warning);
                }

                WriteObject(connection);
            }
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }
}
