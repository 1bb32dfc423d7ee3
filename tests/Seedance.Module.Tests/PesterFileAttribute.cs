using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Seedance.Tests;

/// <summary>Runs a Pester file and gives each of its tests to the theory as a row: what came of it there comes of it here.</summary>
/// <param name="file">The name of the file, in the folder of the project.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PesterFileAttribute(string file) : DataAttribute
{
    /// <summary>The tests are known once they have been run.</summary>
    /// <returns>False.</returns>
    public override bool SupportsDiscoveryEnumeration() => false;

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var run = await PesterRun.OfAsync(file, TestContext.Current.CancellationToken);
        return [.. run.Select(test => new TheoryDataRow<PesterTest>(test)
        {
            TestDisplayName = $"{file}: {test.Name}",
            Label = "",
            Skip = test.IsSkipped ? test.Message : null,
        })];
    }
}
