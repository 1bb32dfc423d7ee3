using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Takes an empty cell, where a group is asked for, as no group; all else is converted by the type itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GroupOrNameAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string name ? Groups.From(name) : inputData;
}
