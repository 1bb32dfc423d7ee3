using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>What an input says as a row, before the command line fills it up.</summary>
/// <param name="Row">The row.</param>
/// <param name="Table">The table's row that it was read from; null if it was none.</param>
/// <param name="IsFile">True if the path is one file's, with no wildcards in it.</param>
internal sealed record AssetInput(AssetRow Row, TableRow? Table = null, bool IsFile = false);

/// <summary>Reads what comes through the pipeline as rows: addresses, files, what this module gives out, and rows of tables.</summary>
/// <param name="kept">Columns that are remembered with a row; null for none.</param>
/// <param name="isGiven">Tells which columns stand on the command line.</param>
internal sealed class AssetRows(IReadOnlyList<string>? kept, Func<string, bool> isGiven)
{
    private readonly Table _table = new([["Url", "Uri", "SourceUrl"], ["Path"], ["Name"], ["AssetType", "Type"], ["Group"], ["GroupId"], ["ProjectName"], ["RowId"]], kept, isGiven);

    /// <summary>Reads an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="warn">Says something about the columns, once each.</param>
    /// <param name="bound">Which of our columns the binder has found in it; null if it has not looked.</param>
    /// <exception cref="SeedanceException">It is nothing to submit.</exception>
    public AssetInput Read(PSObject input, Action<string> warn, int? bound) => input.BaseObject switch
    {
        string address => new(new AssetRow { Url = address }),
        Uri address => new(new AssetRow { Url = address.OriginalString }),
        FileInfo file => new(new AssetRow { Path = file.FullName }, IsFile: true),
        AssetCheck check => new(check.ToRow(), IsFile: true),
        AssetSource source => new(AssetRow.From(source), IsFile: true),
        UploadedImage image => new(new AssetRow { Url = image.Url }),
        AvatarGroup group => new(new AssetRow { Group = group }),
        SeedanceTask task => throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"Task {task.TaskId} is no material; it was not sent.")
        {
            RecommendedAction = "Wait for it (Wait-SeedanceTask). To send again what failed in it, submit its table again with -RetryFailed.",
        },
        SeedanceAsset asset => new(new AssetRow
        {
            Url = asset.SourceUrl,
            Name = asset.Name,
            AssetType = asset.AssetType?.ToString(),
            GroupId = asset.GroupId,
            ProjectName = asset.ProjectName,
            RowId = asset.RowId,
            Kept = asset.Source is { } source ? AssetRow.From(source).Kept : null,
            Asset = asset,
            IsUrlCut = asset.IsUrlCut,
        }),
        _ => ReadTable(input, warn, bound),
    };

    private AssetInput ReadTable(PSObject input, Action<string> warn, int? bound)
    {
        var row = _table.Read(input, warn, bound);
        if (row.CellText("FullName") is { } file && input.TypeNames.Any(type => type.EndsWith("System.IO.FileInfo", StringComparison.Ordinal)))
        {
            return new(new AssetRow { Path = file }, row, IsFile: true);
        }

        // An upload that was written down has an address, and its file is there no more for all that is known.
        var isUpload = row.Cell("FileName") is not null && row.Cell("ExpiresAt") is not null;
        var path = isUpload ? null : row.Text("Path");
        var cut = row.CellText(nameof(SeedanceAsset.IsUrlCut));
        return new(
            new AssetRow
            {
                // Of what was submitted from here, the file counts, not where it was put for a while.
                Url = path is not null && row.CellText("SourceUrl") is not null && row.CellText("Url") is null && row.CellText("Uri") is null ? null : row.Text("Url"),
                Path = path,
                Name = row.Text("Name"),
                AssetType = row.Text("AssetType"),
                Group = row["Group"] is { } group ? Groups.From(group) : null,
                GroupId = row.Text("GroupId"),
                ProjectName = row.Text("ProjectName"),
                RowId = row.Text("RowId"),
                OtherColumns = row.Has("Url") || row.Has("Path") ? null : row.Headers,
                Asset = row.Cell("AssetId") is not null && row.Cell("AssetUrl") is not null && Restored.TryRead<SeedanceAsset>(input, out var asset) ? asset : null,
                IsUrlCut = bool.TryParse(cut, out var isCut) && isCut,
            },
            row);
    }
}
