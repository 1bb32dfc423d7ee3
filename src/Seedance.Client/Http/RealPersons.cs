namespace Seedance.Http;

/// <summary>The address for everything about real persons; the fields of the body tell its steps apart.</summary>
internal static class RealPersons
{
    /// <summary>What a 404 of it may mean. The provider described it at first, and its list of pages has it no more.</summary>
    public const string NotFoundMeans =
        "If the address itself is not there: the provider has taken it off its list, so real persons may not be served here any more. "
        + "What remains: the groups of persons who were verified before, and their assets, which go into videos by their asset:// addresses as ever; "
        + "another address that still serves real persons (Connect-Seedance -BaseUri); and made-up persons, whose material needs no identity session (Submit-SeedanceAsset to an ordinary group).";

    public static readonly Endpoint Endpoint = new(HttpMethod.Post, "v1/seedance2/real-avatar", Effect.Once) { NotFoundMeans = NotFoundMeans };

    /// <summary>Returns whether a failure may say that the address is not there.</summary>
    public static bool MayBeAbsent(SeedanceException failure) => failure.StatusCode is 404 or 405;
}
