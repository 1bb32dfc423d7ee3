using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using Seedance.Loading;

namespace Seedance.Commands;

/// <summary>
/// Lets the cmdlets find the client, in a context of its own: other modules load other versions of the same libraries.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    // One for the life of the process: a type loaded twice would not be the same type after Import-Module -Force.
    private static readonly LibraryContext s_libraries = new(Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "lib"));

    // Opens the files with the import, not with the first command: a type with a static constructor does not put its fields off.
    static ModuleInitializer()
    {
    }

    /// <summary>Begins to answer for the module's own assemblies.</summary>
    public void OnImport() => AssemblyLoadContext.Default.Resolving += Resolve;

    /// <summary>Stops answering, and closes the connections.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        AssemblyLoadContext.Default.Resolving -= Resolve;
        ConnectionStore.CloseAll();
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is "Seedance.Client" or "Seedance.Sandbox" or "Seedance.Journal.PostgreSql" ? s_libraries.Find(name) : null;
}
