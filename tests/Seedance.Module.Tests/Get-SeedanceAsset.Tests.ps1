Describe 'Get-SeedanceAsset' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
        $rows = @(
            New-Row 3
            New-Row 1 @{ Url = 'https://example.com/reject-1.png'; Name = 'bad-1' }
            New-Row 1 @{ Url = 'https://example.com/voice.mp3'; Name = 'voice'; AssetType = 'Audio'; Group = 'h' }
        )
        $rows[0..3] | Add-Member Group g
        Connect-TestServer $server
        $tasks = $rows | Submit-SeedanceAsset | Wait-SeedanceTask -PollInterval 0.02
    }

    AfterAll {
        Disconnect-Seedance
        Stop-SandboxServer $server
    }

    It 'gives out all assets of tasks, those that are usable, or those that are not' {
        $tasks | Get-SeedanceAsset | Should -HaveCount 5
        ($tasks | Get-SeedanceAsset -Usable).Name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3, voice
        ($tasks | Get-SeedanceAsset -Failed).Name | Should -Be bad-1
        $tasks | Get-SeedanceAsset -Usable -Failed | Should -HaveCount 5
        Get-SeedanceAsset $tasks -Usable | Should -HaveCount 4
        Get-SeedanceAsset -InputObject $tasks -Usable | Should -HaveCount 4
    }

    It 'tells of each which row it came from, and how that is known' {
        $asset = $tasks | Get-SeedanceAsset -Usable | Where-Object Name -EQ avatar-2
        $asset.pstypenames[0] | Should -Be Seedance.SeedanceAsset
        $asset.AssetUrl | Should -BeExactly "asset://$($asset.AssetId)"
        $asset.SourceUrl | Should -Be https://example.com/avatar-2.png
        $asset.AssetType | Should -Be Image
        $asset.IsUsable | Should -BeTrue
        $asset.Status | Should -Be Active
        $asset.MatchedBy | Should -Be Name
        $asset.TaskId | Should -BeIn $tasks.TaskId
        $asset.GroupId | Should -Be ($tasks | Where-Object TaskId -EQ $asset.TaskId).GroupId
        $asset.ProjectName | Should -Be default
        ($tasks | Get-SeedanceAsset | Where-Object Name -EQ voice).MatchedBy | Should -BeIn Single, Name
    }

    It 'says Position when the server echoes no names' {
        $silent = Start-SandboxServer '--review', '20ms', '--no-echo-names', '--no-shuffle'
        try {
            $connection = Connect-Seedance sk-x -BaseUri $silent.BaseUri -NoJournal -PassThru
            $assets = New-Row 3 | Submit-SeedanceAsset -Group g -Connection $connection | Wait-SeedanceTask -PollInterval 0.02 -Connection $connection | Get-SeedanceAsset
            $assets.MatchedBy | Sort-Object -Unique | Should -Be Position
            $assets.Name | Should -Be avatar-1, avatar-2, avatar-3
        }
        finally {
            Disconnect-Seedance
            Stop-SandboxServer $silent
        }
    }

    It 'needs no connection for tasks in hand' {
        $found = Invoke-InSession { $tasks | Get-SeedanceAsset -Usable } @{ tasks = $tasks }
        $found.Errors | Should -BeNullOrEmpty
        $found.Output | Should -HaveCount 4
    }

    It 'warns of a task that has not ended, and gives nothing' {
        Connect-Seedance -Sandbox
        New-Row | Submit-SeedanceAsset | Get-SeedanceAsset -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -Match 'Wait-SeedanceTask'
        Disconnect-Seedance
    }

    Context 'without input' {
        BeforeAll {
            Connect-TestServer $server
            $null = $rows | Submit-SeedanceAsset | Wait-SeedanceTask -PollInterval 0.02
        }

        It 'gives out the journal''s assets, without asking the server' {
            $before = (Get-SandboxStats $server).getsReceived
            Get-SeedanceAsset | Should -HaveCount 5
            (Get-SandboxStats $server).getsReceived | Should -Be $before
        }

        It 'selects by -Usable and -Failed' {
            Get-SeedanceAsset -Usable | Should -HaveCount 4
            (Get-SeedanceAsset -Failed).Name | Should -Be bad-1
        }

        It 'selects by -Name, with wildcards, in any case' {
            (Get-SeedanceAsset -Name avatar-2).SourceUrl | Should -Be https://example.com/avatar-2.png
            Get-SeedanceAsset -Name AVATAR-* | Should -HaveCount 3
            Get-SeedanceAsset -Name absent | Should -BeNullOrEmpty
        }

        It 'selects by -GroupId' {
            $voice = Get-SeedanceAsset -Name voice
            (Get-SeedanceAsset -GroupId $voice.GroupId).Name | Should -Be voice
        }
    }
}
