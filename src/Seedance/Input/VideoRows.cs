using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>What an input says as a video, before the command line fills it up.</summary>
/// <param name="Prompt">The prompt that the input is; null if it is none.</param>
/// <param name="Materials">The material that the input is, or tells of.</param>
/// <param name="Table">The row that it is; null if it is none.</param>
/// <param name="IsAsset">True if it is an asset or an upload, live or written down: it goes beside the pictures of the command line.</param>
internal sealed record VideoInput(string? Prompt, IReadOnlyList<VideoMaterial> Materials, TableRow? Table, bool IsAsset);

/// <summary>Reads what comes through the pipeline as videos: prompts, material, and rows of tables.</summary>
/// <param name="kept">Columns that are remembered with a row; null for none.</param>
internal sealed class VideoRows(IReadOnlyList<string>? kept = null)
{
    private static readonly string[] s_ofMaterial = ["Prompt", "Image", "AssetUrl", "FirstFrame", "LastFrame", "Reference", "ReferenceVideo", "ReferenceAudio"];

    private readonly Table _table = new([.. s_ofMaterial.Select(column => new[] { column }),
        ["Model"], ["Duration"], ["Size"], ["Resolution"], ["Seed"], ["GenerateAudio"], ["ReturnLastFrame"], ["WebSearch"], ["TaskType"], ["OutputFormat"], ["Watermark"], ["CheckContent"], ["Name"], ["RowId"]], kept);

    /// <summary>Reads an input.</summary>
    /// <exception cref="SeedanceException">The input is nothing to make a video from.</exception>
    public VideoInput Read(PSObject? input, Action<string> warn)
    {
        switch (input?.BaseObject)
        {
            case string text when text.Contains("://", StringComparison.Ordinal) && !text.Trim().Contains(' ', StringComparison.Ordinal):
                return new(null, [new VideoMaterial(text)], null, IsAsset: true);
            case string text:
                return new(text, [], null, IsAsset: false);
            case SeedanceAsset:
                return new(null, [.. Materials.From(input)], _table.Read(input, warn), IsAsset: true);
            case UploadedImage or Uri:
                return new(null, [.. Materials.From(input)], null, IsAsset: true);
            case IEnumerable list and not IDictionary:
                return new(null, [.. Materials.From(list)], null, IsAsset: true);
            case null or SeedanceTask or FileInfo:
                throw NoMaterial(input?.BaseObject);
            default:
                var row = _table.Read(input, warn);
                if (input.BaseObject is not (PSCustomObject or IDictionary) && !Array.Exists(s_ofMaterial, row.Has))
                {
                    throw NoMaterial(input.BaseObject);
                }

                return new(null, Materials.OfRow(row) is { } asset ? [asset] : [], row, IsAsset: row.Cell(nameof(SeedanceAsset.AssetId)) is not null);
        }
    }

    private static SeedanceException NoMaterial(object? input) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, input switch
        {
            null => "Nothing came through the pipeline where an asset, a row or a prompt was expected; no video was ordered.",
            SeedanceTask task => $"Task {task.TaskId} is no material of a video; no video was ordered.",
            _ => $"'{input}' ({input.GetType().Name}) is no material of a video; no video was ordered.",
        })
        {
            RecommendedAction = input is SeedanceTask ? "Pipe its assets: Wait-SeedanceTask | Get-SeedanceAsset -Usable | New-SeedanceVideo."
                : input is FileInfo ? "Have it reviewed first (Submit-SeedanceAsset -Path), or upload it (Send-SeedanceImage)."
                : "Pipe assets (Get-SeedanceAsset -Usable), addresses, prompts, or rows with columns such as Prompt and AssetUrl.",
        };
}
