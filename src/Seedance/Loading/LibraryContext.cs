using System.Reflection;
using System.Runtime.Loader;

namespace Seedance.Loading;

/// <summary>
/// Loads what lies in the module's <c>lib</c> folder from there, whatever version of it the session has loaded. What the
/// runtime itself has in that version or a newer one is taken from the runtime: it is compiled ahead of time. The files
/// are held open from the beginning: an update may remove the folder, or put another version into it, while a job runs.
/// </summary>
internal sealed class LibraryContext : AssemblyLoadContext
{
    private static readonly string s_runtimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly object _gate = new();
    private readonly Dictionary<string, Library> _libraries = new(StringComparer.OrdinalIgnoreCase);

    public LibraryContext(string folder)
        : base("Seedance")
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.dll"))
        {
            _libraries.Add(Path.GetFileNameWithoutExtension(path), new Library(path));
        }
    }

    /// <summary>The assembly from the folder; null if it was not there.</summary>
    public Assembly? Find(AssemblyName name)
    {
        if (name.Name is null || !_libraries.TryGetValue(name.Name, out var library))
        {
            return null;
        }

        lock (_gate)
        {
            return library.Assembly ??= library.IsAsItWas ? LoadFromAssemblyPath(library.Path) : LoadFromStream(library.Content);
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsOfRuntime(assemblyName) ? Default.LoadFromAssemblyName(new AssemblyName(assemblyName.Name!)) : Find(assemblyName);

    // The runtime's HTTP handlers speak of meters in the runtime's own types: a second copy of those would not fit, however new.
    private static bool IsOfRuntime(AssemblyName name) =>
        File.Exists(Path.Combine(s_runtimeFolder, $"{name.Name}.dll"))
        && (name.Version?.Major <= Environment.Version.Major || name.Name == "System.Diagnostics.DiagnosticSource");

    /// <summary>A file of the folder.</summary>
    private sealed class Library(string path)
    {
        private readonly DateTime _changedAt = File.GetLastWriteTimeUtc(path);

        public string Path => path;

        public FileStream Content { get; } = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

        public Assembly? Assembly { get; set; }

        /// <summary>True if the path still leads to this file: only from there does the runtime take the compiled code.</summary>
        public bool IsAsItWas => new FileInfo(path) is { Exists: true } now && now.LastWriteTimeUtc == _changedAt && now.Length == Content.Length;
    }
}
