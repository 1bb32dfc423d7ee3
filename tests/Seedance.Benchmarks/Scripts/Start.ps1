# What a session pays until the module has done its first things. Milliseconds.
param([string] $Module, [uri] $Server)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
function Measure-Once([scriptblock] $What) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $null = & $What
    $clock.Elapsed.TotalMilliseconds
}
# The measuring itself is compiled first.
$null = Measure-Once { 1 }
$figures = [ordered]@{ wall = 0 }
$figures.import = Measure-Once { Import-Module $Module }
$figures.connect = Measure-Once { Connect-Seedance -ApiKey bench -BaseUri $Server -NoJournal }
$figures.group = Measure-Once { New-SeedanceAvatarGroup bench }
$figures.submit = Measure-Once { Submit-SeedanceAsset -Url https://cdn.example.com/a.png -Group bench }
$figures.again = Measure-Once { Submit-SeedanceAsset -Url https://cdn.example.com/b.png -Group bench }
Write-Figures $figures
