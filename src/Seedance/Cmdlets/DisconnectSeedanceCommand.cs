using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Closes the session's connection, or the one given.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "Seedance")]
public sealed class DisconnectSeedanceCommand : AsyncCommand
{
    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Connection ??= ConnectionStore.Take();
        if (Connection is not null)
        {
            base.BeginProcessing();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Connection is not null)
        {
            base.EndProcessing();
        }
    }

    private protected override Task WorkAsync(CancellationToken cancellationToken) => Connected.DisposeAsync().AsTask();
}
