# Reads the journal: all of it given out, and looked through for little.
param([string] $Module, [uri] $Server, [string] $Journal)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -JournalPath $Journal
$clock = [Diagnostics.Stopwatch]::StartNew()
$all = Get-SeedanceAsset | Measure-Object
$wall = $clock.Elapsed.TotalSeconds
$clock.Restart()
$few = Get-SeedanceAsset -Name 'shot-1234' | Measure-Object
Write-Figures @{ wall = $wall; assets = $all.Count; search = $clock.Elapsed.TotalSeconds; found = $few.Count }
