using Seedance.Http;

namespace Seedance.Account;

/// <summary>What the account can be asked.</summary>
internal static class AccountEndpoints
{
    public static readonly Endpoint KeyBalance = new(HttpMethod.Get, "v1/balance", Effect.None);
    public static readonly Endpoint Usage = new(HttpMethod.Get, "v1/usage", Effect.None);
    public static readonly Endpoint AccountBalance = new(HttpMethod.Get, "v1/user/balance", Effect.None);
}
