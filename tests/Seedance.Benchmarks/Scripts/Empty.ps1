# PowerShell's own start: a session that does nothing.
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
$version = $PSVersionTable.PSVersion
Write-Figures @{ wall = 0; major = $version.Major; minor = $version.Minor; patch = $version.Patch }
