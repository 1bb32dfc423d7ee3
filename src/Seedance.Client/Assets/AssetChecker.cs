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
    private readonly RowIdRegister _rowIds = new();
    private readonly MatchBy _matchBy;
    private readonly PublicAddress _policy;
    private readonly UrlProbe? _probe;

    /// <summary>Checks without any network.</summary>
    /// <param name="allowsLoopback">True if the server is this machine itself, and can fetch from it.</param>
    /// <param name="matchBy">By what rows are known again, and found to repeat each other.</param>
    public AssetChecker(bool allowsLoopback = false, MatchBy matchBy = MatchBy.Address)
        : this(new PublicAddress(allowsLoopback), null, matchBy)
    {
    }

    internal AssetChecker(PublicAddress policy, UrlProbe? probe, MatchBy matchBy = MatchBy.Address)
    {
        _policy = policy;
        _probe = probe;
        _matchBy = matchBy;
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
        var (source, found) = AssetRules.Read(row, _matchBy, _policy);
        var problems = found.ToList();
        var address = source.Picture is null && Uri.TryCreate(source.Address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;
        if (address is not null)
        {
            problems.AddRange(AssetPreflight.OfAddress(address, source.AssetType));
        }

        if (source.Identity is not null && Repetition(source) is { } repetition)
        {
            problems.Add(repetition);
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
            Name = source.IsNameGenerated ? null : source.Name,
            Source = source.Path ?? source.SourceUrl,
            AssetType = source.AssetType,
            Problems = problems,
            ContentType = source.Picture?.Info.MediaType ?? answer?.ContentType,
            Length = source.Picture?.Length ?? answer?.Length,
            Width = source.Picture?.Info.Width,
            Height = source.Picture?.Info.Height,
        };
    }

    private AssetProblem? Repetition(AssetSource source)
    {
        var place = ResumePolicy.KeyOf(source, _matchBy).ToRunHash();
        lock (_seen)
        {
            return _rowIds.Add(source) is { } otherRow ? otherRow
                : _seen.TryAdd(place, source.ToString()) ? null
                : new(source.Picture is null ? "Url" : "Path", $"it repeats {_seen[place]} (same material, group, project and type); it would be sent once");
        }
    }
}
