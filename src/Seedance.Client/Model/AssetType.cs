namespace Seedance;

/// <summary>What kind of material an asset is; one kind for a whole request (<c>asset_type</c>, page "private-avatar").</summary>
public enum AssetType
{
    /// <summary>A picture: JPEG, PNG, WebP, BMP, TIFF, GIF or HEIC.</summary>
    Image,

    /// <summary>A clip: MP4 or MOV.</summary>
    Video,

    /// <summary>A voice: MP3 or WAV. Not for real persons.</summary>
    Audio,
}
