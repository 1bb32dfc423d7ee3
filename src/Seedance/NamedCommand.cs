using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>A cmdlet that does the same for each name that comes, from the command line or down the pipeline.</summary>
public abstract class NamedCommand : AsyncCommand
{
    private readonly Channel<string?> _names = Channel.CreateUnbounded<string?>();

    /// <summary>Gets the name of this input; null if there is none.</summary>
    private protected abstract string? InputName { get; }

    /// <summary>The work for one name.</summary>
    private protected abstract Task WorkAsync(string? name, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void ProcessRecord() => Post(_names.Writer, InputName);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _names.Writer.Complete();
        base.EndProcessing();
    }

    private protected sealed override async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (var name in _names.Reader.ReadAllAsync(cancellationToken))
        {
            await WorkAsync(name, cancellationToken);
        }
    }
}
