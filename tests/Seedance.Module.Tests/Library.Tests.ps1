# The asset library: what is up there, what is deleted and renamed, and a journal that is brought up to it.

Describe 'The asset library' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
        $tasks = New-Row 3 | Submit-SeedanceAsset -Group cast | Wait-SeedanceTask -PollInterval 0.02
    }

    AfterEach { Disconnect-Seedance }

    AfterAll { Stop-SandboxServer $server }

    It 'shows groups, those of the journal and those that are there' {
        (Get-SeedanceAvatarGroup).GroupId | Should -Be $tasks.GroupId
        $null = Invoke-SandboxControl $server groups Post @{ groupId = 'group_foreign'; name = 'castle' }
        $online = Get-SeedanceAvatarGroup -Name cast* -Online
        $online.Name | Should -Be cast, castle
        $online.IsKnown | Should -Be $true, $false
        (Get-SeedanceAvatarGroup -Name cast -Online).GroupId | Should -Be $tasks.GroupId
        (Get-SeedanceAvatarGroup -GroupId group_foreign -Online).IsKnown | Should -BeFalse
    }

    It 'shows assets as they are there, those that the journal knows and those that it does not' {
        $null = Invoke-SandboxControl $server assets Post @{ assetId = 'asset_foreign'; name = 'somebody'; groupId = $tasks.GroupId; status = 'Failed' }
        $online = Get-SeedanceAsset -Online -GroupId $tasks.GroupId
        $online | Should -HaveCount 4
        ($online | Where-Object IsKnown).Name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3
        ($online | Where-Object Name -EQ avatar-2).SourceUrl | Should -Be https://example.com/avatar-2.png
        $foreign = Get-SeedanceAsset -Online -GroupName cast -Failed
        $foreign.AssetId, $foreign.IsKnown, $foreign.GroupName | Should -Be asset_foreign, $false, 'cast'
        Get-SeedanceAsset -Online -GroupName cast -Name avatar-* -Usable | Should -HaveCount 3
        Get-SeedanceAsset -Online -GroupName nobody | Should -BeNullOrEmpty
        Get-SeedanceAsset | Should -HaveCount 3
    }

    It 'deletes what the journal can claim, and gives it out no more' {
        $first = (Get-SeedanceAsset)[0]
        $first | Remove-SeedanceAsset -WhatIf
        Get-SeedanceAsset -Usable | Should -HaveCount 3
        $first, $first | Remove-SeedanceAsset -Confirm:$false | Should -BeNullOrEmpty
        Get-SeedanceAsset -Usable | Should -HaveCount 2
        (Get-SeedanceAsset | Where-Object AssetId -EQ $first.AssetId).Status | Should -Be Deleted
        (New-Row 3 | Submit-SeedanceAsset -Group cast -Resume -RetryFailed).UsableAssets | Should -HaveCount 2
        (Get-SandboxStats $server).duplicates | Should -Be 0
        $tasks.Assets.AssetId | Remove-SeedanceAsset -Confirm:$false
        Get-SeedanceAsset -Usable | Should -BeNullOrEmpty
    }

    It 'deletes nothing foreign unless it is told to' {
        $null = Invoke-SandboxControl $server assets Post @{ assetId = 'asset_foreign'; name = 'somebody'; groupId = $tasks.GroupId }
        Remove-SeedanceAsset asset_foreign -Confirm:$false -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
        Read-Failure $failures[0] | Should -BeLike '*-AllowForeign*'
        Remove-SeedanceAvatarGroup $tasks.GroupId -Confirm:$false -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0] | Should -BeLike '*holds 1 asset(s) that are not in this journal*'
        Remove-SeedanceAvatarGroup group_nobody -Confirm:$false -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0] | Should -BeLike '*not in this journal*'
        Get-SandboxRequest $server DELETE | Should -BeNullOrEmpty
        Remove-SeedanceAsset asset_foreign -Confirm:$false -AllowForeign
        Get-SandboxRequest $server DELETE | Should -HaveCount 1
    }

    It 'deletes a group with all that is in it' {
        $tasks | Remove-SeedanceAvatarGroup -Confirm:$false
        Get-SeedanceAsset -Usable | Should -BeNullOrEmpty
        Get-SeedanceAvatarGroup -GroupId $tasks.GroupId -Online | Should -BeNullOrEmpty
        $tasks | Remove-SeedanceAvatarGroup -Confirm:$false
    }

    It 'renames' {
        $renamed = (Get-SeedanceAsset)[0] | Rename-SeedanceAsset -NewName 'another name'
        $renamed.Name | Should -Be 'another name'
        (Get-SeedanceAsset -Name another*).AssetId | Should -Be $renamed.AssetId
        Rename-SeedanceAsset asset_nobody -NewName x -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
    }

    It 'brings a lost journal back, and what is foreign not' {
        $null = Invoke-SandboxControl $server options Post @{ library = @{ foreignGroups = 2; foreignAssets = 40; foreignInGroup = $true; foreignNames = @('castle', 'somebody') } }
        Connect-TestServer $server
        Get-SeedanceAsset | Should -BeNullOrEmpty
        Sync-SeedanceJournal -GroupName cast -WhatIf -WarningAction SilentlyContinue | Should -HaveCount 3
        Get-SeedanceAsset | Should -BeNullOrEmpty
        $changes = Sync-SeedanceJournal -GroupName cast -WarningVariable warnings -WarningAction SilentlyContinue
        $changes.Change | Sort-Object -Unique | Should -Be Settled
        $changes.Name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3
        "$warnings" | Should -BeLike '40 of 43 entries*'
        Get-SeedanceAsset -Usable | Should -HaveCount 3
        (New-Row 3 | Submit-SeedanceAsset -Group cast -Resume).UsableAssets | Should -HaveCount 3
        (Get-SandboxStats $server).duplicates | Should -Be 0
    }

    It 'says what is gone' {
        $id = $tasks.Assets[0].AssetId
        $null = Invoke-RestMethod "$($server.BaseUri)v1/seedance2/private-avatar/assets/$id" -Method Delete -Headers @{ Authorization = "Bearer $ApiKey" }
        $change = Sync-SeedanceJournal
        $change.Change, $change.AssetId, $change.After | Should -Be Gone, $id, Gone
        Get-SeedanceAsset -Usable | Should -HaveCount 2
    }

    It 'tells usage and tests connections' {
        $usage = Get-SeedanceUsage -Since 7d
        $usage.Amount | Should -BeOfType [decimal]
        Get-SandboxRequest $server GET | Where-Object path -Like '*usage*' | Should -HaveCount 1
        $null = Get-SeedanceUsage -Since 70d -GroupBy Date, Model
        $test = Test-SeedanceConnection
        $test.IsReady, $test.IsReachable, $test.IsKeyValid, $test.HasLibrary | Should -Be $true, $true, $true, $true
        Add-SandboxFault $server @{ kind = 'status'; status = 401 }
        $bad = Test-SeedanceConnection
        $bad.IsReady, $bad.IsKeyValid | Should -Be $false, $false
        $bad.Problems | Should -BeLike 'Key: *Connect-Seedance*'
    }
}
