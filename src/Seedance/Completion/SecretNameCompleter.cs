using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Seedance.Commands;

/// <summary>Completes the names of secrets, where SecretManagement is installed.</summary>
public sealed class SecretNameCompleter : IArgumentCompleter
{
    // A vault may be far away; whoever types does not wait for it.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // In a session of its own, which has no screen: a vault that is locked asks nobody for its password.
        var shell = PowerShell.Create();
        try
        {
            shell.AddCommand("Get-SecretInfo").AddParameter("Name", $"{WildcardPattern.Escape(CompletionText.Typed(wordToComplete))}*");
            if (fakeBoundParameters?["VaultName"] is string vault)
            {
                shell.AddParameter("Vault", vault);
            }

            var listing = shell.BeginInvoke();
            if (!listing.AsyncWaitHandle.WaitOne(s_patience))
            {
                shell.BeginStop(_ => shell.Dispose(), null);
                return [];
            }

            CompletionResult[] offers = [.. shell.EndInvoke(listing).Select(secret => CompletionText.Offer($"{secret.Properties["Name"]?.Value}", $"{secret.Properties["Type"]?.Value} in {secret.Properties["VaultName"]?.Value}"))];
            shell.Dispose();
            return offers;
        }
        catch (Exception)
        {
            // An error in the middle of a line that somebody is typing helps nobody.
            shell.Dispose();
            return [];
        }
    }
}
