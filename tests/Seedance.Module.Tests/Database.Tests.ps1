# A journal that several machines share, in a PostgreSQL database, used by real PowerShell processes.

Describe 'A journal in a database' {
    BeforeDiscovery {
        . "$PSScriptRoot/PostgreSqlServer.ps1"
        $hasPostgreSql = [bool](Find-PostgreSql)
    }

    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/PostgreSqlServer.ps1"
        $server = Start-SandboxServer '--review', '10ms', '--latency', '20ms'
        $database = Start-PostgreSqlServer
        if ($database) {
            $owner = "postgresql://owner@$($database.Host)/seedance"
            $runner = "postgresql://runner@$($database.Host)/seedance"
            $null = Install-SeedanceJournal $owner -RunnerRole runner
        }

        $rows = "1..200 | ForEach-Object { [pscustomobject]@{ Url = `"https://example.com/`$_.png`"; Name = `"row-`$_`" } }"
        $connect = "Import-Module '$ModuleManifest'; Connect-Seedance sk-x -BaseUri $($server.BaseUri) -AccountName fleet -Journal $runner -RequestsPerSecond 10000"

        # The operator's line, in a process of its own, which tells what came of it as JSON.
        function Start-Line([string] $With = '', [string] $Report) {
            $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
            Set-Content $file @"
$connect
`$tasks = $rows | Submit-SeedanceAsset -Group cast -BatchSize 4 $With -ErrorVariable failures -ErrorAction SilentlyContinue -WarningVariable warnings -WarningAction SilentlyContinue
@{
    Names    = @(`$tasks | ForEach-Object { `$_.Sources.Name })
    Failures = @(`$failures | Where-Object { `$_ -is [Management.Automation.ErrorRecord] } | ForEach-Object { @{ Name = `$_.TargetObject.Name; Id = `$_.FullyQualifiedErrorId; Message = "`$_" } })
    Warnings = @(`$warnings | ForEach-Object { "`$_" })
} | ConvertTo-Json -Depth 4 | Set-Content '$Report'
"@
            $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
            $through = (Split-Path $start.FileName -LeafBase) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
            foreach ($argument in $through + @('-NoProfile', '-NonInteractive', '-File', $file)) { $start.ArgumentList.Add($argument) }
            $start.UseShellExecute = $false
            [Diagnostics.Process]::Start($start)
        }

        function Complete-Line([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }

        function Read-Report([string] $Path) { Get-Content $Path -Raw | ConvertFrom-Json }
    }

    AfterAll {
        Stop-SandboxServer $server
        Stop-PostgreSqlServer $database
    }

    BeforeEach {
        Reset-Sandbox $server
        if ($database) {
            Invoke-Sql $database 'truncate seedance.intent, seedance.intent_row, seedance.place, seedance.run, seedance.runner, seedance.payload, seedance.avatar_group, seedance.group_alias'
        }
    }

    It 'loads nothing of its own where there is none' {
        $run = Invoke-InProcess @"
Import-Module '$ModuleManifest'
Connect-Seedance -Sandbox
`$null = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g | Wait-SeedanceTask | Get-SeedanceAsset -Usable
'loaded: ' + (([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name | Where-Object { `$_ -in 'Npgsql', 'Seedance.Journal.PostgreSql', 'Seedance.Client' }) -join ' ')
"@
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -Be 'loaded: Seedance.Client'
    }

    It 'is refused with a password in its address, which is not repeated: <_>' -ForEach 'postgresql://runner:hunter2@db.example.com/seedance', 'postgresql://runner:hunter2@', 'postgres://db.example.com/seedance?password=hunter2' {
        foreach ($line in { Connect-Seedance sk-x -Journal $_ }, { Install-SeedanceJournal $_ }, { Test-SeedanceJournal $_ }) {
            $failure = $line | Should -Throw -PassThru -ErrorId 'Seedance.InvalidInput,*'
            Read-Failure $failure | Should -Not -Match 'hunter'
        }
    }

    Context 'with a server' -Skip:(-not $hasPostgreSql) {
        It 'takes the main job, and recalls it in another session' {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -AccountName fleet -Journal $runner
            (Get-SeedanceConnection).Journal | Should -Be $runner
            $null = New-Row 3 | Submit-SeedanceAsset -Group cast | Wait-SeedanceTask -PollInterval 0.02
            $run = Invoke-InProcess "$connect; Get-SeedanceAsset -Usable | Sort-Object Name | ForEach-Object Name; (Get-SeedanceRun).Accepted"
            $run.Error | Should -BeNullOrEmpty
            $run.Output.Trim() -split '\r?\n' | Should -Be avatar-1, avatar-2, avatar-3, 3
        }

        It 'lets two processes submit the same list at once, and nothing goes twice' {
            # No answer comes before both have begun: what is sent by a run that has ended before another begins, is sent again by that one.
            Suspend-SandboxServer $server
            try {
                $reports = "$TestDrive/one.json", "$TestDrive/two.json"
                $lines = foreach ($report in $reports) { Start-Line -Report $report }
                Wait-Until { (Invoke-Sql $database 'select count(*) from seedance.run') -eq 2 } 'both have begun'
            }
            finally { Resume-SandboxServer $server }
            $lines | ForEach-Object { $_.WaitForExit() }
            $stats = Get-SandboxStats $server
            $told = $reports | ForEach-Object { Read-Report $_ }
            $elsewhere = $told | ForEach-Object { @($_.Failures | Where-Object Id -Like 'Seedance.UnderWay,*').Count + @($_.Warnings -match 'under way').Count }
            Write-Host "      200 rows, twice at once: $($stats.rowsAccepted) accepted, $($stats.duplicates) twice; given out $($told[0].Names.Count) and $($told[1].Names.Count); told of rows elsewhere $elsewhere times"
            $elsewhere | Where-Object { $_ -gt 1 } | Should -BeNullOrEmpty -Because 'it is told once'
            $stats.duplicates | Should -Be 0
            $stats.rowsAccepted | Should -Be 200

            # Every row is given out by one of them, and by one alone.
            @($told.Names) | Sort-Object -Unique | Should -HaveCount 200
            @($told.Names) | Should -HaveCount 200
            $again = Start-Line -With '-Resume' -Report "$TestDrive/again.json"
            $again.WaitForExit()
            (Get-SandboxStats $server).postsReceived | Should -Be $stats.postsReceived
            (Read-Report "$TestDrive/again.json").Failures | Should -BeNullOrEmpty
        }

        It 'has the rows of a killed run under way until its lease has lapsed, and of unknown outcome then' {
            Add-SandboxFault $server @(@{ kind = 'hang'; method = 'POST' })
            $line = Start-Line -Report "$TestDrive/killed.json"
            Wait-Until { (Invoke-Sql $database 'select count(*) from seedance.intent') -gt 0 } 'something is claimed'
            $line.Kill()
            $line.WaitForExit()
            Reset-Sandbox $server
            Connect-Seedance sk-x -BaseUri $server.BaseUri -AccountName fleet -Journal $runner
            $claimed = [int](Invoke-Sql $database 'select count(*) from seedance.intent_row')

            (Get-SeedanceRun).IsUnderWay | Should -BeTrue -Because 'its lease is good for a minute'
            Invoke-Sql $database 'update seedance.run set lease_until = clock_timestamp()'
            $run = Get-SeedanceRun
            $run.IsUnderWay, $run.Unknown | Should -Be $false, $claimed

            $null = Invoke-Expression $rows | Submit-SeedanceAsset -Group cast -BatchSize 4 -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
            @($failures | Where-Object FullyQualifiedErrorId -Like 'Seedance.OutcomeUnknown,*') | Should -HaveCount $claimed
            (Get-SandboxStats $server).rowsAccepted | Should -Be (200 - $claimed)
            (Get-SandboxStats $server).duplicates | Should -Be 0
        }

        It 'stops a run at once, and with advice, where it <Case>' -ForEach @(
            @{ Case = 'cannot be reached'; Path = '127.0.0.1:1/seedance'; Says = 'cannot be reached' }
            @{ Case = 'holds no journal'; Path = '{0}/postgres'; Says = 'Install-SeedanceJournal' }
        ) {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -Journal "postgresql://runner@$($Path -f $database.Host)"
            $failure = { New-Row | Submit-SeedanceAsset -Group g -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'Seedance.JournalUnavailable,*'
            Read-Failure $failure | Should -Match $Says
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'is installed once, and looked at' {
            Invoke-Sql $database 'create database fresh' postgres
            $address = "postgresql://owner@$($database.Host)/fresh"
            (Test-SeedanceJournal $address -WarningAction Ignore).Problems | Should -Match 'Install-SeedanceJournal'
            Install-SeedanceJournal $address -WhatIf | Should -BeNullOrEmpty
            (Test-SeedanceJournal $address -WarningAction Ignore).Version | Should -BeNullOrEmpty
            $health = Install-SeedanceJournal $address
            $health.IsReady, $health.Version, $health.IsDurable | Should -Be $true, 4, $true
            (Install-SeedanceJournal $address -RunnerRole runner).Version | Should -Be 4
            $health = Test-SeedanceJournal $address -WarningVariable warnings -WarningAction SilentlyContinue
            $health.Role, $health.IsRoleExcessive, $health.Encryption | Should -Be owner, $true, $null
            $warnings | Should -Match 'may more than'
        }

        It 'is looked at through the connection, and warns of nothing where the role may little' {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -Journal $runner
            $health = Test-SeedanceJournal -WarningVariable warnings
            $health.psobject.TypeNames | Should -Contain Seedance.JournalHealth
            $health.Journal, $health.Role, $health.IsReady, $health.IsRoleExcessive | Should -Be $runner, runner, $true, $false
            $warnings | Should -BeNullOrEmpty
        }

        It 'stops a run at another server than before, until its owner confirms that' {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -AccountName fleet -Journal $runner
            Invoke-Sql $database 'update seedance.meta set system_identifier = system_identifier + 1'
            try {
                $failure = { New-Row | Submit-SeedanceAsset -Group g -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'Seedance.JournalUnavailable,*'
                Read-Failure $failure | Should -Match 'another server than before'
                Read-Failure $failure | Should -Match 'Install-SeedanceJournal -Force'
                (Get-SandboxStats $server).postsReceived | Should -Be 0
                (Test-SeedanceJournal).Problems | Should -Match 'another server than before'
                (Install-SeedanceJournal $owner -WarningAction Ignore).IsReady | Should -BeFalse -Because 'an update confirms nothing'
            }
            finally {
                (Install-SeedanceJournal $owner -Force -WarningAction Ignore).IsReady | Should -BeTrue
            }

            New-Row | Submit-SeedanceAsset -Group g | Should -HaveCount 1
        }

        It 'takes in a file, gives it back, and -Resume sends nothing on either side' {
            $account = "moved-$([guid]::NewGuid())"
            $with = @{ BaseUri = $server.BaseUri; AccountName = $account; RequestsPerSecond = 10000 }
            Connect-Seedance "sk-$account" @with -Journal "$TestDrive/moved.jsonl"
            $null = New-Row 30 | Submit-SeedanceAsset -Group moved -RunName first | Wait-SeedanceTask -PollInterval 0.02
            $assets = Get-SeedanceAsset -Usable | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.AssetId)" }
            $sent = (Get-SandboxStats $server).postsReceived
            $out = Export-SeedanceJournal "$TestDrive/moved-out.jsonl"

            Connect-Seedance "sk-$account" @with -Journal $runner
            $failure = { Import-SeedanceJournal "$TestDrive/moved-out.jsonl" } | Should -Throw -PassThru -ErrorId 'Seedance.JournalUnavailable,*'
            Read-Failure $failure | Should -Match 'owner'
            Connect-Seedance "sk-$account" @with -Journal $owner
            (Import-SeedanceJournal "$TestDrive/moved-out.jsonl" -WhatIf).Rows | Should -Be 30
            Get-SeedanceAsset -Usable | Should -BeNullOrEmpty -Because '-WhatIf takes in nothing'
            $in = Import-SeedanceJournal "$TestDrive/moved-out.jsonl"
            $in.Requests, $in.Rows, $in.Runs, $in.AcceptedTwice | Should -Be $out.Requests, $out.Rows, $out.Runs, 0

            Connect-Seedance "sk-$account" @with -Journal $runner
            Get-SeedanceAsset -Usable | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.AssetId)" } | Should -Be $assets
            (Get-SeedanceRun).Accepted | Should -Be 30
            $null = New-Row 30 | Submit-SeedanceAsset -Group moved -Resume | Wait-SeedanceTask -PollInterval 0.02
            (Get-SandboxStats $server).postsReceived | Should -Be $sent
            $null = New-Row 31 | Submit-SeedanceAsset -Group moved -Resume | Wait-SeedanceTask -PollInterval 0.02
            $null = Export-SeedanceJournal "$TestDrive/moved-back.jsonl"

            Connect-Seedance "sk-$account" @with -Journal "$TestDrive/moved.jsonl"
            $back = Import-SeedanceJournal "$TestDrive/moved-back.jsonl"
            $back.Rows, $back.AlreadyKnown, $back.Contradictions | Should -Be 1, $out.Requests, 0
            $null = New-Row 31 | Submit-SeedanceAsset -Group moved -Resume | Wait-SeedanceTask -PollInterval 0.02
            (Get-SandboxStats $server).postsReceived | Should -Be ($sent + 1)

            # What is over is cleared by the owner, and stays known.
            Connect-Seedance "sk-$account" @with -Journal $owner
            (Clear-SeedanceJournal -Before (Get-Date).AddMinutes(1) -Confirm:$false).Rows | Should -Be 31
            Get-SeedanceAsset -Usable | Should -BeNullOrEmpty
            $null = New-Row 31 | Submit-SeedanceAsset -Group moved -Resume -WarningAction Ignore
            (Get-SandboxStats $server).postsReceived | Should -Be ($sent + 1)
        }

        It 'is watched by the queries of the guide' {
            $guide = Get-Content "$PSScriptRoot/../../docs/how-to/share-a-journal.md" -Raw
            $queries = [regex]::Matches($guide, '(?s)```sql\r?\n(.*?)```').Groups.Where({ $_.Name -eq '1' -and $_.Value -match 'SELECT' }).Value
            $queries | Should -HaveCount 1
            { Invoke-Sql $database $queries } | Should -Not -Throw
        }

        It 'does its job beside an older Npgsql that another module has loaded <When>' -ForEach @(
            @{ When = 'before it'; Loaded = 'other', 'module' }
            @{ When = 'after it'; Loaded = 'module', 'other' }
        ) {
            $older = Find-OlderLibrary Microsoft.Extensions.Logging.Abstractions, Npgsql
            if (-not $older) { return Set-ItResult -Skipped -Because $NoOlderLibraries }
            $job = "`$null = [pscustomobject]@{ Url = `"https://example.com/`$(New-Guid).png`" } | Submit-SeedanceAsset -Group cast"
            $other = "[Npgsql.NpgsqlDataSource]::Create('Host=127.0.0.1;Port=$($database.Port);Database=seedance;Username=owner').CreateCommand('select count(*) from seedance.intent').ExecuteScalar()"
            $load = @{ module = "$connect; $job"; other = "Add-Type -Path '$($older -join "', '")'; `$null = $other" }
            $run = Invoke-InProcess @"
$($load[$Loaded] -join "`n")
$job
'sent: ' + $other
'read: ' + (Get-SeedanceRun | Measure-Object Accepted -Sum).Sum
[AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Npgsql' } |
    ForEach-Object { '{0}: {1}' -f [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name, `$_.GetName().Version } | Sort-Object
"@
            $run.Error | Should -BeNullOrEmpty
            $olderVersion, $ownVersion = (@($older)[-1], "$(Split-Path $ModuleManifest)/lib/Npgsql.dll").ForEach({ [Reflection.AssemblyName]::GetAssemblyName($_).Version })
            $olderVersion | Should -BeLessThan $ownVersion
            $run.Output.Trim() -split '\r?\n' | Should -Be 'sent: 2', 'read: 2', "Default: $olderVersion", "Seedance: $ownVersion"
        }

        It 'completes ids and names, as a file does' {
            $account = "typed-$([guid]::NewGuid())"
            Connect-Seedance "sk-$account" -BaseUri $server.BaseUri -AccountName $account -Journal $runner -RequestsPerSecond 10000
            $spring = New-Row 2 | Submit-SeedanceAsset -Group 'spring cast' -RunName 'first night' | Wait-SeedanceTask -PollInterval 0.02
            $autumn = New-Row 1 | Submit-SeedanceAsset -Group autumn -ProjectName "Ann's" | Wait-SeedanceTask -PollInterval 0.02

            # A busy machine may need longer than a completion waits for: whoever types asks again, and what was heard once stays known.
            Wait-Until { (Complete-Line 'Get-SeedanceTask -TaskId ').CompletionText -contains $autumn.TaskId } 'the database has been heard'
            (Complete-Line 'Get-SeedanceTask -TaskId ').CompletionText | Should -Be $autumn.TaskId, $spring.TaskId
            (Complete-Line 'Submit-SeedanceAsset -Group ').CompletionText | Should -Be autumn, "'spring cast'"
            (Complete-Line 'Get-SeedanceAsset -GroupId ').CompletionText | Should -Be $autumn.GroupId, $spring.GroupId
            (Complete-Line 'Submit-SeedanceAsset -ProjectName A').CompletionText | Should -Be "'Ann''s'"
            (Complete-Line 'Get-SeedanceTask -RunName ').CompletionText | Should -Be "'first night'"
            (Complete-Line 'Rename-SeedanceAsset -AssetId ').CompletionText | Sort-Object | Should -Be ((@($spring) + $autumn).Assets.AssetId | Sort-Object)
        }

        It 'completes nothing, and is no error, where it cannot be reached' {
            Connect-Seedance sk-x -BaseUri $server.BaseUri -Journal 'postgresql://runner@127.0.0.1:1/seedance'
            $before = $Error.Count
            (Complete-Line 'Get-SeedanceTask -TaskId ').CompletionText | Should -BeNullOrEmpty
            $Error.Count | Should -Be $before
        }

        It 'takes its password from a vault' {
            Invoke-Sql $database "create role sealed login password 'hunter2'" postgres
            Set-Content "$TestDrive/pg_hba.conf" 'host all sealed 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust', 'local all all trust'
            Copy-Item "$TestDrive/pg_hba.conf" "$($database.Folder)/data/pg_hba.conf"
            $null = Invoke-Sql $database 'select pg_reload_conf()'
            $null = Install-SeedanceJournal $owner -RunnerRole sealed
            $sealed = "postgresql://sealed@$($database.Host)/seedance"
            function global:Get-Secret { [CmdletBinding()] param($Name, $Vault) "$Name of $Vault" -eq 'pg of work' ? 'hunter2' : 'wrong' }
            try {
                (Test-SeedanceJournal $sealed -JournalSecretName pg -JournalVaultName work).Role | Should -Be sealed
                $failure = { Test-SeedanceJournal $sealed -JournalSecretName other } | Should -Throw -PassThru -ErrorId 'Seedance.JournalUnavailable,*'
                Read-Failure $failure | Should -Match 'does not let this role in'
                Connect-Seedance sk-x -BaseUri $server.BaseUri -Journal $sealed -JournalSecretName pg -JournalVaultName work
                (Test-SeedanceJournal).Role | Should -Be sealed
                Get-SeedanceConnection | Format-List * | Out-String | Should -Not -Match hunter2
            }
            finally {
                Remove-Item function:Get-Secret
            }

            # Or from the password file.
            $passfile = Join-Path $TestDrive pgpass
            Set-Content $passfile '127.0.0.1:*:*:sealed:hunter2'
            chmod 600 $passfile
            $run = Invoke-InProcess "Import-Module '$ModuleManifest'; (Test-SeedanceJournal $sealed).Role" @{ PGPASSFILE = $passfile }
            $run.Output.Trim() | Should -Be sealed -Because $run.Error
        }
    }
}
