using Seedance.Http;

namespace Seedance.Identity;

/// <summary>The first two steps of a real person's way; the fields of the body tell them apart.</summary>
internal static class IdentityEndpoints
{
    public static readonly Endpoint OpenSession = RealPersons.Endpoint;
    public static readonly Endpoint AskResult = RealPersons.Endpoint;
}
