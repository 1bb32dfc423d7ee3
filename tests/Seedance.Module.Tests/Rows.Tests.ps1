# Rows as people have them: whose word counts, tables that are nearly right, and what is remembered with a row.

Describe 'Rows' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer

        function Get-SentAsset { (Get-SandboxRequest $server POST).json | ForEach-Object { $_.assets ?? $_ } }

        function Get-Warning([scriptblock] $Script) {
            & $Script 3>&1 2>$null | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object Message
        }
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
    }

    AfterEach { Disconnect-Seedance }

    Context 'and the command line' {
        It 'the row''s own word wins, and the command line fills what it leaves out' {
            $rows = 'Url,Name,AssetType,Group,ProjectName,RowId', 'https://example.com/a.mp4,a,Video,mine,film,1', 'https://example.com/b.png,,,,,' | ConvertFrom-Csv
            $tasks = $rows | Submit-SeedanceAsset -Name given -AssetType Image -Group theirs -ProjectName other -RowId 9
            $own = $tasks | Where-Object AssetType -EQ Video
            "$($own.Group) $($own.ProjectName) $($own.Sources[0].Name) $($own.Sources[0].RowId)" | Should -Be 'mine film a 1'
            $filled = $tasks | Where-Object AssetType -EQ Image
            "$($filled.Group) $($filled.ProjectName) $($filled.Sources[0].Name) $($filled.Sources[0].RowId)" | Should -Be 'theirs other given 9'
        }

        It 'a row''s material stands alone' {
            [pscustomobject]@{ Url = 'https://example.com/a.png' } | Submit-SeedanceAsset https://example.com/other.png -Group g | Out-Null
            (Get-SentAsset).url | Should -Be https://example.com/a.png
        }

        It 'a row''s GroupId stands beside -Group, of the same group or another' {
            $known = New-SeedanceAvatarGroup -GroupId group_1 -Name cast
            $task = [pscustomobject]@{ Url = 'https://example.com/a.png'; GroupId = 'group_1' } | Test-SeedanceAsset -Group $known
            $task.IsValid | Should -BeTrue
            $task.ToRow().Group.Name | Should -Be cast
            $row = ([pscustomobject]@{ Url = 'https://example.com/a.png'; GroupId = 'group_2' } | Test-SeedanceAsset -Group $known).ToRow()
            "$($row.Group)$($row.GroupId)" | Should -Be group_2
        }

        It 'a script block is a word on the row itself' {
            $null = [pscustomobject]@{ Address = 'https://example.com/a.png'; Name = 'old'; Title = 'new' } | Submit-SeedanceAsset -Url { $_.Address } -Name { $_.Title } -Group { "group of $($_.Title)" }
            $request = Get-SandboxRequest $server POST
            $request.json.group.name | Should -Be 'group of new'
            (Get-SentAsset).name | Should -Be new
        }

        It 'a video''s row wins too' {
            $rows = 'Prompt,Duration,Size,Name', 'a walk,7,16:9,own', ',,,' , 'a run,,,' | ConvertFrom-Csv
            $null = $rows | New-SeedanceVideo -Duration 5 -Size 1:1 -Name given -Prompt other
            $orders = (Get-SandboxRequest $server POST).json
            $orders.prompt | Sort-Object | Should -Be 'a run', 'a walk'
            ($orders | Where-Object prompt -EQ 'a walk').duration | Should -Be 7
            ($orders | Where-Object prompt -EQ 'a run').size | Should -Be 1:1
            @{ Prompt = 'of a hashtable'; AssetUrl = 'asset://asset_1' } | New-SeedanceVideo -Image asset://asset_2 | Out-Null
            (Get-SandboxRequest $server POST).json[-1].image_urls | Should -Be asset://asset_1
        }

        It 'a group''s row wins too, and the Id of another tool''s table is no group''s' {
            $groups = 'Name,Description,Id', 'a,own,17', 'b,,18' | ConvertFrom-Csv | New-SeedanceAvatarGroup -Description given
            $groups.Name | Should -Be a, b
            $groups.Description | Should -Be own, given
            $groups | ForEach-Object { $_.GroupId | Should -BeNullOrEmpty }
        }
    }

    Context 'as tables are' {
        It 'addresses come by Get-Content' {
            Set-Content "$TestDrive/urls.txt" 'https://example.com/a.png', 'https://example.com/b.png'
            (Get-Content "$TestDrive/urls.txt" | Submit-SeedanceAsset -Group g).Sources | Should -HaveCount 2
            (Get-Content "$TestDrive/urls.txt" | Test-SeedanceAsset).IsValid | Should -Be $true, $true
        }

        It 'the column <Column> of another tool is not ours' -ForEach @(@{ Column = 'FullName' }, @{ Column = 'PSPath' }, @{ Column = 'Id' }) {
            $null = [pscustomobject]@{ Name = 'jd'; $Column = 'Jane Doe'; Url = 'https://example.com/jd.png' } | Submit-SeedanceAsset -Group g
            (Get-SentAsset).url | Should -Be https://example.com/jd.png
        }

        It 'the header ''<Header>'' is <Meant>' -ForEach @(
            @{ Header = 'Asset Type'; Meant = 'AssetType' }
            @{ Header = 'asset_type'; Meant = 'AssetType' }
            @{ Header = 'ASSETTYPE '; Meant = 'AssetType' }
            @{ Header = "$([char]0xFEFF)AssetType"; Meant = 'AssetType' }
            @{ Header = "Asset$([char]0xA0)Type"; Meant = 'AssetType' }
            @{ Header = 'TYPE'; Meant = 'AssetType' }
        ) {
            $check = [pscustomobject]@{ $Header = 'Video'; ' URL ' = 'https://example.com/a.mp4' } | Test-SeedanceAsset -WarningVariable warnings
            $check.AssetType | Should -Be Video
            $check.IsValid | Should -BeTrue
            $warnings | Should -BeNullOrEmpty
        }

        It 'the header ''<Header>'' is warned of once, with what it is near' -ForEach @(@{ Header = 'AssetTyp'; Near = 'AssetType' }, @{ Header = 'Nmae'; Near = 'Name' }, @{ Header = 'Groups'; Near = 'Group' }, @{ Header = 'Projectname1'; Near = 'ProjectName' }) {
            $rows = 1..3 | ForEach-Object { [pscustomobject]@{ Url = "https://example.com/$_.png"; $Header = 'x'; Colour = 'red' } }
            Get-Warning { $rows | Test-SeedanceAsset } | Should -Be "The column '$Header' is not read. If it is meant as $Near, call it $Near."
        }

        It 'two headers of one meaning are warned of, and the exact one counts' {
            Get-Warning { [pscustomobject]@{ Url = 'https://example.com/a.png'; 'Name ' = 'a'; '-name' = 'b' } | Test-SeedanceAsset } | Should -BeLike "The column 'Name ' and '-name' may each be Name*"
            $check = [pscustomobject]@{ Url = 'https://example.com/a.png'; 'Name ' = 'a'; Name = 'b' } | Test-SeedanceAsset -WarningVariable warnings -WarningAction SilentlyContinue
            $check.Name | Should -Be b
            "$warnings" | Should -BeLike "The column 'Name ' is not read, since there is a column 'Name'.*"
        }

        It 'a table with <What> costs one error in all, and sends nothing' -ForEach @(
            @{ What = 'another delimiter'; Rows = { 'Url;Name', 'https://example.com/a.png;a', 'https://example.com/b.png;b' | ConvertFrom-Csv }; Said = "*'Url;Name'*Import-Csv -Delimiter ';'*" }
            @{ What = 'no column of ours'; Rows = { 1..300 | ForEach-Object { [pscustomobject]@{ Address = "https://example.com/$_.png"; Title = $_ } } }; Said = "*there are 'Address', 'Title'*Name the column with the addresses Url*" }
            @{ What = 'a wrong encoding'; Rows = { [pscustomobject]@{ "U`0r`0l" = 'x' } }; Said = '*Import-Csv -Encoding*' }
        ) {
            foreach ($command in 'Submit-SeedanceAsset', 'Test-SeedanceAsset') {
                $failure = $null
                try { & $Rows | & $command -ErrorAction SilentlyContinue | Should -BeNullOrEmpty } catch { $failure = $_ }
                $failure.FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
                Read-Failure $failure | Should -BeLike $Said
            }

            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'rows of commas are passed over with one line, and row numbers stay those of the table' {
            $rows = 'Url,Name,AssetType', 'https://example.com/a.png,a,Image', ',,', ', ,', 'x,b,' | ConvertFrom-Csv
            $verbose = $rows | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            $failures | Should -HaveCount 1
            "$failures" | Should -BeLike 'Row 4 (b)*'
            "$verbose" | Should -BeLike '*2 row(s) with nothing in any cell*'
        }

        It 'hashtables and objects of a class are rows' {
            class CastRow { [string] $Url; [string] $Name }
            $null = @{ Url = 'https://example.com/h.png'; name = 'h' }, [ordered]@{ Url = 'https://example.com/o.png'; Name = 'o' }, [CastRow]@{ Url = 'https://example.com/c.png'; Name = 'c' } | Submit-SeedanceAsset -Group g
            (Get-SentAsset).name | Should -Be h, o, c
        }

        It 'a list as -InputObject is its rows' {
            (Submit-SeedanceAsset -InputObject (New-Row 3) -Group g).Sources | Should -HaveCount 3
        }

        It 'nulls are no values' {
            $check = [pscustomobject]@{ Url = 'https://example.com/a.png'; Name = $null; Group = $null; GroupId = [DBNull]::Value; RowId = $null } | Test-SeedanceAsset
            $check.IsValid | Should -BeTrue
            $check.ToRow().GroupId | Should -BeNullOrEmpty
        }

        It 'what only looks like an address is told by both: <What>' -ForEach @(
            @{ What = 'two'; Url = 'https://example.com/a.png,https://example.com/b.png'; Said = '2 addresses' }
            @{ What = 'a zero width space'; Url = "https://example.com/a.png$([char]0x200B)"; Said = 'U\+200B' }
            @{ What = 'a blank'; Url = 'https://example.com/my photo.png'; Said = '%20' }
            @{ What = '&amp;'; Url = 'https://example.com/a.png?x=1&amp;y=2'; Said = '&amp;' }
            @{ What = 'the scheme twice'; Url = 'https://https://example.com/a.png'; Said = 'twice' }
            @{ What = 'a private host'; Url = 'http://192.168.1.4/a.png'; Said = 'private' }
        ) {
            $row = [pscustomobject]@{ Url = $Url; Name = 'n' }
            "$(($row | Test-SeedanceAsset).Problems)" | Should -Match $Said
            $row | Submit-SeedanceAsset -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$failures" | Should -Match $Said
        }

        It 'this machine''s own address is taken by a connection to this machine alone' {
            (Test-SeedanceAsset http://127.0.0.1:9/a.png).IsValid | Should -BeTrue
            Submit-SeedanceAsset http://127.0.0.1:9/a.png -Group g | Should -HaveCount 1
            Connect-Seedance sk-x -BaseUri https://api.example.com -NoJournal
            (Test-SeedanceAsset http://127.0.0.1:9/a.png).IsValid | Should -BeFalse
            { Submit-SeedanceAsset http://localhost/a.png -Group g -ErrorAction Stop } | Should -Throw '*this machine itself*'
        }
    }

    Context 'of reviewed assets' {
        It 'are refused when they have passed, live or from a CSV' {
            $usable = New-Row | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable
            $usable | Export-Csv "$TestDrive/usable.csv"
            foreach ($rows in $usable, (Import-Csv "$TestDrive/usable.csv")) {
                $rows | Submit-SeedanceAsset -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                Read-Failure $failures[0] | Should -BeLike "*$($usable.AssetUrl) has passed its review*New-SeedanceVideo*"
            }
        }

        It 'are refused when their query was cut, and pointed to -RetryFailed' {
            $failed = [pscustomobject]@{ Url = 'https://example.com/a.png?Signature=abc'; Name = 'reject-a' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Failed
            $failed.IsUrlCut | Should -BeTrue
            $failed | Export-Csv "$TestDrive/failed.csv"
            foreach ($rows in $failed, (Import-Csv "$TestDrive/failed.csv")) {
                $rows | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                Read-Failure $failures[0] | Should -BeLike '*query*-RetryFailed*'
            }

            @(Get-SentAsset).Count | Should -Be 1
        }

        It 'are taken from a CSV when they failed and their address is whole, beside -Group' {
            New-Row 2 @{ Name = 'reject-me' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Failed | Export-Csv "$TestDrive/again.csv"
            (Import-Csv "$TestDrive/again.csv" | Submit-SeedanceAsset -Group g).Sources | Should -HaveCount 2
        }

        It 'a row that an error names is sent again with its whole address' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; count = 1 }
            $null = Submit-SeedanceAsset 'https://example.com/a.png?Signature=abc' -Name a -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures[0].TargetObject | Submit-SeedanceAsset | Should -HaveCount 1
            (Get-SentAsset)[-1].url | Should -Be 'https://example.com/a.png?Signature=abc'
        }
    }

    Context 'and what is known of them' {
        It 'without a name are sent under one of their own, which results are matched by' {
            $rows = 'https://example.com/1/a.png?X-Amz-Signature=x', 'https://example.com/2/a.png'
            $task = $rows | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
            (Get-SentAsset).name | Should -Match '^a\.png-[0-9a-f]{10}$'
            (Get-SentAsset).name | Sort-Object -Unique | Should -HaveCount 2
            $task.Assets.MatchedBy | Should -Be Name, Name
            $task.Sources.IsNameGenerated | Should -Be $true, $true
        }

        It 'without a name on purpose are sent without' {
            $null = 'https://example.com/a.png' | Submit-SeedanceAsset -Name '' -Group g
            (Get-SentAsset).psobject.Properties.Name | Should -Be url
        }

        It 'are named once in an error, on one line, whatever their names hold' {
            [pscustomobject]@{ Url = 'https://example.com/a.png'; Name = "two`nlines" } | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            "$($failures[0])" | Should -BeLike 'Row 1 (two lines) was not sent: Name: *'
        }

        It 'may each have other columns, one by one or as a list' {
            $rows = foreach ($i in 1..3) {
                [pscustomobject]@{ Url = "https://example.com/a$i.png"; Name = "a$i" }
                [pscustomobject]@{ Url = "https://example.com/b$i.png"; Name = "b$i"; RowId = "id-$i" }
                [pscustomobject]@{ Url = "https://example.com/c$i.png"; Name = "c$i" }
                [pscustomobject]@{ Url = "https://example.com/d$i.png"; Name = "d$i" }
                [pscustomobject]@{ Url = "https://example.com/e$i.png"; Name = "e$i"; Scene = "s-$i" }
                [pscustomobject]@{ Url = "https://example.com/f$i.png"; Name = "f$i"; Group = 'other' }
            }
            foreach ($tasks in @($rows | Submit-SeedanceAsset -Group one -KeepProperty Scene -WarningAction Ignore), @(Submit-SeedanceAsset -InputObject $rows -Group two -KeepProperty Scene -WarningAction Ignore)) {
                $sources = $tasks.Sources
                ($sources | Where-Object RowId).ForEach{ "$($_.Name) $($_.RowId)" } | Sort-Object | Should -Be 'b1 id-1', 'b2 id-2', 'b3 id-3'
                ($sources | Where-Object { $_.Kept }).ForEach{ "$($_.Name) $($_.Kept['Scene'])" } | Sort-Object | Should -Be 'e1 s-1', 'e2 s-2', 'e3 s-3'
                ($tasks | Where-Object { "$($_.Group)" -eq 'other' }).Sources.Name | Sort-Object | Should -Be 'f1', 'f2', 'f3'
            }
        }

        It 'carry RowId, InputObject and kept columns' {
            $row = [pscustomobject]@{ Url = 'https://example.com/a.png'; Name = 'a'; RowId = 7; Actor = 'Ann'; Take = 3 }
            $source = ($row | Submit-SeedanceAsset -Group g -KeepProperty Actor, take).Sources[0]
            $source.RowId | Should -Be 7
            $source.InputObject.Actor | Should -Be Ann
            $source.InputObject | Should -Be $row
            $source.Kept['actor'] | Should -Be Ann
            $source.Kept['Take'] | Should -Be 3
        }

        It 'say what cannot be kept, each' {
            $rows = [pscustomobject]@{ Url = 'https://example.com/a.png'; Remark = @{ a = 1 } }, [pscustomobject]@{ Url = 'https://example.com/b.png'; Remark = 'x' * 5000 }, [pscustomobject]@{ Url = 'https://example.com/c.png'; Remark = 'sk-0123456789abcdef0123' }
            $rows | Submit-SeedanceAsset -Group g -KeepProperty Remark -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | Should -HaveCount 3
            "$failures" | Should -Match 'Remark: it holds an object.*Remark: it holds 5000 bytes.*Remark: it looks like a key'
            "$failures" | Should -Not -Match '0123456789abcdef'
            Get-Warning { New-Row 3 | Submit-SeedanceAsset -Group g -KeepProperty Actor } | Should -BeLike "There is no column 'Actor' to keep*there are 'Url', 'Name'."
        }

        It 'of one RowId and two addresses are said' {
            $rows = 'RowId,Url,Name', '7,https://example.com/a.png,a', '7,https://example.com/b.png,b' | ConvertFrom-Csv
            Get-Warning { $rows | Submit-SeedanceAsset -Group g } | Should -BeLike "row 2 (b) is not sent: row 1 (a) has the RowId '7' too*"
            "$(($rows | Test-SeedanceAsset)[1].Problems)" | Should -BeLike 'RowId: row 1 (a)*'
            @(Get-SentAsset).Count | Should -Be 1
        }
    }
}
