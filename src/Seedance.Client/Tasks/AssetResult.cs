namespace Seedance.Tasks;

/// <summary>An asset as the answer shows it, before it is matched to a row.</summary>
/// <param name="AssetId">Its id.</param>
/// <param name="AssetUrl">Its address; null if the answer gives none.</param>
/// <param name="Name">The name that the answer echoes; null if it echoes none.</param>
/// <param name="Status">The review's outcome; null if the answer does not say.</param>
/// <param name="IsUsable">True if it passed review.</param>
/// <param name="Error">What the answer says of it; null if that is nothing.</param>
internal readonly record struct AssetResult(string AssetId, string? AssetUrl, string? Name, string? Status, bool IsUsable, TaskError? Error = null);
