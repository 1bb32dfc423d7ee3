Describe 'Export-SeedanceReport' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/TestPictures.ps1"
        $server = Start-SandboxServer

        # The rows that a page shows, and the numbers by state.
        function Read-Report([string] $Path) {
            $text = Get-Content -LiteralPath $Path -Raw
            $rows = [regex]::Matches($text, '(?s)<script type="application/json" class="rows">(.*?)</script>') | ForEach-Object { $_.Groups[1].Value | ConvertFrom-Json }
            $counts = @{}
            $totals = [regex]::Match($text, '(?s)<script type="application/json" id="totals">(.*?)</script>').Groups[1].Value | ConvertFrom-Json
            $totals.states | Where-Object count | ForEach-Object { $counts[$_.state] = $_.count }
            [pscustomobject]@{
                Text = $text
                Rows = @($rows)
                Counts = $counts
                Title = [Net.WebUtility]::HtmlDecode([regex]::Match($text, '<title>(.*?)</title>').Groups[1].Value)
                Facts = [Net.WebUtility]::HtmlDecode(([regex]::Match($text, '(?s)<dl class="facts">(.*?)</dl>').Groups[1].Value -replace '<[^>]+>', ' '))
                Next = [Net.WebUtility]::HtmlDecode([regex]::Match($text, '(?s)<code id="command">(.*?)</code>').Groups[1].Value)
            }
        }

        # What an earlier writer left beside its file.
        function Get-Leftover { Get-ChildItem $TestDrive -File | Where-Object Name -Match '\.(rows|part)$' }
    }

    BeforeEach {
        Connect-TestServer $server
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).html"
    }

    AfterEach {
        Get-Leftover | Should -BeNullOrEmpty
        Disconnect-Seedance
    }

    AfterAll {
        Stop-SandboxServer $server
    }

    Context 'of what comes in' {
        BeforeAll {
            Connect-TestServer $server
            $rows = @(New-Row 3; New-Row 1 @{ Url = 'https://example.com/reject-1.png'; Name = 'bad-1' }; New-Row 1 @{ Url = 'https://example.com/reject-2.mp4'; Name = 'clip'; AssetType = 'Video' })
            $rows | Add-Member -NotePropertyMembers @{ Team = 'Casting'; RowId = '' }
            $rows | ForEach-Object { $_.RowId = "id-$($_.Name)" }
            $tasks = $rows | Submit-SeedanceAsset -Group 'spring cast' -KeepProperty Team | Wait-SeedanceTask -PollInterval 0.02
            Disconnect-Seedance
        }

        It 'shows tasks, row by row' {
            $tasks | Export-SeedanceReport $file | Should -BeNullOrEmpty
            $report = Read-Report $file
            $report.Rows | Should -HaveCount 5
            $report.Counts.Usable | Should -Be 3
            $report.Counts.Failed | Should -Be 2
            $row = $report.Rows | Where-Object name -EQ avatar-2
            $row.state | Should -Be Usable
            $row.row | Should -Be 2
            $row.id | Should -Be id-avatar-2
            $row.asset | Should -Be ($tasks.Assets | Where-Object Name -EQ avatar-2).AssetUrl
            $row.matchedBy | Should -Be Name
            $row.columns[0] | Should -Be Team, Casting
            $row.thumbnail | Should -Be https://example.com/avatar-2.png
            $row.task | Should -BeIn $tasks.TaskId
            $row.seconds | Should -BeGreaterOrEqual 0
        }

        It 'says of what failed why, and what to do' {
            $tasks | Export-SeedanceReport $file
            $report = Read-Report $file
            $bad = $report.Rows | Where-Object name -EQ bad-1
            $bad.state | Should -Be Failed
            $bad.error | Should -Not -BeNullOrEmpty
            ($report.Rows | Where-Object name -EQ clip).type | Should -Be Video
            ($report.Rows | Where-Object name -EQ clip).thumbnail | Should -BeNullOrEmpty
            $report.Next | Should -BeExactly "Import-Csv ./your-rows.csv | Submit-SeedanceAsset -Group 'spring cast' -Resume -RetryFailed | Wait-SeedanceTask"
        }

        It 'heads the page with what the tasks say' {
            $tasks | Export-SeedanceReport $file
            $report = Read-Report $file
            $report.Title | Should -Be 'spring cast'
            $report.Facts | Should -Match 'Account\s+default\s'
            $report.Facts | Should -Match "Group\s+spring cast\s+$($tasks[0].GroupId)\s"
            $report.Facts | Should -Match 'Duration\s+[\d.]+ s'
            $tasks | Export-SeedanceReport $file -Force -Title 'Spring, <faces>'
            (Read-Report $file).Title | Should -BeExactly 'Spring, <faces>'
        }

        It 'shows assets' {
            $tasks | Get-SeedanceAsset -Usable | Export-SeedanceReport $file
            $report = Read-Report $file
            $report.Rows.name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3
            $report.Counts.Keys | Should -Be Usable
            $report.Next | Should -BeNullOrEmpty
        }

        It 'shows what <How> has kept' -ForEach @(
            @{ How = 'Clixml'; Restore = { $args[0] | Export-Clixml "$TestDrive/kept.xml"; Import-Clixml "$TestDrive/kept.xml" } }
            @{ How = 'JSON'; Restore = { $args[0] | ConvertTo-Json -Depth 6 | ConvertFrom-Json } }
        ) {
            & $Restore $tasks | Export-SeedanceReport $file
            $report = Read-Report $file
            $report.Rows | Should -HaveCount 5
            $report.Counts.Usable | Should -Be 3
            & $Restore @($tasks | Get-SeedanceAsset) | Export-SeedanceReport $file -Force
            (Read-Report $file).Rows.name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3, bad-1, clip
        }

        It 'needs no connection' {
            $found = Invoke-InSession { $tasks | Export-SeedanceReport $file } @{ tasks = $tasks; file = $file }
            $found.Errors | Should -BeNullOrEmpty
            (Read-Report $file).Rows | Should -HaveCount 5
        }

        It 'passes over a task that comes twice' {
            @($tasks) + @($tasks) | Export-SeedanceReport $file
            (Read-Report $file).Rows | Should -HaveCount 5
        }

        It 'leaves pictures and their addresses out with -NoThumbnail' {
            $tasks | Export-SeedanceReport $file -NoThumbnail
            $report = Read-Report $file
            $report.Text | Should -Not -Match 'example\.com'
            [regex]::Match($report.Text, 'img-src [^;]*').Value | Should -BeExactly 'img-src data:'
        }

        It 'says of what it cannot show what that is, and goes on' {
            @(Get-Item $PSCommandPath) + $tasks + 42 | Export-SeedanceReport $file -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -Be (@('Seedance.InvalidInput,Seedance.Commands.ExportSeedanceReportCommand') * 2)
            "$($failures[1])" | Should -Match '42'
            (Read-Report $file).Rows | Should -HaveCount 5
        }
    }

    It 'shows tasks under way as such, and how to go on' {
        $tasks = New-Row 2 | Submit-SeedanceAsset -Group g
        $tasks | Export-SeedanceReport $file
        $report = Read-Report $file
        $report.Counts.Accepted | Should -Be 2
        $report.Next | Should -BeExactly 'Get-SeedanceTask -Status Pending, Processing | Wait-SeedanceTask'
        $null = Invoke-Expression $report.Next
    }

    It 'makes a page of nothing' {
        @() | Export-SeedanceReport $file -PassThru | Should -HaveCount 1
        $report = Read-Report $file
        $report.Rows | Should -HaveCount 0
        $report.Counts.Count | Should -Be 0
        $report.Title | Should -Be 'Seedance report'
        $null | Export-SeedanceReport $file -Force
        (Read-Report $file).Rows | Should -HaveCount 0
    }

    It 'keeps hostile texts what they are' {
        $texts = @(
            '</script><script>alert(1)</script>'
            '"><img src=x onerror=alert(1)>'
            "O'Brien"
            '=cmd|'' /C calc''!A0'
            "$([char]0x202E)gnp.exe"
            ([string][char]::ConvertFromUtf32(0x1F600)) * 32
            '{{rows}} $&'
        )
        $rows = foreach ($number in 0..($texts.Count - 1)) {
            [pscustomobject]@{ Url = "https://example.com/$number.png?signature=$number&x=%3Cb%3E"; Name = $texts[$number]; Note = $texts[$number] -replace '\u202E' }
        }
        $rows | Submit-SeedanceAsset -Group '<group>' -KeepProperty Note | Wait-SeedanceTask -PollInterval 0.02 | Export-SeedanceReport $file
        $report = Read-Report $file
        $report.Rows.name | Sort-Object | Should -BeExactly ($texts | Sort-Object)
        foreach ($row in $report.Rows) { $row.columns[0][1] | Should -BeExactly ($row.name -replace '\u202E') }
        $report.Title | Should -BeExactly '<group>'
        [regex]::Matches($report.Text, '<script').Count | Should -Be 3 -Because 'rows, totals and the script are all there is'
        $report.Text | Should -Not -Match '<img'
        $report.Rows.thumbnail | Should -Contain 'https://example.com/0.png?signature=0&x=%3Cb%3E'
    }

    It 'quotes names in the command that goes on' {
        $null = New-Row 1 @{ Url = 'https://example.com/reject.png' } | Submit-SeedanceAsset -Group "g'; Remove-Item x #" -RunName "it$([char]0x2019)s" | Wait-SeedanceTask -PollInterval 0.02
        Export-SeedanceReport $file
        $errors = $null
        $parsed = [Management.Automation.Language.Parser]::ParseInput((Read-Report $file).Next, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
        $commands = $parsed.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)
        $commands | ForEach-Object { $_.GetCommandName() } | Should -Be Import-Csv, Submit-SeedanceAsset, Wait-SeedanceTask
        $commands[1].CommandElements.Value | Should -Contain "g'; Remove-Item x #"
        $commands[1].CommandElements.Value | Should -Contain "it$([char]0x2019)s"
    }

    It 'embeds a small picture of this machine, and its name' {
        [IO.File]::WriteAllBytes("$TestDrive/ann.png", [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAUAAAAFAAQAAAADl65gHAAAAI0lEQVR42u3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAAAAAAPwaM0AAAWQoMfMAAAAASUVORK5CYII='))
        Submit-SeedanceAsset -Path "$TestDrive/ann.png" -Group g | Wait-SeedanceTask -PollInterval 0.02 | Export-SeedanceReport $file
        $row = (Read-Report $file).Rows
        $row.name | Should -Be ann.png
        $row.thumbnailType | Should -Be image/png
        [Convert]::FromBase64String($row.thumbnailBytes)[0..3] | Should -Be 0x89, 0x50, 0x4E, 0x47
        $row.thumbnail | Should -BeNullOrEmpty
    }

    It 'shows a video with its still, its link and its cost' {
        New-SeedanceVideo -Prompt 'A boat' -Name boat | Wait-SeedanceTask -PollInterval 0.02 -OutVariable tasks | Export-SeedanceReport $file
        $row = (Read-Report $file).Rows
        $row.type | Should -Be GeneratedVideo
        $row.state | Should -Be Usable
        $row.video | Should -Be $tasks[0].Videos[0].Url
        $row.task | Should -Be $tasks[0].TaskId
    }

    Context 'of rows without a task' {
        BeforeEach {
            $rows = @(
                New-Row 2
                [pscustomobject]@{ Url = 'nowhere'; Name = '<b>invalid</b>'; AssetType = 'Image' }
                [pscustomobject]@{ Url = 'https://example.com/reject.png'; Name = 'bad'; AssetType = 'Image' }
            )
            $rows | Add-Member Team '=Casting'
        }

        It 'shows what an error tells of a row, with the columns that were kept' {
            $tasks = $rows | Submit-SeedanceAsset -Group g -KeepProperty Team -ErrorVariable failures -ErrorAction SilentlyContinue | Wait-SeedanceTask -PollInterval 0.02
            @($failures) + @($tasks) | Export-SeedanceReport $file
            $report = Read-Report $file
            $report.Rows | Should -HaveCount 4
            $invalid = $report.Rows | Where-Object state -EQ Invalid
            $invalid.name | Should -BeExactly '<b>invalid</b>'
            $invalid.row | Should -Be 3
            $invalid.error | Should -BeLike '*Url*'
            $invalid.advice | Should -Not -BeNullOrEmpty
            $invalid.columns[0] | Should -Be Team, '=Casting'
            $report.Counts.Invalid, $report.Counts.Usable, $report.Counts.Failed | Should -Be 1, 2, 1

            # The table beside them brings no row twice.
            @($failures) + @($tasks) + $rows | Export-SeedanceReport $file -Force
            (Read-Report $file).Rows | Should -HaveCount 4
        }

        It 'shows each row of a table with what became of it, and how often it was sent' {
            $tasks = $rows | Submit-SeedanceAsset -Group g -ErrorAction SilentlyContinue | Wait-SeedanceTask -PollInterval 0.02
            $null = $rows | Submit-SeedanceAsset -Group g -Resume -RetryFailed -Force -ErrorAction SilentlyContinue | Wait-SeedanceTask -PollInterval 0.02
            $rows += [pscustomobject]@{ Url = 'https://example.com/new.png'; Name = 'new'; AssetType = 'Image'; Team = 'x' }
            $rows | Export-SeedanceReport $file -Group g -KeepProperty Team
            $report = Read-Report $file
            $report.Rows | Sort-Object row | ForEach-Object { "$($_.row) $($_.name) $($_.state) $($_.tries)" } |
                Should -BeExactly '1 avatar-1 Usable 1', '2 avatar-2 Usable 1', '3 <b>invalid</b> Invalid ', '4 bad Failed 2', '5 new NotAccepted '
            ($report.Rows | Where-Object name -EQ new).error | Should -BeLike '*no request*'
            $report.Rows | ForEach-Object { $_.columns[0][0] | Should -Be Team }
            $report.Counts.Values | Measure-Object -Sum | ForEach-Object Sum | Should -Be 5
        }

        It 'shows a checked row' {
            $rows | Test-SeedanceAsset | Export-SeedanceReport $file -Group g
            (Read-Report $file).Counts.Invalid, (Read-Report $file).Counts.NotAccepted | Should -Be 1, 3
        }

        It 'shows an order of a video that was not sent' {
            [pscustomobject]@{ Prompt = 'A boat'; Name = 'boat'; Duration = 99 } | New-SeedanceVideo -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Export-SeedanceReport $file
            $row = (Read-Report $file).Rows
            $row.type, $row.state | Should -Be GeneratedVideo, Invalid
            $row.error | Should -Not -BeNullOrEmpty
        }

        It 'needs a journal for a table' {
            Disconnect-Seedance
            { $rows[0] | Export-SeedanceReport $file } | Should -Throw '*no connection*' -ErrorId 'Seedance.InvalidInput,*'
        }

        It 'goes on with -Force where a reason does not pass by itself' {
            $null = Invoke-SandboxControl $server task-faults Post @{ errorCode = 'FaceMismatch'; errorMessage = 'The face is another''s' }
            $tasks = $rows | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue | Wait-SeedanceTask -PollInterval 0.02
            $tasks.Error.IsPassing | Should -Contain $false
            $tasks | Export-SeedanceReport $file
            $next = (Read-Report $file).Next
            $next | Should -BeLike '# Correct the rows first*-Resume -RetryFailed -Force | Wait-SeedanceTask'
            $rows | Export-Csv "$TestDrive/your-rows.csv"
            Push-Location $TestDrive
            try {
                $again = Invoke-Expression $next -ErrorAction SilentlyContinue
            }
            finally {
                Pop-Location
            }

            $again.TaskId | Where-Object { $_ -notin $tasks.TaskId } | Should -HaveCount 1 -Because 'the failed row was sent again, and what it went out with is given out beside it'
        }
    }

    Context 'of the journal' {
        BeforeEach {
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -RunName first | Wait-SeedanceTask -PollInterval 0.02
            $null = New-Row 1 @{ Url = 'https://example.com/reject.png?sig=secret'; Name = 'bad' } | Submit-SeedanceAsset -Group g -RunName second | Wait-SeedanceTask -PollInterval 0.02
            $script:before = (Get-SandboxStats $server).getsReceived
        }

        AfterEach {
            (Get-SandboxStats $server).getsReceived | Should -Be $script:before -Because 'the server is not asked'
        }

        It 'shows a run by its name, the latest by default, or those that wildcards find' {
            Export-SeedanceReport $file -RunName first
            (Read-Report $file).Rows.name | Sort-Object | Should -Be avatar-1, avatar-2
            Export-SeedanceReport $file -Force
            $report = Read-Report $file
            $report.Rows.name | Should -Be bad
            $report.Title | Should -Be second
            Export-SeedanceReport $file -RunName *s* -Force
            (Read-Report $file).Rows | Should -HaveCount 3
        }

        It 'shows runs that come in, those that travelled too' {
            Get-SeedanceRun first | Export-SeedanceReport $file
            (Read-Report $file).Rows.name | Sort-Object | Should -Be avatar-1, avatar-2
            Get-SeedanceRun second | Export-Clixml "$TestDrive/run.xml"
            Import-Clixml "$TestDrive/run.xml" | Export-SeedanceReport $file -Force
            (Read-Report $file).Rows.name | Should -Be bad
            $run = Get-SeedanceRun second
            Disconnect-Seedance
            { $run | Export-SeedanceReport $file -Force } | Should -Throw -ErrorId 'Seedance.InvalidInput,*' -ExpectedMessage '*no connection*'
        }

        It 'tells what the run tells, and counts rows that left nothing to show' {
            $rows = @(New-Row 3 @{ Team = 'x' }; [pscustomobject]@{ Url = 'nowhere'; Name = 'invalid' })
            $null = $rows | Submit-SeedanceAsset -Group g -Resume -RunName third -ErrorAction SilentlyContinue | Wait-SeedanceTask -PollInterval 0.02
            $script:before = (Get-SandboxStats $server).getsReceived
            $run = Get-SeedanceRun -Latest
            Export-SeedanceReport $file
            $report = Read-Report $file
            $report.Facts | Should -Match "Run\s+third\s+$($run.RunId)\s"
            $report.Facts | Should -Match "Requests\s+$($run.Requests)\s"
            $report.Rows.name | Should -Be avatar-3
            $report.Counts.Usable, $report.Counts.AcceptedEarlier, $report.Counts.Invalid | Should -Be 1, 2, 1
            ($report.Counts.Values | Measure-Object -Sum).Sum | Should -Be $run.Rows
        }

        It 'shows no picture of which the address is not whole' {
            Export-SeedanceReport $file
            (Read-Report $file).Rows.thumbnail | Should -BeNullOrEmpty
            (Read-Report $file).Text | Should -Not -Match 'secret'
            Export-SeedanceReport $file -RunName first -Force
            (Read-Report $file).Rows.thumbnail | Should -HaveCount 2
        }

        It 'says that there is no such run, and writes nothing' {
            { Export-SeedanceReport $file -RunName other } | Should -Throw -ErrorId 'Seedance.NotFound,*' -ExpectedMessage "*'other'*"
            $file | Should -Not -Exist
        }
    }

    It 'says that the journal has no run to show' {
        { Export-SeedanceReport $file } | Should -Throw -ErrorId 'Seedance.NotFound,*'
        $file | Should -Not -Exist
    }

    Context 'as a file' {
        It 'overwrites nothing without -Force, and says so before anything is submitted' {
            Set-Content $file 'mine'
            $before = (Get-SandboxStats $server).postsReceived
            { New-Row 2 | Submit-SeedanceAsset -Group g | Export-SeedanceReport $file } | Should -Throw -ErrorId 'Seedance.AlreadyExists,*' -ExpectedMessage "*$file*"
            (Get-SandboxStats $server).postsReceived | Should -Be $before
            Get-Content $file | Should -Be mine
            @() | Export-SeedanceReport $file -Force
            Get-Content $file -TotalCount 1 | Should -Be '<!doctype html>'
        }

        It 'leaves the file that is there as it is where the new one is not whole' {
            Set-Content $file 'mine'
            { & { 1; throw 'upstream' } | Export-SeedanceReport $file -Force -ErrorAction SilentlyContinue } | Should -Throw upstream
            Get-Content $file | Should -Be mine
        }

        It 'gives out the file with -PassThru alone' {
            @() | Export-SeedanceReport $file | Should -BeNullOrEmpty
            $made = @() | Export-SeedanceReport $file -Force -PassThru
            $made | Should -BeOfType IO.FileInfo
            $made.FullName | Should -Be $file
            $made.PSChildName | Should -Be (Split-Path $file -Leaf)
        }

        It 'takes a path from where the session is, with wildcard characters as they are' {
            Push-Location $TestDrive
            try {
                @() | Export-SeedanceReport 'a[1].html' -Force
                Test-Path -LiteralPath "$TestDrive/a[1].html" | Should -BeTrue
            }
            finally {
                Pop-Location
            }
        }

        It 'says that <What>' -ForEach @(
            @{ What = 'a folder is missing'; At = { "$TestDrive/none/report.html" }; Id = 'Seedance.FileUnavailable,*'; Said = '*there is no folder*none*' }
            @{ What = 'the path is a folder'; At = { "$TestDrive" }; Id = 'Seedance.InvalidInput,*'; Said = '*is a folder*' }
            @{ What = 'the path is no file''s'; At = { 'env:report' }; Id = 'Seedance.InvalidInput,*'; Said = '*no place in the file system*' }
        ) {
            { @() | Export-SeedanceReport (& $At) -Force } | Should -Throw -ErrorId $Id -ExpectedMessage $Said
        }

        It 'says that a file cannot be written there' -Skip:(-not $IsLinux) {
            { @() | Export-SeedanceReport /proc/report.html } | Should -Throw -ErrorId 'Seedance.FileUnavailable,*' -ExpectedMessage "*'/proc/report.html' cannot be written*"
        }

        It 'replaces a link, and writes nothing through it' -Skip:$IsWindows {
            Set-Content "$TestDrive/target.txt" 'theirs'
            $null = New-Item -ItemType SymbolicLink $file -Target "$TestDrive/target.txt"
            { @() | Export-SeedanceReport $file } | Should -Throw -ErrorId 'Seedance.AlreadyExists,*'
            @() | Export-SeedanceReport $file -Force
            Get-Content "$TestDrive/target.txt" | Should -Be theirs
            (Get-Item $file).LinkType | Should -BeNullOrEmpty
        }

        It 'writes nothing with -WhatIf' {
            @() | Export-SeedanceReport $file -WhatIf -PassThru | Should -BeNullOrEmpty
            $file | Should -Not -Exist
            Set-Content $file 'mine'
            @() | Export-SeedanceReport $file -WhatIf
            Get-Content $file | Should -Be mine
        }
    }
}
