using System.Text.RegularExpressions;

namespace Seedance.Errors;

/// <summary>What is known of an error code of the API or of the service behind it.</summary>
/// <param name="Explanation">What it means, as a sentence.</param>
/// <param name="Advice">What to do next.</param>
internal sealed record ApiErrorCode(string Explanation, string Advice)
{
    /// <summary>The kind it stands for, whatever the status it comes with; null leaves that to the status.</summary>
    public SeedanceErrorKind? Kind { get; init; }

    /// <summary>What it says of the request's effect; null leaves that to the status.</summary>
    public Delivery? Delivery { get; init; }

    /// <summary>True if the same thing, sent again later, may well succeed.</summary>
    public bool IsPassing { get; init; }
}

/// <summary>The codes that are worth explaining: of failed requests, failed tasks and failed reviews alike.</summary>
internal static partial class ApiErrorCodes
{
    private const string Later = "Nothing is wrong with the request: send it again later.";

    private static readonly ApiErrorCode s_noMoney = new(
        "The balance or quota does not cover the request.", "Top up the account (Get-SeedanceBalance shows it), then run again with -Resume.")
    {
        Kind = SeedanceErrorKind.PaymentRequired,
        Delivery = Delivery.Refused,
    };

    private static readonly Dictionary<string, ApiErrorCode> s_codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["insufficient_quota"] = s_noMoney,
        ["insufficient_user_quota"] = s_noMoney,
        ["insufficient_balance"] = s_noMoney,
        ["insufficient_credits"] = s_noMoney,
        ["pre_consume_token_quota_failed"] = s_noMoney,
        ["billing_hard_limit_reached"] = s_noMoney,
        ["account_overdue"] = s_noMoney,
        ["AccountOverdueError"] = s_noMoney,

        ["InputImageSensitiveContentDetected"] = Sensitive("A picture"),
        ["InputImageSensitiveContentDetected.PrivacyInformation"] = new(
            "A picture shows a real person's face that is not in the asset library.",
            "Submit the picture as an asset first (Submit-SeedanceAsset), a real person's to their own group, and use its asset:// address."),
        ["InputVideoSensitiveContentDetected"] = Sensitive("A clip"),
        ["InputVideoSensitiveContentDetected.PrivacyInformation"] = new(
            "A clip shows a real person's face that is not in the asset library.",
            "Submit the clip as an asset first (Submit-SeedanceAsset), a real person's to their own group, and use its asset:// address."),
        ["InputAudioSensitiveContentDetected"] = Sensitive("A voice or sound"),
        ["InputTextSensitiveContentDetected"] = Sensitive("The prompt"),
        ["nsfw_content_detected"] = Sensitive("The prompt or material"),
        ["OutputVideoSensitiveContentDetected"] = new(
            "The video that was made did not pass the content check; it is not billed.", "Change the prompt or the seed, and order it again."),
        ["OutputImageSensitiveContentDetected"] = new(
            "The picture that was made did not pass the content check; it is not billed.", "Change the prompt or the seed, and order it again."),
        ["OutputAudioSensitiveContentDetected"] = new(
            "The sound that was made did not pass the content check; it is not billed.", "Change the prompt or the seed, or order it without sound (-GenerateAudio:$false)."),
        ["OutputTextSensitiveContentDetected"] = new(
            "The text that was made did not pass the content check; it is not billed.", "Change the prompt, and order it again."),

        ["FaceMismatch"] = new(
            "The face is not that of the person whom the group was verified for.", "Submit it to the group of the person it shows, or take a clearer picture."),
        ["InvalidParameter"] = new("A field has a value that the API does not take.", "Correct the field that the message names."),
        ["InvalidParameter.TaskTypeMismatch"] = new(
            "The prompt reads like another kind of task than the one asked for.", "Reword the prompt, or ask for the kind it describes (reference, edit, extend)."),
        ["SubscriptionRequired"] = new(
            "The model or size is not part of the account's subscription.", "Choose another model or size, or have the account's owner subscribe to it."),
        ["NotFound.asset_id"] = new(
            "There is no such asset in this project: it was deleted, or is another account's or project's.", "Check the id and -ProjectName, or submit the material again."),
        ["NotFound.group_id"] = new(
            "There is no such group in this project: it was deleted, or is another account's or project's.", "Check the id and -ProjectName, or name a group, which is then made."),
        ["build_request_failed"] = new("The request could not be built from its fields; nothing was made.", "Correct what the message names, then send it again.")
        {
            Kind = SeedanceErrorKind.InvalidRequest,
            Delivery = Delivery.Refused,
        },

        ["idempotency_in_progress"] = new("The same request is being worked on.", "Wait a little, then look whether its task is there.") { Delivery = Delivery.Unknown, IsPassing = true },
        ["idempotency_result_indeterminate"] = new("The API itself does not know what became of the request.", "Look at the account before sending it again.") { Delivery = Delivery.Unknown },
        ["idempotency_key_reused"] = new(
            "The same row was sent before in other words, under the same key, and reached the API then; this one was not taken.",
            "Look at the account for the earlier one. To send the row in its new words as another, run without -RetryUnknown.")
        {
            Delivery = Delivery.Refused,
        },
        ["idempotency_unavailable"] = new("The API cannot promise now to do it once, and has not done it.", Later) { IsPassing = true },

        ["task_failed"] = new(
            "The task failed, and the API gives no code for the reason.",
            "Where an address could not be fetched at that moment, the same again succeeds: run again with -RetryFailed. If that fails too, change what the message names.")
        {
            IsPassing = true,
        },
        ["usage_unavailable"] = new("The figures cannot be had at the moment.", Later) { IsPassing = true },
        ["task_not_exist"] = new("There is no such task (yet).", "Just after it was accepted, a task may be unknown for some seconds: look again.") { IsPassing = true },
        ["rate_limit_exceeded"] = Passing("Too many requests."),
        ["rate_limit_error"] = Passing("Too many requests."),
        ["RequestLimitExceeded"] = Passing("Too many requests."),
        ["server_error"] = Passing("The server failed."),
        ["InternalServiceError"] = Passing("The server failed."),
        ["InternalError"] = Passing("The server failed."),
        ["internal_error"] = Passing("The server failed."),
        ["upstream_error"] = Passing("The service behind the API failed."),
        ["bad_gateway"] = Passing("The service behind the API failed."),
        ["ServiceUnavailable"] = Passing("The service is not available at the moment."),
        ["service_unavailable"] = Passing("The service is not available at the moment."),
        ["RequestTimeout"] = Passing("It took too long."),
        ["timeout"] = Passing("It took too long."),
        ["429"] = Passing("Too many requests."),
        ["500"] = Passing("The server failed."),
        ["502"] = Passing("The service behind the API failed."),
        ["503"] = Passing("The service is not available at the moment."),
        ["504"] = Passing("It took too long."),
    };

    /// <summary>What is known of a failure: by its code, or by the one that its message begins with, as of gateways that have a number for a code.</summary>
    public static ApiErrorCode? Find(string? code, string? message) =>
        (IsGeneral(code) ? null : Find(code)) ?? Find(LeadingCode().Match(message ?? string.Empty).Value) ?? Find(code);

    /// <summary>What is known of a code; of one with a part that is not known, what is known of its kind (before the dot). Null if nothing is.</summary>
    public static ApiErrorCode? Find(string? code)
    {
        for (; code is { Length: > 0 }; code = code[..Math.Max(code.LastIndexOf('.'), 0)])
        {
            if (s_codes.TryGetValue(code, out var known))
            {
                return known;
            }
        }

        return null;
    }

    // A word of prose has neither a dot, nor an underscore, nor a capital inside it.
    [GeneratedRegex(@"^[A-Za-z]+(?=[A-Za-z]*[._A-Z])[A-Za-z0-9_.]*[A-Za-z0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingCode();

    // A number, or a word that says no more than that it failed.
    private static bool IsGeneral(string? code) => code is "task_failed" || int.TryParse(code, out _);

    private static ApiErrorCode Passing(string explanation) => new(explanation, Later) { IsPassing = true };

    private static ApiErrorCode Sensitive(string what) => new(
        $"{what} did not pass the content check; nothing is billed.", "Change what the message names; the same again would be refused again.");
}
