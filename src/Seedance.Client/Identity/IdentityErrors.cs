using System.Net.Sockets;
using Seedance.Errors;
using Seedance.Http;

namespace Seedance.Identity;

/// <summary>The words for everything that can end an identity session otherwise than well.</summary>
internal static class IdentityErrors
{
    private const string Again = "Start another session: Start-SeedanceIdentitySession.";

    /// <summary>The failure with the secret struck out, wherever the server repeated it.</summary>
    public static SeedanceException WithoutSecret(SeedanceException failure, string secret) =>
        failure.ToString().Contains(secret, StringComparison.Ordinal) ? Reworded(failure, secret, failure.RecommendedAction) : failure;

    /// <summary>A session that could not be opened: another one costs nothing, so there is nothing to be careful about.</summary>
    public static SeedanceException NotOpened(SeedanceException failure) => failure switch
    {
        { StopsTheRun: true } => failure,
        _ when RealPersons.MayBeAbsent(failure) => Reworded(failure, null, RealPersons.NotFoundMeans),
        { Kind: SeedanceErrorKind.InvalidRequest } => Reworded(failure, null, "Correct what the message names, and start another session."),
        { Delivery: Delivery.Unknown } => Reworded(failure, null, $"{Again} One that nobody opens runs out by itself."),
        _ => Reworded(failure, null, "Check the network and -BaseUri, then start another session."),
    };

    /// <summary>A query for the outcome that failed: what became of the token decides what to do.</summary>
    public static SeedanceException NotCompleted(SeedanceException failure) => failure switch
    {
        { StopsTheRun: true } => Reworded(failure, null, $"{failure.RecommendedAction} The token was not used: complete the session again then."),
        _ when RealPersons.MayBeAbsent(failure) => Reworded(failure, null, $"If the token is not known: it was asked about before, or has run out. {Again} {RealPersons.NotFoundMeans}"),
        { Delivery: Delivery.Refused } => Reworded(failure, null,
            $"The token counts as spent: it is asked about once, after the person has finished (resultCode 10000). {Again}"),
        { Delivery: Delivery.Unknown } => Reworded(failure, null,
            "Complete the session again: if the token was not used, that gives the group; if it was, the API says so, and another session is needed."),
        _ => Reworded(failure, null, "The token was not used: complete the session again (Complete-SeedanceIdentitySession)."),
    };

    /// <summary>The outcome is there, but could not be read.</summary>
    public static SeedanceException NotRead(SeedanceException failure, string taskId) => Reworded(failure, null,
        $"The outcome stays in task {taskId}, and reading it costs nothing: complete the session again, or look there (Get-SeedanceTask -TaskId {taskId}).");

    /// <summary>The outcome was read, and it is not a group.</summary>
    public static SeedanceException WithoutGroup(SeedanceTask task) => task.Status switch
    {
        SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled => new(SeedanceErrorKind.NotVerified, Delivery.Refused,
            $"The person was not verified: {task.Error?.ToString() ?? $"task {task.TaskId} ended as '{task.RawStatus}'"}.")
        {
            Code = task.Error?.Code,
            ApiMessage = task.Error?.Message,
            RecommendedAction = $"The token is spent. {Again}",
        },
        _ => new(SeedanceErrorKind.InvalidAnswer, Delivery.NotSent, $"Task {task.TaskId} of the outcome tells no group id; its status is '{task.RawStatus}'.")
        {
            RecommendedAction = $"Look there later: Get-SeedanceTask -TaskId {task.TaskId}, or complete the session again. The token is not asked about a second time.",
        },
    };

    public static SeedanceException Spent(AvatarGroup? group) =>
        new(SeedanceErrorKind.TokenSpent, Delivery.NotSent,
            group is null
                ? "The token of this session is spent: it was asked about before, and is good for one query. It was not asked again."
                : $"The token of this session is spent: it was asked about before, is good for one query, and gave group {group.GroupId}. It was not asked again.")
        {
            RecommendedAction = group is null ? Again : $"Use that group: New-SeedanceAvatarGroup -GroupId {group.GroupId} -RealPerson.",
        };

    public static SeedanceException BeingAsked() =>
        new(SeedanceErrorKind.TokenSpent, Delivery.NotSent, "The token of this session is being asked about right now; it is good for one query.")
        {
            RecommendedAction = "Wait for the outcome of that query.",
        };

    public static SeedanceException NotVerified(IdentitySession session, string code) =>
        new(SeedanceErrorKind.NotVerified, Delivery.NotSent, $"{Whose(session)} ended with result code {code}, which is not the {IdentityListener.Verified} of a verified person. The token was not asked about.")
        {
            Code = code,
            RecommendedAction = $"Let the person try again, in good light and with the face in full view. {Again}",
        };

    public static SeedanceException Expired(IdentitySession session) =>
        new(SeedanceErrorKind.SessionExpired, Delivery.NotSent,
            $"{Whose(session)} ran out at {session.ExpiresAt.ToLocalTime():T}, {IdentitySession.LinkLifetime.TotalSeconds:0} s after it was opened, and no callback had come. The token was not asked about.")
        {
            RecommendedAction = $"{Again} If the phone said that the check was passed but could not reach this machine, ask once: Complete-SeedanceIdentitySession.",
        };

    public static SeedanceException NotListening(IdentitySession session) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent,
            $"{Whose(session)} cannot be waited for: its callback goes to {Redaction.Url(session.CallbackUrl)}, not to this machine, and the token is not asked about on suspicion.")
        {
            RecommendedAction = $"Once that address has received resultCode {IdentityListener.Verified}: Complete-SeedanceIdentitySession. To have the callback received here, start with -Listen.",
        };

    public static SeedanceException BadCallback(string url, string why) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The callback URL '{Redaction.Url(url)}' {why}.")
        {
            RecommendedAction = "Give -CallbackUrl an absolute address with http:// or https://, one that the phone can open.",
        };

    public static SeedanceException BadListenAddress(string address, string why) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The address '{Redaction.Url(address)}' to listen on {why}.")
        {
            RecommendedAction = "Give -Listen one address of this machine that the phone can reach, as http://192.168.1.20:8080/.",
        };

    public static SeedanceException CannotListen(Uri address, SocketException cause)
    {
        var (why, action) = cause.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => ("another program listens there", "Name another port, or 0 for a free one."),
            SocketError.AddressNotAvailable => ("it is not an address of this machine", "Name one that is, as http://192.168.1.20:8080/."),
            SocketError.AccessDenied => ($"port {address.Port} is kept from this user by the system", "Name another port, above 1023, or 0 for a free one."),
            _ => (cause.Message.TrimEnd('.'), "Name another address or port."),
        };
        return new(SeedanceErrorKind.AddressUnavailable, Delivery.NotSent, $"Cannot listen on {address.GetLeftPart(UriPartial.Authority)}: {why}.", cause)
        {
            RecommendedAction = action,
        };
    }

    /// <summary>What to know after Ctrl+C.</summary>
    public static string CalledOff(IdentitySession session)
    {
        var name = Whose(session);
        if (session.Use.Group is { } group)
        {
            return $"The wait was called off. {name} ended well all the same: New-SeedanceAvatarGroup -GroupId {group.GroupId} -RealPerson.";
        }

        if (session.Use.UnreadTaskId is { } taskId)
        {
            return $"The wait was called off. {name} has an outcome that was not read: Get-SeedanceTask -TaskId {taskId} tells the group.";
        }

        return session.Listener?.Code switch
        {
            IdentityListener.Verified => $"The wait was called off after the person had passed, before the outcome was asked for: Complete-SeedanceIdentitySession asks. {Keep(session)}",
            null when !session.IsExpired => $"The wait was called off. {name} stays open until {session.ExpiresAt.ToLocalTime():T}, and its callback is still received: Wait-SeedanceIdentitySession goes on with it. {Keep(session)}",
            _ => $"The wait was called off. {name} has ended; start another.",
        };
    }

    // A session that came through a pipeline is in no variable.
    private static string Keep(IdentitySession session) =>
        $"Is the session in no variable? (Get-SeedanceTask -TaskId {session.TaskId}).RawJson still tells its token.";

    private static string Whose(IdentitySession session) =>
        session.Name is null ? $"The identity session {session.TaskId}" : $"The identity session of {session.Name}";

    private static SeedanceException Reworded(SeedanceException failure, string? secret, string action)
    {
        return new(failure.Kind, failure.Delivery, Clean(failure.Message)!, secret is null ? failure.InnerException : null)
        {
            StatusCode = failure.StatusCode,
            Code = Clean(failure.Code),
            ApiMessage = Clean(failure.ApiMessage),
            RequestId = failure.RequestId,
            RetryAfter = failure.RetryAfter,
            RecommendedAction = Clean(action)!,
        };

        string? Clean(string? text) => secret is null ? text : text?.Replace(secret, "***", StringComparison.Ordinal);
    }
}
