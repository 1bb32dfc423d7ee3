Describe 'Videos' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/TestPictures.ps1"
        $server = Start-SandboxServer '--review', '20ms', '--video', '20ms..60ms', '--language', 'en'

        function Get-Usable([int] $Count = 1, [string] $Type = 'Image') {
            New-Row $Count @{ AssetType = $Type } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable
        }

        function Get-Order { @(Get-SandboxRequest $server POST | Where-Object path -EQ /v1/videos/generations).json }

        function Get-Sample([string] $Name) { Get-Content "$PSScriptRoot/../Seedance.Client.Tests/Samples/$Name.json" -Raw | ConvertFrom-Json | ConvertTo-Json -Depth 5 }
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
    }

    AfterEach { Disconnect-Seedance }

    Context 'New-SeedanceVideo' {
        It 'sends the request of the sample with a picture' {
            $null = New-SeedanceVideo 'The person walks naturally down a city street' -Image asset://asset_a -Duration 5 -Resolution 720p
            (Get-Order | ConvertTo-Json -Depth 5) | Should -BeExactly (Get-Sample video.request.asset)
        }

        It 'sends the request of the sample with a face, for a real person''s asset, and says so' {
            $person = [pscustomobject]@{ AssetUrl = 'asset://asset_a'; IsRealPerson = 'True' }
            $said = New-SeedanceVideo 'Make a video from the reference portrait' -Reference $person -Verbose 4>&1 | Out-String
            (Get-Order | ConvertTo-Json -Depth 5) | Should -BeExactly (Get-Sample video.request.face)
            $said | Should -Match 'real person.*doubao-seedance-2.0-face'
        }

        It 'makes one video an asset of a pipeline' {
            $assets = Get-Usable 3
            $tasks = $assets | New-SeedanceVideo -Prompt 'a walk'
            $tasks | Should -HaveCount 3
            $tasks.Kind | Should -Be Video, Video, Video
            (Get-Order).image_urls | Sort-Object | Should -Be ($assets.AssetUrl | Sort-Object)
            $tasks.Sources.Name | Sort-Object | Should -Be avatar-1, avatar-2, avatar-3
        }

        It 'makes one video of many by <How>' -ForEach @(
            @{ How = '-Image'; Make = { New-SeedanceVideo 'a walk' -Image $assets } }
            @{ How = 'a list as one input'; Make = { , $assets | New-SeedanceVideo -Prompt 'a walk' } }
        ) {
            $assets = Get-Usable 3
            & $Make | Should -HaveCount 1
            (Get-Order).image_urls | Should -Be $assets.AssetUrl
        }

        It 'gives assets of a pipeline the place of their type' {
            Get-Usable 1 Video | New-SeedanceVideo -Prompt x | Should -HaveCount 1
            (Get-Order).video_urls | Should -Match '^asset://'
            (Get-Order).psobject.Properties.Name | Should -Not -Contain image_urls
        }

        It 'takes rows of a CSV, each with its own values' {
            $rows = 'Prompt,AssetUrl,Duration,Seed,GenerateAudio,ReturnLastFrame,Size,Remark', 'a,asset://1,5,7,false,true,9:16,x', 'b,,,,,,,', 'c,asset://3,15,,TRUE,,,' | ConvertFrom-Csv
            $rows | New-SeedanceVideo | Should -HaveCount 3
            $orders = Get-Order | Sort-Object prompt
            $orders[0] | ConvertTo-Json -Compress | Should -BeExactly '{"model":"doubao-seedance-2.0","prompt":"a","image_urls":["asset://1"],"duration":5,"size":"9:16","seed":7,"generate_audio":false,"return_last_frame":true}'
            $orders[1] | ConvertTo-Json -Compress | Should -BeExactly '{"model":"doubao-seedance-2.0","prompt":"b"}'
            $orders[2] | ConvertTo-Json -Compress | Should -BeExactly '{"model":"doubao-seedance-2.0","prompt":"c","image_urls":["asset://3"],"duration":15,"generate_audio":true}'
        }

        It 'takes prompts and addresses as they are' {
            $null = 'a walk', 'asset://1' | New-SeedanceVideo
            (Get-Order | Where-Object prompt).prompt | Should -Be 'a walk'
            (Get-Order | Where-Object image_urls).image_urls | Should -Be asset://1
        }

        It 'takes an asset that was written to a CSV back from it' {
            $file = Join-Path $TestDrive assets.csv
            Get-Usable | Export-Csv $file
            Import-Csv $file | New-SeedanceVideo -Prompt x | Should -HaveCount 1
            (Get-Order).image_urls | Should -Be (Import-Csv $file).AssetUrl
        }

        It 'sends -GenerateAudio only when it is given: <With>' -ForEach @(
            @{ With = ''; Value = $null; Make = { New-SeedanceVideo x } }
            @{ With = '-GenerateAudio'; Value = $true; Make = { New-SeedanceVideo x -GenerateAudio } }
            @{ With = '-GenerateAudio:$false'; Value = $false; Make = { New-SeedanceVideo x -GenerateAudio:$false } }
        ) {
            $null = & $Make
            (Get-Order).generate_audio | Should -Be $Value
        }

        It 'refuses <What>, naming -<Parameter>' -ForEach @(
            @{ What = '-Image with -FirstFrame'; Make = { New-SeedanceVideo x -Image asset://a -FirstFrame asset://b }; Parameter = 'Image'; Said = 'excludes -FirstFrame' }
            @{ What = 'a voice alone'; Make = { New-SeedanceVideo x -ReferenceAudio https://example.com/a.mp3 }; Parameter = 'ReferenceAudio'; Said = 'alone' }
            @{ What = 'ten pictures'; Make = { New-SeedanceVideo x -Image (1..10 | ForEach-Object { "asset://$_" }) }; Parameter = 'Image'; Said = 'at most 9' }
            @{ What = 'a duration of 3'; Make = { New-SeedanceVideo x -Duration 3 }; Parameter = 'Duration'; Said = '4 to 15' }
            @{ What = 'a duration of 16'; Make = { New-SeedanceVideo x -Duration 16 }; Parameter = 'Duration'; Said = '4 to 15' }
            @{ What = 'a row of 5.5 seconds'; Make = { [pscustomobject]@{ Prompt = 'x'; Duration = 5.5 } | New-SeedanceVideo }; Parameter = 'Duration'; Said = 'no whole number' }
            @{ What = 'a frame with a clip'; Make = { New-SeedanceVideo x -LastFrame asset://a -ReferenceVideo asset://v }; Parameter = 'LastFrame'; Said = 'excludes -ReferenceVideo' }
            @{ What = '1080p of a fast model'; Make = { New-SeedanceVideo x -Model doubao-seedance-2.0-fast -Resolution 1080p }; Parameter = 'Resolution'; Said = '720p' }
            @{ What = 'no prompt and no picture'; Make = { New-SeedanceVideo }; Parameter = 'Prompt'; Said = 'empty' }
            @{ What = 'a local file as picture'; Make = { New-SeedanceVideo x -Image ./a.png }; Parameter = 'Image'; Said = 'Send-SeedanceImage' }
        ) {
            & $Make -ErrorVariable failures -ErrorAction SilentlyContinue 2>$null | Should -BeNullOrEmpty
            $failure = $Error[0]
            $failure.FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
            "$failure" | Should -MatchExactly "-${Parameter}: .*$Said"
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'sends what the newer model takes' {
            $null = New-SeedanceVideo x -Model seedance-2.5 -Duration -1 -ReferenceVideo asset://v -TaskType Edit -OutputFormat mov -Watermark:$false -CheckContent -AdditionalField @{ priority = 3; camera = @{ fixed = $true } }
            Get-Order | ConvertTo-Json -Compress -Depth 5 | Should -BeExactly '{"model":"seedance-2.5","prompt":"x","video_urls":["asset://v"],"duration":-1,"nsfw_check":true,"watermark":false,"output_format":"mov","omni_reference_task_type":"edit","camera":{"fixed":true},"priority":3}'
        }

        It 'takes what the newer model takes from the columns of a row' {
            'Prompt,Model,Duration,ReferenceVideo,TaskType,OutputFormat,Watermark,CheckContent', 'x,seedance-2.5,20,asset://v,extend,mp4,true,', 'y,,,,,,,' | ConvertFrom-Csv | New-SeedanceVideo | Should -HaveCount 2
            $orders = Get-Order | Sort-Object prompt
            $orders[0] | ConvertTo-Json -Compress | Should -BeExactly '{"model":"seedance-2.5","prompt":"x","video_urls":["asset://v"],"duration":20,"watermark":true,"output_format":"mp4","omni_reference_task_type":"extend"}'
            $orders[1] | ConvertTo-Json -Compress | Should -BeExactly '{"model":"doubao-seedance-2.0","prompt":"y"}'
        }

        It 'tells the most that it costs with -WhatIf, -Verbose and on the task, and nothing where that is not known' {
            $task = New-SeedanceVideo x -Duration 10 -Resolution 480p -Verbose 4>&1 | Tee-Object -Variable said | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }
            $task.EstimatedCost | Should -Be 0.66
            "$said" | Should -Match 'at most USD 0\.66 by the prices of \d{4}-\d\d-\d\d'
            ($task | Wait-SeedanceTask -PollInterval 0.02).EstimatedCost | Should -Be 0.66
            $unknown = New-SeedanceVideo x -Model seedance-9 -Verbose 4>&1 | Tee-Object -Variable said | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }
            $unknown.EstimatedCost | Should -BeNullOrEmpty
            "$said" | Should -Match 'price is not known'
            $script = "Import-Module '$ModuleManifest'; Connect-Seedance -Sandbox; New-SeedanceVideo x -Duration 10 -Resolution 480p -WhatIf"
            (Invoke-InProcess $script).Output | Should -Match 'at most USD 0\.66'
        }

        It 'stops before -MaxCost is passed, and gives out what it has ordered' {
            $tasks = 1..5 | ForEach-Object { "p$_" } | New-SeedanceVideo -Duration 5 -Resolution 720p -MaxCost 1.5 -ErrorVariable failures -ErrorAction SilentlyContinue
            $tasks | Should -HaveCount 2
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.BudgetReached,*'
            $failures[0].CategoryInfo.Category | Should -Be QuotaExceeded
            "$($failures[0])" | Should -Match '^3 video\(s\) were not ordered'
            (Get-SandboxStats $server).postsReceived | Should -Be 2
            1..5 | ForEach-Object { "p$_" } | New-SeedanceVideo -Duration 5 -Resolution 720p -MaxCost 3 -Resume | Should -HaveCount 5
            (Get-SandboxStats $server).postsReceived | Should -Be 5
        }

        It 'repeats an order of unknown outcome under the key of the first, with -RetryUnknown' {
            Add-SandboxFault $server @{ kind = 'reset-after'; method = 'POST'; count = 1 }
            $null = New-SeedanceVideo p -ErrorAction SilentlyContinue
            New-SeedanceVideo p -RetryUnknown | Should -HaveCount 1
            $keys = (Get-SandboxRequest $server POST).headers.'Idempotency-Key'
            $keys | Should -HaveCount 2
            $keys[0] | Should -Be $keys[1]
        }

        It 'does not round a duration of <Duration>' -ForEach @(
            @{ Duration = 5.5 }
            @{ Duration = '4.6' }
            @{ Duration = [timespan]::FromSeconds(5.5) }
        ) {
            { New-SeedanceVideo x -Duration $Duration } | Should -Throw '*no whole number of seconds*'
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'refuses one bad row with one error that names it, and orders the rest' {
            $rows = 'Prompt,Duration,Seed', 'a,seven,', 'b,5,', 'c,16,x' | ConvertFrom-Csv
            $rows | New-SeedanceVideo -ErrorVariable failures -ErrorAction SilentlyContinue | Should -HaveCount 1
            $failures | Should -HaveCount 2
            "$($failures[0])" | Should -BeLike "Row 1 (a) was not ordered: -Duration: 'seven' is no whole number.*"
            "$($failures[1])" | Should -BeLike 'Row 3 (c) was not ordered: *-Seed*-Duration: 16 s*'
        }

        It 'makes no video of <What>' -ForEach @(
            @{ What = 'a task'; Make = { New-Row | Submit-SeedanceAsset -Group g | New-SeedanceVideo -Prompt x }; Said = 'Get-SeedanceAsset -Usable' }
            @{ What = 'nothing'; Make = { $null | New-SeedanceVideo -Prompt x }; Said = 'Pipe assets' }
            @{ What = 'a file'; Make = { Get-Item $PSCommandPath | New-SeedanceVideo -Prompt x }; Said = 'Send-SeedanceImage' }
        ) {
            & $Make 2>$null | Should -BeNullOrEmpty
            Read-Failure $Error[0] | Should -Match $Said
            Get-Order | Should -BeNullOrEmpty
        }

        It 'refuses an asset that failed its review' {
            $failed = New-Row 1 @{ Name = 'reject' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Failed
            $failed | New-SeedanceVideo -Prompt x 2>$null | Should -BeNullOrEmpty
            "$($Error[0])" | Should -Match 'did not pass its review'
        }

        It 'prints the request with -WhatIf, without a query, and sends nothing' {
            $script = "Import-Module '$ModuleManifest'; Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal; New-SeedanceVideo 'a walk' -Image 'https://example.com/a.png?sig=s3cret' -Duration 5 -WhatIf"
            $output = (Invoke-InProcess $script).Output
            $output | Should -Match ([regex]::Escape('What if: POST /v1/videos/generations {"model":"doubao-seedance-2.0","prompt":"a walk","image_urls":["https://example.com/a.png"],"duration":5} (at most USD 0.71 by the prices of'))
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'orders nothing again with -Resume, and tells what is unknown' {
            $first = 1..2 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_" } } | New-SeedanceVideo
            Add-SandboxFault $server @{ kind = 'reset-after'; method = 'POST'; count = 1 }
            $null = New-SeedanceVideo p3 -ErrorAction SilentlyContinue
            $again = 1..4 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_" } } | New-SeedanceVideo -Resume -ErrorVariable failures -ErrorAction SilentlyContinue
            $again | Should -HaveCount 3
            $first.TaskId | ForEach-Object { $_ | Should -BeIn $again.TaskId }
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.OutcomeUnknown,*'
            (Get-SandboxStats $server).postsReceived | Should -Be 4
            New-SeedanceVideo p3 -RetryUnknown | Should -HaveCount 1
        }

        It 'orders the same twice in a run once, with a warning' {
            'p', 'p' | New-SeedanceVideo -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 1
            "$warnings" | Should -Match '-Seed'
        }

        It 'is recalled from the journal with what it was' {
            $task = New-SeedanceVideo 'a walk in the park' -Name stroll
            $recalled = Get-SeedanceTask
            $recalled.TaskId | Should -Be $task.TaskId
            $recalled.Kind | Should -Be Video
            $recalled.Sources[0].Name | Should -Be stroll
        }

        It 'completes models, sizes and resolutions' {
            (TabExpansion2 'New-SeedanceVideo -Model doubao').CompletionMatches.CompletionText | Should -Contain doubao-seedance-2.0-face
            (TabExpansion2 'New-SeedanceVideo -Size 1').CompletionMatches.CompletionText | Should -Be 16:9, 1:1
            (TabExpansion2 'New-SeedanceVideo -Resolution 7').CompletionMatches.CompletionText | Should -Be 720p
        }
    }

    Context 'Save-SeedanceVideo' {
        BeforeEach { $folder = Join-Path $TestDrive ([guid]::NewGuid()) }

        It 'saves what was waited for, and gives the files out with their tasks' {
            $files = 'a', 'b', 'c' | New-SeedanceVideo | Wait-SeedanceTask -PollInterval 0.02 | Save-SeedanceVideo $folder
            $files | Should -HaveCount 3
            $files | ForEach-Object { $_ | Should -BeOfType IO.FileInfo }
            foreach ($file in $files) {
                $file.Length | Should -Be 262144
                $file.Name | Should -Be "$($file.Name[0])-$($file.TaskId).mp4"
                $file.PSParentPath | Should -Be (Get-Item $file).PSParentPath
            }

            (Get-ChildItem $folder).Name | Sort-Object | Should -Be ($files.Name | Sort-Object)
            $requests = Invoke-SandboxControl $server requests | Where-Object path -Like '/files/*'
            $requests | Should -HaveCount 3
            $requests.headers | ForEach-Object { $_.psobject.Properties.Name | Should -Not -Contain Authorization }
        }

        It 'gives a file out as Get-Item does' {
            $file = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02 | Save-SeedanceVideo $folder
            $file.PSPath | Should -Be (Get-Item $file).PSPath
            $file | Format-Table | Out-String | Should -Match '\b262144\b'
        }

        It 'goes on with a download that was cut at half, to the same bytes' {
            $task = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02
            $whole = $task | Save-SeedanceVideo $folder
            Add-SandboxFault $server @{ kind = 'truncated'; path = '/files/'; count = 1 }
            $file = $task | Save-SeedanceVideo (Join-Path $folder again.mp4)
            (Get-FileHash $file).Hash | Should -Be (Get-FileHash $whole).Hash
            (Invoke-SandboxControl $server requests)[-1].headers.Range | Should -Be 'bytes=131072-'
            Get-ChildItem $folder -Filter *.part* | Should -BeNullOrEmpty
        }

        It 'survives three breaks, and names the task when there is no end of them' {
            $task = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02
            Add-SandboxFault $server @{ kind = 'reset-before'; path = '/files/'; count = 3 }
            $task | Save-SeedanceVideo $folder | Should -HaveCount 1
            Add-SandboxFault $server @{ kind = 'reset-before'; path = '/files/' }
            $task | Save-SeedanceVideo $folder -Force -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.ConnectionFailed,*'
            "$($failures[0])" | Should -Match $task.TaskId
            $failures[0].TargetObject.TaskId | Should -Be $task.TaskId
        }

        It 'by Ctrl+C stops at once and keeps what came' {
            $task = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02
            $whole = $task | Save-SeedanceVideo $folder
            Add-SandboxFault $server @{ kind = 'stalled'; path = '/files/'; count = 1 }
            $target = Join-Path $folder stopped.mp4
            $run = Start-InSession { Connect-Seedance sk-x -BaseUri $server.BaseUri -NoJournal; Save-SeedanceVideo -TaskId $id -Destination $target } @{ server = $server; id = $task.TaskId; target = $target }
            try {
                Wait-Until { (Get-Item "$target.part" -ErrorAction Ignore).Length -eq 131072 } 'half of the video has come'
                Stop-InSession $run
                $run.Shell.InvocationStateInfo.State | Should -Be Stopped
                (Get-Item "$target.part").Length | Should -Be 131072
                $target | Should -Not -Exist
            }
            finally {
                Close-Session $run
            }

            $file = $task | Save-SeedanceVideo $target
            (Get-FileHash $file).Hash | Should -Be (Get-FileHash $whole).Hash
            $continued = @(Get-SandboxRequest $server GET | Where-Object { $_.path -eq "/files/$($task.TaskId).mp4" -and $_.headers.Range })
            $continued.headers.Range | Should -Be 'bytes=131072-'
            Get-ChildItem $folder -Filter *.part* | Should -BeNullOrEmpty
        }

        It 'overwrites nothing without -Force' {
            $task = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02
            $file = $task | Save-SeedanceVideo $folder
            Set-Content $file mine
            $task | Save-SeedanceVideo $folder -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.AlreadyExists,*'
            $failures[0].CategoryInfo.Category | Should -Be ResourceExists
            Get-Content $file | Should -Be mine
            ($task | Save-SeedanceVideo $folder -Force).Length | Should -Be 262144
        }

        It 'tells of a destination that cannot be written' {
            $task = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02
            $task | Save-SeedanceVideo "$PSCommandPath/sub/" -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.FileUnavailable,*'
            { $task | Save-SeedanceVideo env:x } | Should -Throw -ErrorId 'Seedance.InvalidInput,*'
        }

        It 'names the task of a link that has expired' {
            $short = Start-SandboxServer '--video', '1ms', '--video-lifetime', '1ms'
            try {
                Connect-TestServer $short
                $task = New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02
                $task | Save-SeedanceVideo $folder -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.NotFound,*'
                "$($failures[0])" | Should -Match "task $($task.TaskId)"
                Read-Failure $failures[0] | Should -Match "Get-SeedanceTask -TaskId $($task.TaskId)"
            }
            finally {
                Stop-SandboxServer $short
            }
        }

        It 'saves the pictures with -IncludeThumbnail' {
            $names = (New-SeedanceVideo a -ReturnLastFrame | Wait-SeedanceTask -PollInterval 0.02 | Save-SeedanceVideo $folder -IncludeThumbnail).Name
            $names | Should -HaveCount 3
            $names[1] | Should -BeLike '*-thumbnail.jpg'
            $names[2] | Should -BeLike '*-last-frame.png'
        }

        It 'takes tasks of the journal, and ids' {
            $id = (New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02).TaskId
            Get-SeedanceTask -Status Completed | Save-SeedanceVideo $folder | Should -HaveCount 1
            (Save-SeedanceVideo -TaskId $id -Destination $folder -Force).TaskId | Should -Be $id
        }

        It 'names files by a template of what was kept, and leaves those alone that are there' {
            $rows = 'Prompt,Scene', 'a,1/one', 'b,two' | ConvertFrom-Csv
            $tasks = $rows | New-SeedanceVideo -KeepProperty Scene | Wait-SeedanceTask -PollInterval 0.02
            ($tasks | Save-SeedanceVideo $folder -NameTemplate '{Scene}-{Name}').Name | Sort-Object | Should -Be 1_one-a.mp4, two-b.mp4
            Set-Content "$folder/two-b.mp4" mine
            $files = $tasks | Save-SeedanceVideo $folder -NameTemplate '{Scene}-{Name}' -SkipExisting
            $files.Name | Sort-Object | Should -Be 1_one-a.mp4, two-b.mp4
            $files.TaskId | Sort-Object | Should -Be ($tasks.TaskId | Sort-Object)
            Get-Content "$folder/two-b.mp4" | Should -Be mine
            $tasks | Save-SeedanceVideo $folder -NameTemplate '{Nothing}' -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            Read-Failure $failures[0] | Should -Match '\{Scene\}'
        }

        It 'tells why there is no video' {
            $null = New-SeedanceVideo 'reject this' | Wait-SeedanceTask -PollInterval 0.02 | Save-SeedanceVideo $folder -ErrorVariable failures -ErrorAction SilentlyContinue
            "$($failures[0])" | Should -Match 'ended without a video: task_failed'
        }

        It 'shows bytes and speed' {
            $run = Start-InSession { Connect-Seedance sk-x -BaseUri $server.BaseUri -NoJournal; New-SeedanceVideo a | Wait-SeedanceTask -PollInterval 0.02 | Save-SeedanceVideo $folder } @{ server = $server; folder = $folder }
            try {
                $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue
                $progress = @($run.Shell.Streams.Progress | Where-Object Activity -Like 'Saving a-*.mp4')
                $progress[-1].RecordType | Should -Be Completed
                $progress[-1].StatusDescription | Should -Match '^0\.3 of 0\.3 MB, [\d.]+ MB/s$'
            }
            finally {
                Close-Session $run
            }
        }
    }

    Context 'the how-to' {
        It 'takes a folder of pictures and a CSV of prompts to a folder of videos, and does nothing twice' {
            $pictures = New-Item -ItemType Directory (Join-Path $TestDrive pictures)
            foreach ($name in 'ann.png', 'bob.png', 'reject-cid.png') { $null = New-TestPicture "$pictures/$name" }
            $null = New-TestPicture "$pictures/wide.png" 10000 10
            Set-Content "$pictures/text.png" 'no picture'
            $prompts = Join-Path $TestDrive prompts.csv
            'Picture,Prompt,Duration', 'ann.png,She turns her head,5', 'ann.png,She walks away,8', 'bob.png,He looks up,', 'reject-cid.png,Never made,',
            'wide.png,Never sent,', 'text.png,Never sent either,', 'none.png,Not there,' | Set-Content $prompts
            $journal = Join-Path $TestDrive how-to.jsonl
            $example = Resolve-Path "$PSScriptRoot/../../examples/Convert-PicturesToVideos.ps1"
            $script = "Import-Module '$ModuleManifest'; Connect-Seedance sk-x -BaseUri $($server.BaseUri) -JournalPath '$journal'; & '$example' -Pictures '$pictures' -Prompts '$prompts' -Destination '$TestDrive/videos' | ForEach-Object Name"

            $first = Invoke-InProcess $script
            $first.Error | Should -BeNullOrEmpty
            $videos = Get-ChildItem "$TestDrive/videos"
            $videos | Should -HaveCount 3
            $videos.Name -replace '-task_.*' | Sort-Object | Should -Be ann, ann, bob
            $videos | ForEach-Object Length | Should -Be 262144, 262144, 262144
            foreach ($said in 'wide.png', 'text.png', 'none.png', 'reject-cid.png') { $first.Output | Should -Match "WARNING:.*$said" }
            $orders = Get-Order
            $orders.prompt | Sort-Object | Should -Be 'He looks up', 'She turns her head', 'She walks away'
            ($orders | Where-Object prompt -EQ 'She walks away').duration | Should -Be 8

            $posts = (Get-SandboxStats $server).postsReceived
            $downloads = @(Invoke-SandboxControl $server requests | Where-Object path -Like '/files/*').Count
            (Invoke-InProcess $script).Error | Should -BeNullOrEmpty
            (Get-SandboxStats $server).postsReceived | Should -Be $posts
            @(Invoke-SandboxControl $server requests | Where-Object path -Like '/files/*').Count | Should -Be $downloads
        }
    }
}
