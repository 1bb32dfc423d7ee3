using System.Text.Json.Serialization;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox;

/// <summary>What the service makes of an Idempotency-Key.</summary>
public sealed record IdempotencyOptions
{
    /// <summary>Which submissions it honours a key on; elsewhere it pays no heed to one.</summary>
    public IdempotencySupport Support { get; init; }

    /// <summary>How long a repeat is answered with <c>idempotency_in_progress</c> before it gets the first answer again.</summary>
    public TimeSpan InProgressFor { get; init; }
}

/// <summary>Which submissions an Idempotency-Key is honoured on.</summary>
[JsonConverter(typeof(KebabCaseConverter<IdempotencySupport>))]
public enum IdempotencySupport
{
    /// <summary>None.</summary>
    None,

    /// <summary>Videos.</summary>
    Videos,

    /// <summary>Videos and assets.</summary>
    All,
}
