# Plays Microsoft.PowerShell.SecretManagement where that is not installed: its order of vaults, what it makes of a secret, its errors.
# Vaults are extension modules as the real one takes them, and are registered for this session alone.

$vaults = [Collections.Generic.List[object]]::new()

function Register-SecretVault {
    <#
    .SYNOPSIS
    Registers a vault for this session.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $ModuleName, [switch] $DefaultVault)

    $folder = (Get-Module $ModuleName -ListAvailable).ModuleBase
    $extension = Import-Module (Join-Path $folder "$ModuleName.Extension") -PassThru -Function ''
    $vault = [pscustomobject]@{ Name = $Name; Extension = $extension }
    if ($DefaultVault) { $vaults.Insert(0, $vault) } else { $vaults.Add($vault) }
}

function Unregister-SecretVault {
    <#
    .SYNOPSIS
    Forgets a vault.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name)

    $null = $vaults.RemoveAll({ param($vault) $vault.Name -eq $Name })
}

function Get-Secret {
    <#
    .SYNOPSIS
    Gets a secret out of the vaults, or the one that is named.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name, [string] $Vault, [switch] $AsPlainText)

    $asked = $vaults | Where-Object { -not $Vault -or $_.Name -eq $Vault }
    if ($Vault -and -not $asked) {
        $PSCmdlet.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([Management.Automation.ItemNotFoundException]::new("Vault '$Vault' is not registered."), 'GetSecretVaultNotFound', 'ObjectNotFound', $Vault))
    }

    foreach ($each in $asked) {
        try {
            $secret = & $each.Extension { Get-Secret -Name $args[0] -VaultName $args[1] -AdditionalParameters @{} } $Name $each.Name
        }
        catch {
            Write-Error "Unable to get secret $Name from vault $($each.Name): $_"
            continue
        }

        if ($null -ne $secret) {
            if ($secret -is [string] -and -not $AsPlainText) { return ConvertTo-SecureString $secret -AsPlainText }
            return $secret
        }
    }

    Write-Error "The secret $Name was not found." -Category ObjectNotFound
}

Export-ModuleMember -Function Get-Secret, Register-SecretVault, Unregister-SecretVault
