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

    It 'shows how far it has come' {
        $run = Start-InSession {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -NoJournal
            1..3 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 1 | Wait-SeedanceTask -PollInterval 0.02
        } @{ server = $server }
        try {
            $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue
            $progress = @($run.Shell.Streams.Progress | Where-Object Activity -Match Seedance)
            $progress[0].StatusDescription | Should -Match '^\d+ of \d+ done$'
            $progress[-1].RecordType | Should -Be Completed
        }
        finally {
            Close-Session $run
        }
    }
}
