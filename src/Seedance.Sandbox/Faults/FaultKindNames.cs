using System.Text.Json;

namespace Seedance.Sandbox.Faults;

/// <summary>The names of the kinds in JSON.</summary>
public static class FaultKindNames
{
    internal static JsonNamingPolicy Policy { get; } = new Spelling();

    /// <summary>Returns the name that orders use, such as <c>reset-before</c>.</summary>
    /// <param name="kind">The kind.</param>
    public static string Name(this FaultKind kind) => Policy.ConvertName(kind.ToString());

    // The framework's kebab case would not part the number from the word before it.
    private sealed class Spelling : JsonNamingPolicy
    {
        public override string ConvertName(string name) => KebabCaseLower.ConvertName(name).Replace("in200", "in-200", StringComparison.Ordinal);
    }
}
