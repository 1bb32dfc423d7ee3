using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads the video that an input stands for: its cells as the binder found them, and what the input itself is.</summary>
internal static class VideoRows
{
    /// <summary>The video as it was written down.</summary>
    /// <param name="cells">The parameters.</param>
    /// <param name="input">The input.</param>
    /// <param name="imageIsGiven">True if the pictures are from the command line.</param>
    /// <exception cref="SeedanceException">The input is nothing to make a video from.</exception>
    public static VideoRow From(VideoRow cells, PSObject? input, bool imageIsGiven)
    {
        IReadOnlyList<VideoMaterial> piped;
        switch (input?.BaseObject)
        {
            case string text when text.Contains("://", StringComparison.Ordinal) && !text.Trim().Contains(' ', StringComparison.Ordinal):
                piped = [new VideoMaterial(text)];
                break;
            case string text:
                return cells with { Prompt = cells.Prompt ?? text };
            case SeedanceAsset or UploadedImage or Uri:
                piped = [.. Materials.From(input)];
                break;
            case IEnumerable list and not IDictionary:
                piped = [.. Materials.From(list)];
                break;
            case PSCustomObject:
                piped = Materials.OfRow(input) is { } asset && !imageIsGiven ? [asset] : [];
                break;
            case var other:
                throw NoMaterial(other);
        }

        // What the binder took from the piped object's own AssetUrl is the same asset, seen with less.
        return piped.Count == 0 ? cells : cells with
        {
            Images = [.. imageIsGiven ? cells.Images : [], .. piped.Where(material => material.AssetType is null or AssetType.Image)],
            ReferenceVideos = [.. cells.ReferenceVideos, .. piped.Where(material => material.AssetType == AssetType.Video)],
            ReferenceAudios = [.. cells.ReferenceAudios, .. piped.Where(material => material.AssetType == AssetType.Audio)],
        };
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
