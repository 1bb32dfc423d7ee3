# The same for a module that holds nothing.
param([string] $Folder)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
$null = New-Item $Folder -ItemType Directory -Force
Set-Content $Folder/Nothing.psm1 ''
Set-Content $Folder/Nothing.psd1 "@{ ModuleVersion = '1.0'; RootModule = 'Nothing.psm1'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }"
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Folder/Nothing.psd1
Write-Figures @{ wall = 0; import = $clock.Elapsed.TotalMilliseconds }
