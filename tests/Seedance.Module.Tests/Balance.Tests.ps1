Describe 'Get-SeedanceBalance' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer '--balance', '12.5'
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
    }

    AfterEach { Disconnect-Seedance }

    It 'shows what is left of the key''s balance' {
        $balance = Get-SeedanceBalance
        $balance.pstypenames[0] | Should -Be Seedance.Balance
        $balance.Remaining | Should -Be 12.5
        $balance.Used | Should -Be 0
        $balance.IsUnlimited | Should -BeFalse
        (Get-SandboxRequest $server GET).path | Should -Be /v1/balance
    }

    It 'shows the account''s with -Account' {
        (Get-SeedanceBalance -Account).IsAccount | Should -BeTrue
        (Get-SandboxRequest $server GET).path | Should -Be /v1/user/balance
    }

    It 'shows one without a limit as such' {
        $unlimited = Start-SandboxServer '--balance', 'unlimited'
        try {
            Connect-TestServer $unlimited
            $balance = Get-SeedanceBalance
            $balance.IsUnlimited | Should -BeTrue
            $balance.Remaining | Should -BeNullOrEmpty
            $balance | Format-Table | Out-String | Should -Match unlimited
        }
        finally {
            Stop-SandboxServer $unlimited
        }
    }

    It 'is suggested by every error that speaks of money' {
        Add-SandboxFault $server @{ kind = 'status'; status = 402 }
        foreach ($line in { New-SeedanceVideo 'a walk' }, { New-Row | Submit-SeedanceAsset }, { Get-SeedanceTask task_1 }) {
            $failure = $line | Should -Throw -ErrorId 'Seedance.PaymentRequired,*' -PassThru
            Read-Failure $failure | Should -Match Get-SeedanceBalance
        }
    }

    It 'is an error that is told when the key is wrong' {
        Add-SandboxFault $server @{ kind = 'status'; status = 401 }
        { Get-SeedanceBalance } | Should -Throw -ErrorId 'Seedance.AuthenticationFailed,*'
    }
}
