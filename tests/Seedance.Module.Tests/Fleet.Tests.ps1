# Lists that many runners work off: queued in one process, sent and watched by others. What holds however many they are, and whoever is killed: FleetProofs.Tests.ps1.

Describe 'A fleet' {
    BeforeDiscovery {
        . "$PSScriptRoot/PostgreSqlServer.ps1"
        $hasPostgreSql = [bool](Find-PostgreSql)
    }

    BeforeAll {
        . "$PSScriptRoot/FleetUnderTest.ps1"
        $fleet = Start-Fleet '--review', '20ms', '--latency', '10ms'
        $server, $database = $fleet.Server, $fleet.Database
        $connect = "Import-Module '$ModuleManifest'; $(Get-ConnectLine $fleet)"
    }

    AfterAll { Stop-Fleet $fleet }

    BeforeEach { Reset-Fleet $fleet }

    It 'needs a database for lists' {
        Connect-Seedance -Sandbox
        { New-Row 1 | Submit-SeedanceAsset -Queue -ListName night } | Should -Throw -ErrorId 'Seedance.InvalidInput,*'
        { Get-SeedanceList } | Should -Throw '*has no lists*'
        { Start-SeedanceRunner night } | Should -Throw '*has no lists*'
    }

    It 'asks for both of -Queue and -ListName' {
        { New-Row 1 | Submit-SeedanceAsset -Queue } | Should -Throw '*-ListName*nothing was sent or queued*'
        { New-SeedanceVideo sunset -ListName night } | Should -Throw '*without -Queue*'
    }

    Context 'with a server' -Skip:(-not $hasPostgreSql) {
        It 'queues rows, which a runner sends and watches, and another session waits for' {
            $list = New-Row 45 | Submit-SeedanceAsset -Group cast -Queue -ListName night
            $list.PSTypeNames | Should -Contain 'Seedance.List'
            ($list.Rows, $list.Queued, $list.Accepted) | Should -Be @(45, 45, 0)
            (Get-SandboxStats $server).postsReceived | Should -Be 0

            # Queued rows are left alone by whoever sends the same ones, and told once.
            $null = New-Row 45 | Submit-SeedanceAsset -Group cast -Resume -WarningVariable warnings -WarningAction SilentlyContinue
            @($warnings) | Should -HaveCount 1
            "$warnings" | Should -Match '45 row\(s\) are queued'

            $tasks = Start-SeedanceRunner night
            $tasks.Count | Should -Be 3
            $tasks.Assets | Should -HaveCount 45
            $stats = Get-SandboxStats $server
            ($stats.rowsAccepted, $stats.duplicates) | Should -Be @(45, 0)

            $done = Get-SeedanceList night
            ($done.Accepted, $done.Usable, $done.Queued, $done.OpenTasks) | Should -Be @(45, 45, 0, 0)
            $done.IsDone | Should -BeTrue
            (Invoke-InProcess "$connect; (Wait-SeedanceList night | Get-SeedanceAsset -Usable).Count").Output.Trim() | Should -Be 45

            $run = Get-SeedanceList night | Select-Object @{ Name = 'RunName'; Expression = 'ListName' } | Get-SeedanceRun
            ($run.Rows, $run.Accepted, $run.Usable) | Should -Be @(45, 45, 45)
            Invoke-Sql $database 'select count(*) from seedance.payload' | Should -Be 0
        }

        It 'sends whole addresses, fields and models as they were queued' {
            $null = [pscustomobject]@{ Url = 'https://example.com/a.png?signature=s3cret'; Name = 'a' } |
                Submit-SeedanceAsset -Group cast -Queue -ListName fields -Model seedance-2.5 -AdditionalField @{ trace = @{ depth = 2; tags = 'x', 'y' } }
            $null = Start-SeedanceRunner fields
            $body = @(Invoke-SandboxControl $server requests | Where-Object method -EQ POST)[0].body | ConvertFrom-Json
            $body.assets[0].url | Should -Be 'https://example.com/a.png?signature=s3cret'
            $body.model | Should -Be seedance-2.5
            $body.trace.depth | Should -Be 2
            $body.trace.tags | Should -Be 'x', 'y'
            Invoke-Sql $database "select count(*) from seedance.intent where record::text like '%s3cret%'" | Should -Be 0
        }

        It 'orders videos' {
            $null = 1..3 | ForEach-Object { "take $_" } | New-SeedanceVideo -Queue -ListName films
            (Get-SeedanceList films).Queued | Should -Be 3
            $tasks = Start-SeedanceRunner films
            $tasks | Should -HaveCount 3
            $tasks.Kind | Sort-Object -Unique | Should -Be Video
            (Get-SeedanceList films).Usable | Should -Be 3
        }

        It 'refuses a name in use, and adds to it with -Resume' {
            $null = New-Row 5 | Submit-SeedanceAsset -Group cast -Queue -ListName night
            { New-Row 6 | Submit-SeedanceAsset -Group cast -Queue -ListName night } | Should -Throw -ErrorId 'Seedance.AlreadyExists,*'
            $list = New-Row 6 | Submit-SeedanceAsset -Group cast -Queue -ListName night -Resume -WarningAction SilentlyContinue
            $list.Queued | Should -Be 6
            New-Row 6 | Submit-SeedanceAsset -Group cast -Queue -ListName other -WhatIf
            Get-SeedanceList | ForEach-Object ListName | Should -Be night
        }

        It 'has no runner without a list' {
            { Start-SeedanceRunner nowhere } | Should -Throw -ErrorId 'Seedance.NotFound,*'
            { Wait-SeedanceList nowhere } | Should -Throw -ErrorId 'Seedance.NotFound,*'
            { Get-SeedanceList nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'Seedance.NotFound,*'
        }

        It 'shows runners, stops them, and removes a list only when they are gone' {
            $null = New-Row 1 | Submit-SeedanceAsset -Group cast -Queue -ListName night
            $process = Start-Line $fleet 'Start-SeedanceRunner night -Until Stopped'
            try {
                Wait-Until { Get-SeedanceRunner | Where-Object ListName -EQ night } 'a runner is at work'
                Wait-Until { (Get-SeedanceList night).Usable -eq 1 } 'it has worked the row off'
                $found = Get-SeedanceRunner
                $found.Name | Should -Be "$([Environment]::MachineName)/$($process.Id)"
                { Remove-SeedanceList night -Confirm:$false } | Should -Throw '*runners at work*'
                $found | Stop-SeedanceRunner
                $process.WaitForExit(60000) | Should -BeTrue
                $process.ExitCode | Should -Be 0
                Get-SeedanceRunner | Should -BeNullOrEmpty
                Stop-SeedanceRunner nobody/1 -ErrorVariable failure -ErrorAction SilentlyContinue
                $failure[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.NotFound,*'
                $null = New-Row 3 | Submit-SeedanceAsset -Group cast -Queue -ListName night -Resume -WarningAction SilentlyContinue
                Remove-SeedanceList night -Confirm:$false
                Get-SeedanceList | Should -BeNullOrEmpty

                # What was queued is as if it had never been; what had left stays.
                @(New-Row 3 | Submit-SeedanceAsset -Group cast -Resume).Count | Should -Be 2
                (Get-SandboxStats $server).duplicates | Should -Be 0
            }
            finally {
                Stop-Line $process
            }
        }

        It 'waits for a list, polling by itself, where no runner is left' {
            $null = New-Row 3 | Submit-SeedanceAsset -Group cast -Queue -ListName night
            Invoke-SandboxControl $server 'options' -Body @{ review = '1s' } -ErrorAction Ignore
            Start-SeedanceRunner night -MaxDuration 0.001 | Should -BeNullOrEmpty
            $assets = Wait-SeedanceList night -Timeout 3 -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -Match 'Start-SeedanceRunner'
            $null = Start-SeedanceRunner night
            Wait-SeedanceList night | Get-SeedanceAsset -Usable | Should -HaveCount 3
        }
    }
}
