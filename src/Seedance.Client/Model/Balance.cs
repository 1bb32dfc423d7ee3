namespace Seedance;

/// <summary>What is left to spend (<c>GET /v1/balance</c> and <c>/v1/user/balance</c>, page "account/balance").</summary>
public sealed record Balance
{
    /// <summary>What is left, in the account's currency; null if there is no limit.</summary>
    public decimal? Remaining { get; init; }

    /// <summary>What was spent, in the account's currency; null if the answer does not say.</summary>
    public decimal? Used { get; init; }

    /// <summary>True if nothing limits the spending.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>True for the whole account, false for the key alone.</summary>
    public bool IsAccount { get; init; }

    /// <summary>What is left.</summary>
    public override string ToString() => Remaining?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unlimited";
}
