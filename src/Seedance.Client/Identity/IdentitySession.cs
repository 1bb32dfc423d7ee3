using Seedance.Identity;

namespace Seedance;

/// <summary>
/// An open question to a person: the link to open on a phone, and the token that its outcome is asked for with. Both are
/// secrets: whoever has the link can take the person's place.
/// </summary>
public sealed record IdentitySession
{
    /// <summary>How long the link can be opened (page "real-avatar").</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromSeconds(120);

    /// <summary>The session's task. Its completion says that the session exists, not that anyone is verified.</summary>
    public required string TaskId { get; init; }

    /// <summary>Who the person is, in the caller's words; becomes the name of the group.</summary>
    public string? Name { get; init; }

    /// <summary>The link that the person opens on a phone. Secret.</summary>
    public required string H5Link { get; init; }

    /// <summary>Good for one query of the outcome. Secret.</summary>
    public required string BytedToken { get; init; }

    /// <summary>The link as a QR code in half blocks: plain text, for light letters on a dark ground.</summary>
    public string QrCode => QrCodeText.From(H5Link).ToText();

    /// <summary>The project.</summary>
    public string ProjectName { get; init; } = AvatarGroup.DefaultProject;

    /// <summary>Where the phone's browser is sent afterwards.</summary>
    public required string CallbackUrl { get; init; }

    /// <summary>When the session was opened, by this machine's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the link runs out.</summary>
    public DateTimeOffset ExpiresAt => CreatedAt + LinkLifetime;

    /// <summary>True once the link has run out.</summary>
    public bool IsExpired => Time.GetUtcNow() >= ExpiresAt;

    /// <summary>What receives the callback on this machine; null if that is the caller's own affair.</summary>
    internal IdentityListener? Listener { get; init; }

    /// <summary>What has been asked with the token.</summary>
    internal TokenState Use { get; init; } = new();

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Returns the link as a QR code in half blocks.</summary>
    /// <param name="isColoured">True to name its own colours, dark on light, whatever those of the terminal are.</param>
    /// <param name="quietZone">The modules of ground around it, 1 to 4. The standard asks for 4; most phones read it with 1.</param>
    public string DrawQrCode(bool isColoured = true, int quietZone = QrCodeText.QuietZone)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quietZone, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quietZone, QrCodeText.QuietZone);
        var code = QrCodeText.From(H5Link);
        return isColoured ? code.ToColouredText(quietZone) : code.ToText(quietZone);
    }

    /// <summary>Returns the link as a QR code in a picture, in PNG. It is as secret as the link.</summary>
    public byte[] GetQrPicture() => QrCodeText.ToPicture(H5Link);

    /// <summary>The person's name, or the task's id; never the link or the token.</summary>
    public override string ToString() => Name ?? TaskId;
}

/// <summary>How to open an identity session: with <see cref="Listen"/> or with <see cref="CallbackUrl"/>.</summary>
public sealed record IdentityOptions
{
    /// <summary>The caller's own endpoint: absolute, http or https.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>An address of this machine to receive the callback on, as <c>http://192.168.1.20:8080/</c>; port 0 takes a free one.</summary>
    public string? Listen { get; init; }

    /// <summary>The project; null for the API's default.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The language of the page on the phone: <c>zh</c>, <c>en</c>, <c>zh-Hant</c>; null leaves it to the API.</summary>
    public string? Language { get; init; }

    /// <summary>Who the person is.</summary>
    public string? Name { get; init; }
}

/// <summary>A person who passed the check.</summary>
/// <param name="Group">The group that takes this person's material.</param>
/// <param name="Notice">Something to know that is no error, such as a journal that could not be written; null if there is nothing.</param>
public sealed record VerifiedPerson(AvatarGroup Group, string? Notice);
