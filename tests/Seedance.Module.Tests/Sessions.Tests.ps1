# Whose connection a session uses, and what becomes of what is under way when its connection, module or folder goes.

Describe 'A connection that ends under a run' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer '--latency', '50ms'
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        $journal = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
    }

    It 'loses no accepted task: <How>' -ForEach @(
        @{ How = 'Disconnect-Seedance' }
        @{ How = 'Connect-Seedance again' }
        @{ How = 'Remove-Module' }
    ) {
        $end = @{
            'Disconnect-Seedance'    = 'Disconnect-Seedance'
            'Connect-Seedance again' = "Connect-Seedance sk-x -BaseUri $($server.BaseUri) -JournalPath '$journal'"
            'Remove-Module'          = 'Remove-Module Seedance'
        }[$How]
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            Connect-Seedance sk-x -BaseUri $($server.BaseUri) -JournalPath '$journal' -RequestsPerSecond 10000
            `$rows = 1..100 | ForEach-Object { [pscustomobject]@{ Url = "https://example.com/`$_.png"; Name = "n`$_" } }
            `$first = `$true
            `$tasks = `$rows | Submit-SeedanceAsset -Group g -BatchSize 5 -ErrorVariable failures -ErrorAction SilentlyContinue | ForEach-Object {
                if (`$first) { `$first = `$false; $end }
                `$_
            }
            'given out: ' + (`$tasks.TaskId -join ',')
            'errors: ' + (`$failures.FullyQualifiedErrorId -join ',')
            Import-Module '$ModuleManifest'
            Connect-Seedance sk-x -BaseUri $($server.BaseUri) -JournalPath '$journal' -RequestsPerSecond 10000
            `$null = `$rows | Submit-SeedanceAsset -Group g -BatchSize 5 -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
            'then: ' + `$failures.Count + ' errors'
"@
        $result.Error | Should -BeNullOrEmpty
        $submissions = @(Invoke-SandboxControl $server submissions)
        $givenOut = [regex]::Match($result.Output, 'given out: (.*)').Groups[1].Value.Trim() -split ','
        $before = @($submissions | Where-Object taskId -In $givenOut)
        $before.Count | Should -Be $givenOut.Count
        $result.Output | Should -Match 'errors: (Seedance.OutcomeUnknown,[\w.]+,)*Seedance.ConnectionClosed'

        # What had been accepted was given out, or is found in the library: -Resume sent the rest, once. What the server was too busy
        # to answer in the seconds that are left to it is called unknown if it was not accepted, and nothing else is.
        $unknown = [int] [regex]::Match($result.Output, 'then: (\d+) errors').Groups[1].Value
        $unknown | Should -BeLessOrEqual ([regex]::Matches($result.Output, 'OutcomeUnknown').Count)
        $names = @($submissions.assets.name)
        $names | Should -HaveCount (100 - $unknown)
        $names | Sort-Object -Unique | Should -HaveCount (100 - $unknown)
        $givenOut.Count | Should -BeLessThan 20
    }

    It 'goes with its session' {
        $session = Invoke-InSession { Connect-Seedance sk-x -BaseUri $baseUri -NoJournal; $null = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g; 'done' } @{ baseUri = $server.BaseUri }
        $session.Output | Should -Be done
        Wait-Until { (Get-SandboxStats $server).openConnections -le 1 } 'the connections to the server are closed'
    }
}

Describe 'The connection of a session' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach { Reset-Sandbox $server }

    It 'is not that of another session of the process, but the environment''s' {
        $result = Invoke-InProcess @"
            `$keep = [powershell]::Create()
            `$null = `$keep.AddScript("Import-Module '$ModuleManifest'; Connect-Seedance -ApiKey key-of-tenant-A -BaseUri $($server.BaseUri) -NoJournal").Invoke()
            `$other = [powershell]::Create()
            'other: ' + `$other.AddScript("Import-Module '$ModuleManifest'; (Get-SeedanceConnection).BaseUri").Invoke()[0]
            `$env:SEEDANCE_API_KEY = `$null
            `$none = [powershell]::Create()
            `$null = `$none.AddScript("Import-Module '$ModuleManifest'; Get-SeedanceConnection; 'https://example.com/a.png' | Submit-SeedanceAsset -Group g").Invoke()
            'none: ' + `$none.Streams.Error[0].FullyQualifiedErrorId
"@ -Environment @{ SEEDANCE_API_KEY = 'key-of-tenant-B' }
        $result.Output | Should -Match 'other: https://api.apimart.ai/'
        $result.Output | Should -Match 'none: Seedance.InvalidInput'
        (Get-SandboxStats $server).postsReceived | Should -Be 0
    }

    It 'goes along to its branches and jobs, with a warning where the environment names another key' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            Connect-Seedance -ApiKey key-of-the-session -BaseUri $($server.BaseUri) -NoJournal
            `$job = { Import-Module '$ModuleManifest'; `$null = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g -WarningVariable told; 'told: ' + `$told }
            1 | ForEach-Object -Parallel `$job
            Start-ThreadJob `$job | Receive-Job -Wait
"@ -Environment @{ SEEDANCE_API_KEY = 'key-of-the-environment' }
        (Get-SandboxRequest $server POST).headers.Authorization | Should -Be 'Bearer key-of-the-session', 'Bearer key-of-the-session'
        ([regex]::Matches($result.Output, 'told: This session uses the connection to')) | Should -HaveCount 2
        $result.Output | Should -Not -Match 'key-of-the'
    }

    It 'is shown as it would be used, the environment''s too, and follows SEEDANCE_JOURNAL' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            'first: ' + (Get-SeedanceConnection).JournalPath
            `$env:SEEDANCE_JOURNAL = '$TestDrive/two.jsonl'
            'then: ' + (Get-SeedanceConnection).JournalPath
            `$env:SEEDANCE_JOURNAL = 'two.jsonl'
            try { Get-SeedanceConnection } catch { 'refused: ' + `$_.FullyQualifiedErrorId + ' ' + `$_.ErrorDetails.RecommendedAction }
"@ -Environment @{ SEEDANCE_API_KEY = 'key-of-the-environment'; SEEDANCE_JOURNAL = "$TestDrive/one.jsonl" }
        $result.Output | Should -Match ([regex]::Escape("first: $TestDrive/one.jsonl"))
        $result.Output | Should -Match ([regex]::Escape("then: $TestDrive/two.jsonl"))
        $result.Output | Should -Match 'refused: Seedance.InvalidInput.*SEEDANCE_JOURNAL=.*two.jsonl'
    }
}

Describe 'The module''s folder' {
    BeforeAll { . "$PSScriptRoot/ModuleUnderTest.ps1" }

    It 'may go while a job runs, also before everything has been used' {
        $folder = Join-Path $TestDrive gone/Seedance
        Copy-Item (Split-Path $ModuleManifest) $folder -Recurse
        $result = Invoke-InProcess @"
            Import-Module '$folder/Seedance.psd1'
            Connect-Seedance -Sandbox
            Remove-Item '$folder' -Recurse -Force
            `$task = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g
            `$task | Wait-SeedanceTask -Timeout 20 | Get-SeedanceAsset -Usable | ForEach-Object { 'usable: ' + `$_.SourceUrl }
            'code: ' + (Start-SeedanceIdentitySession -CallbackUrl https://example.com/back -NoQrCode -WarningAction Ignore).QrCode.Length
"@
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: https://example.com/a.png'
        $result.Output | Should -Match 'code: \d{3,}'
    }

    It 'may be given another version''s files while a job runs' {
        $folder = Join-Path $TestDrive replaced/Seedance
        Copy-Item (Split-Path $ModuleManifest) $folder -Recurse
        $result = Invoke-InProcess @"
            Import-Module '$folder/Seedance.psd1'
            Get-ChildItem '$folder/lib' | ForEach-Object { Remove-Item `$_; Set-Content `$_ 'another version' }
            Connect-Seedance -Sandbox
            'https://example.com/a.png' | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -Timeout 20 | Get-SeedanceAsset -Usable | ForEach-Object { 'usable: ' + `$_.SourceUrl }
"@
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: https://example.com/a.png'
    }
}

Describe '-Debug' {
    BeforeAll { . "$PSScriptRoot/ModuleUnderTest.ps1" }

    It 'tells every request and asks nothing' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            Connect-Seedance -Sandbox
            `$task = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g -Debug 5>&1
            'told: ' + @(`$task -match 'POST /v1/').Count
            `$done = `$task | Where-Object { `$_ -isnot [Management.Automation.DebugRecord] } | Wait-SeedanceTask -Debug 5>`$null
            'done: ' + `$done.Status
            Get-SeedanceTask task_absent -Debug -ErrorAction SilentlyContinue -ErrorVariable failures 5>`$null
            'failed: ' + `$failures[0].FullyQualifiedErrorId
            Get-SeedanceTask task_absent -Debug 5>`$null 2>`$null
            'rows: ' + @(1..2 | ForEach-Object { 'ftp://example.com/a' } | Submit-SeedanceAsset -Group g -Debug 2>&1 5>`$null).Count
            'verbose: ' + @(Get-SeedanceBalance -Debug 4>&1 5>`$null | Where-Object { `$_ -is [Management.Automation.VerboseRecord] }).Count
"@
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'told: [1-9]'
        $result.Output | Should -Match 'done: Completed'
        $result.Output | Should -Match 'failed: Seedance.NotFound'
        $result.Output | Should -Match 'rows: 2'
        $result.Output | Should -Match 'verbose: 0'
    }
}

Describe '-JournalPath' {
    BeforeAll { . "$PSScriptRoot/ModuleUnderTest.ps1" }

    AfterEach { Pop-Location -ErrorAction Ignore }

    It 'is refused where it is no place in the file system: <Path> at <At>' -ForEach @(
        @{ Path = 'seedance.jsonl'; At = 'Env:' }
        @{ Path = 'Env:seedance.jsonl'; At = '/' }
        @{ Path = 'nodrive:/seedance.jsonl'; At = '/' }
    ) {
        Push-Location $At
        $failure = { Connect-Seedance -ApiKey $ApiKey -JournalPath $Path } | Should -Throw -ErrorId 'Seedance.InvalidInput*' -PassThru
        Read-Failure $failure | Should -Match 'journal.*no place in the file system.*Set-Location'
    }
}
