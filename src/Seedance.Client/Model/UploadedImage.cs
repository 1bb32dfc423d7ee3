namespace Seedance;

/// <summary>A picture that was uploaded (<c>POST /v1/uploads/images</c>, page "uploads/images"). Its address is public for 72 hours.</summary>
public sealed record UploadedImage
{
    /// <summary>How long an uploaded picture can be fetched.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    /// <summary>Where anybody can fetch it.</summary>
    public required string Url { get; init; }

    /// <summary>The local file.</summary>
    public string? Path { get; init; }

    /// <summary>The name it was uploaded under.</summary>
    public string? FileName { get; init; }

    /// <summary>The kind of picture, such as <c>image/png</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The size in bytes.</summary>
    public long Length { get; init; }

    /// <summary>The width in pixels; null if it is not known.</summary>
    public int? Width { get; init; }

    /// <summary>The height in pixels; null if it is not known.</summary>
    public int? Height { get; init; }

    /// <summary>When it was uploaded.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the address stops working.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>True if the same picture had been uploaded before and was not sent again.</summary>
    public bool IsReused { get; init; }

    /// <summary>The address.</summary>
    public override string ToString() => Url;
}
