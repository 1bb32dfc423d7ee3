using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Seedance.Commands;

/// <summary>Completes an address to listen on from those that this machine has; a phone reaches the ones of its own network.</summary>
public sealed class ListenAddressCompleter : IArgumentCompleter
{
    private const int UsualPort = 8080;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus != OperationalStatus.Down)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses, (network, own) => (network.Name, own.Address))
            .Where(own => own.Address.AddressFamily == AddressFamily.InterNetwork)
            .OrderBy(own => IPAddress.IsLoopback(own.Address))
            .Select(own => (Url: $"http://{own.Address}:{UsualPort}/", own.Name))
            .Where(own => own.Url.Contains(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(own => new CompletionResult(own.Url, own.Url, CompletionResultType.ParameterValue, own.Name));
}
