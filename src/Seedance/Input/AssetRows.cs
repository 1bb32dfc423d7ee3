using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads the rows that an input stands for: its cells as the binder found them, and what the input itself is.</summary>
internal static class AssetRows
{
    /// <summary>The rows: one, or one a file where a path has wildcards.</summary>
    /// <param name="cmdlet">The cmdlet, for its current folder.</param>
    /// <param name="cells">The parameters.</param>
    /// <param name="input">The input; null if there is none.</param>
    /// <param name="groupIsGiven">True if the group is from the command line.</param>
    /// <exception cref="SeedanceException">The path is none of the file system.</exception>
    public static IReadOnlyList<AssetRow> From(PSCmdlet cmdlet, AssetRow cells, PSObject? input, bool groupIsGiven)
    {
        switch (input?.BaseObject)
        {
            case AssetCheck check:
                var row = check.ToRow();
                return [cells with { Url = row.Url, Path = row.Path, Name = row.Name, Group = groupIsGiven ? cells.Group : row.Group ?? cells.Group, GroupId = row.GroupId ?? cells.GroupId }];
            case string text:
                cells = cells with { Url = cells.Url ?? text };
                break;
            case Uri address:
                cells = cells with { Url = cells.Url ?? address.OriginalString };
                break;

            // What was uploaded has an address; what is to be uploaded, none yet.
            case UploadedImage:
                cells = cells with { Path = null };
                break;
            case AssetSource { Path: not null }:
                cells = cells with { Url = null };
                break;

            // A file's group is that of its owner.
            case FileSystemInfo when !groupIsGiven:
                cells = cells with { Group = null };
                break;
            default:
                break;
        }

        if (string.IsNullOrWhiteSpace(cells.Path))
        {
            return [cells.Url is null && input?.BaseObject is PSCustomObject ? cells with { OtherColumns = OtherColumns(input) } : cells];
        }

        var files = LocalPaths.Resolve(cmdlet, cells.Path, isLiteral: input?.BaseObject is FileSystemInfo or AssetSource);

        // One name is no name for several pictures.
        return [.. files.Select(file => cells with { Path = file, Name = files.Count == 1 ? cells.Name : null })];
    }

    // An empty cell is bound as empty text; where nothing was bound, there is no column of a known name.
    private static string[]? OtherColumns(PSObject row) => row.Properties.Any() ? [.. row.Properties.Select(column => column.Name)] : null;
}
