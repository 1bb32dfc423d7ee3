using Seedance.Http;

namespace Seedance.Library;

/// <summary>The errors of the asset library, with their words.</summary>
internal static class LibraryErrors
{
    /// <summary>Returns whether the API says that what was asked for is not there. A 404 without its code may come from a gateway that has no library.</summary>
    public static bool SaysGone(SeedanceException failure) => failure.Code?.StartsWith("NotFound", StringComparison.Ordinal) == true;

    /// <summary>Nothing at this address keeps a library.</summary>
    public static SeedanceException NoLibrary(SeedanceException failure) => new(
        SeedanceErrorKind.NotFound, Delivery.Refused, $"This address has no asset library: {failure.Message}", failure)
    {
        StatusCode = failure.StatusCode,
        Code = failure.Code,
        ApiMessage = failure.ApiMessage,
        RequestId = failure.RequestId,
        RecommendedAction = "Not every gateway serves the library. What needs it can be done with the API's own address: Connect-Seedance -BaseUri.",
    };

    /// <summary>An id of this module's own, of which nothing is at hand.</summary>
    public static SeedanceException UnknownTask(string taskId) => new(
        SeedanceErrorKind.NotFound, Delivery.Refused, $"Task {taskId} was found in the asset library, under an id of this module's own that the API does not know, and this journal does not hold it.")
    {
        RecommendedAction = "Use the journal of the run that gave this id, or look at the library: Get-SeedanceAsset -Online.",
    };

    /// <summary>A list that does not come to an end.</summary>
    public static SeedanceException Endless(Endpoint endpoint, long count) =>
        ApiErrors.Unreadable(endpoint, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a list that goes on behind {count} entries"));
}
