using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Reflection;

namespace Seedance.Commands;

/// <summary>
/// Makes our objects again of what Export-Clixml, ConvertTo-Json, Export-Csv, a job or a remote session made of them: whatever has
/// their properties by name. What cannot be read of them is left out.
/// </summary>
public sealed class Restored : PSTypeConverter
{
    private const string Scheme = "asset://";

    /// <summary>Returns whether the object has what makes one of ours: what it is known by.</summary>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) =>
        (Known(destinationType) is { } known && Find(sourceValue, known) is not null)
        || (destinationType == typeof(AvatarGroup) && (Base(sourceValue) is string || Find(sourceValue, nameof(AvatarGroup.Name)) is not null));

    /// <summary>Returns the object again.</summary>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        Base(sourceValue) is string name ? new AvatarGroup(name) : Read(sourceValue, destinationType);

    /// <summary>Returns that nothing is converted into other types here.</summary>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <summary>Is never called.</summary>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) => throw new NotSupportedException();

    /// <summary>Makes the object again, if it is one.</summary>
    internal static bool TryRead<T>(object? source, [NotNullWhen(true)] out T? restored)
        where T : class
    {
        restored = Base(source) as T ?? (source is not null && new Restored().CanConvertFrom(source, typeof(T)) && Base(source) is not string ? (T)Read(source, typeof(T)) : null);
        return restored is not null;
    }

    private static string? Known(Type type) =>
        type == typeof(SeedanceTask) ? nameof(SeedanceTask.TaskId)
        : type == typeof(SeedanceAsset) ? nameof(SeedanceAsset.AssetId)
        : type == typeof(AssetSource) ? nameof(AssetSource.SourceUrl)
        : type == typeof(SeedanceVideo) ? nameof(SeedanceVideo.Url)
        : type == typeof(AvatarGroup) ? nameof(AvatarGroup.GroupId)
        : type == typeof(Run) ? nameof(Run.RunId)
        : null;

    private static object Read(object source, Type type)
    {
        var restored = type == typeof(AssetSource) ? new AssetSource(Find(source, nameof(AssetSource.SourceUrl)) as string) : Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            if (Find(source, property.Name) is { } value && Convert(source, value, property) is { } converted)
            {
                property.SetValue(restored, converted);
            }
        }

        // An asset's row is shown by some of the asset's own properties; on its own it is too deep for JSON, and no cell of a CSV.
        return restored is SeedanceAsset { Source: null } asset && Find(source, nameof(SeedanceAsset.SourceUrl)) is string ? asset with { Source = (AssetSource)Read(source, typeof(AssetSource)) } : restored;
    }

    private static object? Convert(object source, object value, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return List(source, value, type.GetGenericArguments()[0]);
        }

        if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            return Base(value) is IDictionary columns ? columns.Keys.Cast<object>().ToDictionary(key => $"{key}", key => $"{columns[key]}", StringComparer.OrdinalIgnoreCase) : null;
        }

        // JSON takes a span apart.
        if (type == typeof(TimeSpan) && Find(value, nameof(TimeSpan.Ticks)) is { } ticks)
        {
            return LanguagePrimitives.TryConvertTo<long>(ticks, out var number) ? TimeSpan.FromTicks(number) : null;
        }

        if (type == typeof(TaskError) && Base(value) is not TaskError)
        {
            return Base(value) is string text ? new TaskError(null, text) : new TaskError(Find(value, nameof(TaskError.Code)) as string, Find(value, nameof(TaskError.Message)) as string);
        }

        return To(type, value);
    }

    private static object List(object source, object value, Type type)
    {
        // A cell of a CSV, and what came out of a job, has the addresses alone, and which of them passed stands beside it.
        var items = Base(value) is string text ? Addresses(text) : value is IEnumerable list ? list.Cast<object?>() : [value];
        var restored = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        foreach (var item in items)
        {
            if (item is not null && (Base(item) is string address ? Named(source, address, type) : To(type, item)) is { } one)
            {
                restored.Add(one);
            }
        }

        return restored;
    }

    private static object? To(Type type, object value) =>
        Base(value) is string { Length: 0 } ? null
        : type.IsInstanceOfType(Base(value)) ? Base(value)
        : Base(value) is not string && new Restored().CanConvertFrom(value, type) ? Read(value, type)
        : type == typeof(bool) && Base(value) is string word ? bool.TryParse(word, out var isSo) && isSo
        : type == typeof(AssetSource) ? null
        : LanguagePrimitives.TryConvertTo(value, type, System.Globalization.CultureInfo.InvariantCulture, out var converted) ? converted : null;

    private static SeedanceAsset? Named(object source, string address, Type type) => type != typeof(SeedanceAsset) || !address.StartsWith(Scheme, StringComparison.Ordinal) ? null : new SeedanceAsset
    {
        AssetId = address[Scheme.Length..],
        AssetUrl = address,
        IsUsable = Addresses(Find(source, nameof(SeedanceTask.UsableAssets))).Contains(address),
        TaskId = Find(source, nameof(SeedanceTask.TaskId)) as string ?? string.Empty,
        GroupId = Find(source, nameof(SeedanceTask.GroupId)) as string,
    };

    private static IEnumerable<string> Addresses(object? value) => Base(value) switch
    {
        string cell => cell.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        IEnumerable list => list.Cast<object?>().Select(item => $"{item}"),
        _ => [],
    };

    private static object? Find(object source, string name)
    {
        if (Base(source) is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                if (name.Equals(entry.Key as string, StringComparison.OrdinalIgnoreCase))
                {
                    return Unwrapped(entry.Value);
                }
            }

            return null;
        }

        return Base(source) is string ? null : Unwrapped(PSObject.AsPSObject(source).Properties[name]?.Value);
    }

    private static object? Unwrapped(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
