<#
.SYNOPSIS
Submits a CSV of pictures, clips and voices for review and gives out those that passed.

.DESCRIPTION
The CSV has a column Url and, if you like, Name, AssetType, Group, GroupId and ProjectName; other columns are ignored.
Run again after a crash, it submits what is left and picks up the rest where it was.

.EXAMPLE
./Submit-Assets.ps1 -Sandbox

Rehearses with the 200 rows of assets.csv: no key, no network, nothing billed. Names with "reject" fail review there.

.EXAMPLE
$env:SEEDANCE_API_KEY = Get-Secret seedance -AsPlainText
./Submit-Assets.ps1 -Path cast.csv -Group spring-cast | Export-Csv usable.csv
#>
[CmdletBinding()]
param(
    # The rows.
    [string] $Path = (Join-Path $PSScriptRoot assets.csv),

    # The group that the assets go to.
    [string] $Group = 'spring-cast',

    # Rehearse in the built-in sandbox.
    [switch] $Sandbox
)

if ($Sandbox) {
    Connect-Seedance -Sandbox
}

Import-Csv $Path |
    Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup $Group) -Resume |
    Wait-SeedanceTask |
    Tee-Object -Variable tasks |
    Get-SeedanceAsset -Usable

Write-Host ('{0} tasks: {1} assets usable, {2} failed review.' -f @($tasks).Count, @($tasks.UsableAssets).Count, @($tasks.FailedAssets).Count)
