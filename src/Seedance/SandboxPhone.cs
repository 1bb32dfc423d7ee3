namespace Seedance.Commands;

/// <summary>
/// Stands in for the phone in a rehearsal on the built-in sandbox, whose link no phone can open: passes the check, as the
/// sandbox does by itself, and brings the callback.
/// </summary>
internal static class SandboxPhone
{
    // The result code of a person who passed.
    private const string Verified = "10000";

    /// <summary>How long the rehearsed person takes.</summary>
    public static readonly TimeSpan TakesTime = TimeSpan.FromSeconds(2);

    /// <summary>Opens the callback address of a session as the phone's browser would, after <see cref="TakesTime"/>.</summary>
    /// <returns>True if it was received.</returns>
    public static async Task<bool> PassAsync(IdentitySession session)
    {
        await Task.Delay(TakesTime);
        using var browser = new HttpClient();
        try
        {
            using var page = await browser.GetAsync(new Uri($"{session.CallbackUrl}?bytedToken={Uri.EscapeDataString(session.BytedToken)}&resultCode={Verified}"));
            return page.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
