using System.Management.Automation;
using System.Reflection;

namespace Seedance.Commands;

/// <summary>
/// Makes <c>-Debug</c> say, and never ask. PowerShell takes the switch as a wish to be asked at every verbose line, warning
/// and error as well, which ends a command where nobody can answer; no public member tells it otherwise.
/// </summary>
internal static class DebugSwitch
{
    /// <summary>With <c>-Debug</c>, the debug stream is written and every other one goes by its own preference.</summary>
    public static void NeverAsk(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue("Debug", out var debug) && debug is SwitchParameter { IsPresent: true })
        {
            Set(cmdlet.CommandRuntime, "Debug", false);
            Set(cmdlet.CommandRuntime, "IsDebugFlagSet", false);
            Set(cmdlet.CommandRuntime, "DebugPreference", ActionPreference.Continue);
        }
    }

    private static void Set(ICommandRuntime runtime, string name, object value) =>
        runtime.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)?.SetValue(runtime, value);
}
