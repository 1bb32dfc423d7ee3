using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Assets;
using Seedance.Http;
using Seedance.Transfers;

namespace Seedance;

/// <summary>
/// Checks rows before they are submitted: by the rules that a submission goes by, by what a review would refuse, and, if
/// asked to, by what the addresses answer.
/// </summary>
public sealed class AssetChecker
{
    private readonly Dictionary<UInt128, string> _seen = [];
    private readonly PublicAddress _policy;
    private readonly UrlProbe? _probe;

    /// <summary>Checks without any network.</summary>
    public AssetChecker()
        : this(new PublicAddress(), null)
    {
    }

    internal AssetChecker(PublicAddress policy, UrlProbe? probe)
    {
        _policy = policy;
        _probe = probe;
    }

    /// <summary>Checks what comes, one check a row, in the order of the rows; several addresses are asked at once.</summary>
    public async IAsyncEnumerable<AssetCheck> CheckAsync(
        ChannelReader<AssetRow> rows, int throttleLimit = 8, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(throttleLimit, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new Queue<Task<AssetCheck>>();
        try
        {
            while (underWay.Count > 0 || await rows.WaitToReadAsync(stop.Token))
            {
                while (underWay.Count < throttleLimit && rows.TryRead(out var row))
                {
                    underWay.Enqueue(CheckAsync(row, stop.Token));
                }

                if (underWay.TryDequeue(out var first))
                {
                    yield return await first;
                }
            }
        }
        finally
        {
            // A caller that has seen enough leaves no question behind.
            stop.Cancel();
            await Task.WhenAny(Task.WhenAll(underWay));
        }
    }

    private async Task<AssetCheck> CheckAsync(AssetRow row, CancellationToken cancellationToken)
    {
        var (source, found) = AssetRules.Read(row);
        var problems = found.ToList();
        var address = source.Picture is null && Uri.TryCreate(source.Address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;
        if (address is not null)
        {
            problems.AddRange(AssetPreflight.OfAddress(address, source.AssetType, _policy));
        }

        if (source.Identity is not null && Repeated(source) is { } earlier)
        {
            problems.Add(new(source.Picture is null ? "Url" : "Path", $"it repeats {earlier} (same material, group, project and type); it would be sent once"));
        }

        // What is not public is not asked.
        UrlResponse? answer = null;
        if (_probe is not null && address is not null && _policy.Objection(address) is null)
        {
            answer = await _probe.AskAsync(address, cancellationToken);
            problems.AddRange(AssetPreflight.OfAnswer(answer, source.AssetType));
        }

        return new AssetCheck(row)
        {
            Row = source.Row,
            Name = source.Name,
            Source = source.Path ?? source.SourceUrl,
            AssetType = source.AssetType,
            Problems = problems,
            ContentType = source.Picture?.Info.MediaType ?? answer?.ContentType,
            Length = source.Picture?.Length ?? answer?.Length,
            Width = source.Picture?.Info.Width,
            Height = source.Picture?.Info.Height,
        };
    }

    private string? Repeated(AssetSource source)
    {
        var place = ResumePolicy.KeyOf(source).ToRunHash();
        lock (_seen)
        {
            return _seen.TryAdd(place, source.ToString()) ? null : _seen[place];
        }
    }
}
