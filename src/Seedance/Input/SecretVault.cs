using System.Management.Automation;
using System.Security;

namespace Seedance.Commands;

/// <summary>Reads a key from Microsoft.PowerShell.SecretManagement, where that is installed.</summary>
internal static class SecretVault
{
    public static SecureString Read(PSCmdlet cmdlet, string name, string? vault)
    {
        var command = cmdlet.InvokeCommand.GetCommand("Get-Secret", CommandTypes.Cmdlet | CommandTypes.Function)
            ?? throw Failure($"The secret '{name}' cannot be read: SecretManagement is not installed.",
                "Install-Module Microsoft.PowerShell.SecretManagement, or give the key by -ApiKey or SEEDANCE_API_KEY.");
        return Find(command, name, vault) switch
        {
            SecureString secret => secret,
            string text => (SecureString)new SecretTextAttribute().Transform(null!, text),
            PSCredential credential => credential.Password,
            _ => throw Failure($"The secret '{name}' holds no text that could be a key.", "Store the key as a string: Set-Secret."),
        };
    }

    private static object? Find(CommandInfo command, string name, string? vault)
    {
        string? trouble;
        try
        {
            // One vault that cannot be read is no reason not to look into the next.
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);

            // In a scope of its own: a Get-Secret that is a function would leave its variables, the key among them, in the user's session.
            var qualified = command.ModuleName.Length > 0 ? $"{command.ModuleName}\\{command.Name}" : command.Name;
            shell.AddCommand(qualified, useLocalScope: true).AddParameter("Name", name).AddParameter("ErrorAction", ActionPreference.Continue);
            if (vault is not null)
            {
                shell.AddParameter("Vault", vault);
            }

            if (shell.Invoke().FirstOrDefault() is { } found)
            {
                return found.BaseObject;
            }

            trouble = shell.Streams.Error.FirstOrDefault()?.ToString() ?? "nothing was found.";
        }
        catch (RuntimeException e)
        {
            trouble = e.Message;
        }

        throw Failure($"The secret '{name}' cannot be read: {trouble}", "Get-SecretInfo lists the secrets there are; Unlock-SecretStore opens a locked store.");
    }

    private static SeedanceException Failure(string message, string action) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, message) { RecommendedAction = action };
}
