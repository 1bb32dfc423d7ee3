# Nothing is sent twice, nothing that was accepted is lost: a run that is killed again and again, and a server that fails
# in every way it can. SEEDANCE_TEST_ROWS and SEEDANCE_TEST_KILLS make the runs longer.

Describe 'Delivery' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $rowCount = [int]($env:SEEDANCE_TEST_ROWS ?? 400)
        $killCount = [int]($env:SEEDANCE_TEST_KILLS ?? 5)

        # The fewer rows there are to a kill, the fewer are under way at once, so that there is something left for the last.
        $batchSize = [Math]::Clamp([int]($rowCount / $killCount / 10), 1, 4)
        $csv = Join-Path $TestDrive rows.csv
        1..$rowCount | ForEach-Object {
            [pscustomobject]@{ Url = "https://example.com/$_.png?signature=$_"; Name = "row-$_" }
        } | Export-Csv $csv

        # Which rows the server has, by its own account, and how often.
        function Get-AcceptedRow($Server) {
            foreach ($submission in Invoke-SandboxControl $Server submissions) { $submission.assets.name }
        }

        # Every kind of fault there is, which together strike a share of the requests.
        function Get-FaultMix([double] $Share) {
            $orders = @(
                foreach ($kind in 'reset-before', 'reset-after', 'hang', 'hang-after', 'slow', 'truncated', 'truncated-clean', 'stalled', 'garbage', 'empty', 'code-in-200', 'redirect', 'html') { @{ kind = $kind } }
                @{ kind = 'html'; status = 200 }
                foreach ($status in 429, 500, 502, 503, 504) { @{ kind = 'status'; status = $status } }
                foreach ($status in 500, 502, 504) { @{ kind = 'status'; status = $status; processed = $true } }
                foreach ($status in 429, 503) { @{ kind = 'status'; status = $status; retryAfter = '1' } }
            )
            foreach ($order in $orders) {
                $order.probability = 1 - [Math]::Pow(1 - $Share, 1 / $orders.Count)
                if ($order.kind -eq 'slow') { $order.delay = 0.2 }
                $order
            }
        }

        # Starts the operator's line in a process of its own.
        function Start-Run($Server, [string] $Journal, [string] $Report) {
            $file = Join-Path $TestDrive run.ps1
            Set-Content $file @'
param($Manifest, $Key, $BaseUri, $Journal, $Csv, $Report, [int] $BatchSize)
Import-Module $Manifest
Connect-Seedance -ApiKey $Key -BaseUri $BaseUri -JournalPath $Journal -RequestsPerSecond 10000
$tasks = Import-Csv $Csv | Submit-SeedanceAsset -Group cast -BatchSize $BatchSize -ThrottleLimit $BatchSize -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
@{
    GivenOut = @($tasks.Sources.Name)
    Failed   = @($failures | ForEach-Object { @{ Name = $_.TargetObject.Name; Id = $_.FullyQualifiedErrorId } })
} | ConvertTo-Json -Depth 4 | Set-Content $Report
'@
            $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
            $through = (Split-Path $start.FileName -LeafBase) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
            foreach ($argument in $through + @('-NoProfile', '-NonInteractive', '-File', $file, $ModuleManifest, $ApiKey, $Server.BaseUri, $Journal, $csv, $Report, $batchSize)) {
                $start.ArgumentList.Add($argument)
            }

            $start.UseShellExecute = $false
            [Diagnostics.Process]::Start($start)
        }
    }

    It 'accepts every row once however often the run is killed' {
        $server = Start-SandboxServer '--latency', '20ms'
        try {
            $journal = Join-Path $TestDrive killed.jsonl
            $report = Join-Path $TestDrive report.json
            $random = [random]::new(7)
            $kills = 0
            for ($try = 1; $try -le $killCount; $try++) {
                $before = (Get-SandboxStats $server).rowsAccepted
                $run = Start-Run $server $journal $report

                # Killed some requests after its first, so that every run gets on by a little.
                $until = $before + $random.Next(1, [Math]::Max(2, [int](0.8 * $rowCount / $killCount)))
                Wait-Until { $run.HasExited -or (Get-SandboxStats $server).rowsAccepted -ge $until } 'the run gets on'
                [Threading.Thread]::Sleep($random.Next(0, 25))
                if (-not $run.HasExited) {
                    $run.Kill()
                    $kills++
                }

                $run.WaitForExit()
            }

            $run = Start-Run $server $journal $report
            $run.WaitForExit()
            $run.ExitCode | Should -Be 0

            $accepted = @(Get-AcceptedRow $server)
            $outcome = Get-Content $report -Raw | ConvertFrom-Json
            $unknown = @($outcome.Failed | ForEach-Object Name)
            Write-Host "      $kills kills over $rowCount rows: $($accepted.Count) accepted, $(@($accepted | Sort-Object -Unique).Count) different, $(@($outcome.GivenOut).Count) given out, $($unknown.Count) reported as unknown"
            $kills | Should -BeGreaterThan 0
            $accepted | Group-Object | Where-Object Count -GT 1 | Should -BeNullOrEmpty
            (Get-SandboxStats $server).duplicates | Should -Be 0

            # Every row is a task or an error, none is both, and what the server has is never called anything but accepted or unknown.
            @($outcome.GivenOut) + $unknown | Sort-Object -Unique | Should -HaveCount $rowCount
            @($outcome.GivenOut).Count + $unknown.Count | Should -Be $rowCount
            $outcome.Failed | Where-Object Id -NE 'Seedance.OutcomeUnknown,Seedance.Commands.SubmitSeedanceAssetCommand' | Should -BeNullOrEmpty
            $outcome.GivenOut | Where-Object { $_ -notin $accepted } | Should -BeNullOrEmpty
        }
        finally {
            Stop-SandboxServer $server
        }
    }

    It 'makes an asset or a named error of every row, whatever the server does' {
        $server = Start-SandboxServer '--review', '20ms..60ms', '--keep-requests', '10'
        try {
            Add-SandboxFault $server (Get-FaultMix 0.1)
            Connect-TestServer $server @{ Timeout = 1; Concurrency = 16 }
            $assets = Import-Csv $csv | Submit-SeedanceAsset -Group cast -BatchSize 4 -ThrottleLimit 16 -ErrorVariable failures -ErrorAction SilentlyContinue |
                Wait-SeedanceTask -PollInterval 0.05 -ErrorVariable +failures -ErrorAction SilentlyContinue | Get-SeedanceAsset

            $duplicates = (Get-SandboxStats $server).duplicates
            $named = foreach ($failure in $failures | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) {
                $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
                $failure.TargetObject.psobject.TypeNames -contains 'Seedance.SeedanceTask' ? $failure.TargetObject.Sources.Name : $failure.TargetObject.Name
            }

            Write-Host "      $rowCount rows: $(@($assets).Count) assets, $(@($named).Count) named in errors, $duplicates duplicates"
            $duplicates | Should -Be 0
            @($assets.Name) + @($named) | Sort-Object -Unique | Should -HaveCount $rowCount
            @($assets).Count + @($named).Count | Should -Be $rowCount
            @($named).Count | Should -BeGreaterThan 0
            $accepted = @(Get-AcceptedRow $server)
            $assets.Name | Where-Object { $_ -notin $accepted } | Should -BeNullOrEmpty
        }
        finally {
            Disconnect-Seedance
            Stop-SandboxServer $server
        }
    }
}
