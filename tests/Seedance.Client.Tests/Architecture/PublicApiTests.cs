using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Seedance.Client.Tests.Architecture;

/// <summary>What users of the library can reach changes only where someone has read the change.</summary>
public sealed class PublicApiTests
{
    private static readonly string s_folder = typeof(PublicApiTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ProjectFolder").Value!;

    // That a method is compiled as a state machine is nobody's concern outside.
    private static readonly ApiGeneratorOptions s_options = new()
    {
        IncludeAssemblyAttributes = false,
        ExcludeAttributes = [typeof(AsyncIteratorStateMachineAttribute).FullName!, typeof(IteratorStateMachineAttribute).FullName!, typeof(EnumeratorCancellationAttribute).FullName!],
    };

    [Fact]
    public void The_public_surface_of_the_client_is_the_one_that_was_approved()
    {
        var approved = Path.Combine(s_folder, "Architecture", "PublicApi.approved.txt");
        var received = Path.ChangeExtension(approved, null).Replace(".approved", ".received.txt", StringComparison.Ordinal);
        var text = typeof(SeedanceClient).Assembly.GeneratePublicApi(s_options).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("SEEDANCE_APPROVE") == "1")
        {
            File.WriteAllText(approved, text);
        }

        var expected = File.ReadAllText(approved).ReplaceLineEndings("\n");
        if (text == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail($"""
            The public surface of Seedance.Client is not the one in {approved}.
            New or changed:
            {Difference(text, expected)}
            Gone or changed:
            {Difference(expected, text)}
            If that is meant, approve it and commit the file: SEEDANCE_APPROVE=1 dotnet test tests/Seedance.Client.Tests --filter PublicApi
            """);
    }

    private static string Difference(string text, string other) => string.Join('\n', text.Split('\n').Except(other.Split('\n')));
}
