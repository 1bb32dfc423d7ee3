using System.Globalization;
using System.Text.Json;
using Seedance.Account;
using Seedance.Errors;
using Seedance.Http;

namespace Seedance;

public sealed partial class SeedanceClient
{
    /// <summary>What is left to spend: of this key, or with <paramref name="ofAccount"/> of the account it belongs to.</summary>
    /// <exception cref="SeedanceException">The answer says that it failed, or there is none.</exception>
    public async Task<Balance> GetBalanceAsync(bool ofAccount = false, CancellationToken cancellationToken = default)
    {
        var endpoint = ofAccount ? AccountEndpoints.AccountBalance : AccountEndpoints.KeyBalance;
        using var answer = await SendAsync(endpoint, body: null, cancellationToken);
        var data = answer.Data;

        // A refusal comes as a success of HTTP that says it is none.
        if (data.At("success").ValueKind == JsonValueKind.False || answer.Root.At("success").ValueKind == JsonValueKind.False)
        {
            var words = Redaction.ServerText(data.At("message", "msg").Text() ?? answer.Root.At("message", "msg").Text());
            throw new SeedanceException(SeedanceErrorKind.InvalidRequest, Delivery.Refused, $"{endpoint} failed: {words ?? "no reason was given"}.")
            {
                StatusCode = 200,
                ApiMessage = words,
                RecommendedAction = ofAccount
                    ? "Check that this key may see the account's balance; without -Account the key's own is shown."
                    : "Check the key. The account's own balance is shown with -Account.",
            };
        }

        var remaining = Amount(data.At("remain_balance"));
        var isUnlimited = data.At("unlimited_quota").ValueKind == JsonValueKind.True || remaining == -1;
        return remaining is null && !isUnlimited
            ? throw answer.Unreadable("an answer without a balance")
            : new Balance
            {
                Remaining = isUnlimited ? null : remaining,
                Used = Amount(data.At("used_balance")),
                IsUnlimited = isUnlimited,
                IsAccount = ofAccount,
            };
    }

    private static decimal? Amount(JsonElement number) =>
        decimal.TryParse(number.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount : null;
}
