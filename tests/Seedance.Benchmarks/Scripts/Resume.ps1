# A file whose first rows were accepted before: how long until the first request for the rest is answered.
param([string] $Module, [uri] $Server, [string] $Csv, [string] $Journal)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -RequestsPerSecond 10000 -JournalPath $Journal
$clock = [Diagnostics.Stopwatch]::StartNew()
$tasks = Import-Csv $Csv | Submit-SeedanceAsset -Group bench -Resume | Measure-Object
$wall = $clock.Elapsed.TotalSeconds
$clock.Restart()
$null = Import-Csv $Csv | Measure-Object
Write-Figures @{ wall = $wall; tasks = $tasks.Count; csv = $clock.Elapsed.TotalSeconds }
