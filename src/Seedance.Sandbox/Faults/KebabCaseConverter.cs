using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seedance.Sandbox.Faults;

/// <summary>Spells the values of an enumeration as orders do: <c>lower-case</c>.</summary>
internal sealed class KebabCaseConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
