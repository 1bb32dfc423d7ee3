using System.Globalization;
using System.Reflection;

namespace Seedance.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public const string Help = """
        Measures the module side by side with plain scripts and a bare loop, on the sandbox server.

          --parts A,B,…      delivery, notice, start, stream, wait, journal, resume, files (all)
          --rows N,N,…       rows of the delivery (2000,20000)
          --scenarios A,B,…  of the delivery: bare, module, unprofiled, parallel, sequential (all)
          --rounds N         rounds of bare, module and files, whose medians are told (3)
          --module PATH      the module's manifest (the one that the build laid out)
          --out FILE         where the tables are written (docs/performance.md if all parts ran, else nowhere)
          --micro …          micro-benchmarks instead; what follows goes to BenchmarkDotNet
        """;

    public IReadOnlyList<string> Parts { get; private init; } = [.. Workbench.Parts.Select(part => part.Name)];

    public IReadOnlyList<int> Rows { get; private init; } = [2000, 20_000];

    public IReadOnlyList<string> Scenarios { get; private init; } = ["bare", "module", "unprofiled", "parallel", "sequential"];

    public int Rounds { get; private init; } = 3;

    public string Module { get; private init; } = Metadata("ModuleManifest");

    public string? Out { get; private init; }

    public bool ShowsHelp { get; private init; }

    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or has an impossible one.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        var all = options.Parts;
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var option))
        {
            string Value() => rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{option} needs a value.");
            options = option switch
            {
                "--parts" => options with { Parts = Among(all, Value()) },
                "--scenarios" => options with { Scenarios = Among(["bare", "module", "unprofiled", "parallel", "sequential"], Value()) },
                "--rows" => options with { Rows = [.. Value().Split(',').Select(Number)] },
                "--rounds" => options with { Rounds = Number(Value()) },
                "--module" => options with { Module = Path.GetFullPath(Value()) },
                "--out" => options with { Out = Path.GetFullPath(Value()) },
                "--help" or "-h" => options with { ShowsHelp = true },
                _ => throw new ArgumentException($"{option} is not an option; --help tells them."),
            };
        }

        return options.Out is null && options.Parts.Count == all.Count && !options.ShowsHelp
            ? options with { Out = Metadata("Document") }
            : options;
    }

    private static string[] Among(IReadOnlyList<string> known, string list)
    {
        var names = list.Split(',');
        return Array.Find(names, name => !known.Contains(name)) is { } stranger
            ? throw new ArgumentException($"'{stranger}' is none of {string.Join(", ", known)}.")
            : names;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new ArgumentException($"'{text}' is not a whole number above 0.");

    private static string Metadata(string key) => typeof(BenchOptions).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
