# Runs the Pester suite and writes what came of it as JSON, for PesterSuite.cs and for build.ps1.
# Exit code 0: all passed; 1: some failed; 3: there is no Pester 5 or later.
[CmdletBinding()]
param(
    [string] $ResultPath,
    [string[]] $Name = '*',
    [ValidateSet('None', 'Normal', 'Detailed')] [string] $Verbosity = 'Normal'
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$pester = Get-Module Pester -ListAvailable | Where-Object { $_.Version -ge '5.0' } | Sort-Object Version | Select-Object -Last 1
if (-not $pester) {
    [Console]::Error.WriteLine('Pester 5 or later is not installed: Install-Module Pester -Scope CurrentUser')
    exit 3
}

Import-Module $pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = @($Name | ForEach-Object { Join-Path $PSScriptRoot "$_.Tests.ps1" })
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Verbosity
$configuration.Output.RenderMode = 'Plaintext'

# The tests see errors as a session does by default.
$ErrorActionPreference = 'Continue'
$run = Invoke-Pester -Configuration $configuration
$ErrorActionPreference = 'Stop'

$tests = foreach ($test in $run.Tests) {
    [ordered]@{
        Name    = $test.ExpandedPath
        Result  = "$($test.Result)"
        Message = (@($test.ErrorRecord | ForEach-Object { $_.DisplayErrorMessage ?? "$_" }) -join "`n") -replace '^(Exception: )?is skipped, because '
    }
}

# A file or a block that fails as a whole has no test of its own to show it.
$broken = foreach ($part in @($run.FailedContainers) + @($run.FailedBlocks)) {
    [ordered]@{ Name = "$($part.ExpandedPath ?? $part.Item)"; Result = 'Failed'; Message = @($part.ErrorRecord | ForEach-Object { "$_" }) -join "`n" }
}

if ($ResultPath) {
    [ordered]@{ PowerShell = "$($PSVersionTable.PSVersion)"; Pester = "$($pester.Version)"; Tests = @($tests) + @($broken) } |
        ConvertTo-Json -Depth 4 | Set-Content $ResultPath
}

exit ($run.Result -eq 'Passed' ? 0 : 1)
