using System.Globalization;

namespace Seedance.Videos;

/// <summary>The words for orders that are not sent.</summary>
internal static class VideoErrors
{
    /// <summary>An order of a run with a limit on its cost, whose own cost nobody knows.</summary>
    public static SeedanceException CostUnknown(VideoRequest request) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"What {request} would cost is not known ({Terms(request)}), so no limit on the run's cost could hold; it was not ordered.")
        {
            RecommendedAction = "Give -Duration and -Resolution, and a -Model whose price is known; or order it in a run without -MaxCost.",
        };

    /// <summary>Orders that would have cost more than the run may.</summary>
    public static SeedanceException BudgetReached(VideoRequest first, int count, decimal committed, decimal most) =>
        new(SeedanceErrorKind.BudgetReached, Delivery.NotSent, string.Create(CultureInfo.InvariantCulture,
            $"{count} video(s) were not ordered: with {first}, at most USD {first.EstimateCost():0.####}, the run would cost more than USD {most:0.####}. What it has ordered costs at most USD {committed:0.####}."))
        {
            RecommendedAction = "To go on, run the same line with -Resume, and with a -MaxCost for what is left.",
        };

    private static string Terms(VideoRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"model {request.Model}, {(request.Duration is { } seconds ? $"{seconds} s" : "no duration")}, {request.Resolution ?? "no resolution"}{(request.AdditionalFields is null ? "" : ", additional fields")}");
}
