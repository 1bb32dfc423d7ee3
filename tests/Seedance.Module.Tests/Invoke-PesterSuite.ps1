# Runs Pester files and writes what came of each test as JSON, for PesterRun.cs. Exit code 0: all passed; 1: some failed.
[CmdletBinding()]
param(
    # Which files, by name: Pipeline, or Pipeline.Tests.ps1; all of them by default.
    [string[]] $Name = '*',

    [string] $ResultPath,

    # Where Pester is, if not among the installed modules.
    [string] $Pester,

    [ValidateSet('None', 'Normal', 'Detailed')]
    [string] $Verbosity = 'Normal'
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$found = $Pester ? $Pester : (Get-Module Pester -ListAvailable | Where-Object Version -GE '5.0' | Sort-Object Version | Select-Object -Last 1)
if (-not $found) {
    throw 'Pester 5 or later is not installed: Install-PSResource Pester, or run the suite by dotnet test, which brings its own.'
}

Import-Module $found
$configuration = New-PesterConfiguration
$configuration.Run.Path = @($Name -replace '\.Tests\.ps1$' | ForEach-Object { Join-Path $PSScriptRoot "$_.Tests.ps1" })
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Verbosity
$configuration.Output.RenderMode = 'Plaintext'

# The tests see errors as a session does by default.
$ErrorActionPreference = 'Continue'
$run = Invoke-Pester -Configuration $configuration
$ErrorActionPreference = 'Stop'

if ($ResultPath) {
    function New-Outcome($Of, [string] $Name, [string] $Result) {
        $message = @($Of.ErrorRecord | ForEach-Object { $_.DisplayErrorMessage ?? "$_" }) -join "`n" -replace '^(Exception: )?is skipped, because '
        [ordered]@{
            Name       = $Name
            Result     = $Result
            Message    = $Result -eq 'Skipped' -and -not $message ? 'is not for this system' : $message
            StackTrace = @($Of.ErrorRecord | ForEach-Object { $_.DisplayStackTrace ?? $_.ScriptStackTrace }) -join "`n"
        }
    }

    # A file or a block that fails as a whole has no test of its own to show it.
    $outcomes = @(
        foreach ($test in $run.Tests) { New-Outcome $test $test.ExpandedPath $test.Result }
        foreach ($part in @($run.FailedContainers) + @($run.FailedBlocks)) { New-Outcome $part ($part.ExpandedPath ?? $part.Item) Failed }
    )
    ConvertTo-Json $outcomes -Depth 3 | Set-Content $ResultPath
}

exit ($run.Result -eq 'Passed' ? 0 : 1)
