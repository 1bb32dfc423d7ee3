using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>A cmdlet that uses a connection.</summary>
public abstract class ConnectedCommand : PSCmdlet
{
    /// <summary>The connection to use; the session's by default.</summary>
    [Parameter]
    [ValidateNotNull]
    public SeedanceConnection? Connection { get; set; }

    /// <summary>False where the work can do without.</summary>
    private protected virtual bool NeedsConnection => true;

    private protected SeedanceConnection Connected => Connection ??= ConnectionStore.Current;

    /// <summary>Makes ready what depends on the connection, before there is any input.</summary>
    private protected virtual void Prepare()
    {
    }

    /// <summary>Finds the connection first: without one, nothing else makes sense.</summary>
    protected override void BeginProcessing()
    {
        DebugSwitch.NeverAsk(this);
        if (!NeedsConnection)
        {
            return;
        }

        try
        {
            if (ConnectionStore.TakeWarning(Connected) is { } warning)
            {
                WriteWarning(warning);
            }

            Prepare();
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }
}
