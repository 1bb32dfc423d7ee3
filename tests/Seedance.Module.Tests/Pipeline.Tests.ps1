# The main line, over real sockets: rows in, reviewed assets out.

Describe 'The pipeline' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
    }

    AfterEach { Disconnect-Seedance }

    It 'takes 45 rows of three types and two groups to usable assets' {
        $rows = foreach ($number in 1..45) {
            $type = ('Image', 'Video', 'Audio')[$number % 3]
            [pscustomobject]@{
                Url       = "https://example.com/$number.bin?signature=s$number"
                Name      = $number % 9 ? "row-$number" : "reject-$number"
                AssetType = $type
                Group     = ('cast', 'crew')[$number % 2]
                Remark    = 'of no concern'
            }
        }

        $file = Join-Path $TestDrive rows.csv
        $rows | Export-Csv $file
        $usable = Import-Csv $file | Submit-SeedanceAsset | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable

        # The requests: one group, one type, at most 20 rows each, and every field as documented.
        $requests = Get-SandboxRequest $server POST
        $requests.path | Sort-Object -Unique | Should -Be /v1/seedance2/private-avatar/assets
        $submitted = foreach ($request in $requests) {
            $json = $request.json
            $request.headers.Authorization | Should -BeExactly "Bearer $ApiKey"
            $json.project_name | Should -BeExactly default
            $json.asset_type | Should -BeIn Image, Video, Audio
            $names = $json.psobject.Properties.Name
            $names -contains 'group' -xor $names -contains 'group_id' | Should -BeTrue
            $names | Where-Object { $_ -notin 'group', 'group_id', 'project_name', 'asset_type', 'assets', 'url', 'name' } | Should -BeNullOrEmpty
            $assets = $names -contains 'assets' ? $json.assets : ($json | Select-Object url, name)
            @($assets).Count | Should -BeIn (1..20)
            foreach ($asset in $assets) {
                $asset.psobject.Properties.Name | Sort-Object | Should -Be name, url
                [pscustomobject]@{ Url = $asset.url; Name = $asset.name; AssetType = $json.asset_type }
            }
        }

        $submitted | Should -HaveCount 45
        $expected = $rows | Sort-Object Url | ForEach-Object { "$($_.Url) $($_.Name) $($_.AssetType)" }
        $submitted | Sort-Object Url | ForEach-Object { "$($_.Url) $($_.Name) $($_.AssetType)" } | Should -Be $expected

        # Each group described once per project, or by its id: the server made two.
        $submissions = Invoke-SandboxControl $server submissions
        $submissions.groupId | Sort-Object -Unique | Should -HaveCount 2
        foreach ($submission in $submissions) {
            foreach ($asset in $submission.assets) {
                ($rows | Where-Object Url -EQ $asset.url).Group | Should -Be $submission.groupName
            }
        }

        # The assets: all that passed, each with its own row.
        $usable | Should -HaveCount 40
        $usable.AssetId | Sort-Object -Unique | Should -HaveCount 40
        foreach ($asset in $usable) {
            $row = $rows | Where-Object Name -EQ $asset.Name
            $asset.SourceUrl | Should -Be ($row.Url -replace '\?.*')
            $asset.AssetType | Should -Be $row.AssetType
            $asset.MatchedBy | Should -BeIn Name, Single
        }

        $usable.Name -match 'reject' | Should -BeNullOrEmpty
        $stats = Get-SandboxStats $server
        $stats.rowsAccepted | Should -Be 45
        $stats.duplicates | Should -Be 0
    }

    It 'writes what passed to a CSV that can be read back' {
        $file = Join-Path $TestDrive usable.csv
        New-Row 3 | Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup spring-cast) | Wait-SeedanceTask -PollInterval 0.02 |
            Get-SeedanceAsset -Usable | Export-Csv $file
        $read = Import-Csv $file
        $read.Name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3
        $read.AssetUrl | Should -Match '^asset://'
        $read.AssetType | Should -Be Image, Image, Image
    }

    It 'leaves lists that can be indexed as PowerShell does' {
        $task = New-Row 4 @{ Name = $null } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
        foreach ($list in 'Assets', 'UsableAssets', 'Sources') {
            @($task.$list[0]) | Should -HaveCount 1 -Because "$list[0] is one"
            @($task.$list[-1]) | Should -HaveCount 1 -Because "$list[-1] is one"
            @($task.$list[0..1]) | Should -HaveCount 2 -Because "$list[0..1] is two"
            $task.$list.Length | Should -Be 4
            $task.$list.Count | Should -Be 4
            $task.$list + $task.$list | Should -HaveCount 8
        }
    }

    It 'emits tasks while rows still come, and waits for the first while the last is not read yet' {
        # The generator goes on only when the first asset has come out of the other end.
        $state = @{ Asset = $null }
        $rows = {
            New-Row 20
            Wait-Until { Get-SeedanceTask -Connection $connection } 'the first batch is accepted before the input ends'
            New-Row 1 @{ Url = 'https://example.com/last.png' }
        }
        $connection = Get-SeedanceConnection
        $assets = & $rows | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset
        $assets | Should -HaveCount 21
    }

    Context 'called off' {
        BeforeAll {
            # A silent server keeps every request until its caller breaks it off.
            $allBrokenOff = { $stats = Get-SandboxStats $server; $stats.unanswered -ge [int]$stats.faults.hang }
        }

        BeforeEach {
            $journal = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
            $variables = @{ server = $server; journal = $journal }
        }

        AfterEach { Close-Session $run }

        It 'by Select-Object -First 1 it returns and leaves nothing running' {
            # One look is answered, late; all others never: by then some are waiting, and one that is left behind would go on.
            Add-SandboxFault $server @{ kind = 'slow'; method = 'GET'; count = 1; delay = '1s' }, @{ kind = 'hang'; method = 'GET' }
            $run = Start-InSession {
                # Room enough for silent looks beside the submissions.
                Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal -Concurrency 256
                1..100000 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 5 -ThrottleLimit 4 |
                    Wait-SeedanceTask -PollInterval 0.2 | Get-SeedanceAsset -Usable | Select-Object -First 1
            } $variables
            $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue -Because 'the pipeline returns'
            $run.Shell.EndInvoke($run.Pending) | Should -HaveCount 1
            $run.Shell.Streams.Error | Should -BeNullOrEmpty
            $stats = Get-SandboxStats $server
            $stats.faults.hang | Should -BeGreaterThan 0 -Because 'looks were under way'
            $stats.postsReceived | Should -BeLessThan 20000 -Because 'the input was not read to its end'
            Wait-Until $allBrokenOff 'no look is left waiting for its answer'
            (Get-SandboxStats $server).postsReceived | Should -Be $stats.postsReceived
        }

        It 'by Select-Object -First 1 it leaves no look, no work and no session behind' {
            $slow = Start-SandboxServer '--review', '1h'
            try {
                $ended = New-Row | Submit-SeedanceAsset | Wait-SeedanceTask -PollInterval 0.02

                # These would be looked at for half an hour.
                Connect-TestServer $slow
                $open = New-Row 10 | Submit-SeedanceAsset -Group g -BatchSize 1
                $runspaces = @(Get-Runspace).Count
                foreach ($turn in 1..5) {
                    @($ended) + $open | Wait-SeedanceTask -PollInterval 0.05 | Select-Object -First 1 | Should -Be $ended
                }

                # While one task is looked at twenty times, nobody else looks.
                $before = (Get-SandboxStats $slow).getsReceived
                $null = $open[0] | Wait-SeedanceTask -Timeout 1 -PollInterval 0.05 -ErrorAction SilentlyContinue
                (Get-SandboxStats $slow).getsReceived - $before | Should -BeLessOrEqual 25
                Wait-Until { [Threading.ThreadPool]::PendingWorkItemCount -eq 0 } 'no work is left'
                @(Get-Runspace).Count | Should -Be $runspaces
            }
            finally {
                Stop-SandboxServer $slow
            }
        }

        It 'by Ctrl+C while waiting it returns, and looks no more' {
            Add-SandboxFault $server @{ kind = 'hang'; method = 'GET' }
            $run = Start-InSession {
                Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
                1..30 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 5 | Wait-SeedanceTask -PollInterval 0.05
            } $variables
            Wait-Until { (Get-SandboxStats $server).getsReceived -gt 0 } 'the wait has begun'
            Stop-InSession $run
            $run.Shell.InvocationStateInfo.State | Should -Be Stopped
            Wait-Until $allBrokenOff 'no look is left waiting for its answer'
        }

        It 'by Ctrl+C while submitting it sends no more, and records what was under way' {
            Add-SandboxFault $server @{ kind = 'slow'; method = 'POST'; delay = '500ms'; after = 1 }
            $run = Start-InSession {
                Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
                1..100000 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 5 -ThrottleLimit 2
            } $variables
            Wait-Until { (Get-SandboxStats $server).postsReceived -ge 2 } 'a slow request is under way'
            Stop-InSession $run
            $posts = (Get-SandboxStats $server).postsReceived
            Wait-Until { (Get-SandboxStats $server).postsAccepted -eq $posts } 'the server has taken what was sent'
            (Get-SandboxStats $server).postsReceived | Should -Be $posts

            # All that the server accepted is known here, or known to be unknown.
            $accepted = (Invoke-SandboxControl $server submissions).taskId
            Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
            (Get-SeedanceTask).TaskId | Sort-Object | Should -Be ($accepted | Sort-Object)
        }

        It 'by Ctrl+C with <Rows> rows, of which <Of>, the line that closes a run is shown, once' -ForEach @(
            @{ Rows = 20; Of = 'all are in and some have left' }
            @{ Rows = 100000; Of = 'more come in and some have left' }
            @{ Rows = 20; Of = 'all are in and nothing gets through'; Port = 1 }
            @{ Rows = 100000; Of = 'more come in and nothing gets through'; Port = 1 }
        ) {
            . "$PSScriptRoot/Screen.ps1"
            Add-SandboxFault $server @{ kind = 'slow'; method = 'POST'; delay = '500ms'; after = 1 }
            $run = Start-OnScreen {
                Connect-Seedance sk-x -BaseUri $address -JournalPath $journal
                1..$count | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 1 -ThrottleLimit 1
            } ($variables + @{ count = $Rows; address = $Port ? "http://127.0.0.1:$Port" : $server.BaseUri })
            try {
                Wait-Until { $Port ? $run.Screen.Text -match 'could not be sent' : (Get-SandboxStats $server).postsReceived -ge 2 } 'it is under way'
                Stop-InSession $run
                @($run.Screen.Text -split '\n' -match 'rows accepted') | Should -HaveCount 1
                $run.Screen.Text | Should -Match '\b\d+ of [\d,]+ rows accepted; the same line with -Resume goes on\.'
            }
            finally { Close-Session $run }
        }

        It 'by Ctrl+C while the server is silent it returns, and the outcome is recorded as unknown' {
            Add-SandboxFault $server @{ kind = 'hang'; method = 'POST' }
            $run = Start-InSession {
                Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
                1..3 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g
            } $variables
            Wait-Until { (Get-SandboxStats $server).postsReceived -eq 1 } 'the request is under way'
            Stop-InSession $run
            Reset-Sandbox $server
            Add-SandboxFault $server @{ kind = 'status'; status = 404; method = 'GET' }
            Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
            1..3 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -Resume -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -BeLike 'Seedance.OutcomeUnknown,*'
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'tells within seconds that nobody is reached, while it goes on trying' {
            $run = Start-InSession {
                Connect-Seedance sk-x -BaseUri http://127.0.0.1:9 -JournalPath $journal
                'https://example.com/a.png' | Submit-SeedanceAsset -Group g
            } $variables
            Wait-Until { $run.Shell.Streams.Warning.Count } 'it is told'
            $run.Shell.Streams.Warning[0] | Should -BeLike 'POST /v1/seedance2/private-avatar/assets could not be sent: *It is tried again for up to two minutes.'
            $run.Pending.IsCompleted | Should -BeFalse
            Stop-InSession $run
            Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
            'https://example.com/a.png' | Submit-SeedanceAsset -Group g -Resume | Should -HaveCount 1
        }

        It 'by -ErrorAction Stop it throws and leaves nothing running' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; count = 1; after = 2 }, @{ kind = 'hang'; method = 'GET' }
            $run = Start-InSession {
                Connect-Seedance sk-x -BaseUri $server.BaseUri -JournalPath $journal
                1..100000 | ForEach-Object { "https://example.com/$_.png" } | Submit-SeedanceAsset -Group g -BatchSize 5 -ErrorAction Stop | Wait-SeedanceTask -PollInterval 0.1
            } $variables
            $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue -Because 'the pipeline returns'
            { $run.Shell.EndInvoke($run.Pending) } | Should -Throw '*400*'
            $posts = (Get-SandboxStats $server).postsReceived
            $posts | Should -BeLessThan 20000
            Wait-Until $allBrokenOff 'no look is left waiting for its answer'
            (Get-SandboxStats $server).postsReceived | Should -Be $posts
        }
    }

    Context 'in several sessions' {
        It 'runs in ForEach-Object -Parallel, on the connection of the session' {
            $assets = 1..6 | ForEach-Object -Parallel {
                Import-Module $using:ModuleManifest
                [pscustomobject]@{ Url = "https://example.com/$_.png"; Name = "p$_" } | Submit-SeedanceAsset -Group "g$_" | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable
            } -ThrottleLimit 3
            $assets.Name | Sort-Object | Should -Be p1, p2, p3, p4, p5, p6
            (Get-SandboxStats $server).rowsAccepted | Should -Be 6
        }

        It 'runs in Start-ThreadJob' {
            if (-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
                Set-ItResult -Skipped -Because 'the module ThreadJob is not installed'
                return
            }

            $jobs = 1..3 | ForEach-Object {
                Start-ThreadJob -ArgumentList $_, $ModuleManifest {
                    param($number, $manifest)
                    Import-Module $manifest
                    [pscustomobject]@{ Url = "https://example.com/$number.png"; Name = "j$number" } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable
                }
            }
            ($jobs | Wait-Job -Timeout $Deadline | Receive-Job).Name | Sort-Object | Should -Be j1, j2, j3
            $jobs | Remove-Job -Force
        }

        It 'takes a connection into another session by -Connection' {
            $connection = Connect-Seedance sk-mine -BaseUri $server.BaseUri -NoJournal -PassThru
            $found = Invoke-InSession { 'https://example.com/a.png' | Submit-SeedanceAsset -Group g -Connection $connection } @{ connection = $connection }
            $found.Output | Should -HaveCount 1
            (Get-SandboxRequest $server).headers.Authorization | Should -Be 'Bearer sk-mine'
        }
    }
}
