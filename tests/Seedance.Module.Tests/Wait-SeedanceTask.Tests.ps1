Describe 'Wait-SeedanceTask' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
    }

    AfterEach { Disconnect-Seedance }

    Context 'gives each task out as it ends' {
        BeforeEach {
            $tasks = New-Row 3 | Submit-SeedanceAsset -Group g -BatchSize 1
            $ids = $tasks.TaskId
        }

        It '<How>' -ForEach @(
            @{ How = 'piped tasks'; Wait = { $tasks | Wait-SeedanceTask -PollInterval 0.02 } }
            @{ How = 'tasks at position 0'; Wait = { Wait-SeedanceTask $tasks -PollInterval 0.02 } }
            @{ How = '-InputObject'; Wait = { Wait-SeedanceTask -InputObject $tasks -PollInterval 0.02 } }
            @{ How = '-TaskId'; Wait = { Wait-SeedanceTask -TaskId $ids -PollInterval 0.02 } }
            @{ How = '-Id'; Wait = { Wait-SeedanceTask -Id $ids -PollInterval 0.02 } }
            @{ How = 'piped ids'; Wait = { $ids | Wait-SeedanceTask -PollInterval 0.02 } }
            @{ How = 'a CSV with a TaskId column'; Wait = { $tasks | Select-Object TaskId, Kind | ConvertTo-Csv | ConvertFrom-Csv | Wait-SeedanceTask -PollInterval 0.02 } }
        ) {
            $ended = & $Wait
            $ended.TaskId | Sort-Object | Should -Be ($ids | Sort-Object)
            $ended.IsFinal | Should -Not -Contain $false
            $ended.Assets.Name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3
        }

        It 'without asking again about one that has ended' {
            $ended = $tasks | Wait-SeedanceTask -PollInterval 0.02
            $before = (Get-SandboxStats $server).getsReceived
            $ended | Wait-SeedanceTask | Should -HaveCount 3
            (Get-SandboxStats $server).getsReceived | Should -Be $before
        }

        It 'and nothing of no tasks' {
            @() | Wait-SeedanceTask | Should -BeNullOrEmpty
            Wait-SeedanceTask -InputObject @() | Should -BeNullOrEmpty
        }
    }

    It 'gives a failed review out as an object, without an error' {
        $rows = (New-Row 3), (New-Row 1 @{ Url = 'https://example.com/reject.png'; Name = 'r' }) | ForEach-Object { $_ }
        $task = $rows | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
        $task.Status | Should -Be Failed
        $task.UsableAssets | Should -HaveCount 3
        $task.FailedAssets.Name | Should -Be r
        $task.Error.Message | Should -Not -BeNullOrEmpty
    }

    It 'asks for messages in -Language' {
        $task = New-Row 1 @{ Url = 'https://example.com/reject.png' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 -Language en
        $task.Error.Message | Should -Match '^[ -~]+$'
        { 'task_1' | Wait-SeedanceTask -Language xx } | Should -Throw '*Language*'
    }

    It 'reads the tasks of another process by their ids alone' {
        $id = (New-Row 2 | Submit-SeedanceAsset -Group g).TaskId
        Connect-TestServer $server
        $task = Wait-SeedanceTask -TaskId $id -PollInterval 0.02
        $task.UsableAssets | Should -HaveCount 2
        $task.UsableAssets.MatchedBy | Should -Not -Contain Position
    }

    Context '-Timeout' {
        BeforeAll { $slow = Start-SandboxServer '--review', '1h' }

        AfterAll { Stop-SandboxServer $slow }

        It 'costs one error per unfinished task, with the task in hand' {
            Connect-TestServer $slow
            $tasks = New-Row 3 | Submit-SeedanceAsset -Group g -BatchSize 1
            $ended = $tasks | Wait-SeedanceTask -Timeout 0.3 -PollInterval 0.05 -ErrorVariable failures -ErrorAction SilentlyContinue
            $ended | Should -BeNullOrEmpty
            $failures | Should -HaveCount 3
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.TimedOut,*'
            $failures[0].CategoryInfo.Category | Should -Be OperationTimeout
            $failures | ForEach-Object { $_.TargetObject.pstypenames[0] } | Should -Be (@('Seedance.SeedanceTask') * 3)
            $failures.TargetObject.TaskId | Sort-Object | Should -Be ($tasks.TaskId | Sort-Object)
            Read-Failure $failures[0] | Should -Match "Wait-SeedanceTask -TaskId $($failures[0].TargetObject.TaskId)"
        }

        It 'leaves those that ended in time alone' {
            Connect-TestServer $server
            $soon = New-Row 1 | Submit-SeedanceAsset -Group g
            $ended = $soon.TaskId, 'task_absent' | Wait-SeedanceTask -Timeout $Deadline -PollInterval 0.02 -ErrorVariable failures -ErrorAction SilentlyContinue
            $ended.TaskId | Should -Be $soon.TaskId
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.NotFound,*'
            $failures[0].TargetObject.TaskId | Should -Be task_absent
        }

        It 'of a task that timed out can be waited for again from the error' {
            Connect-TestServer $slow
            $null = New-Row 1 | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -Timeout 0.1 -PollInterval 0.02 -ErrorVariable failures -ErrorAction SilentlyContinue
            $null = $failures.TargetObject | Wait-SeedanceTask -Timeout 0.1 -PollInterval 0.02 -ErrorVariable again -ErrorAction SilentlyContinue
            $again | Should -HaveCount 1
        }
    }

    Context 'is given what is no task' {
        It '<What> costs one error with advice, and nothing is sent' -ForEach @(
            @{ What = 'a row of a table'; Value = { [pscustomobject]@{ Url = 'https://example.com/a.png?sig=secret'; Name = 'a' } }; Words = 'row of a table' }
            @{ What = 'a hashtable'; Value = { @{ Url = 'https://example.com/a.png?sig=secret' } }; Words = 'row of a table' }
            @{ What = 'a row whose TaskId is empty'; Value = { 'Url,TaskId', 'https://example.com/a.png,' | ConvertFrom-Csv }; Words = 'is empty' }
            @{ What = 'an asset''s id'; Value = { 'asset://asset_1' }; Words = 'of an asset' }
            @{ What = 'dots'; Value = { '..' }; Words = 'not a task' }
            @{ What = 'a file'; Value = { Get-Item $PSHOME }; Words = 'row of a table' }
        ) {
            $before = (Get-SandboxStats $server).getsReceived
            foreach ($line in { & $Value | Wait-SeedanceTask -ErrorVariable script:failures -ErrorAction SilentlyContinue }, { & $Value | Get-SeedanceTask -ErrorVariable script:failures -ErrorAction SilentlyContinue }) {
                & $line | Should -BeNullOrEmpty
                $failures | Should -HaveCount 1
                $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
                Read-Failure $failures[0] | Should -Match $Words
                "$($failures[0] | Out-String)$($failures[0].TargetObject)" | Should -Not -Match secret
            }
            (Get-SandboxStats $server).getsReceived | Should -Be $before
        }

        It 'takes <What> for the task that it is' -ForEach @(
            @{ What = 'a task from Clixml'; Value = { $task | Export-Clixml "$TestDrive/task.clixml"; Import-Clixml "$TestDrive/task.clixml" } }
            @{ What = 'a task from JSON'; Value = { $task | ConvertTo-Json -Depth 9 | ConvertFrom-Json } }
            @{ What = 'a hashtable with a TaskId'; Value = { @{ TaskId = $task.TaskId } } }
            @{ What = 'one of its assets'; Value = { ($task | Wait-SeedanceTask -PollInterval 0.02).Assets[0] } }
        ) {
            $task = New-Row 1 | Submit-SeedanceAsset -Group g
            (& $Value | Wait-SeedanceTask -PollInterval 0.02).TaskId | Should -Be $task.TaskId
            (& $Value | Get-SeedanceTask).TaskId | Should -Be $task.TaskId
        }
    }

    It 'goes on when looks fail for a while, with one warning at most' {
        $task = New-Row 1 | Submit-SeedanceAsset -Group g
        Add-SandboxFault $server @{ kind = 'garbage'; method = 'GET'; count = 1 }
        $ended = $task | Wait-SeedanceTask -PollInterval 0.02 -WarningVariable warnings -WarningAction SilentlyContinue
        $ended.IsFinal | Should -BeTrue
        @($warnings).Count | Should -BeLessOrEqual 1
    }

    It 'stops at 401' {
        $task = New-Row 1 | Submit-SeedanceAsset -Group g
        Add-SandboxFault $server @{ kind = 'status'; status = 401 }
        { $task | Wait-SeedanceTask -PollInterval 0.02 } | Should -Throw -ErrorId 'Seedance.AuthenticationFailed*'
    }

    It 'shows rows done and failed, and takes its bar away' {
        $run = Invoke-InSession {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -NoJournal
            $null = 1..2 + 'reject' | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 3 | Wait-SeedanceTask -PollInterval 0.02
        } @{ server = $server }
        $bar = @($run.Progress | Where-Object Activity -EQ 'Waiting for Seedance tasks')
        $bar[-1].RecordType | Should -Be Completed
        $bar[-1].StatusDescription | Should -Match '^3 of 3 rows done, 1 failed'
        $bar = @($run.Progress | Where-Object Activity -EQ 'Submitting material for review')
        $bar[-1].RecordType | Should -Be Completed
        $bar[-1].StatusDescription | Should -Match '^3 of 3 rows done'
    }

    It 'shows its bar while nothing ends' {
        $slow = Start-SandboxServer '--review', '1h', '--language', 'en'
        $run = Start-InSession {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -NoJournal
            1..3 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask
        } @{ server = $slow }
        try {
            Wait-Until { @($run.Shell.Streams.Progress | Where-Object Activity -EQ 'Waiting for Seedance tasks').Count -gt 1 } 'the bar is shown, and again'
            $run.Shell.Streams.Progress[-1].StatusDescription | Should -Be '0 of 3 rows done'
            Stop-InSession $run
        }
        finally {
            Close-Session $run
            Stop-SandboxServer $slow
        }
    }

    Context 'the bar' {
        BeforeAll {
            Add-Type 'public sealed class BarClock : System.TimeProvider {
                private long _now;
                public override long TimestampFrequency { get { return 1000; } }
                public override long GetTimestamp() { return _now; }
                public void Advance(double seconds) { _now += (long)(seconds * 1000); } }'
            function New-Bar($Clock) {
                $type = (Get-Command Wait-SeedanceTask).ImplementingType.Assembly.GetType('Seedance.Commands.RowProgress')
                $type.GetConstructors()[0].Invoke(@(1, 'Waiting', 'rows', $Clock))
            }
        }

        It 'tells the rate, the share and the time left, which runs down between rows' {
            $clock = [BarClock]::new()
            $bar = New-Bar $clock
            $bar.AddTotal(2000)
            $clock.Advance(60)
            $bar.Add(500, 12)
            $bar.ToRecord().StatusDescription | Should -BeExactly '500 of 2,000 rows done, 12 failed, 500 a minute'
            $bar.ToRecord().SecondsRemaining | Should -Be -1 -Because 'more rows may come'
            $bar.ToRecord().PercentComplete | Should -Be -1
            $bar.CompleteTotal()
            $bar.ToRecord().PercentComplete | Should -Be 25
            $bar.ToRecord().SecondsRemaining | Should -Be 180
            $clock.Advance(100)
            $bar.ToRecord().SecondsRemaining | Should -Be 80
        }

        It 'tells no time left once that is over, instead of a second for half a minute' {
            $clock = [BarClock]::new()
            $bar = New-Bar $clock
            $bar.AddTotal(100)
            $bar.CompleteTotal()
            $clock.Advance(99)
            $bar.Add(99, 0)
            $bar.ToRecord().SecondsRemaining | Should -Be 1
            foreach ($second in 1..30) {
                $clock.Advance(1)
                $bar.ToRecord().SecondsRemaining | Should -Be -1
            }
        }

        It 'tells the longer of what the rate says and what the tasks before say' {
            $clock = [BarClock]::new()
            $bar = New-Bar $clock
            $bar.AddTotal(100)
            $bar.CompleteTotal()
            $bar.Expect([timespan]::FromSeconds(45))
            $bar.ToRecord().SecondsRemaining | Should -Be 45
            $clock.Advance(10)
            $bar.Add(99, 0)
            $bar.ToRecord().SecondsRemaining | Should -Be 35
            $bar.Expect($null)
            $bar.ToRecord().SecondsRemaining | Should -Be -1
        }

        It 'counts by the second what is fast, and by the hour what is slow' {
            $clock = [BarClock]::new()
            $bar = New-Bar $clock
            $bar.AddTotal(100000)
            $clock.Advance(10)
            $bar.Add(20000, 0)
            $bar.ToRecord().StatusDescription | Should -BeExactly '20,000 of 100,000 rows done, 2,000 a second'
            $slow = New-Bar $clock
            $slow.AddTotal(3)
            $clock.Advance(600)
            $slow.Add(1, 0)
            $slow.ToRecord().StatusDescription | Should -BeExactly '1 of 3 rows done, 6 an hour'
        }
    }
}
