# What is taken out of a journal, into another, and away.

Describe 'Export-, Import- and Clear-SeedanceJournal' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
        $rows = New-Row 45 @{ Scene = 'kitchen' }
        $null = $rows | Submit-SeedanceAsset -Group cast -KeepProperty Scene -RunName night | Wait-SeedanceTask -PollInterval 0.02
        $path = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
    }

    AfterEach { Disconnect-Seedance }

    It 'move an account to another machine, where -Resume sends nothing' {
        $exported = Export-SeedanceJournal $path
        $exported.pstypenames[0] | Should -Be Seedance.JournalTransfer
        $exported.Requests, $exported.Rows, $exported.Runs, $exported.Size | Should -Be 3, 45, 1, (Get-Item $path).Length
        $before = (Get-SeedanceAsset).AssetUrl
        Connect-TestServer $server
        Get-SeedanceAsset | Should -BeNullOrEmpty
        $taken = Import-SeedanceJournal $path
        $taken.Rows, $taken.AlreadyKnown, $taken.AcceptedTwice, $taken.Contradictions | Should -Be 45, 0, 0, 0
        (Get-SeedanceAsset).AssetUrl | Should -Be $before
        (Get-SeedanceAsset)[0].Scene | Should -Be kitchen
        (Get-SeedanceRun).RunName | Should -Be night
        $sent = @(Get-SandboxRequest $server POST).Count
        $rows | Submit-SeedanceAsset -Group cast -Resume | Should -HaveCount 3
        @(Get-SandboxRequest $server POST) | Should -HaveCount $sent
        (Import-SeedanceJournal $path).Requests | Should -Be 0
    }

    It 'say what was sent on both machines, and to which account it went' {
        $null = Export-SeedanceJournal $path
        Connect-TestServer $server
        $null = $rows[0..4] | Submit-SeedanceAsset -Group cast | Wait-SeedanceTask -PollInterval 0.02
        $taken = Import-SeedanceJournal $path -WarningVariable warnings -WarningAction SilentlyContinue
        $taken.AcceptedTwice | Should -Be 5
        "$warnings" | Should -BeLike '5 row(s) were accepted both*-IncludeSuperseded*'
        Get-SeedanceAsset | Should -HaveCount 45
        Get-SeedanceAsset -IncludeSuperseded | Should -HaveCount 50
        Connect-TestServer $server
        $taken = Import-SeedanceJournal $path -AccountName studio -WarningVariable warnings -WarningAction SilentlyContinue
        $taken.AccountNames | Should -Be studio
        "$warnings" | Should -BeLike "*account 'studio'*'default'*"
        Get-SeedanceAsset | Should -BeNullOrEmpty
    }

    It 'clear what is old, and still send nothing twice' {
        $null = Export-SeedanceJournal $path
        (Clear-SeedanceJournal 1d -Confirm:$false).Rows | Should -Be 0
        $shown = Clear-SeedanceJournal ([DateTimeOffset]::Now.AddMinutes(1)) -WhatIf
        $shown.Rows | Should -Be 45
        Get-SeedanceAsset | Should -HaveCount 45
        $cleared = Clear-SeedanceJournal ([DateTimeOffset]::Now.AddMinutes(1)) -Confirm:$false
        $cleared.Requests, $cleared.Rows, $cleared.Runs | Should -Be 3, 45, 1
        $cleared.Size | Should -Be $shown.Size
        $journal = (Get-SeedanceConnection).JournalPath
        (Get-Item $journal).Length | Should -Be $cleared.Size
        Get-Content $journal -Raw | Should -Not -Match 'example\.com|kitchen|avatar-'
        Get-SeedanceAsset | Should -BeNullOrEmpty
        $sent = @(Get-SandboxRequest $server POST).Count
        $rows | Submit-SeedanceAsset -Group cast -Resume -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        @(Get-SandboxRequest $server POST) | Should -HaveCount $sent
        "$warnings" | Should -BeLike '45 row(s) were accepted before*Clear-SeedanceJournal*Import-SeedanceJournal*'
        $null = Import-SeedanceJournal $path
        Get-SeedanceAsset | Should -HaveCount 45
    }

    It 'keep a file that is there, and refuse one that is no journal' {
        $null = New-Item $path -Value mine
        { Export-SeedanceJournal $path -ErrorAction Stop } | Should -Throw '*is a file*already*'
        Get-Content $path -Raw | Should -Be mine
        { Import-SeedanceJournal $path -ErrorAction Stop } | Should -Throw '*is not a Seedance journal*'
        { Import-SeedanceJournal "$path.gone" -ErrorAction Stop } | Should -Throw '*no file*'
        (Export-SeedanceJournal $path -Force).Rows | Should -Be 45
        Export-SeedanceJournal "$path.2" -WhatIf | Should -BeNullOrEmpty
        "$path.2" | Should -Not -Exist
    }

    It 'ask before clearing, by default' {
        [Seedance.Commands.ClearSeedanceJournalCommand].GetCustomAttributes([Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be High
    }
}
