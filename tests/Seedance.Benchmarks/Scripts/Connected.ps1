# What a session holds before it does anything.
param([string] $Module, [uri] $Server)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
Import-Module $Module
Connect-Seedance -ApiKey bench -BaseUri $Server -NoJournal
Write-Figures @{ wall = 0 }
