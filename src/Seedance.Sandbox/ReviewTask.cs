using System.Text;
using System.Text.Json;

namespace Seedance.Sandbox;

/// <summary>
/// The review of one submission. The verdicts are bits and the names one block of bytes, because a rehearsal may
/// hold a million assets.
/// </summary>
internal sealed class ReviewTask(
    string id, long number, DateTimeOffset created, TimeSpan duration, List<SubmittedAsset> assets, bool comparesFaces, bool keepsNames, Ids ids)
    : SandboxTask(id, created, duration)
{
    private const string Rejected = "reject";
    private const string Stranger = "stranger";

    private readonly int _count = assets.Count;
    private readonly uint _failed = Bits(assets, asset => IsRejected(asset) || comparesFaces && IsStranger(asset));
    private readonly bool _sawStranger = comparesFaces && assets.Exists(IsStranger);
    private readonly byte[]? _names = keepsNames ? Pack(assets) : null;

    protected override TimeSpan? Estimate(SandboxOptions options) => options.ReviewTime.Max;

    protected override string? Failure(string language) =>
        _failed == 0 ? null : _sawStranger ? Messages.AnotherFace(language) : Messages.SomeRejected(language);

    protected override void WriteResult(Utf8JsonWriter json, string filesBase)
    {
        Span<int> order = stackalloc int[_count];
        Arrange(order);

        if (_count == 1 && _failed == 0)
            json.WriteString("asset_url", "asset://" + ids.Asset(number, 0));
        WriteAssets(json, "assets", order, _ => true, _names);
        WriteAssets(json, "usable_assets", order, index => !HasFailed(index), null);
        WriteAssets(json, "failed_assets", order, HasFailed, null);
    }

    private bool HasFailed(int index) => (_failed >> index & 1) == 1;

    private void WriteAssets(Utf8JsonWriter json, string member, Span<int> order, Predicate<int> belongs, byte[]? names)
    {
        json.WriteStartArray(member);
        foreach (var index in order)
        {
            if (!belongs(index))
                continue;
            var asset = ids.Asset(number, index);
            json.WriteStartObject();
            json.WriteString("asset_id", asset);
            json.WriteString("asset_url", "asset://" + asset);
            json.WriteString("status", HasFailed(index) ? "Failed" : "Active");
            if (names is not null && NameAt(names, index) is { IsEmpty: false } name)
            {
                json.WriteStartObject("raw_response");
                json.WriteStartObject("Result");
                json.WriteString("Name", name);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Whether results come in another order than submitted; set where the task is made.</summary>
    public bool IsShuffled { get; init; }

    private void Arrange(Span<int> order)
    {
        for (var index = 0; index < order.Length; index++)
            order[index] = index;
        if (!IsShuffled || order.Length < 2)
            return;

        // Sattolo's shuffle makes one cycle of all: no asset keeps its place, so the order is never the submitted one.
        for (var last = order.Length - 1; last > 0; last--)
        {
            var other = (int)(ids.Draw(number, last) % (ulong)last);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }

    private static bool IsRejected(SubmittedAsset asset) => Mentions(asset.Url, Rejected) || Mentions(asset.Name, Rejected);

    private static bool IsStranger(SubmittedAsset asset) => Mentions(asset.Name, Stranger);

    private static bool Mentions(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static uint Bits(List<SubmittedAsset> assets, Predicate<SubmittedAsset> isSet)
    {
        var bits = 0u;
        for (var index = 0; index < assets.Count; index++)
            bits |= isSet(assets[index]) ? 1u << index : 0;
        return bits;
    }

    // Each name is its length in one byte and its UTF-8: a name has at most 64 characters, so at most 192 bytes.
    private static byte[] Pack(List<SubmittedAsset> assets)
    {
        var packed = new byte[assets.Sum(asset => 1 + Encoding.UTF8.GetByteCount(asset.Name ?? ""))];
        var end = 0;
        foreach (var asset in assets)
        {
            var length = Encoding.UTF8.GetBytes(asset.Name ?? "", packed.AsSpan(end + 1));
            packed[end] = (byte)length;
            end += 1 + length;
        }
        return packed;
    }

    private static ReadOnlySpan<byte> NameAt(byte[] names, int index)
    {
        var start = 0;
        for (; index > 0; index--)
            start += 1 + names[start];
        return names.AsSpan(start + 1, names[start]);
    }
}
