Describe 'Completion' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer '--review', '10ms', '--video', '10ms'
        $journal = Join-Path $TestDrive journal.jsonl
        Connect-Seedance $ApiKey -BaseUri $server.BaseUri -JournalPath $journal -RequestsPerSecond 10000
        $spring = New-Row 2 | Submit-SeedanceAsset -Group 'spring cast' -ProjectName "Ann's" | Wait-SeedanceTask -PollInterval 0.02
        $autumn = New-Row 2 | Submit-SeedanceAsset -Group autumn | Wait-SeedanceTask -PollInterval 0.02
        $video = New-SeedanceVideo 'A boat' | Wait-SeedanceTask -PollInterval 0.02

        function Complete-Line([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
    }

    AfterAll {
        Disconnect-Seedance
        Stop-SandboxServer $server
    }

    Context 'of values' {
        It 'offers <Expected> for <Line>' -ForEach @(
            @{ Line = 'New-SeedanceVideo -Model doubao-seedance-2.0-f'; Expected = 'doubao-seedance-2.0-fast', 'doubao-seedance-2.0-face', 'doubao-seedance-2.0-fast-face' }
            @{ Line = 'New-SeedanceVideo -Size 9'; Expected = '9:16' }
            @{ Line = 'New-SeedanceVideo -Size '; Expected = '16:9', '9:16', '1:1', '4:3', '3:4', '21:9', 'adaptive' }
            @{ Line = 'New-SeedanceVideo -Resolution '; Expected = '480p', '720p', '1080p', '4k' }
            @{ Line = 'Submit-SeedanceAsset -AssetType v'; Expected = 'Video' }
            @{ Line = "Submit-SeedanceAsset -AssetType 'v"; Expected = 'Video' }
            @{ Line = 'Get-SeedanceTask -TaskId x -Language '; Expected = 'zh', 'en', 'ja', 'ko', 'ru', 'fr', 'de', 'id', 'pt', 'es' }
            @{ Line = 'Connect-Seedance -Language '; Expected = 'zh', 'en', 'ja', 'ko', 'ru', 'fr', 'de', 'id', 'pt', 'es' }
            @{ Line = 'Start-SeedanceIdentitySession -Listen x -Language '; Expected = 'zh', 'en', 'zh-Hant' }
            @{ Line = 'Get-SeedanceTask -Status P'; Expected = 'Pending', 'Processing' }
        ) {
            (Complete-Line $Line).CompletionText.Trim("'") | Sort-Object | Should -Be ($Expected | Sort-Object)
        }

        It 'offers what can be run as it is' {
            foreach ($offer in (Complete-Line 'New-SeedanceVideo -Size ') + (Complete-Line 'New-SeedanceVideo -Resolution ') + (Complete-Line 'New-SeedanceVideo -Model ')) {
                & ([scriptblock]::Create("Write-Output -- $($offer.CompletionText)")) | Should -BeExactly $offer.ListItemText
            }
        }
    }

    Context 'from the journal' {
        It 'offers tasks, the latest first: <_>' -ForEach 'Get-SeedanceTask -TaskId ', 'Get-SeedanceTask ', 'Wait-SeedanceTask -TaskId ', 'Get-SeedanceTask -TaskId task_' {
            (Complete-Line $_).CompletionText | Should -Be $video.TaskId, $autumn.TaskId, $spring.TaskId
        }

        It 'offers for Save-SeedanceVideo the tasks that made videos' {
            (Complete-Line 'Save-SeedanceVideo -TaskId ').CompletionText | Should -Be $video.TaskId
        }

        It 'offers group ids, with the names as hints: <_>' -ForEach 'Get-SeedanceAsset -GroupId ', 'Submit-SeedanceAsset -GroupId ', 'Test-SeedanceAsset -GroupId ', 'New-SeedanceAvatarGroup -GroupId ' {
            $offers = Complete-Line $_
            $offers.CompletionText | Should -Be $autumn.GroupId, $spring.GroupId
            $offers.ToolTip | Should -Be autumn, 'spring cast'
        }

        It 'offers group names, in quotes where they are needed' {
            (Complete-Line 'Submit-SeedanceAsset -Group ').CompletionText | Should -Be autumn, "'spring cast'"
            (Complete-Line "Submit-SeedanceAsset -Group 'spr").CompletionText | Should -Be "'spring cast'"
            (Complete-Line 'Submit-SeedanceAsset -Group "spr').CompletionText | Should -Be "'spring cast'"
        }

        It 'offers projects, with their own quotes doubled' {
            (Complete-Line 'Submit-SeedanceAsset -ProjectName A').CompletionText | Should -Be "'Ann''s'"
            (Complete-Line 'Start-SeedanceIdentitySession -ProjectName ').CompletionText | Should -Contain "'Ann''s'"
        }

        It 'offers nothing that does not begin as typed' {
            Complete-Line 'Submit-SeedanceAsset -Group zzz' | Should -BeNullOrEmpty
        }

        It 'asks the network for nothing' {
            Reset-Sandbox $server
            $null = Complete-Line 'Get-SeedanceTask -TaskId '
            $null = Complete-Line 'Submit-SeedanceAsset -Group '
            Get-SandboxRequest $server | Should -BeNullOrEmpty
        }

        It 'offers nothing, and is no error, with <Case>' -ForEach @(
            @{ Case = 'a journal that is not there yet'; Journal = { Join-Path $TestDrive "$([guid]::NewGuid()).jsonl" } }
            @{ Case = 'a journal of garbage'; Journal = { $file = Join-Path $TestDrive garbage.jsonl; Set-Content $file ('x' * 5000); $file } }
            @{ Case = 'a folder in its place'; Journal = { "$TestDrive" } }
            @{ Case = 'a journal of another account'; Journal = { $journal }; Key = 'sk-other' }
        ) {
            $path = & $Journal
            $run = Invoke-InSession {
                Connect-Seedance $key -BaseUri $uri -JournalPath $path
                $line = 'Get-SeedanceTask -TaskId task'
                @((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText) -like 'task_*'
                "errors: $($Error.Count)"
                Disconnect-Seedance
            } @{ uri = $server.BaseUri; path = $path; key = $Key ?? $ApiKey }
            $run.Output | Should -Be 'errors: 0'
        }

        It 'offers nothing without a connection' {
            $run = Invoke-InProcess "Import-Module '$ModuleManifest'; `$line = 'Get-SeedanceTask -TaskId task'; @((TabExpansion2 `$line `$line.Length).CompletionMatches).Count; `$Error.Count" @{ SEEDANCE_API_KEY = '' }
            $run.Output.Trim() -split '\s+' | Should -Be '0', '0'
        }

        It 'uses the connection that the line names' {
            $global:rehearsal = Connect-Seedance -Sandbox -PassThru
            try {
                $task = New-Row | Submit-SeedanceAsset -Group rehearsed
                Connect-Seedance $ApiKey -BaseUri $server.BaseUri -JournalPath $journal -RequestsPerSecond 10000
                (Complete-Line 'Get-SeedanceTask -TaskId ').CompletionText | Should -Contain $video.TaskId
                (Complete-Line 'Get-SeedanceTask -Connection $rehearsal -TaskId ').CompletionText | Should -Be $task.TaskId
            }
            finally {
                Disconnect-Seedance -Connection $rehearsal
                Remove-Variable rehearsal -Scope Global
            }
        }
    }
}
