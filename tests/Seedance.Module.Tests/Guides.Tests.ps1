Describe 'The guides' {
    BeforeDiscovery {
        . "$PSScriptRoot/ExampleFolder.ps1"
        $docs = Join-Path $PSScriptRoot ../../docs

        # Each in one session, from top to bottom, as somebody reads it. A page that is not here has tests of its own.
        $guides = 'how-to/csv-batch', 'how-to/resume-after-a-crash', 'how-to/scheduled-job', 'how-to/ci-pipeline', 'how-to/several-projects',
        'how-to/proxy-or-gateway', 'how-to/secrets', 'how-to/share-a-journal', 'faq' | ForEach-Object { @{ Guide = $_; File = Join-Path $docs "$_.md" } }
        $pages = Get-ChildItem $docs -Recurse -Filter *.md | ForEach-Object { @{ Name = [IO.Path]::GetRelativePath($docs, $_.FullName) -replace '\\', '/'; File = $_.FullName } }
        $pages += 'README.md', 'SECURITY.md', 'CONTRIBUTING.md' | ForEach-Object { @{ Name = $_; File = Join-Path $docs "../$_" } }
    }

    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/ExampleFolder.ps1"
        $server = Start-SandboxServer '--review', '10ms', '--video', '10ms', '--language', 'en'
        $database = Start-PostgreSqlServer
        $root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
        $folder = New-ExampleFolder
        $seed = Join-Path $TestDrive seed.jsonl
        Connect-Seedance sk-test -BaseUri $server.BaseUri -JournalPath $seed
        $null = Import-Csv "$folder/assets.csv" | Submit-SeedanceAsset -Group earlier | Wait-SeedanceTask -PollInterval 0.02
        Disconnect-Seedance
    }

    AfterAll {
        Stop-SandboxServer $server
        Stop-PostgreSqlServer $database
    }

    It '<Guide>, all of it, runs' -ForEach $guides {
        $blocks = @(Read-CodeBlock $File)
        $blocks.Count | Should -BeGreaterThan 0
        $code = Use-ExampleDatabase ($blocks.Code -join "`n") $database
        if (-not $code) {
            Set-ItResult -Skipped -Because $NoPostgreSql
            return
        }

        $run = Invoke-Example $code (New-ExampleFolder) $server $seed
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'csv-batch leaves every row in one of its files, and ids beside the columns' {
        $own = New-ExampleFolder
        $null = Invoke-Example ((Read-CodeBlock "$root/docs/how-to/csv-batch.md").Code -join "`n") $own $server
        $rows = Import-Csv "$own/assets.csv"
        (Import-Csv "$own/usable.csv").Count + @(Import-Csv "$own/failed.csv").Count | Should -Be $rows.Count
        $with = Import-Csv "$own/assets-with-ids.csv"
        $with | Should -HaveCount $rows.Count
        $with.AssetUrl | Where-Object { $_ } | Should -Match '^asset://'
        @($with | Where-Object { -not $_.AssetUrl }).Name | Should -Be portrait-5
    }

    It '<Name> links to what there is' -ForEach $pages {
        foreach ($match in [regex]::Matches((Get-Content $File -Raw), '\]\((?!https?:|#)([^)#\s]+)')) {
            Join-Path (Split-Path $File) $match.Groups[1].Value | Should -Exist -Because "$Name links to it"
        }
    }

    It '<Name> names no cmdlet and no parameter that there is not' -ForEach $pages {
        $text = Get-Content $File -Raw
        # CONTRIBUTING makes one up.
        foreach ($name in [regex]::Matches($text, '(?<![\w<])[A-Z]\w+-Seedance\w*').Value | Where-Object { $_ -ne 'Get-SeedanceQuota' } | Sort-Object -Unique) {
            Get-Command $name -Module Seedance -ErrorAction Ignore | Should -Not -BeNullOrEmpty -Because "$Name names $name"
        }

        foreach ($match in [regex]::Matches($text, '`([A-Z]\w+-Seedance\w*) -(\w+)')) {
            (Get-Command $match.Groups[1].Value).Parameters.Keys | Should -Contain $match.Groups[2].Value -Because "$Name says $($match.Value)"
        }
    }
}

Describe 'The scheduled task' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/ExampleFolder.ps1"
        $server = Start-SandboxServer '--review', '10ms'
        function Invoke-ScheduledTask([string] $Folder, [string] $Connect, [string] $More, [string] $Key = '') {
            Invoke-InProcess @"
Import-Module '$ModuleManifest'
Set-Location '$Folder'
$Connect
& ./scheduled-task.ps1 -Path assets.csv -Group spring-cast -UsablePath usable.csv $More
exit `$LASTEXITCODE
"@ @{ SEEDANCE_API_KEY = $Key; SEEDANCE_JOURNAL = "$Folder/journal.jsonl" }
        }

        $connect = "Connect-Seedance sk-test -BaseUri $($server.BaseUri) -JournalPath journal.jsonl -RequestsPerSecond 10000"
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach { Reset-Sandbox $server }

    It 'writes what can be used, and sends nothing a second time' {
        $folder = New-ExampleFolder
        $first = Invoke-ScheduledTask $folder $connect
        $first.ExitCode | Should -Be 0 -Because $first.Error
        $first.Output | Should -Match '5 usable, 1 failed review, 0 problems'
        (Import-Csv "$folder/usable.csv").Name | Sort-Object | Should -Be portrait-1, portrait-2, portrait-3, portrait-4, waving
        $posts = (Get-SandboxStats $server).postsReceived
        $again = Invoke-ScheduledTask $folder $connect
        $again.ExitCode | Should -Be 0 -Because $again.Error
        $again.Output | Should -Match '5 usable'
        (Get-SandboxStats $server).postsReceived | Should -Be $posts
    }

    It 'leaves what failed, a page and a summary' {
        $folder = New-ExampleFolder
        Add-Content "$folder/assets.csv" 'not-an-address,broken,Image'
        $run = Invoke-ScheduledTask $folder -More "-BaseUri $($server.BaseUri) -FailedPath failed.csv -ReportPath report.html -SummaryPath summary.json -MaxFailed 0" -Key sk-test
        $run.ExitCode | Should -Be 1 -Because 'what was not sent goes before what failed'
        $failed = @(Import-Csv "$folder/failed.csv")
        $failed.Name | Should -Be portrait-5, broken
        $failed.State | Should -Be Failed, NotSent
        $failed.SourceUrl | Should -Be https://assets.example.com/reject-5.png, not-an-address
        $failed.Why | ForEach-Object { $_ | Should -Not -BeNullOrEmpty }
        Get-Content "$folder/report.html" -Raw | Should -Match 'portrait-5'
        $summary = Get-Content "$folder/summary.json" -Raw | ConvertFrom-Json
        $summary.exitCode, $summary.group, $summary.usable, $summary.failed | Should -Be 1, 'spring-cast', 5, 1
        $summary.problems | Should -HaveCount 1
        $summary.problems | Should -Match 'broken'
        $summary.failure | Should -BeNullOrEmpty
        $run.Output + $run.Error | Should -Not -Match '\e\['
        Get-ChildItem $folder -Filter *.new | Should -BeNullOrEmpty
    }

    It 'ends with <Code> where -MaxFailed <Allowed> of 6 rows may fail and one does' -ForEach @(
        @{ Allowed = '0'; Code = 4 }, @{ Allowed = '1'; Code = 0 }, @{ Allowed = '16.6%'; Code = 4 }, @{ Allowed = '17%'; Code = 0 }
    ) {
        $folder = New-ExampleFolder
        $run = Invoke-ScheduledTask $folder $connect "-MaxFailed $Allowed"
        $run.ExitCode | Should -Be $Code -Because $run.Error
        Import-Csv "$folder/usable.csv" | Should -HaveCount 5
    }

    It 'ends with 1 when a row could not be sent, and keeps the rest' {
        $folder = New-ExampleFolder
        Add-Content "$folder/assets.csv" 'not-an-address,broken,Image'
        $run = Invoke-ScheduledTask $folder $connect
        $run.ExitCode | Should -Be 1
        Import-Csv "$folder/usable.csv" | Should -HaveCount 5
    }

    It 'ends with 2 when there is no key, and leaves the last file alone' {
        $folder = New-ExampleFolder
        Set-Content "$folder/usable.csv" 'yesterday'
        $run = Invoke-ScheduledTask $folder -More '-SummaryPath summary.json -ReportPath report.html'
        $run.ExitCode | Should -Be 2
        $summary = Get-Content "$folder/summary.json" -Raw | ConvertFrom-Json
        $summary.exitCode, $summary.usable | Should -Be 2, 0
        $summary.failure | Should -Match 'SEEDANCE_API_KEY'
        "$folder/report.html" | Should -Not -Exist
        $run.Error | Should -Match 'SEEDANCE_API_KEY'
        Get-Content "$folder/usable.csv" | Should -Be yesterday
    }

    It 'ends with 3 when another run is going' {
        $folder = New-ExampleFolder
        $held = [IO.File]::Open("$folder/usable.csv.lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            (Invoke-ScheduledTask $folder $connect).ExitCode | Should -Be 3
        }
        finally {
            $held.Dispose()
        }

        (Get-SandboxStats $server).postsReceived | Should -Be 0
    }
}

Describe 'The message to a chat' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/ExampleFolder.ps1"
        $listener = [Net.HttpListener]::new()
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $address = "http://127.0.0.1:$($probe.LocalEndpoint.Port)/"
        $probe.Stop()
        $listener.Prefixes.Add($address)
        $listener.Start()

        # The text that is posted of a summary.
        function Read-Post([string] $Folder) {
            $asked = $listener.GetContextAsync()
            $session = Start-InSession { & "$folder/Send-RunMessage.ps1" -SummaryPath "$folder/summary.json" -Webhook $address } @{ folder = $Folder; address = $address }
            try {
                $asked.Wait($Deadline * 1000) | Should -BeTrue -Because 'it is posted'
                $body = [IO.StreamReader]::new($asked.Result.Request.InputStream, [Text.Encoding]::UTF8).ReadToEnd()
                $asked.Result.Response.Close()
                $null = $session.Shell.EndInvoke($session.Pending)
                ($body | ConvertFrom-Json).text
            }
            finally {
                Close-Session $session
            }
        }
    }

    AfterAll { $listener.Close() }

    BeforeEach { $folder = New-ExampleFolder }

    It 'says <Said>' -ForEach @(
        @{ Summary = @{ exitCode = 0; group = 'cast'; usable = 5; failed = 1; problems = @() }; Said = 'Seedance, cast: 5 usable, 1 failed review; all rows reviewed' }
        @{ Summary = @{ exitCode = 1; group = '<cast> & co'; usable = 5; failed = 0; problems = @('Row 2 (é): no.') }; Said = 'Seedance, &lt;cast&gt; &amp; co: 5 usable, 0 failed review; 1 problems, the first: Row 2 (é): no.' }
        @{ Summary = @{ exitCode = 2; group = 'cast'; usable = 0; failed = 0; problems = @(); failure = 'No key.' }; Said = 'Seedance, cast: 0 usable, 0 failed review; could not go on: No key.' }
        @{ Summary = @{ exitCode = 4; group = 'cast'; usable = 1; failed = 9; problems = @() }; Said = 'Seedance, cast: 1 usable, 9 failed review; more rows failed review than are allowed' }
    ) {
        Set-Content "$folder/summary.json" (ConvertTo-Json $Summary)
        Read-Post $folder | Should -BeExactly $Said
    }

    It 'is not sent with -ProblemsOnly where all went well, and needs a webhook' {
        Set-Content "$folder/summary.json" '{ "exitCode": 0 }'
        & "$folder/Send-RunMessage.ps1" -SummaryPath "$folder/summary.json" -ProblemsOnly -Webhook 'http://127.0.0.1:1/' | Should -BeNullOrEmpty -Because 'nobody listens there'
        { & "$folder/Send-RunMessage.ps1" -SummaryPath "$folder/summary.json" } | Should -Throw '*SEEDANCE_CHAT_WEBHOOK*'
    }
}
