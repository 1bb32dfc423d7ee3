using System.Text.Json;

namespace Seedance.SandboxServer;

/// <summary>The names of the kinds in JSON.</summary>
internal static class FaultKindNames
{
    public static JsonNamingPolicy Policy { get; } = new Spelling();

    public static string Name(this FaultKind kind) => Policy.ConvertName(kind.ToString());

    // The framework's kebab case would not part the number from the word before it.
    private sealed class Spelling : JsonNamingPolicy
    {
        public override string ConvertName(string name) => KebabCaseLower.ConvertName(name).Replace("in200", "in-200", StringComparison.Ordinal);
    }
}
