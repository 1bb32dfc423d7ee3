using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// Tells what a row says from what the command line does. The binder drops a row's value where the parameter stands on
/// the command line; here the row's own word comes first, and the command line fills what it leaves out. A script block,
/// as in <c>-Name { $_.Title }</c>, is a word on the row itself and comes before both.
/// </summary>
/// <param name="bound">What is bound before the first input comes.</param>
internal sealed class RowParameters(IReadOnlyDictionary<string, object> bound)
{
    // A script block that waits for input is bound too, in a class of the engine's own.
    private readonly HashSet<string> _given = [.. bound.Where(pair => pair.Value?.GetType().Name != "DelayedScriptBlockArgument").Select(pair => pair.Key)];

    /// <summary>Returns whether the parameter stands on the command line with a value of its own.</summary>
    public bool IsGiven(string parameter) => _given.Contains(parameter);

    /// <summary>Returns the value that counts.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="parameter">The parameter.</param>
    /// <param name="bound">What the binder made of it for this input.</param>
    /// <param name="ofRow">What the row says; null if that is nothing.</param>
    /// <param name="input">The input; null if there is none.</param>
    /// <param name="aliases">The other properties that the binder reads it from.</param>
    public T? Choose<T>(string parameter, T? bound, T? ofRow, PSObject? input, params string[] aliases)
        where T : class =>
        IsGiven(parameter) ? ofRow ?? bound : IsComputed(parameter, bound, input, aliases) ? bound : ofRow;

    /// <summary>Returns whether a script block on the command line has made the value of the row.</summary>
    public bool IsComputed(string parameter, object? bound, PSObject? input, params string[] aliases) =>
        bound is not null && !IsGiven(parameter) && !Array.Exists([parameter, .. aliases], name => input?.Properties[name] is { } property && IsSame(bound, property));

    private static bool IsSame(object bound, PSPropertyInfo property)
    {
        try
        {
            return Text(bound) == Text(property.Value);
        }
        catch (RuntimeException)
        {
            return false;
        }

        static string? Text(object? value) => value is System.Collections.IEnumerable and not string and not PSObject
            ? string.Join('\n', ((System.Collections.IEnumerable)value).Cast<object?>().Select(TableRow.TextOf)).Trim() : TableRow.TextOf(value)?.Trim();
    }
}
