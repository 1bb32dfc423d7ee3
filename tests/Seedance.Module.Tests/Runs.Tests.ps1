Describe 'Runs' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
        $rows = @(New-Row 4 | Select-Object *, @{ n = 'RowId'; e = { "id-$($_.Name)" } }, @{ n = 'Scene'; e = { "scene of $($_.Name)" } })
        $rows += [pscustomobject]@{ Url = 'https://example.com/reject-1.png'; Name = 'bad-1'; RowId = 'id-bad'; Scene = 'none' }
    }

    AfterEach { Disconnect-Seedance }

    It 'are given out with what became of their rows, and the counts add up' {
        $null = $rows + [pscustomobject]@{ Url = 'nowhere'; Name = 'invalid' } | Submit-SeedanceAsset -Group cast -RunName 'night-1' -ErrorAction SilentlyContinue | Wait-SeedanceTask -PollInterval 0.02
        $null = $rows | Submit-SeedanceAsset -Group cast -RunName 'night-2' -Resume
        $night = Get-SeedanceRun night-1
        $night.pstypenames[0] | Should -Be Seedance.Run
        $night.Rows, $night.Accepted, $night.Usable, $night.Failed, $night.Invalid | Should -Be 6, 5, 4, 1, 1
        $night.NotAccepted, $night.Unknown, $night.UnderWayElsewhere, $night.AcceptedEarlier | Should -Be 0, 0, 0, 0
        $night.GroupName, $night.Requests, $night.IsUnderWay, $night.ProcessId | Should -Be 'cast', 1, $false, $PID
        $night.Duration | Should -Be ($night.EndedAt - $night.StartedAt)
        $again = Get-SeedanceRun -Latest
        $again.RunName, $again.Rows, $again.AcceptedEarlier, $again.Requests | Should -Be 'night-2', 5, 5, 0
        Get-SeedanceRun night-* | Should -HaveCount 2
        Get-SeedanceRun -Since 1h | Should -HaveCount 2
        Get-SeedanceRun -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        { Get-SeedanceRun no-such-run -ErrorAction Stop } | Should -Throw "*knows no run 'no-such-run'*"
        Get-SeedanceRun no-such-* | Should -BeNullOrEmpty
    }

    It 'end with a line that is an information record, and say so by themselves where something is left' {
        $null = New-Row 2 | Submit-SeedanceAsset -Group cast -InformationVariable whole
        "$whole" | Should -Be '2 of 2 rows accepted.'
        $whole.Tags | Should -Not -Contain PSHOST
        Add-SandboxFault $server @{ kind = 'status'; status = 500; count = 1; method = 'POST' }
        $null = $rows | Submit-SeedanceAsset -Group other -InformationVariable part -ErrorAction SilentlyContinue 6> $null
        "$part" | Should -Be '0 of 5 rows accepted; the same line with -Resume goes on.'
        $part.Tags | Should -Contain PSHOST
        $null = $rows[0], [pscustomobject]@{ Url = 'nowhere'; Name = 'invalid' } | Submit-SeedanceAsset -Group third -InformationVariable wrong -ErrorAction SilentlyContinue 6> $null
        "$wrong" | Should -Be '1 of 2 rows accepted; correct the 1 invalid, and the same line with -Resume sends what is left.'
        $null = Start-Transcript "$TestDrive/said.txt"
        try {
            $silent = $rows | Submit-SeedanceAsset -Group other -Resume -InformationAction Ignore -ErrorAction SilentlyContinue 6>&1
        }
        finally {
            $null = Stop-Transcript
        }

        $silent | Should -BeNullOrEmpty
        Get-Content "$TestDrive/said.txt" -Raw | Should -Not -BeLike '*rows accepted*'
    }

    It 'are found again in their assets and tasks, by every filter' {
        $null = $rows | Submit-SeedanceAsset -Group cast -RunName 'spring a' -KeepProperty Scene | Wait-SeedanceTask -PollInterval 0.02
        $null = New-Row 2 @{ ProjectName = 'film' } | Submit-SeedanceAsset -Group crowd -RunName 'spring b' | Wait-SeedanceTask -PollInterval 0.02
        Get-SeedanceAsset -RunName 'spring a' | Should -HaveCount 5
        Get-SeedanceAsset -RunName spring* -GroupName c* | Should -HaveCount 7
        Get-SeedanceAsset -ProjectName film | Should -HaveCount 2
        (Get-SeedanceAsset -RowId id-avatar-3).Name | Should -Be avatar-3
        Get-SeedanceAsset -Since 1h | Should -HaveCount 7
        Get-SeedanceAsset -Before 1h | Should -BeNullOrEmpty
        Get-SeedanceAsset -Since 7d | Should -HaveCount 7
        Get-SeedanceAsset -Since (New-TimeSpan -Hours 1) -Before (Get-Date).AddMinutes(1) | Should -HaveCount 7
        Get-SeedanceTask -RunName 'spring b' | Should -HaveCount 1
        (Get-SeedanceTask -GroupName crowd).RunName | Should -Be 'spring b'
        Get-SeedanceTask -Kind Video | Should -BeNullOrEmpty
        Get-SeedanceTask -Since 10m -Kind Asset | Should -HaveCount 2
        { Get-SeedanceAsset -Since 5 } | Should -Throw '*5h or 5d*'
        $bad = Get-SeedanceAsset -RowId id-bad
        $bad.GroupName, $bad.RunName, $bad.IsSuperseded | Should -Be 'cast', 'spring a', $false
        $bad.SubmittedAt | Should -BeOfType DateTimeOffset
        $bad.ReviewedAt | Should -Not -BeLessThan $bad.SubmittedAt.AddSeconds(-2)
        $bad.Error.Message | Should -Not -BeNullOrEmpty
    }

    It 'give each asset the columns that were kept, in a CSV too' {
        $live = $rows | Submit-SeedanceAsset -Group cast -KeepProperty Scene | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset | Where-Object Name -EQ avatar-2
        $live.Scene | Should -Be 'scene of avatar-2'
        $later = Get-SeedanceAsset -Name avatar-2
        $later.Scene | Should -Be 'scene of avatar-2'
        ($later | ConvertTo-Csv | ConvertFrom-Csv).Scene | Should -Be 'scene of avatar-2'
    }

    It 'show with -WhatIf and -Resume what would really be sent' {
        $null = $rows[0..2] | Submit-SeedanceAsset -Group cast | Wait-SeedanceTask -PollInterval 0.02
        $before = (Get-SandboxRequest $server).Count
        $null = Start-Transcript "$TestDrive/shown.txt"
        try {
            $rows | Submit-SeedanceAsset -Group cast -Resume -WhatIf -Verbose
        }
        finally {
            $null = Stop-Transcript
        }

        $shown = Get-Content "$TestDrive/shown.txt" -Raw
        (Get-SandboxRequest $server).Count | Should -Be $before
        [regex]::Matches($shown, 'on target .*\((.*)\)').ForEach{ $_.Groups[1].Value } | Sort-Object -Unique | Should -Be avatar-4, bad-1
        $shown | Should -BeLike '*3 row(s) would not be sent*'
        $null = $rows | Submit-SeedanceAsset -Group cast -Resume
        (Get-SandboxRequest $server)[-1].json.assets.name | Should -Be avatar-4, bad-1
    }

    It 'are not begun by -WhatIf, whatever is wrong with the rows' {
        [pscustomobject]@{ Url = 'nowhere'; Name = 'invalid' } | Submit-SeedanceAsset -Group cast -WhatIf -ErrorAction SilentlyContinue -InformationVariable said
        New-SeedanceVideo x -Duration 99 -WhatIf -ErrorAction SilentlyContinue -InformationVariable +said
        $said | Should -BeNullOrEmpty
        Get-SeedanceRun | Should -BeNullOrEmpty
    }

    It 'say how to go on where another key wrote the history, and what came of unanswered submissions' {
        $null = $rows | Submit-SeedanceAsset -Group cast
        $journal = (Get-SeedanceConnection).JournalPath
        $other = Connect-Seedance sk-another -BaseUri $server.BaseUri -JournalPath $journal -PassThru
        $null = $rows | Submit-SeedanceAsset -Group cast -Resume -Connection $other -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*How the run ended is not recorded*-AccountName*'
        Connect-TestServer $server
        Add-SandboxFault $server @{ kind = 'html'; status = 502; count = 1; method = 'POST' }
        $null = $rows | Submit-SeedanceAsset -Group crowd -ErrorVariable failures -ErrorAction SilentlyContinue -InformationAction Ignore
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Resume*asset library*-RetryUnknown*'
    }
}
