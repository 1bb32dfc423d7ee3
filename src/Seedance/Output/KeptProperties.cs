using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Gives an asset the columns that were kept with its row, as properties of its own: they go where it goes, into a CSV too.</summary>
internal static class KeptProperties
{
    public static object Attach(SeedanceAsset asset)
    {
        if (asset.Source?.Kept is not { Count: > 0 } kept)
        {
            return asset;
        }

        var shown = PSObject.AsPSObject(asset);
        foreach (var (name, value) in kept)
        {
            // What the asset says of itself has the name first.
            if (shown.Properties[name] is null)
            {
                shown.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
            }
        }

        return shown;
    }
}
