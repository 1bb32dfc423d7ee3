using System.Diagnostics.CodeAnalysis;

namespace Seedance.Reports;

/// <summary>Tells addresses that a page may load or link to from those that would run as a script, read a local file, or carry a password.</summary>
internal static class WebAddress
{
    public static bool IsOne([NotNullWhen(true)] string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.UserInfo.Length == 0;
}
