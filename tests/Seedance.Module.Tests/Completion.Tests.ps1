Describe 'Completion' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer '--review', '10ms', '--video', '10ms'
        $journal = Join-Path $TestDrive journal.jsonl
        Connect-Seedance $ApiKey -BaseUri $server.BaseUri -JournalPath $journal -RequestsPerSecond 10000
        $spring = New-Row 2 | Submit-SeedanceAsset -Group 'spring cast' -ProjectName "Ann's" | Wait-SeedanceTask -PollInterval 0.02
        $autumn = New-Row 2 | Submit-SeedanceAsset -Group autumn -RunName 'first night' | Wait-SeedanceTask -PollInterval 0.02
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

    Context 'of secrets' {
        BeforeAll {
            $modulePath = $env:PSModulePath
            $vault = New-Item -ItemType Directory (Join-Path $TestDrive modules/CompletionVault)
            Set-Content (Join-Path $vault CompletionVault.psm1) @'
function Get-SecretInfo {
    param([string] $Name = '*', [string] $Vault)
    'seedance-night', 'seedance day', 'other' | Where-Object { $_ -like $Name -and $Vault -in '', 'Safe' } |
        ForEach-Object { [pscustomobject]@{ Name = $_; Type = 'SecureString'; VaultName = 'Safe' } }
    Write-Error 'One vault is locked.'
}
'@
            New-ModuleManifest (Join-Path $vault CompletionVault.psd1) -RootModule CompletionVault.psm1 -FunctionsToExport Get-SecretInfo
            $env:PSModulePath = (Split-Path $vault) + [IO.Path]::PathSeparator + $env:PSModulePath
        }

        AfterAll { $env:PSModulePath = $modulePath }

        It 'offers the names that the vaults list, with where they are' {
            # A busy machine may need longer than a completion waits for: whoever types asks again.
            Wait-Until { (Complete-Line 'Connect-Seedance -SecretName see').CompletionText -contains 'seedance-night' } 'the vaults are listed'
            $offers = Complete-Line 'Connect-Seedance -SecretName see'
            $offers.CompletionText | Should -Be seedance-night, "'seedance day'"
            $offers.ToolTip | Should -Be 'SecureString in Safe', 'SecureString in Safe'
            (Complete-Line 'Connect-Seedance -VaultName Safe -SecretName o').CompletionText | Should -Be other
            (Complete-Line 'Connect-Seedance -VaultName None -SecretName o').CompletionText | Should -Not -Contain other
        }

        It 'offers none where no vault is installed, and is no error' {
            $env:PSModulePath = $modulePath
            $before = $Error.Count
            (Complete-Line 'Connect-Seedance -SecretName see').CompletionText | Should -Not -Match seedance
            $Error.Count | Should -Be $before
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
            $offers[0].ToolTip | Should -Match '^autumn, last used \S'
            $offers[1].ToolTip | Should -Match '^spring cast, last used \S'
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

        It 'offers for <_> the usable pictures, found by name too, the latest first' -ForEach 'FirstFrame', 'LastFrame', 'Reference', 'Image' {
            $expected = @($autumn.UsableAssets.AssetUrl | Sort-Object) + @($spring.UsableAssets.AssetUrl | Sort-Object)
            $offers = Complete-Line "New-SeedanceVideo 'A boat' -$_ "
            $offers.CompletionText | Sort-Object | Should -Be ($expected | Sort-Object)
            $offers[0].CompletionText | Should -BeIn $autumn.UsableAssets.AssetUrl
            $one = $spring.UsableAssets[0]
            $byId = Complete-Line "New-SeedanceVideo 'A boat' -$_ $($one.AssetUrl.Substring(0, $one.AssetUrl.Length - 1))"
            $byId.CompletionText | Should -Be $one.AssetUrl
            (Complete-Line "New-SeedanceVideo 'A boat' -$_ $($one.Name)").CompletionText | Should -Contain $one.AssetUrl
            Complete-Line "New-SeedanceVideo 'A boat' -$_ asset://nobody" | Should -BeNullOrEmpty
        }

        It 'says of a picture its name, type, status and group' {
            $one = $spring.UsableAssets[0]
            $offer = Complete-Line "New-SeedanceVideo -FirstFrame $($one.AssetUrl)"
            $offer.ListItemText | Should -BeExactly $one.Name
            $offer.ToolTip | Should -Match "^$($one.Name), Image, Active, spring cast, \S"
        }

        It 'offers no picture where a clip or a voice is wanted: <_>' -ForEach 'ReferenceVideo', 'ReferenceAudio' {
            (Complete-Line "New-SeedanceVideo 'A boat' -$_ ").CompletionText | Should -Not -Match '^asset:'
        }

        It 'offers the ids of assets, with what they are called: <_>' -ForEach 'Rename-SeedanceAsset -AssetId ', 'Remove-SeedanceAsset -AssetId ' {
            $offers = Complete-Line $_
            $offers.CompletionText | Sort-Object | Should -Be ((@($spring) + $autumn).Assets.AssetId | Sort-Object)
            $offers.ListItemText | Should -Contain avatar-1
        }

        It 'offers the names of assets for Get-SeedanceAsset, each once' {
            $offers = Complete-Line 'Get-SeedanceAsset -Name '
            $offers.CompletionText | Sort-Object | Should -Be avatar-1, avatar-2
            $offers[0].ToolTip | Should -Match '^asset://\S+, avatar-\d, Image, Active, autumn, \S'
        }

        It 'offers runs, with when they began: <_>' -ForEach 'Get-SeedanceTask -RunName ', 'Get-SeedanceAsset -RunName ', 'Submit-SeedanceAsset -RunName ', 'New-SeedanceVideo -RunName ', 'Export-SeedanceReport -RunName ' {
            $offers = Complete-Line $_
            $offers.CompletionText | Should -Be "'first night'"
            $offers.ToolTip | Should -Match '^begun \S'
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
