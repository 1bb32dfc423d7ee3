# A picture, uploaded; where it went goes to a file, for the comparison.
param([string] $Module, [uri] $Server, [string] $File, [string] $Link)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -NoJournal
$before = [GC]::GetTotalAllocatedBytes()
$clock = [Diagnostics.Stopwatch]::StartNew()
$image = Send-SeedanceImage $File
$wall = $clock.Elapsed.TotalSeconds
Set-Content $Link $image.Url
Write-Figures @{ wall = $wall; allocated = ([GC]::GetTotalAllocatedBytes() - $before) / 1MB }
