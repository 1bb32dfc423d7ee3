using System.Diagnostics.CodeAnalysis;

namespace Seedance.Reports;

/// <summary>Tells addresses that a page may load or link to from those that would run as a script, or read a local file.</summary>
internal static class WebAddress
{
    public static bool IsOne([NotNullWhen(true)] string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
