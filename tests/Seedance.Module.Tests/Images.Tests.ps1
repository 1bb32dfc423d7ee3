Describe 'Pictures on this machine' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/TestPictures.ps1"
        $server = Start-SandboxServer

        function Get-Path([string] $Method = 'POST') { (Invoke-SandboxControl $server requests | Where-Object method -EQ $Method).path }
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach {
        Reset-Sandbox $server
        Connect-TestServer $server
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Push-Location $folder
    }

    AfterEach {
        Pop-Location
        Disconnect-Seedance
    }

    Context 'Send-SeedanceImage' {
        It 'gives out an address that anybody can fetch the picture from, for 72 hours' {
            $file = New-TestPicture "$folder/ann.png"
            $image = Send-SeedanceImage ann.png
            $image.pstypenames[0] | Should -Be Seedance.UploadedImage
            $image.Path | Should -Be $file.FullName
            $image.ContentType | Should -Be image/png
            "$($image.Width) x $($image.Height)" | Should -Be '640 x 480'
            $image.ExpiresAt - $image.CreatedAt | Should -Be ([timespan]'3.00:00:00')
            $back = Join-Path $folder back
            Invoke-WebRequest $image.Url -OutFile $back
            (Get-FileHash $back).Hash | Should -Be (Get-FileHash $file).Hash
        }

        It 'takes <How>' -ForEach @(
            @{ How = 'wildcards'; Send = { Send-SeedanceImage *.png } }
            @{ How = 'several paths'; Send = { Send-SeedanceImage a.png, b.png } }
            @{ How = 'files'; Send = { Get-ChildItem *.png | Send-SeedanceImage } }
            @{ How = 'names'; Send = { 'a.png', 'b.png' | Send-SeedanceImage } }
            @{ How = 'a column Path'; Send = { 'Path', 'a.png', 'b.png' | ConvertFrom-Csv | Send-SeedanceImage } }
            @{ How = '-LiteralPath'; Send = { Send-SeedanceImage -LiteralPath a.png, b.png } }
        ) {
            $null = New-TestPicture "$folder/a.png"
            $null = New-TestPicture "$folder/b.png"
            Set-Content notes.txt 'none of these'
            (& $Send).FileName | Sort-Object | Should -Be a.png, b.png
            Get-Path | Should -Be /v1/uploads/images, /v1/uploads/images
        }

        It 'takes a name with brackets as it is' {
            $null = New-TestPicture "$folder/a[1].png"
            (Send-SeedanceImage 'a[1].png').FileName | Should -Be 'a[1].png'
            (Get-ChildItem -LiteralPath "$folder/a[1].png" | Send-SeedanceImage -Force).FileName | Should -Be 'a[1].png'
        }

        It 'uploads a picture that is still there only with -Force' {
            $null = New-TestPicture "$folder/a.png"
            $first = Send-SeedanceImage a.png
            Copy-Item a.png other.png
            $again = Send-SeedanceImage other.png
            $again.Url | Should -Be $first.Url
            $again.IsReused | Should -BeTrue
            (Send-SeedanceImage a.png -Force).Url | Should -Not -Be $first.Url
            (Get-SandboxStats $server).postsAccepted | Should -Be 2
        }

        It 'sends nothing with -WhatIf' {
            $null = New-TestPicture "$folder/a.png"
            Send-SeedanceImage a.png -WhatIf | Should -BeNullOrEmpty
            (Get-SandboxStats $server).postsReceived | Should -Be 0
        }

        It 'tells of <What> in one error, and sends the rest' -ForEach @(
            @{ What = 'a missing file'; Make = { }; Said = 'there is no file' }
            @{ What = 'a folder'; Make = { New-Item -ItemType Directory bad.png }; Said = 'is a folder' }
            @{ What = 'a text called a picture'; Make = { Set-Content bad.png 'hello' }; Said = 'is no picture' }
            @{ What = 'an empty picture'; Make = { New-Item bad.png }; Said = 'is empty' }
            @{ What = 'a picture of 21 MB'; Make = { New-TestPicture "$folder/bad.png" -Size 21MB }; Said = '21 MB; at most 20 MB' }
        ) {
            $null = & $Make
            $null = New-TestPicture "$folder/good.png"
            $images = Send-SeedanceImage bad.png, good.png -ErrorVariable failures -ErrorAction SilentlyContinue
            $images.FileName | Should -Be good.png
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
            "$($failures[0])" | Should -Match $Said
            $failures[0].TargetObject | Should -Be (Join-Path $folder bad.png)
        }

        It 'names the picture that the server refuses' {
            $null = New-TestPicture "$folder/a.png"
            Add-SandboxFault $server @{ kind = 'status'; status = 413 }
            Send-SeedanceImage a.png -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$($failures[0])" | Should -BeLike "'*a.png' was not uploaded: * answered with 413*"
            Read-Failure $failures[0] | Should -Match 'send the picture again'
        }

        It 'warns of a picture that no review would take' {
            $null = New-TestPicture "$folder/wide.png" 10000 10
            Send-SeedanceImage wide.png -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 1
            "$warnings" | Should -Match '10000 x 10 pixels'
        }

        It 'tells of a place that has no files' {
            Send-SeedanceImage env:PATH -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Seedance.InvalidInput,*'
        }

        It 'shows progress' {
            $null = New-TestPicture "$folder/a.png" -Size 5MB
            $run = Start-InSession { Connect-Seedance sk-x -BaseUri $server.BaseUri -NoJournal; Send-SeedanceImage $path } @{ server = $server; path = "$folder/a.png" }
            try {
                $run.Pending.AsyncWaitHandle.WaitOne($Deadline * 1000) | Should -BeTrue
                $progress = @($run.Shell.Streams.Progress | Where-Object Activity -EQ 'Uploading a.png')
                $progress[-1].RecordType | Should -Be Completed
                $progress[-1].StatusDescription | Should -Be '5.2 of 5.2 MB'
            }
            finally {
                Close-Session $run
            }
        }
    }

    Context 'Submit-SeedanceAsset -Path' {
        It 'uploads and submits the address, from <How>' -ForEach @(
            @{ How = 'a CSV'; Submit = { 'Path,Name', 'a.png,ann', 'b.png,bob' | ConvertFrom-Csv | Submit-SeedanceAsset -Group g }; Names = 'ann', 'bob' }
            @{ How = 'files'; Submit = { Get-ChildItem *.png | Submit-SeedanceAsset -Group g }; Names = 'a.png', 'b.png' }
            @{ How = 'wildcards'; Submit = { Submit-SeedanceAsset -Path *.png -Group g }; Names = 'a.png', 'b.png' }
        ) {
            $null = New-TestPicture "$folder/a.png"
            $null = New-TestPicture "$folder/b.png"
            $assets = & $Submit | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable
            $assets.Name | Sort-Object | Should -Be $Names
            $submitted = (Invoke-SandboxControl $server submissions | Where-Object path -Like '*avatar*').assets
            $submitted.url | Should -Match '/files/'
            $assets.SourceUrl | Sort-Object | Should -Be ($submitted.url | Sort-Object)
            (Invoke-WebRequest $submitted[0].url).StatusCode | Should -Be 200
        }

        It 'does not take the owner''s group of a file for the group of the asset' {
            $null = New-TestPicture "$folder/a.png"
            $task = Get-ChildItem "$folder/a.png" | Submit-SeedanceAsset
            $task.Group.Name | Should -Match '^seedance-\d{8}'
        }

        It 'takes what Send-SeedanceImage gave out by its address' {
            $null = New-TestPicture "$folder/a.png"
            $image = Send-SeedanceImage a.png
            ($image | Submit-SeedanceAsset -Group g).Sources[0].SourceUrl | Should -Be $image.Url
            (Get-SandboxStats $server).postsReceived | Should -Be 2
        }

        It 'does not upload again what is still there, nor submit again what was submitted' {
            $null = New-TestPicture "$folder/a.png"
            $first = Submit-SeedanceAsset -Path a.png -Group g
            $null = Submit-SeedanceAsset -Path a.png -Group other
            Get-Path | Where-Object { $_ -eq '/v1/uploads/images' } | Should -HaveCount 1
            Move-Item a.png b.png
            (Submit-SeedanceAsset -Path b.png -Group g -Resume).TaskId | Should -Be $first.TaskId
            (Get-SandboxStats $server).postsReceived | Should -Be 3
        }

        It 'tells of <What> in one error that names the row and the column' -ForEach @(
            @{ What = 'a missing file'; Row = @{ Path = 'none.png' }; Column = 'Path' }
            @{ What = 'a picture of 10,000 x 10'; Row = @{ Path = 'wide.png' }; Column = 'Path' }
            @{ What = 'a text'; Row = @{ Path = 'text.png' }; Column = 'Path' }
            @{ What = 'a Path and a Url'; Row = @{ Path = 'good.png'; Url = 'https://example.com/a.png' }; Column = 'Path' }
            @{ What = 'a clip'; Row = @{ Path = 'good.png'; AssetType = 'Video' }; Column = 'AssetType' }
        ) {
            $null = New-TestPicture "$folder/good.png"
            $null = New-TestPicture "$folder/wide.png" 10000 10
            Set-Content text.png hello
            $tasks = [pscustomobject]@{ Path = 'good.png' }, [pscustomobject]$Row | Submit-SeedanceAsset -Group g -ErrorVariable failures -ErrorAction SilentlyContinue
            $tasks.Sources.Count | Should -Be 1
            $failures | Should -HaveCount 1
            "$($failures[0])" | Should -MatchExactly "Row 2.*\b${Column}:"
        }

        It 'calls a file by its name as it is spelled' {
            Submit-SeedanceAsset -Path none.png -Group g -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$($failures[0])" | Should -BeLikeExactly "The asset 'none.png' was not sent: Path: there is no file '*none.png'*"
        }

        It 'takes valid rows from Test-SeedanceAsset with their whole addresses' {
            $null = New-TestPicture "$folder/a.png"
            $rows = 'Url,Path,Name', 'https://example.com/x.png?sig=1,,x', ',a.png,y', 'ftp://z,,z' | ConvertFrom-Csv
            $task = $rows | Test-SeedanceAsset | Where-Object IsValid | Submit-SeedanceAsset -Group g
            $task.Sources.Name | Should -Be x, y
            (Invoke-SandboxControl $server submissions)[-1].assets.url | Should -Contain 'https://example.com/x.png?sig=1'
        }
    }
}
