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
    private readonly ILookup<bool, string> _names = bound.ToLookup(pair => pair.Value?.GetType().Name == "DelayedScriptBlockArgument", pair => pair.Key);

    /// <summary>Returns whether the parameter stands on the command line with a value of its own.</summary>
    public bool IsGiven(string parameter) => _names[false].Contains(parameter);

    /// <summary>Returns whether a script block on the command line makes the parameter's value of each row.</summary>
    public bool IsComputed(string parameter) => _names[true].Contains(parameter);

    /// <summary>Returns the value that counts.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="parameter">The parameter.</param>
    /// <param name="bound">What the binder made of it for this input.</param>
    /// <param name="ofRow">What the row says; null if that is nothing.</param>
    public T? Choose<T>(string parameter, T? bound, T? ofRow)
        where T : class =>
        IsComputed(parameter) ? bound : IsGiven(parameter) ? ofRow ?? bound : ofRow;
}
