using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads what people give as a group: one from New-SeedanceAvatarGroup, a name, or what was written of one.</summary>
internal static class Groups
{
    /// <summary>The group; null if there is nothing.</summary>
    /// <exception cref="SeedanceException">It is no group.</exception>
    public static AvatarGroup? From(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        AvatarGroup group => group,
        string name => string.IsNullOrWhiteSpace(name) ? null : new AvatarGroup(name.Trim()),
        _ when Restored.TryRead<AvatarGroup>(value, out var group) && (group.Name ?? group.GroupId) is not null => group,
        var other => other is IFormattable ? new AvatarGroup(TableRow.TextOf(other)!) : throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent,
            $"What the row has as its Group ({other.GetType().Name}) is no group; it was not sent.")
        {
            RecommendedAction = "Give a name, or a group of New-SeedanceAvatarGroup.",
        },
    };
}
