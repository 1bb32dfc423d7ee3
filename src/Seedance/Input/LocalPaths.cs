using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Turns PowerShell's paths into those of files.</summary>
internal static class LocalPaths
{
    /// <summary>
    /// The files that a path stands for. A file of exactly this name counts before any pattern; a path that finds nothing is
    /// given back, for its user to say so.
    /// </summary>
    /// <exception cref="SeedanceException">It is no path of the file system.</exception>
    public static IReadOnlyList<string> Resolve(PSCmdlet cmdlet, string path, bool isLiteral)
    {
        try
        {
            var paths = cmdlet.SessionState.Path;
            var plain = paths.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (!isLiteral && WildcardPattern.ContainsWildcardCharacters(path) && !File.Exists(plain)
                && paths.GetResolvedProviderPathFromPSPath(path, out provider) is { Count: > 0 } found)
            {
                return RequireFiles(provider, path, [.. found]);
            }

            return RequireFiles(provider, path, [plain]);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or PSArgumentException or NotSupportedException)
        {
            throw No(path, e.Message);
        }
    }

    private static IReadOnlyList<string> RequireFiles(ProviderInfo provider, string path, IReadOnlyList<string> files) =>
        provider.Name == "FileSystem" ? files : throw No(path, $"It is one of {provider.Name}.");

    private static SeedanceException No(string path, string why) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"'{path}' is no path of a file. {why}")
        {
            RecommendedAction = "Give the path of a picture on this machine.",
        };
}
