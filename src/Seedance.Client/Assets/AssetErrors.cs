namespace Seedance.Assets;

/// <summary>The words for submissions that are not taken.</summary>
internal static class AssetErrors
{
    /// <summary>Rows that were refused because of another one in their request: they can be sent again at once.</summary>
    public static SeedanceException RefusedForAnother(SeedanceException refusal, AssetSource other) =>
        new(refusal.Kind, Delivery.NotSent, $"The request was refused because of {other}; nothing of it was taken. {refusal.Message}", refusal)
        {
            StatusCode = refusal.StatusCode,
            Code = refusal.Code,
            RequestId = refusal.RequestId,
            IsSplit = true,
            RecommendedAction = "The other rows are sent again by themselves; if the run ended before, run it again with -Resume.",
        };

    /// <summary>Additional fields that cannot be sent with a submission.</summary>
    public static SeedanceException InvalidFields(string objection) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The additional fields cannot be sent: {objection}. Nothing was sent.")
        {
            RecommendedAction = "Correct -AdditionalField: names with text, numbers, true and false, lists and hashtables.",
        };
}
