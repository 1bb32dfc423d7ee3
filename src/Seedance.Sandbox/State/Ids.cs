namespace Seedance.Sandbox.State;

/// <summary>
/// Ids that look like the service's, never repeat, and follow from seed and count alone. The ids of a task's assets
/// follow from the task's number, so that a million assets need no stored id.
/// </summary>
internal sealed class Ids(int seed)
{
    // Crockford's alphabet, as in the ULIDs of the service.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly ulong _offset = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15);
    private long _count;

    /// <summary>The number of a new task, group, session or file.</summary>
    public long Next() => ++_count;

    public string Task(long number) => "task_01K" + Spell(Scramble(number), 13) + Spell(Scramble(~number), 10);

    public string Asset(long taskNumber, int index) => "asset_" + Spell(Scramble(taskNumber << 8 | (uint)index), 13);

    public string Group(long number) => "group_" + Spell(Scramble(number), 13);

    public string Token(long number) => "token_" + Spell(Scramble(~number), 13) + Spell(Scramble(number), 13);

    /// <summary>Reads an asset's id back: the number of its task and its place in it.</summary>
    public bool TryReadAsset(string id, out long taskNumber, out int index)
    {
        const string Prefix = "asset_";
        (taskNumber, index) = (0, 0);
        if (id.Length != Prefix.Length + 13 || !id.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var value = 0UL;
        for (var place = id.Length - 1; place >= Prefix.Length; place--)
        {
            var digit = Alphabet.IndexOf(id[place], StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }
            value = value << 5 | (uint)digit;
        }
        var number = (long)(Unmix(value) - _offset);
        (taskNumber, index) = (number >> 8, (int)(number & 0xFF));
        return true;
    }

    /// <summary>A number in [0, 1) that belongs to this number and purpose.</summary>
    public double Share(long number, int purpose = 0) => (Draw(number, purpose) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A 64-bit draw that belongs to this number and purpose.</summary>
    public ulong Draw(long number, int purpose) => Mix(Scramble(number) + (ulong)(uint)purpose * 0xD1B54A32D192ED03);

    /// <summary>The finalizer of SplitMix64: a bijection, so that distinct numbers stay distinct.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }

    // Backwards through Mix: the factors are the inverses of its own, modulo 2^64.
    private static ulong Unmix(ulong value)
    {
        value = (value ^ value >> 31 ^ value >> 62) * 0x319642B2D24D8EC3;
        value = (value ^ value >> 27 ^ value >> 54) * 0x96DE1B173F119089;
        return value ^ value >> 30 ^ value >> 60;
    }

    private ulong Scramble(long number) => Mix((ulong)number + _offset);

    private static string Spell(ulong value, int length) => string.Create(length, value, static (span, bits) =>
    {
        foreach (ref var letter in span)
        {
            letter = Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }
    });
}
