using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>The property <c>InputObject</c> of assets, rows and orders (Seedance.Types.ps1xml).</summary>
public static class OriginalRow
{
    /// <summary>Returns the row as it came in; null in later sessions.</summary>
    /// <param name="instance">An asset, a row or an order.</param>
    public static object? Get(PSObject instance) => instance?.BaseObject switch
    {
        SeedanceAsset asset => asset.GetInputObject(),
        AssetSource source => source.GetInputObject(),
        VideoRequest request => request.GetInputObject(),
        _ => null,
    };
}
