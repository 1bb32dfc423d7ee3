using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Takes a group's name where a group is asked for; an empty cell is no group.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GroupOrNameAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string name when string.IsNullOrWhiteSpace(name) => null,
            string name => new AvatarGroup { Name = name.Trim() },
            _ => inputData,
        };
}
