using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// Reads the id of what is given for one: a task, a row or a hashtable with a TaskId. What has none becomes a mark that is
/// refused with advice; as text, PowerShell would make a path of the whole row.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TaskIdAttribute : ArgumentTransformationAttribute
{
    private const string RowWithoutId = "@{}";

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Id(inputData)!;

    private static object? Id(object? input) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        null or string or ValueType => input,
        IDictionary row => row.Contains("TaskId") ? row["TaskId"] : RowWithoutId,
        IEnumerable list => list.Cast<object?>().Select(Id).ToArray(),
        var other => PSObject.AsPSObject(input ?? other).Properties["TaskId"] is { } id ? id.Value : RowWithoutId,
    };
}
