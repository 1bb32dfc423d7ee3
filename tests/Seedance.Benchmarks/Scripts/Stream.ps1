# Rows from a generator: nothing holds them all, unless the module does.
param([string] $Module, [uri] $Server, [int] $Rows, [string] $Journal)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -RequestsPerSecond 10000 -Concurrency 16 -JournalPath $Journal
function New-Row {
    for ($i = 0; $i -lt $Rows; $i++) {
        [pscustomobject]@{ Url = "https://cdn.example.com/material/$i.png?signature=0123456789abcdef"; Name = "shot-$i" }
    }
}
$clock = [Diagnostics.Stopwatch]::StartNew()
$tasks = New-Row | Submit-SeedanceAsset -Group bench -ThrottleLimit 16 | Measure-Object
Write-Figures @{ wall = $clock.Elapsed.TotalSeconds; tasks = $tasks.Count }
