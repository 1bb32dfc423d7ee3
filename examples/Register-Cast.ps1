<#
.SYNOPSIS
Registers the people of a cast, one after the other, and submits the material of each.

.DESCRIPTION
Each person scans a code with a phone and passes a liveness check; reviews run while the next person is at it. Run again
after an interruption, it goes on: people who were verified are known from the journal, and what was sent is not sent again.

.EXAMPLE
./Register-Cast.ps1 -Cast cast.csv -Listen http://192.168.1.20:8080/
#>
[CmdletBinding()]
param(
    # Columns Person, Name, Url, AssetType; one row a clip or picture.
    [string] $Cast = (Join-Path $PSScriptRoot cast.csv),

    # An address of this machine that the phones reach.
    [Parameter(Mandatory)]
    [string] $Listen,

    [ValidateSet('zh', 'en', 'zh-Hant')]
    [string] $Language = 'en',

    # How often a person may try.
    [int] $Attempts = 3,

    # Where the usable assets go.
    [string] $Destination = 'cast-usable.csv'
)

# Who was verified before, by name.
$known = @{}
Get-SeedanceTask | Where-Object { $_.Kind -eq 'IdentityResult' -and $_.GroupId -and $_.Group.Name } | ForEach-Object { $known[$_.Group.Name] = $_.Group }

$tasks = foreach ($person in Import-Csv $Cast | Group-Object Person) {
    $group = $known[$person.Name]
    for ($attempt = 1; -not $group -and $attempt -le $Attempts; $attempt++) {
        $group = Start-SeedanceIdentitySession -Listen $Listen -Name $person.Name -Language $Language | Wait-SeedanceIdentitySession
    }

    if (-not $group) {
        Write-Warning "$($person.Name) was not verified in $Attempts attempts; the others go on."
        continue
    }

    $person.Group | Submit-SeedanceAsset -Group $group -Resume
}

$tasks | Wait-SeedanceTask | Get-SeedanceAsset -Usable |
    Select-Object @{ Name = 'Person'; Expression = { $asset = $_; ($tasks.Group | Where-Object GroupId -EQ $asset.GroupId | Select-Object -First 1).Name } }, Name, AssetType, AssetUrl, GroupId |
    Tee-Object -Variable usable | Export-Csv $Destination
$usable
