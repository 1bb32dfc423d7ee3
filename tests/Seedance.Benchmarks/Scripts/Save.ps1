# A finished video, saved; where it came from goes to a file, for the comparison.
param([string] $Module, [uri] $Server, [string] $File, [string] $Link)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -NoJournal
$task = New-SeedanceVideo bench | Wait-SeedanceTask
Set-Content $Link $task.Videos[0].Url
$before = [GC]::GetTotalAllocatedBytes()
$clock = [Diagnostics.Stopwatch]::StartNew()
$null = $task | Save-SeedanceVideo $File
Write-Figures @{ wall = $clock.Elapsed.TotalSeconds; allocated = ([GC]::GetTotalAllocatedBytes() - $before) / 1MB }
