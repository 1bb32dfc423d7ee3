using System.Globalization;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads a number as seconds where a span is asked for; PowerShell itself would read ticks, or days.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var seconds = value switch
        {
            // A wrapper, such as a proxy function, makes ticks of a number; nobody waits for less than a millisecond.
            TimeSpan { Ticks: > 0 and < TimeSpan.TicksPerMillisecond } ticks => ticks.Ticks,
            TimeSpan => null,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            IConvertible number and not string => number.ToDouble(CultureInfo.InvariantCulture),
            _ => (double?)null,
        };
        return seconds switch
        {
            null => inputData,
            < 0 or > 1e9 or double.NaN => throw new ArgumentTransformationMetadataException($"{seconds} is no number of seconds to wait."),
            _ => TimeSpan.FromSeconds(seconds.Value),
        };
    }
}
