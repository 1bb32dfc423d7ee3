<#
.SYNOPSIS
Submits what is new in a CSV and writes what can be used, unattended: for Task Scheduler, cron and their like.

.DESCRIPTION
An interrupted run is completed by the next one. Exit codes: 0, every row has been reviewed; 1, some rows could not be
sent, or their outcome is not known; 2, the run could not go on; 3, another run was still going; 4, more rows failed
review than -MaxFailed allows. Where 1 and 4 are both so, it is 1.

.EXAMPLE
pwsh -NoProfile -NonInteractive -File scheduled-task.ps1 -Path cast.csv -Group spring-cast -UsablePath usable.csv

.EXAMPLE
./scheduled-task.ps1 -Path assets.csv -Group spring-cast -UsablePath usable.csv -Sandbox

Rehearses: no key, no network, nothing billed.

.EXAMPLE
./scheduled-task.ps1 -Path assets.csv -Group spring-cast -UsablePath usable.csv -FailedPath failed.csv -ReportPath report.html -SummaryPath summary.json -MaxFailed 5%

Leaves a page to look at and a summary for programs, and ends with 4 where more than a twentieth fails review.
#>
[CmdletBinding()]
param(
    # The rows.
    [Parameter(Mandatory)] [string] $Path,

    # The group that the assets go to. It is what makes a row of today the same as that of yesterday.
    [Parameter(Mandatory)] [string] $Group,

    # The file for the assets that passed. It is replaced as a whole, so that its readers never see half of it.
    [Parameter(Mandatory)] [string] $UsablePath,

    # The file for the rows that failed review or were not sent, with the reason.
    [string] $FailedPath,

    # The file for the page that shows every row.
    [string] $ReportPath,

    # The file for what happened, as JSON. It is written by a run that could not go on, too.
    [string] $SummaryPath,

    # How many rows may fail review: a number, or a share such as 5%.
    [ValidatePattern('^\d+(\.\d+)?%?$')] [string] $MaxFailed,

    # Another address than the API's own: a gateway's, or that of a rehearsal.
    [uri] $BaseUri,

    # Rehearse in the built-in sandbox.
    [switch] $Sandbox
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# What .NET opens, it looks for where the process began.
$UsablePath = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($UsablePath)

# In one step, so that nobody reads half of it.
function Write-Whole([string] $File, [string[]] $Lines) {
    Set-Content "$File.new" $Lines
    Move-Item "$File.new" $File -Force
}

try {
    # Held open for as long as this runs; the system lets go of it however the run ends.
    $lock = [IO.File]::Open("$UsablePath.lock", 'OpenOrCreate', 'ReadWrite', 'None')
}
catch [IO.IOException] {
    [Console]::Error.WriteLine("Another run is still going: $UsablePath.lock is in use.")
    exit 3
}

# A log is no screen.
$rendering = $PSStyle.OutputRendering
$PSStyle.OutputRendering = 'PlainText'
$started = Get-Date
$problems = $usable = $failed = @()
$failure = $null
try {
    try {
        if ($Sandbox) {
            Connect-Seedance -Sandbox
        }
        elseif ($BaseUri) {
            Connect-Seedance -BaseUri $BaseUri
        }

        $tasks = Import-Csv $Path |
            Submit-SeedanceAsset -Group $Group -Resume -ErrorAction Continue -ErrorVariable problems |
            Wait-SeedanceTask -ErrorAction Continue -ErrorVariable +problems
        $usable = @($tasks | Get-SeedanceAsset -Usable)
        $failed = @($tasks | Get-SeedanceAsset -Failed)
        Write-Whole $UsablePath ($usable | ConvertTo-Csv)
        if ($FailedPath) {
            $columns = 'Name', 'RowId', 'SourceUrl'
            $lines = @(
                $failed | Select-Object ($columns + @{ Name = 'State'; Expression = { 'Failed' } } + @{ Name = 'Why'; Expression = { "$($_.Error)" } })
                $problems | Select-Object -Property @(
                    foreach ($column in $columns) { @{ Name = $column; Expression = { $_.TargetObject.$column }.GetNewClosure() } }
                    @{ Name = 'State'; Expression = { 'NotSent' } }
                    @{ Name = 'Why'; Expression = { "$_" } }
                )
            )
            Write-Whole $FailedPath ($lines | ConvertTo-Csv)
        }

        if ($ReportPath) {
            $tasks | Export-SeedanceReport $ReportPath -Title "$Group, $($started.ToString('d'))" -Force
        }

        $reviewed = $usable.Count + $failed.Count
        $allowed = if (-not $MaxFailed) { $reviewed }
        elseif ($MaxFailed.EndsWith('%')) { $reviewed * [double]::Parse($MaxFailed.TrimEnd('%'), [cultureinfo]::InvariantCulture) / 100 }
        else { [double]::Parse($MaxFailed, [cultureinfo]::InvariantCulture) }
        $code = if ($problems.Count) { 1 } elseif ($failed.Count -gt $allowed) { 4 } else { 0 }
        '{0:s} {1} usable, {2} failed review, {3} problems' -f (Get-Date), $usable.Count, $failed.Count, $problems.Count
    }
    catch {
        $failure = "$_ $($_.ErrorDetails.RecommendedAction)".Trim()
        [Console]::Error.WriteLine($failure)
        $code = 2
    }

    if ($SummaryPath) {
        $summary = [ordered]@{
            exitCode = $code
            group = $Group
            startedAt = $started.ToString('o')
            seconds = [math]::Round(((Get-Date) - $started).TotalSeconds, 1)
            usable = $usable.Count
            failed = $failed.Count
            problems = @($problems | ForEach-Object { "$_" })
            failure = $failure
        }
        Write-Whole $SummaryPath (ConvertTo-Json $summary)
    }
}
finally {
    $PSStyle.OutputRendering = $rendering
    $lock.Dispose()
}

exit $code
