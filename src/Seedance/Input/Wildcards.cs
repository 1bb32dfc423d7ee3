using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>A text that may hold wildcards, matched in any case; null matches everything.</summary>
internal sealed class Wildcards(string? pattern)
{
    private readonly WildcardPattern? _pattern = pattern is null ? null : WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);

    /// <summary>Returns whether a value is one that is wanted.</summary>
    public bool Match(string? value) => _pattern is null || (value is not null && _pattern.IsMatch(value));
}
