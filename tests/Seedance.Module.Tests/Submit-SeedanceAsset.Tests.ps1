Describe 'Submit-SeedanceAsset' {
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

    Context 'what is sent' {
        It 'is the list form with the group described, for a group without an id' {
            $group = New-SeedanceAvatarGroup virtual-avatar-group -Description 'demo group'
            $rows = 'Url,Name', 'https://example.com/avatar-a.png,avatar-a', 'https://example.com/avatar-b.png,avatar-b' | ConvertFrom-Csv
            $null = $rows | Submit-SeedanceAsset -Group $group
            $request = Get-SandboxRequest $server
            $request.method | Should -Be POST
            $request.path | Should -Be /v1/seedance2/private-avatar/assets
            $request.headers.'Content-Type' | Should -BeLike 'application/json*'
            $sample = Get-Content "$PSScriptRoot/../Seedance.Client.Tests/Samples/private-avatar.request.batch.json" -Raw | ConvertFrom-Json
            $request.json | ConvertTo-Json -Depth 5 | Should -BeExactly ($sample | ConvertTo-Json -Depth 5)
        }

        It 'is the single form for one row of a group that has an id, at a server that has the older address alone' {
            $null = Invoke-SandboxControl $server options Post @{ newerForm = 'not-found' }
            try {
                $id = (New-Row | Submit-SeedanceAsset -Group g).GroupId
                $null = Submit-SeedanceAsset https://example.com/avatar.png -Name avatar-1 -GroupId $id
                (Get-SandboxRequest $server).path | Should -Be /v1/seedance2/private-avatar/assets, /v1/seedance2/private-avatar, /v1/seedance2/private-avatar
                $json = (Get-SandboxRequest $server)[-1].json
                $json.group_id | Should -Be $id
                $json.url | Should -Be https://example.com/avatar.png
                $json.name | Should -Be avatar-1
                $json.asset_type | Should -Be Image
                $json.psobject.Properties.Name | Should -Not -Contain assets
                $json.psobject.Properties.Name | Should -Not -Contain group
                $null = New-Row | Submit-SeedanceAsset -Group h -Model seedance-2.5 -WarningVariable warnings -WarningAction SilentlyContinue
                $warnings | Should -BeLike '*seedance-2.5 is not sent*'
            }
            finally {
                $null = Invoke-SandboxControl $server options Post @{ newerForm = 'served' }
            }
        }

        It 'carries the model and fields that this version does not know' {
            $null = New-Row | Submit-SeedanceAsset -Group g -Model seedance-2.5 -AdditionalField @{ moderation = @{ strict = $true; tags = 'a', 'b' } }
            $json = (Get-SandboxRequest $server).json
            $json.model | Should -Be seedance-2.5
            $json.moderation.strict | Should -BeTrue
            $json.moderation.tags | Should -Be a, b
            { New-Row | Submit-SeedanceAsset -Group g -AdditionalField @{ assets = 1 } } | Should -Throw "*'assets' is given by a parameter of its own*"
            (Get-SandboxStats $server).postsReceived | Should -Be 1
        }

        It 'leaves out the row for which the server refuses a request, and is sent again for the others' {
            $null = Invoke-SandboxControl $server options Post @{ refusedWord = 'avatar-3'; refusalReference = 'index' }
            try {
                $task = New-Row 5 | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
                $task.Sources.Name | Should -Be avatar-1, avatar-2, avatar-4, avatar-5
                $failures | Should -HaveCount 1
                $failures.FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidRequest,*'
                $failures.TargetObject.Name | Should -Be avatar-3
                "$failures" | Should -BeLike 'row 3 (avatar-3): *InvalidParameter.ImageSize*'
                $again = New-Row 5 | Submit-SeedanceAsset -Group g -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
                $again.TaskId | Should -Be $task.TaskId
                $failures.TargetObject.Name | Should -Be avatar-3
                (Get-SandboxStats $server).postsReceived | Should -Be 2
            }
            finally {
                $null = Invoke-SandboxControl $server options Post @{ refusedWord = $null }
            }
        }

        It 'is the list form with the group''s id for more rows of it' {
            $id = (New-Row | Submit-SeedanceAsset -Group g).GroupId
            $null = New-Row 3 | Submit-SeedanceAsset -GroupId $id
            $json = (Get-SandboxRequest $server)[-1].json
            $json.group_id | Should -Be $id
            $json.assets.url | Should -Be (New-Row 3).Url
            $json.psobject.Properties.Name | Should -Not -Contain url
        }

        It 'goes to the real person''s address for a real person''s group, as Video by default' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; path = '/v1/seedance2/real-avatar' }
            New-Row 2 | Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup -GroupId group_p -RealPerson) -ErrorAction SilentlyContinue
            $request = Get-SandboxRequest $server
            $request.path | Should -Be /v1/seedance2/real-avatar
            $request.json.asset_type | Should -Be Video
            $request.json.group_id | Should -Be group_p
            $request.json.assets | Should -HaveCount 2
        }

        It 'leaves the group''s project to its rows, and takes a row''s own before it' {
            $group = New-SeedanceAvatarGroup g -ProjectName film
            $null = (New-Row), (New-Row 1 @{ Url = 'https://example.com/other.png'; ProjectName = 'series' }) | Submit-SeedanceAsset -Group $group
            (Get-SandboxRequest $server).json.project_name | Sort-Object | Should -Be film, series
        }

        It 'goes to one group of the run''s own when no row names one' {
            $tasks = New-Row 25 | Submit-SeedanceAsset
            $tasks | Should -HaveCount 2
            $tasks.GroupId | Sort-Object -Unique | Should -HaveCount 1
            (Get-SandboxRequest $server)[0].json.group.name | Should -Match '^seedance-\d{8}-\d{6}$'
        }

        It 'is the address with its query, which nothing shows' {
            $task = Submit-SeedanceAsset 'https://example.com/a.png?signature=abc&x=1' -Name a
            (Get-SandboxRequest $server).json.assets[0].url | Should -BeExactly 'https://example.com/a.png?signature=abc&x=1'
            $task.Sources[0].SourceUrl | Should -Be https://example.com/a.png
        }
    }

    Context 'batches' {
        It 'hold at most 20 rows, or -BatchSize' {
            $null = New-Row 45 | Submit-SeedanceAsset -Group g
            Get-SandboxRequest $server | ForEach-Object { $_.json.assets.Count } | Sort-Object | Should -Be 5, 20, 20
            Reset-Sandbox $server
            $null = New-Row 7 | Submit-SeedanceAsset -Group h -BatchSize 3
            Get-SandboxRequest $server | ForEach-Object { $_.json.url ? 1 : $_.json.assets.Count } | Sort-Object | Should -Be 1, 3, 3
        }

        It 'are 1 to 20 rows, and 1 to 64 at once' {
            { New-Row | Submit-SeedanceAsset -BatchSize 0 } | Should -Throw '*BatchSize*'
            { New-Row | Submit-SeedanceAsset -BatchSize 21 } | Should -Throw '*BatchSize*'
            { New-Row | Submit-SeedanceAsset -ThrottleLimit 0 } | Should -Throw '*ThrottleLimit*'
        }

        It 'go out at most -ThrottleLimit at once' {
            Add-SandboxFault $server @{ kind = 'slow'; method = 'POST'; delay = '50ms' }
            $null = New-Row 120 | Submit-SeedanceAsset -Group g -BatchSize 10 -ThrottleLimit 2
            $stats = Get-SandboxStats $server
            $stats.rowsAccepted | Should -Be 120
            $stats.maxConcurrentRequests | Should -Be 2
        }

        It 'of a group without an id wait for the first one, and use the id it was told' {
            $null = New-Row 60 | Submit-SeedanceAsset -Group g
            $requests = Get-SandboxRequest $server
            $requests[0].json.group.name | Should -Be g
            $requests[1..2].json.group_id | Should -Be (@((Invoke-SandboxControl $server submissions)[0].groupId) * 2)
        }
    }

    Context 'a row' {
        It 'may say Url as <Column>' -ForEach @(@{ Column = 'Url' }, @{ Column = 'Uri' }, @{ Column = 'SourceUrl' }) {
            $null = [pscustomobject]@{ $Column = 'https://example.com/a.png' } | Submit-SeedanceAsset -Group g
            (Get-SandboxRequest $server).json.assets[0].url | Should -Be https://example.com/a.png
        }

        It 'may be an address alone' {
            $null = 'https://example.com/a.png', [uri]'https://example.com/b.png' | Submit-SeedanceAsset -Group g
            (Get-SandboxRequest $server).json.assets.url | Should -Be https://example.com/a.png, https://example.com/b.png
        }

        It 'may say AssetType as Type, in any case' {
            $null = [pscustomobject]@{ Url = 'https://example.com/a.mp3'; Type = 'audio' } | Submit-SeedanceAsset -Group g
            (Get-SandboxRequest $server).json.asset_type | Should -BeExactly Audio
        }

        It 'takes what it does not say from the command line' {
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -AssetType Video -ProjectName film
            $json = (Get-SandboxRequest $server).json
            $json.asset_type | Should -Be Video
            $json.project_name | Should -Be film
            $json.assets.name | Should -Be avatar-1, avatar-2
        }

        It 'may name its group, and a group object of the row is one too' {
            $null = (New-Row 1 @{ Group = 'a' }), (New-Row 1 @{ Group = (New-SeedanceAvatarGroup b) }) | Submit-SeedanceAsset
            (Get-SandboxRequest $server).json.group.name | Sort-Object | Should -Be a, b
        }

        It 'with empty cells has no value there' {
            $null = 'Url,Name,AssetType,Group,GroupId,ProjectName', 'https://example.com/a.png,,,g,,' | ConvertFrom-Csv | Submit-SeedanceAsset
            $json = (Get-SandboxRequest $server).json
            $json.asset_type | Should -Be Image
            $json.project_name | Should -Be default
            $json.assets[0].name | Should -Match '^a\.png-[0-9a-f]{10}$'
            $json.psobject.Properties.Name | Should -Not -Contain group_id
        }

        It 'keeps its own empty cells: no value leaks in from the row before' {
            $null = 'Url,Name,AssetType,Group', 'https://example.com/a.mp4,a,Video,g', 'https://example.com/b.png,,,g' | ConvertFrom-Csv | Submit-SeedanceAsset
            $image = Get-SandboxRequest $server | Where-Object { $_.json.asset_type -eq 'Image' }
            ($image.json.assets ?? $image.json).name | Should -Match '^b\.png-'
        }

        It 'may have columns of no concern here' {
            $null = New-Row 1 @{ Id = 'x'; TaskId = 'y'; Status = 'z'; Connection = 'c'; Remark = 'r'; InputObject = 'i' } | Submit-SeedanceAsset -Group g
            (Get-SandboxRequest $server).json.assets | Should -HaveCount 1
        }

        It 'never takes another kind''s id: <Column> is not a group''s' -ForEach @(@{ Column = 'Id' }, @{ Column = 'TaskId' }, @{ Column = 'AssetId' }) {
            $null = New-Row 1 @{ $Column = 'not-a-group' } | Submit-SeedanceAsset -Group g
            (Get-SandboxRequest $server).body | Should -Not -Match 'not-a-group'
        }

        It 'may be an asset that failed: it is submitted again from its source' {
            $failed = New-Row 2 @{ Name = 'reject-me' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Failed
            $failed | Should -HaveCount 2
            $again = $failed | Submit-SeedanceAsset
            $again.GroupId | Should -Be $failed[0].GroupId
            (Invoke-SandboxControl $server submissions)[-1].assets.url | Sort-Object | Should -Be (New-Row 2).Url
        }
    }

    Context 'bad rows' {
        It 'cost one error that names row and column, the rest is sent: <Why>' -ForEach @(
            @{ Why = 'no Url'; Row = @{ Url = '' }; Column = 'Url' }
            @{ Why = 'a blank Url'; Row = @{ Url = '  ' }; Column = 'Url' }
            @{ Why = 'a relative Url'; Row = @{ Url = 'pictures/a.png' }; Column = 'Url' }
            @{ Why = 'a path'; Row = @{ Url = '/srv/pictures/a.png' }; Column = 'Url' }
            @{ Why = 'a Windows path'; Row = @{ Url = 'C:\pictures\a.png' }; Column = 'Url' }
            @{ Why = 'an ftp Url'; Row = @{ Url = 'ftp://example.com/a.png' }; Column = 'Url' }
            @{ Why = 'an unknown AssetType'; Row = @{ AssetType = 'Picture' }; Column = 'AssetType' }
            @{ Why = 'a number as AssetType'; Row = @{ AssetType = '1' }; Column = 'AssetType' }
            @{ Why = 'a name of 65 characters'; Row = @{ Name = 'n' * 65 }; Column = 'Name' }
            @{ Why = 'both Group and GroupId'; Row = @{ Group = 'g'; GroupId = 'group_1' }; Column = 'GroupId' }
            @{ Why = 'a group name of 65 characters'; Row = @{ Group = 'g' * 65 }; Column = 'Group' }
        ) {
            $good = New-Row 3
            $rows = $good[0], (New-Row 1 $Row), $good[1], $good[2]
            $tasks = $rows | Submit-SeedanceAsset -ErrorVariable failures -ErrorAction SilentlyContinue
            $tasks.Sources.Count | Should -Be 3
            (Get-SandboxStats $server).rowsAccepted | Should -Be 3
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
            "$($failures[0])" | Should -Match '[Rr]ow 2'
            "$($failures[0])" | Should -MatchExactly "\b${Column}:"
            $failures[0].TargetObject.Row | Should -Be 2
            $failures[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It 'that have none of the columns are told which they have, among others that are right' {
            $rows = [pscustomobject]@{ Address = 'https://example.com/a.png' }, (New-Row)[0], [pscustomobject]@{ Title = 'b' }
            ($rows | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue).Sources | Should -HaveCount 1
            $failures | Should -HaveCount 2
            Read-Failure $failures[0] | Should -BeLike "*Row 1 (no URL)*Url: there is no such column; there are 'Address'.*"
            Read-Failure $failures[1] | Should -BeLike '*Row 3 (no URL)*'
            [pscustomobject]@{ Url = ''; Title = 'a' } | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            Read-Failure $failures | Should -BeLike '*Url: it is empty.*'
        }

        It 'with several faults cost one error too' {
            $null = New-Row 1 @{ Url = 'x'; AssetType = 'y'; Name = 'n' * 70 } | Submit-SeedanceAsset -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 1
            "$($failures[0])" | Should -MatchExactly '\bUrl:.*\bName:.*\bAssetType:'
        }

        It 'end the run under -ErrorAction Stop' {
            { (New-Row), (New-Row 1 @{ Url = '' }), (New-Row) | Submit-SeedanceAsset -ErrorAction Stop } | Should -Throw -ErrorId 'Seedance.InvalidInput*'
        }

        It 'may be the only ones: nothing is sent then' {
            $null = New-Row 3 @{ Url = '' } | Submit-SeedanceAsset -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 3
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }
    }

    Context 'special inputs' {
        It 'an empty CSV sends nothing and is no error' {
            $file = Join-Path $TestDrive empty.csv
            Set-Content $file 'Url,Name'
            Import-Csv $file | Submit-SeedanceAsset -ErrorVariable failures -WarningVariable warnings | Should -BeNullOrEmpty
            $failures | Should -BeNullOrEmpty
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'a row that comes twice is sent once, with a warning' {
            $task = New-Row 2 @{ Url = 'https://example.com/a.png' } | Submit-SeedanceAsset -Group g -WarningVariable warnings -WarningAction SilentlyContinue
            $task.Sources | Should -HaveCount 1
            $warnings | Should -HaveCount 1
            "$warnings" | Should -Match 'row 2'
            (Get-SandboxStats $server).rowsAccepted | Should -Be 1
        }

        It 'the same address in two groups or types is no repetition' {
            $null = (New-Row 1 @{ Group = 'a' }), (New-Row 1 @{ Group = 'b' }), (New-Row 1 @{ Group = 'a'; AssetType = 'Video' }) | Submit-SeedanceAsset -WarningVariable warnings
            $warnings | Should -BeNullOrEmpty
            (Get-SandboxStats $server).rowsAccepted | Should -Be 3
        }

        It '-WhatIf sends nothing and names the rows' {
            $result = Invoke-InProcess "Import-Module '$ModuleManifest'; Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal; [pscustomobject]@{ Url = 'https://example.com/a.png?secret=1'; Name = 'ann' } | Submit-SeedanceAsset -Group g -WhatIf"
            $result.Output | Should -Match 'What if.*Submit for review.*ann'
            $result.Output | Should -Not -Match 'secret'
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }
    }

    Context 'failures' {
        It '<Status> stops the run at once, with one terminating error' -ForEach @(
            @{ Status = 401; Id = 'Seedance.AuthenticationFailed'; Category = 'AuthenticationError' }
            @{ Status = 402; Id = 'Seedance.PaymentRequired'; Category = 'QuotaExceeded' }
            @{ Status = 403; Id = 'Seedance.PermissionDenied'; Category = 'PermissionDenied' }
        ) {
            Add-SandboxFault $server @{ kind = 'status'; status = $Status }
            $failure = { New-Row 200 | Submit-SeedanceAsset -Group g -ThrottleLimit 1 } | Should -Throw -ErrorId "$Id,*" -PassThru
            $failure.CategoryInfo.Category | Should -Be $Category
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            (Get-SandboxStats $server).postsReceived | Should -Be 1
        }

        It '400 costs an error for each of its rows, and the rest goes on' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; count = 1 }
            $tasks = New-Row 25 | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 20
            $failures[0].CategoryInfo.Category | Should -Be InvalidArgument
            $failures.TargetObject.Row | Should -Be (1..20)
            $tasks.Sources.Count | Should -Be 5
        }

        It 'a lost answer is told as an outcome unknown, and is not sent again' {
            Add-SandboxFault $server @{ kind = 'reset-after'; method = 'POST'; count = 1 }
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.OutcomeUnknown,*'
            (Get-SandboxStats $server).duplicates | Should -Be 0
            (Get-SandboxStats $server).postsReceived | Should -Be 1
        }

        It '429 is waited for and sent again' {
            Add-SandboxFault $server @{ kind = 'status'; status = 429; count = 1; retryAfter = '0' }
            New-Row 2 | Submit-SeedanceAsset -Group g | Should -HaveCount 1
            (Get-SandboxStats $server).postsReceived | Should -Be 2
        }
    }

    Context '-Resume' {
        It 'sends only what is new, and gives the earlier tasks out again' {
            $first = New-Row 25 | Submit-SeedanceAsset -Group g
            $again = New-Row 30 | Submit-SeedanceAsset -Group g -Resume
            $again.TaskId | Where-Object { $_ -in $first.TaskId } | Should -HaveCount 2
            $again | Should -HaveCount 3
            $stats = Get-SandboxStats $server
            $stats.rowsAccepted | Should -Be 30
            $stats.duplicates | Should -Be 0
        }

        It 'completes a run that names no group in the group it began' {
            $first = New-Row 2 | Submit-SeedanceAsset
            $again = New-Row 4 | Submit-SeedanceAsset -Resume
            $again.GroupId | Sort-Object -Unique | Should -Be $first.GroupId
            (Get-SandboxStats $server).rowsAccepted | Should -Be 4
        }

        It 'reports what is unknown and sends it again with -RetryUnknown only' {
            # A library that is not there: of one that is, it would be asked for a minute.
            Add-SandboxFault $server @{ kind = 'reset-before'; method = 'POST'; count = 1 }, @{ kind = 'status'; status = 404; method = 'GET' }
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -ErrorAction SilentlyContinue
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.OutcomeUnknown,*'
            (Get-SandboxStats $server).rowsAccepted | Should -Be 0
            New-Row 2 | Submit-SeedanceAsset -Group g -RetryUnknown | Should -HaveCount 1
            (Get-SandboxStats $server).rowsAccepted | Should -Be 2
        }

        It 'sends what was refused again with -RetryFailed -Force only' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; count = 1 }
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -ErrorAction SilentlyContinue
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 2
            (Get-SandboxStats $server).postsReceived | Should -Be 1
            New-Row 2 | Submit-SeedanceAsset -Group g -RetryFailed -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            Read-Failure $failures[0] | Should -BeLike '*was refused before*-RetryFailed -Force*'
            New-Row 2 | Submit-SeedanceAsset -Group g -RetryFailed -Force | Should -HaveCount 1
            { New-Row | Submit-SeedanceAsset -Group g -Force } | Should -Throw '*-Force was given without -RetryFailed*'
        }

        It 'sends what a passing fault refused again with -RetryFailed' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; code = 'InternalServiceError'; count = 1 }
            $null = New-Row 2 | Submit-SeedanceAsset -Group g -ErrorAction SilentlyContinue
            New-Row 2 | Submit-SeedanceAsset -Group g -RetryFailed | Should -HaveCount 1
        }

        It 'shows what failed review for good as it was, and says so once, until -Force' {
            $rows = New-Row 2 @{ Name = 'reject-me' }
            $null = Invoke-SandboxControl $server task-faults Post @{ errorCode = 'FaceMismatch'; errorMessage = 'The face is another''s' }
            $null = $rows | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
            $shown = $rows | Submit-SeedanceAsset -Group g -RetryFailed -WarningVariable warnings -WarningAction SilentlyContinue
            $shown.Error.Code | Should -Be FaceMismatch
            $shown.Error.Explanation | Should -BeLike '*not that of the person*'
            $warnings | Should -BeLike '2 row(s) failed before*(FaceMismatch: 2)*-RetryFailed -Force*'
            (Get-SandboxStats $server).postsReceived | Should -Be 1
            $rows | Submit-SeedanceAsset -Group g -RetryFailed -Force | Should -HaveCount 2
            (Get-SandboxStats $server).postsReceived | Should -Be 2
        }

        It 'tells the API''s code, its words and its name for the request' {
            Add-SandboxFault $server @{ kind = 'status'; status = 400; code = 'SubscriptionRequired'; message = 'Not in your plan'; count = 1; headers = @{ 'X-Oneapi-Request-Id' = '20261125x' } }
            $null = New-Row | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.Exception.Code | Should -Be SubscriptionRequired
            $failures.Exception.ApiMessage | Should -Be 'Not in your plan'
            $failures.Exception.RequestId | Should -Be 20261125x
            Read-Failure $failures[0] | Should -BeLike '*400 SubscriptionRequired: Not in your plan (request id: 20261125x)*subscription*'
        }

        It 'sends what failed review again with -RetryFailed only' {
            $rows = New-Row 2 @{ Name = 'reject-me' }
            $null = $rows | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
            $rows | Submit-SeedanceAsset -Group g -Resume | Should -HaveCount 1
            (Get-SandboxStats $server).postsReceived | Should -Be 1
            $rows | Submit-SeedanceAsset -Group g -RetryFailed | Should -HaveCount 2
            (Get-SandboxStats $server).postsReceived | Should -Be 2
        }

        It 'works in a new process: the same line run again completes the job' {
            $journal = Join-Path $TestDrive across.jsonl
            $script = "Import-Module '$ModuleManifest'; Connect-Seedance sk-x -BaseUri $($server.BaseUri) -JournalPath '$journal'; 1..{0} | ForEach-Object {{ [pscustomobject]@{{ Url = `"https://example.com/`$_.png`" }} }} | Submit-SeedanceAsset -Group g -Resume | ForEach-Object TaskId"
            $first = (Invoke-InProcess ($script -f 20)).Output.Trim()
            $again = (Invoke-InProcess ($script -f 30)).Output -split '\r?\n' | Where-Object { $_ }
            $first | Should -Match '^task_'
            $again | Should -HaveCount 2
            $again | Should -Contain $first
            (Get-SandboxStats $server).rowsAccepted | Should -Be 30
        }
    }
}
