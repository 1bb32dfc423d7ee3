using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// Tells whether ShouldProcess has anything to ask or to show. With neither -WhatIf nor -Confirm in effect it would still
/// write a verbose line a row, and bury the story of the run.
/// </summary>
internal static class Confirmation
{
    public static bool IsWanted(PSCmdlet cmdlet, ConfirmImpact impact)
    {
        var given = cmdlet.MyInvocation.BoundParameters;
        var confirm = given.TryGetValue("Confirm", out var wanted)
            ? LanguagePrimitives.IsTrue(wanted)
            : cmdlet.SessionState.PSVariable.GetValue("ConfirmPreference") is ConfirmImpact least and not ConfirmImpact.None && least <= impact;
        return confirm || IsSimulated(cmdlet);
    }

    /// <summary>Tells whether -WhatIf is in effect.</summary>
    public static bool IsSimulated(PSCmdlet cmdlet) => LanguagePrimitives.IsTrue(
        cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out var asked) ? asked : cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference"));
}
