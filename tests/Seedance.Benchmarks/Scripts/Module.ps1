param([string] $Module, [uri] $Server, [string] $Csv, [string] $Journal, [int] $PostsAtOnce, [int] $Connections)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -RequestsPerSecond 10000 -Concurrency $Connections -JournalPath $Journal
$usable = Import-Csv $Csv | Submit-SeedanceAsset -Group bench -ThrottleLimit $PostsAtOnce |
    Wait-SeedanceTask | Get-SeedanceAsset -Usable | Measure-Object
Write-Figures @{ wall = $clock.Elapsed.TotalSeconds; usable = $usable.Count }
