# Real persons: from a link on a phone to usable assets. The phone is an HTTP client that opens the link it sees on the screen and follows it.

Describe 'Identity sessions' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/Screen.ps1"
        $server = Start-SandboxServer '--review', '20ms..60ms', '--language', 'en'
        $listen = 'http://127.0.0.1:0/'
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        $journal = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
        $variables = @{ server = $server; journal = $journal; key = $ApiKey; listen = $listen }
    }

    It 'take a person from the link to usable assets in one line' {
        $csv = Join-Path $TestDrive ann.csv
        'Url,Name,Remark', 'https://example.com/ann-1.mp4,ann-1,front', 'https://example.com/ann-2.mp4,ann-2,', 'https://example.com/other.mp4,a stranger,' | Set-Content $csv
        $run = Invoke-OnScreen {
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
            Start-SeedanceIdentitySession -Listen $listen -Name Ann -Language en | Wait-SeedanceIdentitySession |
                ForEach-Object { Import-Csv $csv | Submit-SeedanceAsset -Group $_ } | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable
        } ($variables + @{ csv = $csv })
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Name | Sort-Object | Should -Be ann-1, ann-2
        $run.Output.AssetType | Should -Be Video, Video
        $run.Screen.Pages[0].Result | Should -Match 'Check passed'

        # Each step with its own fields, and nothing else.
        $requests = Get-SandboxRequest $server POST
        $requests.path | Should -Be (@('/v1/seedance2/real-avatar') * 3)
        $requests[0].json.psobject.Properties.Name | Should -Be callback_url, project_name
        $requests[0].json.callback_url | Should -Match '^http://127\.0\.0\.1:\d+/[0-9a-f]{32}/$'
        $requests[1].json.psobject.Properties.Name | Should -Be byted_token, project_name
        $requests[1].json.byted_token | Should -BeExactly ([regex]::Match($run.Screen.Links[0], 'bytedToken=([^&]+)').Groups[1].Value)
        $requests[2].json.psobject.Properties.Name | Sort-Object | Should -Be asset_type, assets, group_id, project_name
        $requests[2].json.asset_type | Should -BeExactly Video
        $requests[2].json.assets | Should -HaveCount 3
        $requests[2].json.group_id | Should -BeExactly $run.Output[0].GroupId
    }

    It 'are explained where the address for them is not there any more' {
        Connect-Seedance $ApiKey -BaseUri $server.BaseUri -JournalPath $journal
        Add-SandboxFault $server @{ kind = 'status'; status = 404; path = '/v1/seedance2/real-avatar' }
        { Start-SeedanceIdentitySession -CallbackUrl https://example.com/done } | Should -Throw -ErrorId 'Seedance.NotFound*'
        Read-Failure $Error[0] | Should -BeLike '*taken it off its list*What remains: the groups of persons who were verified before*'
        'https://example.com/a.mp4' | Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup -GroupId group_p -RealPerson) -ErrorVariable failures -ErrorAction SilentlyContinue
        Read-Failure $failures[0] | Should -BeLike '*taken it off its list*'
        Disconnect-Seedance
    }

    It 'wait for several people at once, and give each group out as its person passes' {
        $run = Invoke-OnScreen {
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
            $sessions = foreach ($name in 'Ann', 'Bo', 'Cy') { Start-SeedanceIdentitySession -Listen $listen -Name $name }
            $sessions | Wait-SeedanceIdentitySession
        } $variables
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Name | Sort-Object | Should -Be Ann, Bo, Cy
        $run.Output.GroupId | Sort-Object -Unique | Should -HaveCount 3
        $run.Output.IsRealPerson | Should -Not -Contain $false
    }

    It 'show the countdown as progress' {
        # The person waits for the bar: a quick one is through before the wait begins, and no countdown is needed.
        $run = Start-OnScreen {
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
            Start-SeedanceIdentitySession -Listen $listen -Name Ann | Wait-SeedanceIdentitySession
        } $variables $null
        try {
            Wait-Until { $run.Shell.Streams.Progress.Count -gt 0 } 'the wait has begun'
            $null = Invoke-RestMethod $run.Screen.Links[0]
            $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue
            $null = $run.Shell.EndInvoke($run.Pending)
            $first = $run.Shell.Streams.Progress[0]
            $first.Activity | Should -Be 'Waiting for the identity check of Ann'
            $first.SecondsRemaining | Should -BeIn (1..120)
            $first.StatusDescription | Should -Match '^\d:\d\d left'
            $run.Shell.Streams.Progress[-1].RecordType | Should -Be Completed
        }
        finally {
            Close-Session $run
        }
    }

    It 'are remembered with group and name, so that the person can be used by a later session' {
        $run = Invoke-OnScreen {
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
            Start-SeedanceIdentitySession -Listen $listen -Name Ann | Wait-SeedanceIdentitySession
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
            $person = (Get-SeedanceTask | Where-Object Kind -EQ IdentityResult).Group
            $person
            'https://example.com/a.mp4' | Submit-SeedanceAsset -Group $person | Wait-SeedanceTask -PollInterval 0.02
        } $variables
        $run.Errors | Should -BeNullOrEmpty
        $run.Output[1] | Should -Be $run.Output[0]
        $run.Output[2].UsableAssets | Should -HaveCount 1
    }

    It 'refuse what a real person''s group does not take' {
        $person = New-SeedanceAvatarGroup -GroupId group_x -RealPerson
        Connect-TestServer $server
        $null = 'https://example.com/a.mp3' | Submit-SeedanceAsset -Group $person -AssetType Audio -ErrorVariable failures -ErrorAction SilentlyContinue
        Read-Failure $failures[0] | Should -Match 'takes Video or Image'
        (Get-SandboxStats $server).postsReceived | Should -Be 0
        Disconnect-Seedance
    }

    It 'can be rehearsed in the sandbox, with nobody to hold a phone' {
        $run = Invoke-OnScreen {
            Connect-Seedance -Sandbox
            Start-SeedanceIdentitySession -Listen $listen -Name Ann -WarningAction SilentlyContinue | Wait-SeedanceIdentitySession |
                ForEach-Object { 'https://example.com/a.mp4' | Submit-SeedanceAsset -Group $_ } | Wait-SeedanceTask -PollInterval 0.1
        } $variables -Phone $null
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.UsableAssets | Should -HaveCount 1
    }

    Context 'on the screen' {
        BeforeAll {
            $start = {
                Connect-Seedance $key -BaseUri $server.BaseUri -NoJournal
                Start-SeedanceIdentitySession -CallbackUrl https://example.com/callback -Name Ann @with
            }
        }

        It 'show the link as a QR code in colours of its own where there are colours' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null @{ HasColours = $true }
            $lines = $run.Screen.Text -split '\n'
            $code = $lines -match '█'
            $code.Count | Should -BeGreaterThan 15
            $code | ForEach-Object { $_ | Should -Match '^\e\[38;5;231;48;5;16m[█▀▄ ]+\e\[0m$' }
            ($code -replace '\e\[[0-9;]*m') -join "`n" | Should -BeExactly $run.Output[0].QrCode
            $run.Screen.Links | Should -BeExactly $run.Output[0].H5Link
            $lines[0] | Should -Match 'phone of Ann before'
            $lines[1] | Should -BeExactly $run.Output[0].H5Link
        }

        It 'show the same code plain where there are none' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null
            $run.Screen.Text | Should -Match ([regex]::Escape($run.Output[0].QrCode))
            $run.Screen.Text | Should -Not -Match '\e'
        }

        It 'show no code that the window would break, and say so' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null @{ Width = 30 }
            $run.Screen.Text | Should -Match 'WARNING: The QR code is \d+ columns wide and \d+ lines high, and this window 30 by 50.*-QrPath'
            $run.Screen.Text | Should -Not -Match '█'
            $run = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null @{ Height = 15 }
            $run.Screen.Text | Should -Match 'WARNING: .*120 by 15'
            $run.Screen.Text | Should -Not -Match '█'
            $run.Screen.Links | Should -BeExactly $run.Output[0].H5Link
        }

        It 'show heading, link, code and prompt in 80 by 24' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null @{ Width = 80; Height = 24 }
            $run.Screen.Text | Should -Match 'phone of Ann before'
            $run.Screen.Text | Should -Match '█'
            $run.Output[0].H5Link.Length | Should -BeGreaterThan 80 -Because 'it takes two lines'
            $written = $run.Screen.Text -split '\n'
            $taken = ($written[0..($written.Count - 2)] | ForEach-Object { [Math]::Max(1, [Math]::Ceiling($_.Length / 80)) } | Measure-Object -Sum).Sum
            $taken + 1 | Should -BeLessOrEqual 24
        }

        It 'leave some of the quiet zone away where the window is low' {
            $whole = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null
            $needed = @($whole.Screen.Text.TrimEnd() -split '\n').Count + 1
            $low = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null @{ Height = $needed - 1 }
            $lines = @($low.Screen.Text -split '\n' -match '█')
            $lines.Count | Should -BeLessThan @($whole.Screen.Text -split '\n' -match '█').Count
            $lines.Count | Should -BeGreaterThan 15
        }

        It 'write the code as a picture with -QrPath, for the eyes of its owner alone' {
            $file = Join-Path $TestDrive code.png
            Set-Content $file 'before'
            $run = Invoke-OnScreen $start ($variables + @{ with = @{ QrPath = $file; NoQrCode = $true } }) $null
            $run.Errors | Should -BeNullOrEmpty
            [IO.File]::ReadAllBytes($file)[0..3] | Should -Be 0x89, 0x50, 0x4E, 0x47
            if (-not $IsWindows) { [int][IO.File]::GetUnixFileMode($file) | Should -Be 0x180 }
            $run = Invoke-OnScreen { Connect-Seedance -Sandbox; Start-SeedanceIdentitySession -CallbackUrl https://example.com/callback -QrPath /no/such/folder/code.png } $variables $null
            $run.Errors.FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
            $run.Output | Should -BeNullOrEmpty
        }

        It 'show nothing with -NoQrCode, and give the code out as text all the same' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{ NoQrCode = $true } }) $null
            $run.Screen.Text | Should -BeNullOrEmpty
            $run.Output[0].QrCode | Should -Match '^█+\n'
        }

        It 'ask for the page in another language, and leave the rest of the link as it is' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{ Language = 'zh-Hant' } }) $null
            $session = $run.Output[0]
            $session.H5Link | Should -BeExactly "$($server.BaseUri)h5/verify?bytedToken=$($session.BytedToken)&lng=zh-Hant"
        }

        It 'have a view as a table and one as a list, neither with the token' {
            $run = Invoke-OnScreen $start ($variables + @{ with = @{} }) $null
            $views = (Get-FormatData Seedance.IdentitySession -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition
            $views.Control.ForEach({ $_.GetType().Name }) | Sort-Object | Should -Be ListControl, TableControl
            $table = $run.Output | Format-Table | Out-String -Width 100
            foreach ($heading in 'Name', 'TaskId', 'ExpiresAt', 'IsExpired') { $table | Should -MatchExactly "\b$heading\b" }
            $table | Should -Not -Match $run.Output[0].BytedToken
            $run.Output | Format-List | Out-String -Width 300 | Should -Match 'H5Link +: http'
            "$($run.Output[0])" | Should -Be Ann
        }
    }

    Context 'that do not end well' {
        It 'tell a check that was not passed, and do not ask about the token' {
            $run = Invoke-OnScreen {
                Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
                Start-SeedanceIdentitySession -Listen $listen -Name Ann -Language en | Wait-SeedanceIdentitySession
                'and it goes on'
            } $variables '&code=20001'
            $run.Output | Should -Be 'and it goes on'
            $run.Errors | Should -HaveCount 1
            $run.Errors[0].FullyQualifiedErrorId | Should -Match '^Seedance\.NotVerified,'
            Read-Failure $run.Errors[0] | Should -Match 'Ann ended with result code 20001.*Start another session'
            $run.Screen.Pages[0].Result | Should -Match 'Check not passed'
            (Get-SandboxRequest $server POST) | Should -HaveCount 1
        }

        It 'tell a link that ran out, and do not ask about the token' {
            $run = Invoke-OnScreen {
                Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
                $session = Start-SeedanceIdentitySession -Listen $listen -Name Ann
                $session.GetType().GetProperty('CreatedAt').SetValue($session, $session.CreatedAt.AddSeconds(-120))
                $session.IsExpired
                $session | Wait-SeedanceIdentitySession
            } $variables $null
            $run.Output | Should -BeTrue
            $run.Errors[0].FullyQualifiedErrorId | Should -Match '^Seedance\.SessionExpired,'
            Read-Failure $run.Errors[0] | Should -Match 'no callback had come.*Start another session'
            (Get-SandboxRequest $server POST) | Should -HaveCount 1
        }

        It 'say at once that a callback that goes elsewhere cannot be waited for, and what to do' {
            $run = Invoke-OnScreen {
                Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
                Start-SeedanceIdentitySession -CallbackUrl 'https://example.com/callback?secret=1' | Wait-SeedanceIdentitySession
            } $variables $null
            Read-Failure $run.Errors[0] | Should -Match 'callback goes to https://example.com/callback, not to this machine.*Complete-SeedanceIdentitySession'
            Read-Failure $run.Errors[0] | Should -Not -Match 'secret'
            (Get-SandboxRequest $server POST) | Should -HaveCount 1
        }

        It 'are completed by hand after another endpoint had the callback; a second time says that the token is spent' {
            Connect-TestServer $server
            $session = Start-SeedanceIdentitySession -CallbackUrl https://example.com/callback -NoQrCode
            $null = Invoke-SandboxControl $server "liveness?token=$($session.BytedToken)&code=10000" Post
            $person = $session | Complete-SeedanceIdentitySession -Name Ann
            $person.Name | Should -Be Ann
            $person.GroupId | Should -Match '^group_'
            $person.IsRealPerson | Should -BeTrue

            $session | Complete-SeedanceIdentitySession -ErrorVariable first -ErrorAction SilentlyContinue
            Complete-SeedanceIdentitySession -BytedToken $session.BytedToken -ErrorVariable second -ErrorAction SilentlyContinue
            foreach ($failure in $first[0], $second[0]) {
                $failure.FullyQualifiedErrorId | Should -Match '^Seedance\.TokenSpent,'
                Read-Failure $failure | Should -Match "spent.*$($person.GroupId)"
            }

            (Get-SandboxRequest $server POST) | Should -HaveCount 2
            Disconnect-Seedance
        }

        It 'are completed by a token alone, in its project' {
            Connect-TestServer $server
            $session = Start-SeedanceIdentitySession -CallbackUrl https://example.com/callback -ProjectName spring -NoQrCode
            $null = Invoke-SandboxControl $server "liveness?token=$($session.BytedToken)&code=10000" Post
            $person = Complete-SeedanceIdentitySession -BytedToken $session.BytedToken -ProjectName spring
            $person.ProjectName | Should -Be spring
            $person.GroupId | Should -Match '^group_'
            Disconnect-Seedance
        }

        It 'tell in the API''s words that a token is of another session, of another project, or was asked about too early' {
            Connect-TestServer $server
            $session = Start-SeedanceIdentitySession -CallbackUrl https://example.com/callback -NoQrCode
            $null = Complete-SeedanceIdentitySession -BytedToken token_of_nobody -ErrorVariable failures -ErrorAction SilentlyContinue
            $null = $session | Complete-SeedanceIdentitySession -ErrorVariable +failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
            "$($failures[0])" | Should -Match 'is unknown'
            "$($failures[1])" | Should -Match 'has not been finished'
            $failures | ForEach-Object { Read-Failure $_ | Should -Match 'Start another session' }
            Disconnect-Seedance
        }

        It 'answer forged, wrong and repeated callbacks, and take the right one' {
            Connect-TestServer $server
            $session = Start-SeedanceIdentitySession -Listen $listen -NoQrCode
            $other = Start-SeedanceIdentitySession -Listen $listen -NoQrCode
            $right = "?bytedToken=$($session.BytedToken)&resultCode=10000"
            $root = ([uri]$session.CallbackUrl).GetLeftPart('Authority')
            function Get-Status($Url, $Method = 'Get') { (Invoke-WebRequest $Url -Method $Method -SkipHttpErrorCheck).StatusCode }
            Get-Status "$($session.CallbackUrl)?bytedToken=$($other.BytedToken)&resultCode=10000" | Should -Be 403
            Get-Status "$($session.CallbackUrl)?bytedToken=forged&resultCode=10000" | Should -Be 403
            Get-Status "$root/$right" | Should -BeIn 404, 400
            Get-Status "$($session.CallbackUrl)$right" Post | Should -Be 405
            Get-Status "$($session.CallbackUrl)$right&x=$('x' * 8000)" | Should -BeIn 414, 400
            (Get-SandboxRequest $server POST) | Should -HaveCount 2 -Because 'none of these is asked about'

            $callback = (Invoke-SandboxControl $server "liveness?token=$($session.BytedToken)&code=10000" Post).callbackUrl
            Get-Status $callback | Should -Be 200
            Get-Status $callback | Should -Be 410
            ($session | Wait-SeedanceIdentitySession).GroupId | Should -Match '^group_'
            Disconnect-Seedance
        }

        It 'end within a moment of Ctrl+C, say how to go on, and go on' {
            $run = Start-OnScreen {
                Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
                Start-SeedanceIdentitySession -Listen $listen -Name Ann -OutVariable global:kept | Wait-SeedanceIdentitySession
            } $variables $null
            try {
                Wait-Until { $run.Shell.Streams.Progress.Count -gt 0 } 'the wait has begun'
                Stop-InSession $run
                $run.Screen.Text | Should -Match 'WARNING: The wait was called off\. The identity session of Ann stays open until'
                $run.Screen.Text -split '\n' -match '^WARNING' | Should -Not -Match 'token_'
                (Get-SandboxRequest $server POST) | Should -HaveCount 1

                $null = $run.Shell.Commands.Clear()
                $null = $run.Shell.AddScript('$kept | Wait-SeedanceIdentitySession')
                $run.Pending = $run.Shell.BeginInvoke()
                $null = Invoke-RestMethod $run.Screen.Links[0]
                $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue
                $run.Shell.EndInvoke($run.Pending).GroupId | Should -Match '^group_'
            }
            finally { Close-Session $run }
        }
    }

    Context 'with input that cannot be' {
        BeforeAll { Connect-TestServer $server }

        AfterAll { Disconnect-Seedance }

        It 'refuse <With.Keys> <With.Values>: <Why>' -ForEach @(
            @{ With = @{ CallbackUrl = 'callback' }; Why = 'not an absolute address' }
            @{ With = @{ CallbackUrl = '/callback' }; Why = 'not an absolute address' }
            @{ With = @{ CallbackUrl = 'ftp://example.com/?hush=1' }; Why = 'not an http or https address' }
            @{ With = @{ Listen = 'http://192.0.2.7:8080/' }; Why = "none of this machine's" }
            @{ With = @{ Listen = 'http://0.0.0.0:8080/' }; Why = 'stands for every address' }
            @{ With = @{ Listen = 'https://127.0.0.1:8080/' }; Why = 'https address' }
            @{ With = @{ Listen = 'not an address' }; Why = 'not of the form' }
            @{ With = @{ Listen = 'http://127.0.0.1:8080/?hush=1' }; Why = 'more than an address' }
        ) {
            { Start-SeedanceIdentitySession @With -NoQrCode } | Should -Throw -ErrorId 'Seedance.InvalidInput,*' -PassThru | ForEach-Object {
                Read-Failure $_ | Should -Match $Why
                Read-Failure $_ | Should -Match 'Give -(CallbackUrl|Listen)'
                Read-Failure $_ | Should -Not -Match 'hush'
            }
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'refuse an address that is in use, before anything is sent' {
            $taken = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
            $taken.Start()
            try {
                { Start-SeedanceIdentitySession -Listen "http://$($taken.LocalEndpoint)/" -NoQrCode } |
                    Should -Throw -ErrorId 'Seedance.AddressUnavailable,*' -ExpectedMessage '*another program listens there*'
            }
            finally { $taken.Stop() }
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'take an address or a callback, not both' {
            { Start-SeedanceIdentitySession -Listen $listen -CallbackUrl https://example.com/ } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }

        It 'refuse a name that no group can have' {
            { Start-SeedanceIdentitySession -Listen $listen -Name ('n' * 65) } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'tell a key that is refused' {
            Add-SandboxFault $server @{ kind = 'status'; status = 401; count = 1 }
            { Start-SeedanceIdentitySession -Listen $listen -NoQrCode } | Should -Throw -ErrorId 'Seedance.AuthenticationFailed,*'
        }
    }

    It 'keep link and token out of every error, stream and file' {
        $run = Invoke-OnScreen {
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            $with = @{ Verbose = $true; Debug = $true; ErrorAction = 'Continue' }
            function Add-Fault([string] $Json) { $null = Invoke-RestMethod "$($server.BaseUri)_sandbox/faults" -Method Post -Body $Json -ContentType application/json -Verbose:$false -Debug:$false }
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal @with
            $sessions = @(foreach ($name in 1..8) { Start-SeedanceIdentitySession -Listen $listen -Name "n$name" @with })
            $groups = @($sessions[0] | Wait-SeedanceIdentitySession @with)
            $null = $sessions[0] | Wait-SeedanceIdentitySession @with
            $null = $sessions[0] | Complete-SeedanceIdentitySession @with
            $null = Complete-SeedanceIdentitySession -BytedToken $sessions[0].BytedToken @with
            $at = 1
            foreach ($fault in '"status","status":400', '"status","status":500', '"truncated"', '"garbage"', '"reset-after"', '"code-in-200"') {
                Add-Fault "{`"kind`":$fault,`"method`":`"POST`",`"count`":1}"
                $null = $sessions[$at] | Complete-SeedanceIdentitySession @with
                $null = Complete-SeedanceIdentitySession -Session $sessions[$at] @with
                $at++
            }

            # The sandbox says which token it means.
            $null = Complete-SeedanceIdentitySession -BytedToken $sessions[7].BytedToken -ProjectName other @with
            $elsewhere = Start-SeedanceIdentitySession -CallbackUrl https://example.com/cb -NoQrCode @with
            $null = $elsewhere | Wait-SeedanceIdentitySession @with
            Get-SeedanceTask @with
            $groups
            @{ Secrets = @($sessions + $elsewhere | ForEach-Object { $_.BytedToken; $_.H5Link }); Errors = @($Error) }
        } $variables
        $found = $run.Output[-1]
        $found.Errors.Count | Should -BeGreaterThan 9
        $texts = @{
            'errors as lists'  = $found.Errors | Format-List * -Force | Out-String -Width 9999
            'error details'    = $found.Errors | ForEach-Object { $_.Exception; $_.TargetObject; $_.ErrorDetails; $_.InvocationInfo.BoundParameters } | Format-List * -Force | Out-String -Width 9999
            'Get-Error'        = $found.Errors | ForEach-Object { Get-Error -InputObject $_ } | Out-String -Width 9999
            'errors as JSON'   = $found.Errors | ForEach-Object { [pscustomobject]@{ E = $_.Exception; T = $_.TargetObject; B = $_.InvocationInfo.BoundParameters } } | ConvertTo-Json -Depth 5 -WarningAction Ignore
            'tasks and groups' = $run.Output[0..($run.Output.Count - 2)] | Select-Object * -ExcludeProperty RawJson | ConvertTo-Json -Depth 6
            'the journal'      = Get-Content $journal -Raw
        }
        foreach ($stream in 'Verbose', 'Debug', 'Warning', 'Information', 'Progress') { $texts[$stream] = $run.Streams.$stream | Out-String -Width 9999 }
        $texts['Verbose'] | Should -Match 'The callback is received on'
        $texts['the journal'] | Should -Match 'group_'
        foreach ($where in $texts.Keys) {
            foreach ($secret in $found.Secrets) {
                $texts[$where].Contains($secret) | Should -BeFalse -Because "no link or token may be in $where"
            }
        }
    }

    It 'register a cast of five in the studio, as the example does, and go on where it was broken off' {
        $example = Join-Path $PSScriptRoot '../../examples/Register-Cast.ps1'
        $usable = Join-Path $TestDrive usable.csv
        $script = {
            Connect-Seedance $key -BaseUri $server.BaseUri -JournalPath $journal
            & $example -Listen $listen -Destination $usable -WarningAction SilentlyContinue
        }
        $all = $variables + @{ example = $example; usable = $usable }
        $run = Invoke-OnScreen $script $all
        $run.Errors | Should -BeNullOrEmpty
        $run.Screen.Links | Should -HaveCount 5
        $people = Import-Csv $usable
        $people.Person | Sort-Object -Unique | Should -HaveCount 5
        $people | ForEach-Object { $_.AssetUrl | Should -Match '^asset://' }
        $posts = (Get-SandboxStats $server).postsReceived

        # Again: everybody is known, and everything is sent.
        Remove-Item $usable
        $run = Invoke-OnScreen $script $all
        $run.Errors | Should -BeNullOrEmpty
        $run.Screen.Links | Should -BeNullOrEmpty
        Import-Csv $usable | Should -HaveCount $people.Count
        (Get-SandboxStats $server).postsReceived | Should -Be $posts
    }
}
