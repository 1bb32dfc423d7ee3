using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Seedance.Client.Tests.Architecture;

/// <summary>
/// Tells from an assembly's symbols in which folder of its project each method and each type was written.
/// A type of several files belongs where the file of its own name is; each of its methods, where that method stands.
/// Generated code stands nowhere, and so belongs to its type.
/// </summary>
internal sealed class SourceFolders(MetadataReader metadata, MetadataReader symbols, string project)
{
    // The documents of a type none of whose methods has a statement, such as an interface or an enumeration.
    private static readonly Guid s_typeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    // An asynchronous method's statements stand in a type that the compiler made of it.
    private readonly ILookup<MethodDefinitionHandle, MethodDefinitionHandle> _bodies = metadata.MethodDefinitions
        .ToLookup(method => symbols.GetMethodDebugInformation(method).GetStateMachineKickoffMethod());

    private readonly Dictionary<TypeDefinitionHandle, string?> _folders = [];

    public string? FolderOf(MethodDefinitionHandle method) =>
        FirstFolder(DocumentsOf(method)) ?? FolderOf(metadata.GetMethodDefinition(method).GetDeclaringType());

    public string? FolderOf(TypeDefinitionHandle type)
    {
        if (!_folders.TryGetValue(type, out var folder))
        {
            _folders[type] = folder = Find(type);
        }

        return folder;
    }

    private string? Find(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name).Split('`')[0];
        var documents = type.GetMethods().SelectMany(DocumentsOf).Concat(DocumentsOf(handle)).Distinct().ToList();
        var own = documents.Where(document => Path.GetFileNameWithoutExtension(document) == name);
        return FirstFolder(own) ?? FirstFolder(documents) ?? (type.GetDeclaringType() is { IsNil: false } outer ? FolderOf(outer) : null);
    }

    private string? FirstFolder(IEnumerable<string> documents) => documents.Select(Folder).FirstOrDefault(folder => folder is not null);

    private string? Folder(string document)
    {
        var path = document.Replace('\\', '/');
        var start = path.LastIndexOf($"/{project}/", StringComparison.Ordinal) + project.Length + 2;
        var end = path.LastIndexOf('/');
        return start <= project.Length + 1 || end < start || path.EndsWith(".g.cs", StringComparison.Ordinal) ? null : path[start..end];
    }

    private IEnumerable<string> DocumentsOf(MethodDefinitionHandle method) =>
        from body in _bodies[method].Prepend(method)
        from point in symbols.GetMethodDebugInformation(body).GetSequencePoints()
        select NameOf(point.Document);

    private IEnumerable<string> DocumentsOf(TypeDefinitionHandle type)
    {
        foreach (var handle in symbols.GetCustomDebugInformation(type))
        {
            var information = symbols.GetCustomDebugInformation(handle);
            if (symbols.GetGuid(information.Kind) == s_typeDocuments)
            {
                var rows = symbols.GetBlobReader(information.Value);
                while (rows.RemainingBytes > 0)
                {
                    yield return NameOf(MetadataTokens.DocumentHandle(rows.ReadCompressedInteger()));
                }
            }
        }
    }

    private string NameOf(DocumentHandle document) => symbols.GetString(symbols.GetDocument(document).Name);
}
