# The key leaves the process in one header, and addresses are shown and kept without their queries.

Describe 'Secrets' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
        $journal = Join-Path $TestDrive secrecy.jsonl
        $key = 'sk-secret-7d1e55c0ffee'
        $query = 'signature-5f3a9b'

        # A run in which all goes wrong that can, with every stream open.
        $run = Start-InSession {
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            $out = [Collections.Generic.List[object]]::new()
            $with = @{ Verbose = $true; Debug = $true; ErrorAction = 'Continue' }
            function Add-Fault([string] $Json) { $null = Invoke-RestMethod "$($server.BaseUri)_sandbox/faults" -Method Post -Body $Json -ContentType application/json -Verbose:$false -Debug:$false }
            function New-TestRow([int] $From, [int] $To, [string] $Prefix = 'a') {
                $From..$To | ForEach-Object { [pscustomobject]@{ Url = "https://user:$query@example.com/$Prefix$_.png?$query=$_#$query"; Name = "n$_" } }
            }

            $out.Add((Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal -PassThru @with))
            $out.Add((Get-SeedanceConnection @with))
            $out.AddRange(@(New-TestRow 1 3 | Submit-SeedanceAsset -Group g @with | Wait-SeedanceTask -PollInterval 0.05 @with))
            $out.AddRange(@(New-TestRow 1 1 reject | Submit-SeedanceAsset -Group g @with | Wait-SeedanceTask -PollInterval 0.05 @with))
            $out.AddRange(@($out[2..3] | Get-SeedanceAsset @with))

            # Rows that cannot be sent.
            foreach ($url in "?$query", "ftp://x/y?$query", "relative/y?$query", "https://?$query", "C:\x?$query", "https//x?$query") {
                $out.AddRange(@([pscustomobject]@{ Url = $url; Name = 'n' * 70; AssetType = 'x' } | Submit-SeedanceAsset @with))
            }

            # Rows that come twice, rows that the server refuses or does not answer, and those that a later run finds again.
            $null = (New-TestRow 4 4), (New-TestRow 4 4) | ForEach-Object { $_ } | Submit-SeedanceAsset -Group g @with
            $number = 10
            foreach ($fault in '"status","status":400', '"status","status":500', '"reset-before"', '"reset-after"', '"hang"', '"truncated"', '"garbage"', '"html"', '"empty"', '"redirect"', '"code-in-200"') {
                # Only who waits in vain is impatient: a busy machine would make the others wait in vain too.
                $patience = if ($fault -eq '"hang"') { @{ Timeout = 0.5 } } else { @{} }
                Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal @patience @with

                # Of a library that can be read, what is not there is asked for a minute.
                Add-Fault "[{`"kind`":$fault,`"method`":`"POST`",`"count`":1},{`"kind`":`"status`",`"status`":404,`"method`":`"GET`",`"path`":`"/v1/seedance2/private-avatar`"}]"
                $number++
                $null = New-TestRow $number $number | Submit-SeedanceAsset -Group g @with
                $null = New-TestRow $number $number | Submit-SeedanceAsset -Group g -Resume @with
            }

            foreach ($fault in '"status","status":404', '"garbage"', '"reset-before"') {
                Add-Fault "{`"kind`":$fault,`"method`":`"GET`",`"count`":1}"
                $out.AddRange(@(Get-SeedanceTask $out[2].TaskId @with))
            }

            $null = Wait-SeedanceTask -TaskId task_absent -Timeout 1 @with
            $null = New-TestRow 90 90 | Submit-SeedanceAsset -Group g -WhatIf @with
            $out.AddRange(@(Get-SeedanceTask @with))
            $out.AddRange(@(Get-SeedanceAsset @with))

            # Errors that end a pipeline.
            foreach ($end in { Connect-Seedance "$key`n" }, { Connect-Seedance $key -BaseUri "http://user:$query@example.com/?$query" }, { Connect-Seedance $key -Timeout -1 }, {
                    Add-Fault '{"kind":"status","status":401,"count":1}'
                    New-TestRow 80 81 | Submit-SeedanceAsset -Group g @with
                }) {
                try { $null = & $end } catch { $out.Add($_) }
            }

            Disconnect-Seedance @with
            $out.AddRange(@($Error))
            $out
        } @{ server = $server; journal = $journal; key = $key; query = $query }
        $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue
        $objects = @($run.Shell.EndInvoke($run.Pending))
        $streams = $run.Shell.Streams

        'Url,Name', "ftp://example.com/a.png?$query,a", "https://example.com/b.png?$query,$('n' * 70)" | Set-Content (Join-Path $TestDrive rows.csv)

        function Assert-Clean([string] $Text, [string] $Where) {
            $Text | Should -Not -Match $key -Because "the key must not be in $Where"
            $Text | Should -Not -Match $query -Because "no query or user info may be in $Where"
        }
    }

    AfterAll {
        Close-Session $run
        Stop-SandboxServer $server
    }

    It 'were at risk: the run sent them, and had errors to tell' {
        $requests = Get-SandboxRequest $server POST
        $requests.Count | Should -BeGreaterThan 10
        $requests[0].headers.Authorization | Should -BeExactly "Bearer $key"
        $requests[0].body | Should -Match $query
        $streams.Error.Count | Should -BeGreaterThan 15
        @($objects | Where-Object { $_.pstypenames -contains 'Seedance.SeedanceTask' }).Count | Should -BeGreaterThan 3
        @($objects | Where-Object { $_.pstypenames -contains 'Seedance.SeedanceAsset' }).Count | Should -BeGreaterThan 3
    }

    It 'are in no object, however it is shown' {
        # What the test itself typed is in the errors' position, as in any error of PowerShell: the objects are looked at without it.
        $own = $objects | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] -and $_ -isnot [exception] }
        Assert-Clean ($own | Format-List * -Force | Out-String -Width 5000) 'Format-List *'
        Assert-Clean ($own | Out-String -Width 5000) 'the default view'
        Assert-Clean ($own | ConvertTo-Json -Depth 10 -WarningAction Ignore) 'ConvertTo-Json'
        Assert-Clean ($own | ConvertTo-Csv | Out-String) 'ConvertTo-Csv'
        Assert-Clean ([Management.Automation.PSSerializer]::Serialize($own, 4)) 'CliXml'
    }

    It 'are in no error, however it is shown' {
        $failures = @($streams.Error) + @($objects | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        foreach ($failure in $failures) {
            Assert-Clean "$failure" 'an error'
            Assert-Clean ($failure.ErrorDetails | Format-List * -Force | Out-String -Width 5000) "the details of: $failure"
            Assert-Clean "$($failure.TargetObject)" "the target of: $failure"
            Assert-Clean ($failure.TargetObject | Format-List * -Force | Out-String -Width 5000) "the target of: $failure"
            Assert-Clean "$($failure.Exception)" "the exception of: $failure"
            Assert-Clean ($failure.Exception | Format-List * -Force | Out-String -Width 5000) "the exception of: $failure"
            Assert-Clean ($failure.CategoryInfo | Format-List * -Force | Out-String -Width 5000) "the category of: $failure"
        }
    }

    It 'are in no verbose, debug, warning, information or progress message' {
        foreach ($stream in 'Verbose', 'Debug', 'Warning', 'Information', 'Progress') {
            Assert-Clean ($streams.$stream | Out-String -Width 5000) "the $stream stream"
        }
    }

    It 'are not in the journal' {
        $text = Get-Content $journal -Raw
        $text | Should -Match 'task_'
        Assert-Clean $text 'the journal'
        foreach ($request in Get-SandboxRequest $server POST) {
            $text | Should -Not -Match ([regex]::Escape($request.headers.Authorization))
        }
    }

    It 'are in a file that only the user can read' -Skip:$IsWindows {
        [IO.File]::GetUnixFileMode($journal) | Should -Be ([IO.UnixFileMode]'UserRead, UserWrite')
    }

    It 'did not follow a redirect' {
        $redirected = @($streams.Error | Where-Object { "$_" -match '\b307\b' })
        $redirected | Should -Not -BeNullOrEmpty
        $redirected[0].CategoryInfo.Category | Should -Not -Be ConnectionError
    }

    It 'are not in $Error either, shown in full' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            `$secret = [Environment]::GetEnvironmentVariable('THE_KEY')
            `$rows = Import-Csv '$(Join-Path $TestDrive rows.csv)'
            Connect-Seedance `$secret -BaseUri $($server.BaseUri) -NoJournal
            `$null = `$rows | Submit-SeedanceAsset -Group g -Verbose -Debug -ErrorAction SilentlyContinue
            `$null = Get-SeedanceTask task_absent -Verbose -Debug -ErrorAction SilentlyContinue
            'errors: ' + `$Error.Count
            `$Error | Format-List * -Force | Out-String -Width 5000
            `$Error | ForEach-Object { Get-Error -InputObject `$_ | Out-String -Width 5000 }
            `$Error | ConvertTo-Json -Depth 3 -WarningAction Ignore
"@ -Environment @{ THE_KEY = $key }
        $result.Output | Should -Match 'errors: [3-9]'
        Assert-Clean $result.Output '$Error'
        Assert-Clean $result.Error 'the error output'
    }
}
