using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Files as Get-Item gives them, with what the view of files shows of them.</summary>
internal static class FileItem
{
    public static PSObject Get(PSCmdlet cmdlet, FileInfo file)
    {
        var path = $@"Microsoft.PowerShell.Core\FileSystem::{file.FullName}";
        var items = cmdlet.InvokeProvider.Item;
        return items.Exists(path, force: true, literalPath: true) ? items.Get([path], force: true, literalPath: true)[0] : new PSObject(file);
    }
}
