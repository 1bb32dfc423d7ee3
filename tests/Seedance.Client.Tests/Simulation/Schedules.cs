using System.Globalization;

namespace Seedance.Client.Tests.Simulation;

/// <summary>Runs schedules of a simulation, a seed each.</summary>
internal static class Schedules
{
    /// <summary>The seed that SEEDANCE_SIMULATION_SEED names; null if it names none.</summary>
    public static ulong? Seed { get; } = Setting("SEEDANCE_SIMULATION_SEED");

    /// <summary>How many to run: as many as SEEDANCE_SIMULATION_SCHEDULES says, or else one if it is named, and <paramref name="usual"/> if not.</summary>
    public static ulong Count(ulong usual) => Setting("SEEDANCE_SIMULATION_SCHEDULES") ?? (Seed is null ? usual : 1);

    /// <summary>Returns what broke a promise, by its seed; where one schedule is run, with its evidence.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="run">Runs the schedule of a seed: what broke, or null, and how to tell what there was.</param>
    public static List<string> Search(ulong first, ulong count, Func<ulong, (string? Wrong, Func<string> Evidence)> run)
    {
        var broken = new List<string>();
        Parallel.For(0, (long)count, i =>
        {
            var seed = first + (ulong)i;
            if (run(seed) is (string wrong, var evidence))
            {
                lock (broken)
                {
                    broken.Add(count == 1 ? $"seed {seed}: {wrong}\n{evidence()}" : $"seed {seed}: {wrong}");
                }
            }
        });
        return broken;
    }

    private static ulong? Setting(string name) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
