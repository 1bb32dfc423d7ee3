using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Checks rows before they are submitted: one check a row, with all that speaks against it. Nothing is submitted.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "SeedanceAsset")]
[OutputType(typeof(AssetCheck))]
public sealed class TestSeedanceAssetCommand : AssetRowCommand
{
    private readonly Channel<AssetRow> _rows = Channel.CreateBounded<AssetRow>(new BoundedChannelOptions(256) { SingleReader = true });
    private bool _allowsLoopback;

    /// <summary>Also asks every address what it holds, without the key, and never on a private network.</summary>
    [Parameter]
    public SwitchParameter Online { get; set; }

    /// <summary>Addresses asked at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    // The rules are the module's own: a key is needed for nothing, and a connection only to know whether it is a sandbox.
    private protected override bool NeedsConnection => Online;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _allowsLoopback = (Connection ?? ConnectionStore.Known)?.IsLocal ?? false;
        base.BeginProcessing();
    }

    private protected override void Take(AssetRow row) => Post(_rows.Writer, row);

    private protected override void CompleteRows() => _rows.Writer.Complete();

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var (checks, valid) = (0, 0);
        QueueVerbose(AssetRules.MaxSeconds(Model) is { } seconds
            ? $"Clips and voices for {Model ?? "the 2.0 models"} may be 2 to {seconds} seconds long; how long they are cannot be seen from here."
            : $"How long clips and voices for {Model} may be is not known.");
        await foreach (var check in (Online ? Connected.CreateChecker(MatchBy) : new AssetChecker(_allowsLoopback, MatchBy)).CheckAsync(_rows.Reader, ThrottleLimit, cancellationToken))
        {
            checks++;
            valid += check.IsValid ? 1 : 0;
            QueueObject(check);
        }

        QueueVerbose($"{checks} row(s) checked: {valid} valid, {checks - valid} not.");
    }
}
