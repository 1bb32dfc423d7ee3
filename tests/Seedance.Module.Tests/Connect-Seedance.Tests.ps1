Describe 'Connect-Seedance' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach { Reset-Sandbox $server }

    AfterEach {
        Disconnect-Seedance
        $env:SEEDANCE_API_KEY = $null
        Remove-Item Function:Get-Secret -ErrorAction Ignore
    }

    Context 'the key' {
        It 'names the three ways to give one when there is none' {
            $failure = { Connect-Seedance -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'Seedance.InvalidInput*' -PassThru
            $words = Read-Failure $failure
            $words | Should -Match '-ApiKey'
            $words | Should -Match '-SecretName'
            $words | Should -Match 'SEEDANCE_API_KEY'
        }

        It 'is asked for by every cmdlet that needs one, and nothing is read before' {
            $failure = { New-Row 3 | Submit-SeedanceAsset } | Should -Throw -ErrorId 'Seedance.InvalidInput*' -PassThru
            Read-Failure $failure | Should -Match 'SEEDANCE_API_KEY'
        }

        It 'arrives in the Authorization header when given as <How>' -ForEach @(
            @{ How = 'a plain string'; Connect = { Connect-Seedance $ApiKey -BaseUri $server.BaseUri -NoJournal } }
            @{ How = 'a secure string'; Connect = { Connect-Seedance -ApiKey (ConvertTo-SecureString $ApiKey -AsPlainText) -BaseUri $server.BaseUri -NoJournal } }
            @{ How = 'SEEDANCE_API_KEY'; Connect = { $env:SEEDANCE_API_KEY = $ApiKey; Connect-Seedance -BaseUri $server.BaseUri -NoJournal } }
        ) {
            . $Connect
            New-Row | Submit-SeedanceAsset | Should -HaveCount 1
            (Get-SandboxRequest $server).headers.Authorization | Should -BeExactly "Bearer $ApiKey"
        }

        It 'is refused when it holds a line break, without being shown' {
            $failure = { Connect-Seedance -ApiKey "$ApiKey`n" } | Should -Throw -ErrorId 'Seedance.InvalidInput*' -PassThru
            "$failure" | Should -Not -Match $ApiKey
        }
    }

    Context 'SecretManagement' {
        It 'gives the key, from the vault that is named' {
            function global:Get-Secret { [CmdletBinding()] param($Name, $Vault) if ($Vault -eq 'work') { ConvertTo-SecureString "sk-$Name" -AsPlainText } }
            Connect-Seedance -SecretName seedance -VaultName work -BaseUri $server.BaseUri -NoJournal
            $null = New-Row | Submit-SeedanceAsset
            (Get-SandboxRequest $server).headers.Authorization | Should -BeExactly 'Bearer sk-seedance'
        }

        It 'leaves nothing of the secret in the session when Get-Secret is a function' {
            $run = Invoke-InSession {
                function Get-Secret { [CmdletBinding()] param($Name) $leaked = "sk-$Name"; $leaked }
                Connect-Seedance -SecretName seedance -NoJournal
                Get-Variable | Where-Object { "$($_.Value)" -like '*sk-*' -or $_.Name -eq 'leaked' } | ForEach-Object Name
            }
            $run.Errors | Should -BeNullOrEmpty
            $run.Output | Should -BeNullOrEmpty
        }

        It 'says what is missing when it is not installed' {
            if (Get-Command Get-Secret -ErrorAction Ignore) {
                Set-ItResult -Skipped -Because 'SecretManagement is installed here'
                return
            }

            $failure = { Connect-Seedance -SecretName seedance } | Should -Throw -ErrorId 'Seedance.InvalidInput*' -PassThru
            "$failure" | Should -Match 'SecretManagement'
        }

        It 'tells that the secret could not be read' {
            function global:Get-Secret { [CmdletBinding()] param($Name) throw "no secret $Name" }
            { Connect-Seedance -SecretName absent } | Should -Throw "*absent*" -ErrorId 'Seedance.InvalidInput*'
        }
    }

    Context 'the address' {
        It 'is <Address>: refused' -ForEach @(
            @{ Address = 'http://example.com' }
            @{ Address = 'ftp://example.com' }
            @{ Address = 'relative/path' }
            @{ Address = 'https://user:secret@example.com' }
            @{ Address = 'https://example.com/?token=secret' }
        ) {
            $failure = { Connect-Seedance -ApiKey $ApiKey -BaseUri $Address } | Should -Throw -ErrorId 'Seedance.InvalidInput*' -PassThru
            Read-Failure $failure | Should -Match '-BaseUri'
            Read-Failure $failure | Should -Not -Match 'secret'
        }

        It 'is <Address>: taken' -ForEach @(
            @{ Address = 'https://gateway.example.com/seedance' }
            @{ Address = 'http://localhost:8080' }
            @{ Address = 'http://127.0.0.1:8080' }
            @{ Address = 'http://[::1]:8080' }
        ) {
            (Connect-Seedance -ApiKey $ApiKey -BaseUri $Address -NoJournal -PassThru).BaseUri | Should -Be ([uri]$Address)
        }
    }

    Context 'the limits' {
        It 'are taken as given' {
            $connection = Connect-Seedance -ApiKey $ApiKey -RequestsPerSecond 7 -Concurrency 3 -Timeout 2.5 -NoJournal -PassThru
            $connection.RequestsPerSecond | Should -Be 7
            $connection.Concurrency | Should -Be 3
            $connection.Timeout | Should -Be ([timespan]::FromSeconds(2.5))
        }

        It 'have the documented defaults' {
            $connection = Connect-Seedance -ApiKey $ApiKey -NoJournal -PassThru
            $connection.BaseUri | Should -Be ([uri]'https://api.apimart.ai')
            $connection.RequestsPerSecond | Should -Be 30
            $connection.Concurrency | Should -Be 8
            $connection.Timeout | Should -Be ([timespan]::FromSeconds(60))
        }

        It 'reads -Timeout <Given> as <Seconds> s' -ForEach @(
            @{ Given = 90; Seconds = 90 }
            @{ Given = '90'; Seconds = 90 }
            @{ Given = '0:1:30'; Seconds = 90 }
            @{ Given = [timespan]'0:1:30'; Seconds = 90 }
        ) {
            (Connect-Seedance -ApiKey $ApiKey -NoJournal -Timeout $Given -PassThru).Timeout.TotalSeconds | Should -Be $Seconds
        }

        It 'refuses -<Parameter> <Value>' -ForEach @(
            @{ Parameter = 'RequestsPerSecond'; Value = 0 }
            @{ Parameter = 'RequestsPerSecond'; Value = 10001 }
            @{ Parameter = 'Concurrency'; Value = 0 }
            @{ Parameter = 'Concurrency'; Value = 257 }
            @{ Parameter = 'Timeout'; Value = 0 }
            @{ Parameter = 'Timeout'; Value = -5 }
            @{ Parameter = 'Timeout'; Value = 'soon' }
        ) {
            $with = @{ $Parameter = $Value }
            { Connect-Seedance -ApiKey $ApiKey -NoJournal @with } | Should -Throw "*$Parameter*"
        }

        It 'gives up an attempt after -Timeout' {
            Connect-TestServer $server @{ Timeout = 2 }
            Add-SandboxFault $server @{ kind = 'hang'; method = 'POST' }
            $null = New-Row | Submit-SeedanceAsset -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.OutcomeUnknown*'
            $failures[0].CategoryInfo.Category | Should -Be OperationTimeout
        }
    }

    Context 'the journal' {
        It 'is kept where -JournalPath says, also on a PowerShell drive' {
            $null = New-PSDrive Work FileSystem $TestDrive -Scope Global
            try {
                $connection = Connect-Seedance -ApiKey $ApiKey -BaseUri $server.BaseUri -JournalPath 'Work:/drive.jsonl' -PassThru
                $connection.JournalPath | Should -Be (Join-Path $TestDrive 'drive.jsonl')
                $null = New-Row | Submit-SeedanceAsset
                Join-Path $TestDrive 'drive.jsonl' | Should -Exist
            }
            finally {
                Disconnect-Seedance
                Remove-PSDrive Work
            }
        }

        It 'is relative to the current location' {
            Push-Location $TestDrive
            try {
                (Connect-Seedance -ApiKey $ApiKey -JournalPath here.jsonl -PassThru).JournalPath | Should -Be (Join-Path $TestDrive 'here.jsonl')
            }
            finally {
                Pop-Location
            }
        }

        It 'is where SEEDANCE_JOURNAL says by default' {
            (Connect-Seedance -ApiKey $ApiKey -PassThru).JournalPath | Should -Be $env:SEEDANCE_JOURNAL
        }

        It 'is not kept with -NoJournal' {
            (Connect-Seedance -ApiKey $ApiKey -NoJournal -PassThru).JournalPath | Should -BeNullOrEmpty
        }

        It 'that cannot be written stops the run before anything is sent' {
            $file = New-Item (Join-Path $TestDrive 'a-file') -Force
            Connect-Seedance -ApiKey $ApiKey -BaseUri $server.BaseUri -JournalPath (Join-Path $file 'journal.jsonl')
            { New-Row 3 | Submit-SeedanceAsset -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'Seedance.JournalUnavailable*'
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }
    }

    Context 'the connection' {
        It 'is given out with -PassThru only' {
            Connect-Seedance -ApiKey $ApiKey -NoJournal | Should -BeNullOrEmpty
            (Connect-Seedance -ApiKey $ApiKey -NoJournal -PassThru).pstypenames[0] | Should -Be Seedance.SeedanceConnection
        }

        It 'is the sandbox with -Sandbox, without a key and without the network' {
            $connection = Connect-Seedance -Sandbox -PassThru
            $connection.IsSandbox | Should -BeTrue
            $connection.JournalPath | Should -BeNullOrEmpty
            New-Row | Submit-SeedanceAsset | Should -HaveCount 1
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'asks for messages in the session''s language where the API has it, or in -Language' {
            $before = [cultureinfo]::CurrentUICulture
            try {
                foreach ($culture in @{ Name = 'fr-CA'; Language = 'fr' }, @{ Name = 'it-IT'; Language = $null }) {
                    [cultureinfo]::CurrentUICulture = $culture.Name
                    Connect-Seedance -ApiKey $ApiKey -BaseUri $server.BaseUri -NoJournal
                    (Get-SeedanceConnection).Language | Should -Be $culture.Language
                }

                [cultureinfo]::CurrentUICulture = 'fr-CA'
                Connect-Seedance -ApiKey $ApiKey -BaseUri $server.BaseUri -NoJournal
                $task = New-Row | Submit-SeedanceAsset | Wait-SeedanceTask -PollInterval 0.02
                $null = Get-SeedanceTask $task.TaskId
                $null = Get-SeedanceTask $task.TaskId -Language ko
                Connect-Seedance -ApiKey $ApiKey -BaseUri $server.BaseUri -NoJournal -Language DE
                $null = Get-SeedanceTask $task.TaskId
                $queries = (Get-SandboxRequest $server GET).query
                $queries[-3..-1] | Should -Be '?language=fr', '?language=ko', '?language=de'
                $queries[0..($queries.Count - 4)] | Sort-Object -Unique | Should -Be '?language=fr'
            }
            finally {
                [cultureinfo]::CurrentUICulture = $before
            }
        }

        It 'takes no key beside -Sandbox' {
            { Connect-Seedance -Sandbox -ApiKey $ApiKey } | Should -Throw -ErrorId 'AmbiguousParameterSet*'
        }

        It 'replaces the one before it' {
            Connect-Seedance -ApiKey $ApiKey -NoJournal -Concurrency 3
            Connect-Seedance -ApiKey $ApiKey -NoJournal -Concurrency 5
            (Get-SeedanceConnection).Concurrency | Should -Be 5
        }

        It 'stays usable for -Connection after another was made' {
            $first = Connect-Seedance -ApiKey 'sk-first' -BaseUri $server.BaseUri -NoJournal -PassThru
            Connect-Seedance -ApiKey 'sk-second' -BaseUri $server.BaseUri -NoJournal
            $null = New-Row | Submit-SeedanceAsset -Connection $first
            $null = New-Row | Submit-SeedanceAsset
            (Get-SandboxRequest $server).headers.Authorization | Should -Be 'Bearer sk-first', 'Bearer sk-second'
            Disconnect-Seedance -Connection $first
        }
    }
}

Describe 'Disconnect-Seedance and Get-SeedanceConnection' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    It 'show nothing, and do no harm, without a connection' {
        Disconnect-Seedance | Should -BeNullOrEmpty
        Get-SeedanceConnection | Should -BeNullOrEmpty
    }

    It 'show and close the session''s connection' {
        Connect-Seedance -ApiKey $ApiKey -NoJournal
        (Get-SeedanceConnection).pstypenames[0] | Should -Be Seedance.SeedanceConnection
        Disconnect-Seedance
        Get-SeedanceConnection | Should -BeNullOrEmpty
        { Get-SeedanceTask task_1 } | Should -Throw -ErrorId 'Seedance.InvalidInput*'
    }

    It 'show and close the one that is given' {
        $given = Connect-Seedance -ApiKey $ApiKey -BaseUri $server.BaseUri -NoJournal -PassThru
        Connect-Seedance -ApiKey $ApiKey -NoJournal -Concurrency 2
        Get-SeedanceConnection -Connection $given | Should -Be $given
        Disconnect-Seedance -Connection $given
        (Get-SeedanceConnection).Concurrency | Should -Be 2
        Disconnect-Seedance
    }

    It 'leave no socket open' {
        Connect-TestServer $server
        $null = New-Row 3 | Submit-SeedanceAsset

        # Held, so that it is not the garbage collector that closes it.
        $held = Get-SeedanceConnection
        Disconnect-Seedance

        # The question itself is one connection.
        Wait-Until { (Get-SandboxStats $server).openConnections -le 1 } 'the connections to the server are closed'
        [GC]::KeepAlive($held)
    }

    It 'never show the key' {
        Connect-Seedance -ApiKey $ApiKey -NoJournal
        $connection = Get-SeedanceConnection
        ($connection | Format-List * -Force | Out-String) + ($connection | ConvertTo-Json -Depth 10) + ($connection | Out-String) | Should -Not -Match $ApiKey
        Disconnect-Seedance
    }
}
