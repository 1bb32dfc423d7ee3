using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>The one place where failures become PowerShell's errors.</summary>
internal static class ErrorRecords
{
    // From 7.5 on, PowerShell shows the recommended action below the message; before, it shows the message alone.
    private static readonly bool s_actionIsShown = typeof(PSObject).Assembly.GetName().Version >= new Version(7, 5);

    /// <summary>The error for <paramref name="failure"/>, with the input it happened to.</summary>
    public static ErrorRecord From(SeedanceException failure, object? target) =>
        new(failure, failure.ErrorId, Category(failure.Kind), target)
        {
            ErrorDetails = new ErrorDetails(Describe(failure, target)) { RecommendedAction = failure.RecommendedAction },
        };

    /// <summary>The error for a failure that nobody foresaw.</summary>
    public static ErrorRecord Unexpected(Exception failure) => new(failure, "Seedance.Unexpected", ErrorCategory.NotSpecified, null);

    private static string Describe(SeedanceException failure, object? target)
    {
        var what = target is AssetSource row && !failure.Message.Contains(row.ToString(), StringComparison.OrdinalIgnoreCase)
            ? $"{row}: {failure.Message}" : failure.Message;
        return s_actionIsShown || failure.RecommendedAction.Length == 0 ? what : $"{what} {failure.RecommendedAction}";
    }

    private static ErrorCategory Category(SeedanceErrorKind kind) => kind switch
    {
        SeedanceErrorKind.InvalidRequest => ErrorCategory.InvalidArgument,
        SeedanceErrorKind.InvalidInput => ErrorCategory.InvalidData,
        SeedanceErrorKind.AuthenticationFailed => ErrorCategory.AuthenticationError,
        SeedanceErrorKind.PaymentRequired or SeedanceErrorKind.BudgetReached => ErrorCategory.QuotaExceeded,
        SeedanceErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        SeedanceErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        SeedanceErrorKind.RateLimited => ErrorCategory.LimitsExceeded,
        SeedanceErrorKind.ServerError => ErrorCategory.ResourceUnavailable,
        SeedanceErrorKind.ConnectionFailed => ErrorCategory.ConnectionError,
        SeedanceErrorKind.TimedOut => ErrorCategory.OperationTimeout,
        SeedanceErrorKind.InvalidAnswer => ErrorCategory.InvalidResult,
        SeedanceErrorKind.JournalUnavailable => ErrorCategory.WriteError,
        SeedanceErrorKind.FileUnavailable => ErrorCategory.OpenError,
        SeedanceErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        SeedanceErrorKind.AddressUnavailable => ErrorCategory.ResourceUnavailable,
        SeedanceErrorKind.SessionExpired => ErrorCategory.OperationTimeout,
        SeedanceErrorKind.NotVerified => ErrorCategory.SecurityError,
        SeedanceErrorKind.TokenSpent or SeedanceErrorKind.ConnectionClosed => ErrorCategory.InvalidOperation,
        _ => ErrorCategory.NotSpecified,
    };
}
