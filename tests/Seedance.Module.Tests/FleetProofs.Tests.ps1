# What a fleet promises, shown with real processes that are killed, suspended and started in step.
# build.ps1 -Task Fleet sets SEEDANCE_TEST_FLEET to large: as many rows, processes and kills as the promises are made for, and
# what takes a minute of real time. SEEDANCE_TEST_FLEET_ROWS, _RUNNERS and _KILLS give the kills other numbers.

Describe 'The proofs of a fleet' {
    BeforeDiscovery {
        . "$PSScriptRoot/PostgreSqlServer.ps1"
        $hasPostgreSql = [bool](Find-PostgreSql)
        $ways = @{ Way = '' }, @{ Way = ', through a pooler in transaction mode'; IsPooled = $true }
    }

    BeforeAll {
        . "$PSScriptRoot/FleetUnderTest.ps1"
        $isLarge = $env:SEEDANCE_TEST_FLEET -eq 'large'
        $fleet = Start-Fleet '--review', '20ms', '--latency', '10ms', '--keep-requests', '100000'
        $server, $database = $fleet.Server, $fleet.Database
        $pooler = Start-Pooler $database
        $direct = $fleet.Address

        $tooLong = 'it takes minutes: build.ps1 -Task Fleet'

        # One line a proof: what, how many, what came of it, and how long it took.
        function Write-Proof([string] $What, [string] $Number, [string] $Result, [Diagnostics.Stopwatch] $Clock) {
            Write-Host ('      {0}; {1}; {2}; {3:n1} s' -f $What, $Number, $Result, $Clock.Elapsed.TotalSeconds)
        }

        # The groups at the server: two of one name are two.
        function Get-GroupCount { @(Invoke-SandboxControl $server submissions | ForEach-Object groupId | Sort-Object -Unique).Count }
    }

    AfterAll {
        Stop-Pooler $pooler
        Stop-Fleet $fleet
    }

    BeforeEach {
        $fleet.Address = $IsPooled -and $pooler ? "postgresql://runner@$($pooler.Host)/seedance" : $direct
        Reset-Fleet $fleet
        $clock = [Diagnostics.Stopwatch]::StartNew()
    }

    Context 'with a server' -Skip:(-not $hasPostgreSql) {
        It 'sends nothing twice and loses nothing, however many runners are killed<Way>' -ForEach $ways {
            if ($IsPooled -and -not $pooler) { return Set-ItResult -Skipped -Because $NoPgBouncer }
            $rowCount = [int]($env:SEEDANCE_TEST_FLEET_ROWS ?? ($isLarge ? 100000 : 1200))
            $runnerCount = [int]($env:SEEDANCE_TEST_FLEET_RUNNERS ?? ($isLarge ? 8 : 3))
            $killCount = [int]($env:SEEDANCE_TEST_FLEET_KILLS ?? ($isLarge ? 20 : 3))
            $batchSize = $isLarge ? 20 : 4
            $throttleLimit = 4

            # A row in two hundred is refused by name, one in a hundred fails its review.
            $null = Invoke-SandboxControl $server options Post @{ refusedWord = 'unwanted' }
            $null = Invoke-SandboxControl $server task-faults Post @(@{ hiddenQueries = 1; probability = 0.05 }, @{ resultDelay = '100ms'; probability = 0.05 })
            Add-SandboxFault $server @(
                @{ kind = 'reset-after'; method = 'POST'; probability = 0.002 }
                @{ kind = 'truncated'; method = 'POST'; probability = 0.002 }
                @{ kind = 'slow'; method = 'POST'; delay = '300ms'; probability = 0.02 }
                @{ kind = 'status'; status = 429; retryAfter = '1'; method = 'POST'; probability = 0.01; count = 5 }
                @{ kind = 'text'; status = 503; method = 'POST'; probability = 0.005 }
                @{ kind = 'status'; status = 503; method = 'GET'; probability = 0.02 }
                @{ kind = 'reset-before'; method = 'GET'; probability = 0.02 }
            )
            $rows = foreach ($number in 1..$rowCount) {
                $word = $number % 200 -eq 0 ? 'unwanted-' : $number % 100 -eq 50 ? 'reject-' : ''
                [pscustomobject]@{ Url = "https://example.com/$word$number.png"; Name = "$word$number" }
            }

            $null = $rows | Submit-SeedanceAsset -Group cast -BatchSize $batchSize -Queue -ListName night
            $queuedIn = $clock.Elapsed.TotalSeconds
            $line = "Start-SeedanceRunner night -ThrottleLimit $throttleLimit -ErrorAction SilentlyContinue | Out-Null"
            $lines = [Collections.Generic.List[Diagnostics.Process]]::new()
            $random = [random]::new(11)
            try {
                1..$runnerCount | ForEach-Object { $lines.Add((Start-Line $fleet $line)) }
                for ($kill = 1; $kill -le $killCount; $kill++) {
                    $until = $rowCount * $kill / ($killCount + 2)
                    Wait-Until { (Get-SandboxStats $server).rowsAccepted -ge $until } "the runners get on to $until rows"

                    # One that has sent something, so that something may be under way.
                    Wait-Until { $script:atWork = @(Get-SeedanceRunner | Where-Object Requests -GT 0 | ForEach-Object ProcessId) ; $lines.Where({ $_.Id -in $atWork }) } 'a runner is at work'
                    $victims = $lines.FindAll({ param($one) $one.Id -in $script:atWork })
                    $victim = $victims[$random.Next($victims.Count)]
                    $victim.Kill()
                    $victim.WaitForExit()

                    # The minute until its lease has lapsed is waited for without the pooler, which has no part in it.
                    if ($IsPooled -and -not $isLarge) { Invoke-Sql $database "update seedance.run set lease_until = clock_timestamp() where record ->> 'process' = '$($victim.Id)'" }
                    $lines[$lines.IndexOf($victim)] = Start-Line $fleet $line
                }

                Wait-Line $lines ($Deadline * 4)
            }
            finally {
                Stop-Line $lines
            }

            $counting = [Diagnostics.Stopwatch]::StartNew()
            $list = Get-SeedanceList night
            $countedIn = $counting.Elapsed.TotalMilliseconds
            $stats = Get-SandboxStats $server
            $ambiguous = $stats.faults.'reset-after' + $stats.faults.truncated + $stats.faults.text
            $groups = Get-GroupCount
            Write-Proof "kill -9$Way" "$rowCount rows, $runnerCount runners, $killCount kills, $ambiguous answers lost" (
                "$($stats.duplicates) twice, $($list.Accepted) accepted, $($list.Refused) refused, $($list.Unknown) unknown, $($list.Unsent) unsent, $($list.Usable) usable, " +
                "$($list.Failed) failed, $groups group(s), $($stats.postsReceived) requests; queued in $($queuedIn.ToString('n1')) s, counted in $($countedIn.ToString('n0')) ms") $clock
            $stats.duplicates | Should -Be 0
            $list.Rows | Should -Be $rowCount
            $list.Accepted + $list.Refused + $list.Unknown | Should -Be $rowCount
            $list.Unknown | Should -BeLessOrEqual ($killCount * $throttleLimit * $batchSize + $ambiguous * $batchSize)
            $list.Usable + $list.Failed | Should -Be $list.Accepted
            $groups | Should -Be 1
            Invoke-Sql $database 'select count(*) from seedance.payload' | Should -Be 0 -Because 'no runner needs an address any more'

            # The library is asked for a minute.
            if (-not $isLarge) { return }

            # What the kills left in the dark is found in the library, and nothing is sent for it.
            $settling = [Diagnostics.Stopwatch]::StartNew()
            $null = $rows | Submit-SeedanceAsset -Group cast -BatchSize $batchSize -Queue -ListName night -Resume -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $settled = Get-SeedanceList night
            Write-Proof '-Resume after it' "$($list.Unknown) rows unknown" "$($settled.Accepted - $list.Accepted) found in the library, $($settled.Unknown) unknown, $($settled.Queued) queued again" $settling
            (Get-SandboxStats $server).postsReceived | Should -Be $stats.postsReceived
            $settled.Accepted | Should -Be $stats.rowsAccepted
            $settled.Unknown | Should -Be ($rowCount - $settled.Accepted - $settled.Refused)
        }

        It 'sends a list once that several runs send in step<Way>' -ForEach $ways {
            if ($IsPooled -and -not $pooler) { return Set-ItResult -Skipped -Because $NoPgBouncer }
            $runCount, $rowCount = $isLarge ? (8, 20000) : (3, 400)
            $folder = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
            New-Row $rowCount | Export-Csv "$folder/rows.csv"

            # No answer comes before all have begun: what is sent by a run that has ended before another begins, is sent again by that one.
            Suspend-SandboxServer $server
            try {
                $lines = foreach ($run in 1..$runCount) {
                    Start-Line $fleet @"
`$tasks = Import-Csv '$folder/rows.csv' | Submit-SeedanceAsset -Group cast -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Wait-SeedanceTask
@{ Names = @(`$tasks | ForEach-Object { `$_.Sources.Name }); Failures = @(`$failures | ForEach-Object FullyQualifiedErrorId) } | ConvertTo-Json | Set-Content '$folder/told-$run'
"@
                }

                Wait-Until { (Invoke-Sql $database 'select count(*) from seedance.run') -eq $runCount } 'all have begun'
                $clock.Restart()
                Resume-SandboxServer $server
                Wait-Line $lines ($Deadline * 2)
            }
            finally {
                Resume-SandboxServer $server
                Stop-Line $lines
            }

            $told = Get-ChildItem "$folder/told-*" | ForEach-Object { Get-Content $_ -Raw | ConvertFrom-Json }
            $stats = Get-SandboxStats $server
            $unknown = [int](Invoke-Sql $database "select count(*) from seedance.intent where state is null or state = 'Unknown'")
            $groups = Get-GroupCount
            Write-Proof "one list in step$Way" "$rowCount rows, $runCount runs" (
                "$($stats.duplicates) twice, $($stats.rowsAccepted) accepted, $unknown requests unknown, $groups group(s), " +
                "$($stats.postsReceived) requests, $([math]::Round($stats.postsReceived / ($rowCount / 20), 3)) x rows/20") $clock
            $stats.duplicates | Should -Be 0
            $stats.rowsAccepted | Should -Be $rowCount
            $unknown | Should -Be 0
            $groups | Should -Be 1
            @($told.Failures) -like 'Seedance.OutcomeUnknown*' | Should -BeNullOrEmpty
            @($told.Names) | Should -HaveCount $rowCount -Because 'each row is given out by one of them'
            @($told.Names | Sort-Object -Unique) | Should -HaveCount $rowCount
            if ($isLarge) { $stats.postsReceived | Should -BeLessOrEqual ($rowCount / 20 * 1.05) }
        }

        It 'sends nothing new from a runner that was suspended past its lease, and keeps its late outcome' {
            if (-not $isLarge) { return Set-ItResult -Skipped -Because $tooLong }
            # One request makes the group; of the next two, one is accepted and one is told to come again, both while the runner is suspended.
            $kinds = 'first', 'kept', 'again', 'rest', 'rest'
            $rows = foreach ($i in 0..4) { foreach ($number in 1..20) { [pscustomobject]@{ Url = "https://example.com/$($kinds[$i])-$i-$number.png"; Name = "$($kinds[$i])-$i-$number" } } }
            Add-SandboxFault $server @(
                @{ kind = 'slow'; processed = $true; delay = '5s'; method = 'POST'; contains = 'kept-'; count = 1 }
                @{ kind = 'status'; status = 429; retryAfter = '1'; delay = '5s'; method = 'POST'; contains = 'again-'; count = 1 }
            )

            # One by one, so that they are taken in this order.
            $null = $rows | Submit-SeedanceAsset -Group cast -ThrottleLimit 1 -Queue -ListName night

            # Its time limit is longer than the suspension, which is to decide.
            $runner = Start-Line $fleet 'Start-SeedanceRunner night -ThrottleLimit 2' -Connect "$(Get-ConnectLine $fleet) -Timeout 600"
            try {
                Wait-Until { (Get-SandboxStats $server).postsReceived -eq 3 } 'two requests are under way'
                Send-Signal STOP $runner
                $under = Get-SandboxRequest $server POST | Select-Object -Last 2 | ForEach-Object { $_.json.assets[0].name } | Sort-Object
                $under | Should -Be 'again-2-1', 'kept-1-1'
                $null = $rows | Submit-SeedanceAsset -Group cast -Resume -RetryUnknown -WarningVariable warnings -WarningAction SilentlyContinue
                "$warnings" | Should -Match 'queued, under way'
                (Get-SandboxStats $server).postsReceived | Should -Be 3 -Because 'what is under way is nobody else''s'
                (Get-SeedanceList night).UnderWay | Should -Be 40

                Wait-Until { (Get-SeedanceList night).Unknown -eq 40 } 'its lease has lapsed'
                $null = $rows -match 'again-' | Submit-SeedanceAsset -Group cast -Resume -RetryUnknown -WarningAction SilentlyContinue
                (Get-SandboxStats $server).rowsAccepted | Should -Be 60 -Because 'a row of unknown outcome goes again if it is asked for'
                $posts = (Get-SandboxStats $server).postsReceived
                Send-Signal CONT $runner
                $runner.WaitForExit($Deadline * 1000) | Should -BeTrue
            }
            finally {
                Stop-Line $runner
            }

            $list = Get-SeedanceList night
            $stats = Get-SandboxStats $server
            Write-Proof 'suspended past its lease' '100 rows, 40 under way' (
                "$($stats.postsReceived - $posts) requests after it went on, $($stats.duplicates) twice, $($list.Accepted) accepted, $($list.Unknown) unknown, $($list.Queued) queued") $clock
            $stats.postsReceived | Should -Be $posts
            $stats.duplicates | Should -Be 0
            ($list.Accepted, $list.Unknown, $list.Queued) | Should -Be @(40, 0, 40)
            $null = Start-SeedanceRunner night -WarningAction SilentlyContinue
            ((Get-SandboxStats $server).rowsAccepted, (Get-SandboxStats $server).duplicates) | Should -Be @(100, 0)
        }

        It 'sends nothing for a key that was changed under the account''s name' {
            $rowCount = $isLarge ? 2000 : 60
            Invoke-Expression (Get-ConnectLine $fleet -Key 'sk-first')
            $null = New-Row $rowCount | Submit-SeedanceAsset -Group cast
            $posts = (Get-SandboxStats $server).postsReceived
            $line = Start-Line $fleet "1..$rowCount | ForEach-Object { [pscustomobject]@{ Url = `"https://example.com/avatar-`$_.png`"; Name = `"avatar-`$_`" } } | Submit-SeedanceAsset -Group cast -Resume | Measure-Object | ForEach-Object Count | Set-Content '$TestDrive/resumed'" -Connect (Get-ConnectLine $fleet -Key 'sk-second')
            Wait-Line $line
            $after = (Get-SandboxStats $server).postsReceived
            Write-Proof 'another key' "$rowCount rows" "$($after - $posts) requests, $(Get-Content "$TestDrive/resumed") tasks given out" $clock
            $after | Should -Be $posts
            Get-Content "$TestDrive/resumed" | Should -Be ($rowCount / 20)
        }

        It 'makes each group once, whichever runner is first' {
            if (-not $isLarge) { return Set-ItResult -Skipped -Because $tooLong }
            $runnerCount, $groupCount = 8, 40
            $rows = foreach ($group in 1..$groupCount) { New-Row 10 @{ Group = "cast-$group" } }
            $null = $rows | Submit-SeedanceAsset -BatchSize 2 -Queue -ListName night
            $lines = 1..$runnerCount | ForEach-Object { Start-Line $fleet 'Start-SeedanceRunner night | Out-Null' }
            try {
                Wait-Line $lines
            }
            finally {
                Stop-Line $lines
            }

            $groups = Get-GroupCount
            Write-Proof 'groups by name' "$groupCount names, $runnerCount runners" "$groups groups at the server, $((Get-SandboxStats $server).rowsAccepted) rows accepted" $clock
            $groups | Should -Be $groupCount
            (Get-SandboxStats $server).rowsAccepted | Should -Be $rows.Count
        }

        It 'keeps to one rate, and falls silent after a 429' {
            if (-not $isLarge) { return Set-ItResult -Skipped -Because $tooLong }
            $perSecond, $runnerCount = 40, 8
            $null = New-Row 3200 | Submit-SeedanceAsset -Group cast -BatchSize 4 -Queue -ListName night
            $lines = 1..$runnerCount | ForEach-Object { Start-Line $fleet 'Start-SeedanceRunner night | Out-Null' -Connect (Get-ConnectLine $fleet -RequestsPerSecond $perSecond) }
            try {
                Wait-Until { (Get-SandboxStats $server).postsReceived -ge 400 } 'all are at work'
                @(Get-SeedanceRunner).Count | Should -Be $runnerCount
                Add-SandboxFault $server @(@{ kind = 'status'; status = 429; retryAfter = '4'; count = 1 })
                Wait-Line $lines
            }
            finally {
                Stop-Line $lines
            }

            # The times are the server's.
            $requests = @(Invoke-SandboxControl $server requests)
            $times = @($requests | ForEach-Object { ([DateTimeOffset]$_.time).ToUnixTimeMilliseconds() })
            $most, $first = 0, 0
            for ($last = 0; $last -lt $times.Count; $last++) {
                while ($times[$last] - $times[$first] -ge 10000) { $first++ }
                $most = [math]::Max($most, $last - $first + 1)
            }

            $refused = ([DateTimeOffset]($requests | Where-Object fault).time).ToUnixTimeMilliseconds()
            $beforeSilence = @($times | Where-Object { $_ -gt $refused -and $_ -le $refused + 1000 })
            $inSilence = @($times | Where-Object { $_ -gt $refused + 1000 -and $_ -lt $refused + 4000 })
            $lastBefore = $beforeSilence ? ($beforeSilence | Measure-Object -Maximum).Maximum - $refused : 0
            Write-Proof 'one rate' "$runnerCount runners, $perSecond/s, $($times.Count) requests" (
                "at most $most in 10 s ($($most / 10)/s), $([math]::Round($times.Count / (($times[-1] - $times[0]) / 1000), 1))/s on the whole; " +
                "after a 429 $($beforeSilence.Count) more, the last after $lastBefore ms, then $($inSilence.Count) until its Retry-After of 4 s") $clock
            $inSilence | Should -BeNullOrEmpty
            $most | Should -BeLessOrEqual ($perSecond * 10)
        }

        It 'lets the runners'' role read no table' {
            $tables = @(Invoke-Sql $database "select quote_ident(relname) from pg_class where relnamespace = 'seedance'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')")
            $statements = foreach ($table in $tables) { "select * from seedance.$table limit 1;"; "delete from seedance.$table;"; "insert into seedance.$table default values;" }

            # In one transaction that is taken back: what is allowed by mistake does no harm to the tests that follow.
            $script = @('\set ON_ERROR_ROLLBACK on', 'begin;', 'set local role runner;') + $statements + 'rollback;'
            $said = $script | & "$(Find-PostgreSql)/psql" --host 127.0.0.1 --port $database.Port --username owner --dbname seedance --no-psqlrc --quiet 2>&1
            $denied = @($said -match 'permission denied').Count
            Write-Proof 'the runners'' role' "$($tables.Count) tables and sequences" "$denied of $($statements.Count) statements denied" $clock
            $tables | Should -Contain payload
            $denied | Should -Be $statements.Count -Because "$said"
        }

        It 'shows no password, key or query anywhere but in the payload, which is empty when the list is done' {
            $key, $password, $query = 'sk-secret-7d1e55c0ffee', 'password-81c2e4', 'signature-5f3a9b'
            Invoke-Sql $database "create role sealed login password '$password'"
            Set-Content "$($database.Folder)/data/pg_hba.conf" 'host all sealed 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust'
            $null = Invoke-Sql $database 'select pg_reload_conf()'
            $null = Install-SeedanceJournal "postgresql://owner@$($database.Host)/seedance" -RunnerRole sealed
            $secrets = @{ Connect = (Get-ConnectLine $fleet -Key $key).Replace('//runner@', '//sealed@'); Environment = @{ PGPASSFILE = "$TestDrive/pgpass" } }
            Set-Content "$TestDrive/pgpass" "127.0.0.1:*:*:sealed:$password"
            chmod 600 "$TestDrive/pgpass"
            $null = Invoke-SandboxControl $server options Post @{ refusedWord = 'unwanted' }
            Add-SandboxFault $server @(
                @{ kind = 'reset-after'; method = 'POST'; contains = 'row-11'; count = 1 }
                @{ kind = 'status'; status = 500; processed = $true; method = 'POST'; contains = 'row-21'; count = 1 }
                @{ kind = 'garbage'; method = 'POST'; contains = 'row-31'; count = 1 }
                @{ kind = 'text'; status = 503; method = 'POST'; contains = 'row-41'; count = 1 }
                @{ kind = 'status'; status = 400; method = 'POST'; contains = 'row-51'; count = 1 }
                @{ kind = 'status'; status = 401; method = 'POST'; contains = 'row-61'; count = 1 }
            )

            # Every stream, and every error with all that it has, from processes of their own; the runner ends at the 401, and the next goes on.
            $open = '$VerbosePreference = $DebugPreference = $InformationPreference = ''Continue''; $with = @{ Verbose = $true; Debug = $true; ErrorAction = ''Continue'' }'
            $told = { param($Name, $Line) "$open; & { $Line; `$Error | Format-List * -Force; `$Error | ForEach-Object { Get-Error `$_ } } *>&1 | Out-File '$TestDrive/$Name.txt' -Width 4000" }
            $queue = & $told queue "1..80 | ForEach-Object { [pscustomobject]@{ Url = `"https://user:$query@example.com/`$(`$_ % 40 -eq 7 ? 'unwanted' : 'row')-`$_.png?$query=`$_#$query`"; Name = `"row-`$_`" } } | Submit-SeedanceAsset -Group cast -BatchSize 10 -Queue -ListName night @with"
            $run = 'try { Start-SeedanceRunner night @with | Format-List * -Force } catch { "$_" }; Get-SeedanceList night @with | Format-List *; Get-SeedanceConnection | Format-List *; Start-SeedanceRunner nowhere @with'
            Wait-Line (Start-Line $fleet $queue @secrets)
            $addresses = [int](Invoke-Sql $database "select count(*) from seedance.payload where record like '%$query%'")
            $addresses | Should -Be 8
            foreach ($number in 1, 2) { Wait-Line (Start-Line $fleet (& $told "run-$number" $run) @secrets) }
            Wait-Line (Start-Line $fleet (& $told refused 'try { Get-SeedanceList @with } catch { "$_" }') $secrets.Connect @{ PGPASSWORD = "not-$password" })

            $list = Get-SeedanceList night
            $found = foreach ($file in (Get-ChildItem "$TestDrive/*.txt").FullName + "$($database.Folder)/log") {
                $text = Get-Content $file -Raw
                foreach ($secret in $key, $password, $query) { if ($text -match $secret) { "$secret in $file" } }
            }
            $tables = @(Invoke-Sql $database "select relname from pg_class where relnamespace = 'seedance'::regnamespace and relkind = 'r' and relname <> 'payload'")
            $found = @($found) + @(foreach ($table in $tables) {
                foreach ($secret in $key, $password, $query) { if ([int](Invoke-Sql $database "select count(*) from seedance.$table t where t::text like '%$secret%'")) { "$secret in $table" } }
            })
            $left = [int](Invoke-Sql $database 'select count(*) from seedance.payload')
            $written = (Get-ChildItem "$TestDrive/*.txt" | Measure-Object Length -Sum).Sum
            Write-Proof 'secrets' "$addresses addresses queued, $($tables.Count) tables, $written characters of streams and errors" (
                "$($found.Count) found, $left in payload when done; $($list.Accepted) accepted, $($list.Refused) refused, $($list.Unknown) unknown") $clock
            $found | Should -BeNullOrEmpty
            $list.IsDone | Should -BeTrue
            $list.Unknown | Should -BeGreaterThan 0
            Get-Content "$TestDrive/run-1.txt" -Raw | Should -Match '401'
            Get-Content "$TestDrive/refused.txt" -Raw | Should -Match 'does not let this role in'
            $left | Should -Be 0
        }
    }
}
