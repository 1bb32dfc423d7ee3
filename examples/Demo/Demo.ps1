<#
.SYNOPSIS
Takes the 200 rows of assets.csv through review in the built-in sandbox: no key, no network, nothing billed.

.DESCRIPTION
Uses the module as it was built last. Dot-sourced with -Shell, it leaves a session that is connected to the sandbox.
#>
[CmdletBinding()]
param(
    # The manifest of the module.
    [string] $Module = (Join-Path $PSScriptRoot ../../out/Seedance/Seedance.psd1),

    # Connect, and leave the rest to whoever sits there.
    [switch] $Shell
)

Import-Module $Module
if ($Shell) {
    Connect-Seedance -Sandbox
    Set-Location (Join-Path $PSScriptRoot ..)
    Write-Host @"
PowerShell $($PSVersionTable.PSVersion), connected to the sandbox: no key, no network, nothing billed. For example:

  Import-Csv assets.csv | Submit-SeedanceAsset -Group spring-cast | Wait-SeedanceTask | Get-SeedanceAsset -Usable
  Get-Help Submit-SeedanceAsset -Examples
  exit

"@
}
else {
    Write-Host "PowerShell $($PSVersionTable.PSVersion): assets.csv, 200 rows, through review in the sandbox"
    & (Join-Path $PSScriptRoot ../Submit-Assets.ps1) -Sandbox
}
