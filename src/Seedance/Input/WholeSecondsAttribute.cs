using System.Globalization;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Takes a span where a number of seconds is asked for, and refuses a fraction, which the binder would round in silence.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeSecondsAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is TimeSpan span ? span.TotalSeconds : inputData;

        // Text that no cast takes: on the command line it is the error's; of a row, the binder passes over it, and the row's own error tells.
        return LanguagePrimitives.TryConvertTo<double>(value, CultureInfo.InvariantCulture, out var seconds) && seconds != Math.Truncate(seconds)
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds} is no whole number of seconds")
            : value;
    }
}
