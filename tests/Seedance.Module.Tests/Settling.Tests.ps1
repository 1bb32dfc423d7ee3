# Submissions whose answers were lost, settled by the asset library. SEEDANCE_TEST_ROWS makes the runs longer.

Describe 'Settling' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
        $rowCount = [int]($env:SEEDANCE_TEST_ROWS ?? 300)
        $rows = New-Row $rowCount

        # One answer in ten is lost after the server has acted, in one of the ways in which answers are.
        $kinds = 'truncated', 'truncated-clean', 'reset-after', 'garbage', 'empty'
        $cutOff = foreach ($kind in $kinds) { @{ kind = $kind; probability = 1 - [Math]::Pow(0.9, 1 / $kinds.Count) } }

        function Submit-Row([switch] $Resume) {
            $tasks = $rows | Submit-SeedanceAsset -Group cast -BatchSize 2 -Resume:$Resume -ErrorVariable failures -ErrorAction SilentlyContinue
            [pscustomobject]@{ Tasks = @($tasks); Rows = @($tasks.Sources.Name | Sort-Object -Unique); Failures = @($failures | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) }
        }
    }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
        Add-SandboxFault $server $cutOff
        $first = Submit-Row
    }

    AfterEach { Disconnect-Seedance }

    AfterAll { Stop-SandboxServer $server }

    It 'leaves nothing unknown after one -Resume where one answer in ten was cut off' {
        $then = Submit-Row -Resume
        $stats = Get-SandboxStats $server
        Write-Host "      $rowCount rows: $($first.Failures.Count) unknown, after -Resume $($then.Failures.Count); $($stats.rowsAccepted) accepted, $($stats.duplicates) twice"
        $first.Failures.Count | Should -BeGreaterThan 0
        $first.Failures.FullyQualifiedErrorId | Should -BeLike 'Seedance.OutcomeUnknown,*'
        $then.Failures | Should -BeNullOrEmpty
        $then.Rows | Should -HaveCount $rowCount
        $stats.rowsAccepted | Should -Be $rowCount
        $stats.duplicates | Should -Be 0

        # What was found goes down the pipeline like the rest.
        $assets = $then.Tasks | Wait-SeedanceTask -PollInterval 0.05 | Get-SeedanceAsset -Usable
        $assets.Name | Sort-Object -Unique | Should -HaveCount $rowCount
        Get-SeedanceAsset -Usable | Should -HaveCount $rowCount
    }

    It 'leaves unknown what was, where the library cannot be read' {
        Add-SandboxFault $server (@(@{ kind = 'status'; status = 404; method = 'GET'; path = '/v1/seedance2/private-avatar' }) + $cutOff)
        $then = Submit-Row -Resume
        $stats = Get-SandboxStats $server
        Write-Host "      $rowCount rows: $($first.Failures.Count) unknown, after -Resume $($then.Failures.Count); $($stats.rowsAccepted) accepted, $($stats.duplicates) twice"
        $first.Failures.Count | Should -BeGreaterThan 0
        @($then.Failures.TargetObject.Name | Sort-Object) | Should -Be @($first.Failures.TargetObject.Name | Sort-Object)
        $then.Failures[0] | Should -BeLike '*could not be read*no asset library*'
        $stats.rowsAccepted | Should -Be $rowCount
        $stats.duplicates | Should -Be 0
    }
}
