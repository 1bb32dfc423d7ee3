using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Shows what is left to spend.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceBalance")]
[OutputType(typeof(Balance))]
public sealed class GetSeedanceBalanceCommand : AsyncCommand
{
    /// <summary>The balance of the whole account instead of this key's.</summary>
    [Parameter]
    public SwitchParameter Account { get; set; }

    private protected override async Task WorkAsync(CancellationToken cancellationToken) =>
        QueueObject(await Connected.GetClient().WithRequestObserver(OnRequest).GetBalanceAsync(Account, cancellationToken));
}
