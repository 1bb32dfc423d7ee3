namespace Seedance.Connections;

/// <summary>Where the journal is, if the connection does not say.</summary>
internal static class JournalLocation
{
    /// <summary>The environment variable that names the journal's file.</summary>
    public const string Variable = "SEEDANCE_JOURNAL";

    /// <summary>The file that the environment names, or else the one in the user's data folder.</summary>
    /// <param name="named">The value of <see cref="Variable"/>; null or empty if it is not set.</param>
    /// <exception cref="SeedanceException">The environment names a relative path: it would mean another file from every folder.</exception>
    public static string Default(string? named)
    {
        if (named is not { Length: > 0 } path)
        {
            return DataFolder() is { Length: > 0 } folder ? Path.Combine(folder, "Seedance", "journal.jsonl") : throw new SeedanceException(
                SeedanceErrorKind.InvalidInput, Delivery.NotSent, "This user has no data folder, in which the journal could be found again.")
            {
                RecommendedAction = $"Name a file by its whole path: Connect-Seedance -JournalPath, or {Variable}.",
            };
        }

        // An address may carry a password: it is not repeated.
        if (path.Contains("://", StringComparison.Ordinal))
        {
            throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The environment variable {Variable} holds an address, where a file is wanted.")
            {
                RecommendedAction = "For a journal in a database: Connect-Seedance -Journal postgresql://host/database.",
            };
        }

        // Where no shell reads the value, as in a workflow's file, none replaces the sign either.
        if (path is ['~', '/' or '\\', ..])
        {
            path = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]);
        }

        return Path.IsPathFullyQualified(path) ? Path.GetFullPath(path) : throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent,
            $"The environment variable {Variable} is '{path}', a relative path: started from another folder, the same line would find another journal and send everything again.")
        {
            RecommendedAction = $"Give the whole path: {Variable}={Path.GetFullPath(path)}",
        };
    }

    private static string DataFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
}
