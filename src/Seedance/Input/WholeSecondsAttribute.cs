using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Takes a span where a number of seconds is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeSecondsAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is TimeSpan span ? span.TotalSeconds : inputData;
}
