using Xunit.Sdk;

namespace Seedance.Tests;

/// <summary>A Pester test that has been run.</summary>
/// <param name="Name">Where it stands: blocks and test, with a dot between.</param>
/// <param name="Result">What Pester says of it, such as Passed or Skipped.</param>
/// <param name="Message">The failure, or the reason why it was skipped.</param>
/// <param name="StackTrace">Where in the Pester file it failed.</param>
public sealed record PesterTest(string Name, string Result, string Message, string StackTrace = "")
{
    /// <summary>Whether the test was told, or decided, not to run.</summary>
    public bool IsSkipped => Result is "Skipped" or "Inconclusive";

    /// <summary>Fails as the Pester test did.</summary>
    public void Verify()
    {
        if (Result != "Passed")
        {
            throw new PesterFailure(Message.Length > 0 ? Message : $"Pester says: {Result}.", StackTrace);
        }
    }
}

/// <summary>A failure whose stack is that of the Pester file.</summary>
internal sealed class PesterFailure(string message, string stackTrace) : Exception(message), IAssertionException
{
    public override string StackTrace => stackTrace;
}
