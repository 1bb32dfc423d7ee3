using System.Reflection;
using System.Runtime.Loader;

namespace Seedance.Loading;

/// <summary>
/// Loads what lies in the module's <c>lib</c> folder from there, whatever version of it the session has loaded. What the
/// runtime itself has in that version or a newer one is taken from the runtime: it is compiled ahead of time.
/// </summary>
internal sealed class LibraryContext(string folder) : AssemblyLoadContext("Seedance")
{
    private static readonly string s_runtimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    /// <summary>The assembly from the folder; null if it is not there.</summary>
    public Assembly? Find(AssemblyName name)
    {
        var path = Path.Combine(folder, $"{name.Name}.dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsOfRuntime(assemblyName) ? Default.LoadFromAssemblyName(new AssemblyName(assemblyName.Name!)) : Find(assemblyName);

    // The runtime's HTTP handlers speak of meters in the runtime's own types: a second copy of those would not fit, however new.
    private static bool IsOfRuntime(AssemblyName name) =>
        File.Exists(Path.Combine(s_runtimeFolder, $"{name.Name}.dll"))
        && (name.Version?.Major <= Environment.Version.Major || name.Name == "System.Diagnostics.DiagnosticSource");
}
