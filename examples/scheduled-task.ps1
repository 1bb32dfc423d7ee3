<#
.SYNOPSIS
Submits what is new in a CSV and writes what can be used, unattended: for Task Scheduler, cron and their like.

.DESCRIPTION
An interrupted run is completed by the next one. Exit codes: 0, every row has been reviewed; 1, some rows could not be
sent, or their outcome is not known; 2, the run could not go on; 3, another run was still going.

.EXAMPLE
pwsh -NoProfile -NonInteractive -File scheduled-task.ps1 -Path cast.csv -Group spring-cast -UsablePath usable.csv

.EXAMPLE
./scheduled-task.ps1 -Path assets.csv -Group spring-cast -UsablePath usable.csv -Sandbox

Rehearses: no key, no network, nothing billed.
#>
[CmdletBinding()]
param(
    # The rows.
    [Parameter(Mandatory)] [string] $Path,

    # The group that the assets go to. It is what makes a row of today the same as that of yesterday.
    [Parameter(Mandatory)] [string] $Group,

    # The file for the assets that passed. It is replaced as a whole, so that its readers never see half of it.
    [Parameter(Mandatory)] [string] $UsablePath,

    # Rehearse in the built-in sandbox.
    [switch] $Sandbox
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# What .NET opens, it looks for where the process began.
$UsablePath = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($UsablePath)

try {
    # Held open for as long as this runs; the system lets go of it however the run ends.
    $lock = [IO.File]::Open("$UsablePath.lock", 'OpenOrCreate', 'ReadWrite', 'None')
}
catch [IO.IOException] {
    [Console]::Error.WriteLine("Another run is still going: $UsablePath.lock is in use.")
    exit 3
}

try {
    if ($Sandbox) {
        Connect-Seedance -Sandbox
    }

    $tasks = Import-Csv $Path |
        Submit-SeedanceAsset -Group $Group -Resume -ErrorAction Continue -ErrorVariable problems |
        Wait-SeedanceTask -ErrorAction Continue -ErrorVariable +problems
    $usable = @($tasks | Get-SeedanceAsset -Usable)
    $failed = @($tasks | Get-SeedanceAsset -Failed)
    Set-Content "$UsablePath.new" ($usable | ConvertTo-Csv)
    Move-Item "$UsablePath.new" $UsablePath -Force
    '{0:s} {1} usable, {2} failed review, {3} problems' -f (Get-Date), $usable.Count, $failed.Count, $problems.Count
    $code = $problems.Count ? 1 : 0
}
catch {
    [Console]::Error.WriteLine("$_ $($_.ErrorDetails.RecommendedAction)")
    $code = 2
}
finally {
    $lock.Dispose()
}

exit $code
