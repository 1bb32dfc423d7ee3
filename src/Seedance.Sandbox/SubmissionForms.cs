using System.Text.Json.Serialization;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox;

/// <summary>Whether assets can be submitted in the newer form, at /v1/seedance2/private-avatar/assets.</summary>
[JsonConverter(typeof(KebabCaseConverter<NewerForm>))]
public enum NewerForm
{
    /// <summary>They can.</summary>
    Served,

    /// <summary>The submission is answered with 404.</summary>
    NotFound,

    /// <summary>The submission is answered with 405.</summary>
    NotAllowed,
}

/// <summary>How a refused submission names the asset that breaks a rule.</summary>
[JsonConverter(typeof(KebabCaseConverter<AssetReference>))]
public enum AssetReference
{
    /// <summary>By its place: <c>assets[3]</c>.</summary>
    Index,

    /// <summary>By its name.</summary>
    Name,

    /// <summary>By its address.</summary>
    Url,
}

/// <summary>How an account without money is told.</summary>
[JsonConverter(typeof(KebabCaseConverter<QuotaError>))]
public enum QuotaError
{
    /// <summary>402.</summary>
    PaymentRequired,

    /// <summary>429 with the code <c>insufficient_quota</c>.</summary>
    InsufficientQuota,

    /// <summary>403 with the code <c>insufficient_user_quota</c>.</summary>
    InsufficientUserQuota,
}
