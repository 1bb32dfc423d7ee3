namespace Seedance;

/// <summary>What a row of a report is about.</summary>
public enum ReportRowType
{
    /// <summary>A thumbnail for the asset library.</summary>
    Image,

    /// <summary>A clip for the asset library.</summary>
    Video,

    /// <summary>A voice for the asset library.</summary>
    Audio,

    /// <summary>A video to be made.</summary>
    GeneratedVideo,
}
