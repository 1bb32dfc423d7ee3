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

    /// <summary>The one place that a path names, whether or not there is something yet.</summary>
    /// <param name="cmdlet">Whose current location a relative path begins at.</param>
    /// <param name="path">The path, as PowerShell writes it.</param>
    /// <param name="what">What it is the place of.</param>
    /// <exception cref="SeedanceException">It is no path of the file system.</exception>
    public static string Locate(PSCmdlet cmdlet, string path, string what)
    {
        string why;
        try
        {
            var place = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name == "FileSystem")
            {
                return place;
            }

            why = $"It is one of {provider.Name}.";
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or PSArgumentException or NotSupportedException)
        {
            why = e.Message;
        }

        throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The {what} '{path}' is no place in the file system. {why}")
        {
            RecommendedAction = "Give a whole path, or go to a folder first: Set-Location.",
        };
    }

    private static IReadOnlyList<string> RequireFiles(ProviderInfo provider, string path, IReadOnlyList<string> files) =>
        provider.Name == "FileSystem" ? files : throw No(path, $"It is one of {provider.Name}.");

    private static SeedanceException No(string path, string why) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"'{path}' is no path of a file. {why}")
        {
            RecommendedAction = "Give the path of a picture on this machine.",
        };
}
