using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Tests a connection with what costs nothing: key, address, clock, proxy and journal, in one object.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "SeedanceConnection")]
[OutputType(typeof(ConnectionTest))]
public sealed class TestSeedanceConnectionCommand : AsyncCommand
{
    private protected override async Task WorkAsync(CancellationToken cancellationToken) => QueueObject(await Connected.TestAsync(OnRequest, cancellationToken));
}
