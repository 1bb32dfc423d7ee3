using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Seedance.Client.Tests.Architecture;

/// <summary>
/// Reads from a compiled assembly, and the symbols inside it, which of its types use which, and from room to room.
/// A use is all that the metadata shows: base types, fields, signatures, constraints, attributes, and every type, field and method that
/// an instruction names. Constants are compiled in, and leave no trace.
/// </summary>
internal sealed class AssemblyReader
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly SourceFolders _folders;
    private readonly SignatureTypes _signatureTypes;
    private readonly HashSet<TypeUse> _uses = [];
    private Place? _from;

    private AssemblyReader(PEReader file, MetadataReader symbols, string project)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _folders = new SourceFolders(_metadata, symbols, project);
        _signatureTypes = new SignatureTypes(type => Add(type, _folders.FolderOf(type)));
    }

    /// <summary>Returns the uses between rooms, and the types of which the symbols do not say where they stand.</summary>
    public static (IReadOnlyCollection<TypeUse> Uses, IReadOnlyList<string> Homeless) Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var embedded = file.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = file.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var reader = new AssemblyReader(file, symbols.GetMetadataReader(), Path.GetFileNameWithoutExtension(path));
        foreach (var type in reader._metadata.TypeDefinitions)
        {
            reader.ReadType(type);
        }

        var homeless = reader._metadata.TypeDefinitions.Where(type => reader._folders.FolderOf(type) is null).Select(reader.NameOf).Distinct();
        return (reader._uses, [.. homeless.Order(StringComparer.Ordinal)]);
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        Enter(handle, _folders.FolderOf(handle));
        Use(type.BaseType);
        UseAttributes(type.GetCustomAttributes());
        UseConstraints(type.GetGenericParameters());
        foreach (var implementation in type.GetInterfaceImplementations())
        {
            Use(_metadata.GetInterfaceImplementation(implementation).Interface);
        }

        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            field.DecodeSignature(_signatureTypes, null);
            UseAttributes(field.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods())
        {
            Enter(handle, _folders.FolderOf(method));
            ReadMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        method.DecodeSignature(_signatureTypes, null);
        UseAttributes(method.GetCustomAttributes());
        UseConstraints(method.GetGenericParameters());
        foreach (var parameter in method.GetParameters())
        {
            UseAttributes(_metadata.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        Use(body.LocalSignature);
        foreach (var region in body.ExceptionRegions)
        {
            Use(region.CatchType);
        }

        foreach (var operand in Instructions.Operands(body.GetILReader()))
        {
            Use(operand);
        }
    }

    private void Use(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Add((TypeDefinitionHandle)handle, _folders.FolderOf((TypeDefinitionHandle)handle));
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(), _folders.FolderOf((MethodDefinitionHandle)handle));
                break;
            case HandleKind.FieldDefinition:
                Use(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatureTypes, null);
                break;
            case HandleKind.StandaloneSignature:
                var signature = _metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
                {
                    signature.DecodeLocalSignature(_signatureTypes, null);
                }

                break;
            case HandleKind.MemberReference:
                Use(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                method.DecodeSignature(_signatureTypes, null);
                Use(method.Method);
                break;
            default:
                break;
        }
    }

    private void UseAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
        {
            Use(_metadata.GetCustomAttribute(attribute).Constructor);
        }
    }

    private void UseConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints()))
        {
            Use(_metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void Enter(TypeDefinitionHandle type, string? room) => _from = room is null ? null : new Place(room, NameOf(type));

    private void Add(TypeDefinitionHandle type, string? room)
    {
        if (_from is not null && room is not null && room != _from.Room)
        {
            _uses.Add(new TypeUse(_from, new Place(room, NameOf(type))));
        }
    }

    // Of a nested type, the one around it: nobody files closures and state machines.
    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? NameOf(outer) : _metadata.GetString(type.Name).Split('`')[0];
    }
}
