using System.Text;
using System.Text.Json;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox.State;

/// <summary>
/// The review of one submission. The verdicts are bits and the names one block of bytes, because a rehearsal may
/// hold a million assets.
/// </summary>
internal sealed class ReviewTask(
    string id, long number, DateTimeOffset created, TimeSpan duration, AssetGroup group, string type, List<SubmittedAsset> assets, TaskFaults faults, Ids ids)
    : SandboxTask(id, created, duration, faults)
{
    private const string Rejected = "reject";
    private const string Stranger = "stranger";

    private readonly int _count = assets.Count;
    private readonly uint _failed = Bits(assets, asset => IsRejected(asset) || group.IsRealPerson && IsStranger(asset));
    private readonly bool _sawStranger = group.IsRealPerson && assets.Exists(IsStranger);
    private readonly byte[] _names = Pack(assets);

    /// <summary>Whether results come in another order than submitted; set where the task is made.</summary>
    public bool IsShuffled { get; init; }

    protected override TimeSpan? Estimate(SandboxOptions options) => options.ReviewTime.Max;

    protected override string? Failure(string language) =>
        _failed == 0 ? null : _sawStranger ? Messages.AnotherFace(language) : Messages.SomeRejected(language);

    protected override void WriteResult(Utf8JsonWriter json, TaskView view)
    {
        if (IncludesGroupId)
        {
            json.WriteString("group_id", group.Id);
        }

        var results = Results();
        if (view.EarlyResults is { } early && early < results.Count)
        {
            results.RemoveRange(early, results.Count - early);
        }

        bool IsUsable(int index) => view.AllUsable || !HasFailed(index);
        if (_count == 1 && results is [0] && IsUsable(0))
        {
            json.WriteString("asset_url", "asset://" + AssetId(0));
        }
        if (!Faults.Any(fault => fault.PartsOnly))
        {
            WriteAssets(json, "assets", results, IsUsable, isNamed: view.Options.EchoNames);
        }
        WriteAssets(json, "usable_assets", results.FindAll(IsUsable), IsUsable);
        WriteAssets(json, "failed_assets", results.FindAll(index => !IsUsable(index)), IsUsable);
    }

    /// <summary>Whether the group's id is told with the result.</summary>
    private bool IncludesGroupId => Faults.Find(fault => fault.GroupId) is GroupIdTime.Late or GroupIdTime.Both;

    public AssetGroup Group => group;

    public string Type => type;

    public int Count => _count;

    /// <summary>Whether a row has an asset of its own, and does not share that of an earlier row.</summary>
    public bool IsOwnAsset(int index) => index == 0 || index >= Faults.Count(fault => fault.SharedAssets);

    /// <summary>The state of a row's asset in the library.</summary>
    public string Status(int index, DateTimeOffset now) => !IsFinal(now) ? "Processing" : HasFailed(index) ? "Failed" : "Active";

    /// <summary>Why a row's asset failed; null while it has not.</summary>
    public string? Error(int index, DateTimeOffset now) =>
        !IsFinal(now) || !HasFailed(index) ? null
        : _sawStranger ? "FaceMismatch"
        : $"Input{type}SensitiveContentDetected.PolicyViolation";

    public string AssetId(int index) =>
        ids.Asset(number, IsOwnAsset(index) ? index : 0);

    private bool HasFailed(int index) => index < _count && (_failed >> index & 1) == 1;

    /// <summary>The places of the submission in the order of the results. What belongs to no row has a place behind the last.</summary>
    private List<int> Results()
    {
        Span<int> order = stackalloc int[_count];
        Arrange(order);
        List<int> results = [.. order];
        if (Faults.Any(fault => fault.MergesShared))
        {
            var shared = Faults.Count(fault => fault.SharedAssets);
            results.RemoveAll(index => index > 0 && index < shared);
        }

        var omitted = Math.Min(Faults.Count(fault => fault.OmittedResults), results.Count);
        results.RemoveRange(results.Count - omitted, omitted);
        results.AddRange(results[..Math.Min(Faults.Count(fault => fault.RepeatedResults), results.Count)]);
        results.AddRange(Enumerable.Range(_count, Faults.Count(fault => fault.ExtraResults)));
        return results;
    }

    private void WriteAssets(Utf8JsonWriter json, string member, List<int> results, Predicate<int> isUsable, bool isNamed = false)
    {
        var appended = Faults.Find(fault => fault.AppendedText);
        var unnamed = isNamed ? Faults.Count(fault => fault.UnnamedResults) : results.Count;
        json.WriteStartArray(member);
        for (var place = 0; place < results.Count; place++)
        {
            var index = results[place];
            var asset = AssetId(index) + appended;
            json.WriteStartObject();
            json.WriteString("asset_id", asset);
            json.WriteString("asset_url", "asset://" + asset);
            json.WriteString("status", (isUsable(index) ? "Active" : "Failed") + appended);
            if (place >= unnamed && EchoedName(index) is { Length: > 0 } name)
            {
                WriteName(json, name + appended);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteName(Utf8JsonWriter json, string name)
    {
        if (Faults.Any(fault => fault.PlainNames))
        {
            json.WriteString("name", name);
            return;
        }
        json.WriteStartObject("raw_response");
        json.WriteStartObject("Result");
        json.WriteString("Name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string EchoedName(int index) =>
        NameEcho.Change(index < _count ? Name(index) : $"extra-{index - _count + 1}", Faults);

    private void Arrange(Span<int> order)
    {
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }
        if (!IsShuffled || order.Length < 2)
        {
            return;
        }

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
        {
            bits |= isSet(assets[index]) ? 1u << index : 0;
        }
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

    /// <summary>The name of a row; empty when it has none.</summary>
    public string Name(int index)
    {
        var start = 0;
        for (; index > 0; index--)
        {
            start += 1 + _names[start];
        }
        return Encoding.UTF8.GetString(_names, start + 1, _names[start]);
    }
}
