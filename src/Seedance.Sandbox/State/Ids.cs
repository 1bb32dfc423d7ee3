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
