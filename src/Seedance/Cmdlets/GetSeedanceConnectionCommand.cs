using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Shows the session's connection, never its key. Without one, shows nothing.</para>
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
        if ((Connection ?? ConnectionStore.Made) is { } connection)
        {
            WriteObject(connection);
        }
    }
}
