Describe 'Get-SeedanceTask' {
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

    Context 'of ids' {
        BeforeEach {
            $tasks = New-Row 3 | Submit-SeedanceAsset -Group g -BatchSize 1
            $ids = $tasks.TaskId
        }

        It 'looks once at each, in their order: <How>' -ForEach @(
            @{ How = 'at position 0'; Get = { Get-SeedanceTask $ids } }
            @{ How = '-TaskId'; Get = { Get-SeedanceTask -TaskId $ids } }
            @{ How = '-Id'; Get = { Get-SeedanceTask -Id $ids } }
            @{ How = 'piped ids'; Get = { $ids | Get-SeedanceTask } }
            @{ How = 'piped tasks'; Get = { $tasks | Get-SeedanceTask } }
            @{ How = 'a CSV with a TaskId column'; Get = { $tasks | Select-Object TaskId, Status | ConvertTo-Csv | ConvertFrom-Csv | Get-SeedanceTask } }
        ) {
            $seen = & $Get
            $seen.TaskId | Should -Be $ids
            (Get-SandboxRequest $server GET).path | Sort-Object | Should -Be ($ids | ForEach-Object { "/v1/tasks/$_" } | Sort-Object)
        }

        It 'has the rows of a task that was submitted here' {
            $null = $tasks | Wait-SeedanceTask -PollInterval 0.02
            $seen = Get-SeedanceTask $ids[0]
            $seen.Kind | Should -Be Asset
            $seen.Assets.Name | Should -Be avatar-1
            $seen.Assets.SourceUrl | Should -Be https://example.com/avatar-1.png
            $seen.Group.Name | Should -Be g
            $seen.ProjectName | Should -Be default
        }

        It 'costs one error for an id that does not exist, and goes on' {
            $seen = $ids[0], 'task_absent', $ids[1] | Get-SeedanceTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $seen.TaskId | Should -Be $ids[0], $ids[1]
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.NotFound,*'
            $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
            $failures[0].TargetObject | Should -Be task_absent
        }

        It 'asks for messages in -Language' {
            $null = Get-SeedanceTask $ids[0] -Language ja
            (Get-SandboxRequest $server GET).query | Should -Be '?language=ja'
            { Get-SeedanceTask $ids[0] -Language xx } | Should -Throw '*Language*'
        }

        It 'stops at 401' {
            Add-SandboxFault $server @{ kind = 'status'; status = 401 }
            { $ids | Get-SeedanceTask } | Should -Throw -ErrorId 'Seedance.AuthenticationFailed*'
        }
    }

    Context 'without input' {
        It 'lists the journal''s tasks, without asking the server' {
            $tasks = New-Row 3 | Submit-SeedanceAsset -Group g -BatchSize 1
            $known = Get-SeedanceTask
            $known.TaskId | Sort-Object | Should -Be ($tasks.TaskId | Sort-Object)
            $known[0].Group.Name | Should -Be g
            Get-SandboxRequest $server GET | Should -BeNullOrEmpty
        }

        It 'lists nothing when nothing was submitted' {
            Get-SeedanceTask | Should -BeNullOrEmpty
        }

        It 'selects by -Status' {
            $null = New-Row 1 | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
            $null = New-Row 1 @{ Url = 'https://example.com/reject.png' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
            $open = New-Row 1 @{ Url = 'https://example.com/open.png' } | Submit-SeedanceAsset -Group g
            Get-SeedanceTask | Should -HaveCount 3
            (Get-SeedanceTask -Status Completed).UsableAssets | Should -HaveCount 1
            (Get-SeedanceTask -Status Failed).FailedAssets | Should -HaveCount 1
            Get-SeedanceTask -Status Completed, Failed | Should -HaveCount 2
            (Get-SeedanceTask -Status Pending, Processing).TaskId | Should -Be $open.TaskId
        }

        It 'selects by -Since' {
            $task = New-Row 1 | Submit-SeedanceAsset -Group g
            Get-SeedanceTask -Since $task.CreatedAt.AddSeconds(-1) | Should -HaveCount 1
            Get-SeedanceTask -Since $task.CreatedAt.AddHours(1) | Should -BeNullOrEmpty
            Get-SeedanceTask -Since (Get-Date).AddHours(-1) | Should -HaveCount 1
        }

        It 'shows another account nothing' {
            $journal = Join-Path $TestDrive shared.jsonl
            Connect-Seedance sk-one -BaseUri $server.BaseUri -JournalPath $journal -AccountName one
            $null = New-Row 1 | Submit-SeedanceAsset -Group g
            Connect-Seedance sk-two -BaseUri $server.BaseUri -JournalPath $journal -AccountName two
            Get-SeedanceTask | Should -BeNullOrEmpty
            Get-SeedanceAsset | Should -BeNullOrEmpty
        }

        It 'shows an account what it sent under an earlier key, and sends nothing again' {
            $journal = Join-Path $TestDrive rotated.jsonl
            Connect-Seedance sk-one-0123456789 -BaseUri $server.BaseUri -JournalPath $journal
            $sent = New-Row 3 | Submit-SeedanceAsset -Group rotated
            Connect-Seedance sk-two-0123456789 -BaseUri $server.BaseUri -JournalPath $journal
            (Get-SeedanceTask).TaskId | Should -Be $sent.TaskId
            (New-Row 3 | Submit-SeedanceAsset -Group rotated -Resume).TaskId | Should -Be $sent.TaskId
            { New-Row 5 | Submit-SeedanceAsset -Group rotated -Resume -ErrorAction Stop } | Should -Throw -ErrorId 'Seedance.AccountUnclear*'
            Connect-Seedance sk-two-0123456789 -BaseUri $server.BaseUri -JournalPath $journal -AccountName default
            (New-Row 5 | Submit-SeedanceAsset -Group rotated -Resume)[-1].Sources | Should -HaveCount 2
        }

        It 'says so when the journal is garbage, and leaves it as it is' {
            $journal = Join-Path $TestDrive garbage.jsonl
            [IO.File]::WriteAllText($journal, "this is no journal`n")
            Connect-Seedance sk-one -BaseUri $server.BaseUri -JournalPath $journal
            { Get-SeedanceTask } | Should -Throw -ErrorId 'Seedance.JournalUnavailable*'
            { New-Row | Submit-SeedanceAsset } | Should -Throw -ErrorId 'Seedance.JournalUnavailable*'
            Get-Content $journal -Raw | Should -BeExactly "this is no journal`n"
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }
    }
}
