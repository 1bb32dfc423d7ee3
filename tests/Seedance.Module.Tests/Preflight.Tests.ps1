Describe 'Test-SeedanceAsset' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/TestPictures.ps1"
    }

    It 'needs neither key nor network, and gives one check a row in their order' {
        $checks = 'Url,Name,AssetType', 'https://example.com/a.png,a,', 'ftp://example.com/b.png,b,', 'https://example.com/c.mp4,c,Image', 'https://example.com/a.png,d,', 'http://192.168.0.1/e.png,e,' |
            ConvertFrom-Csv | Test-SeedanceAsset
        $checks[0].pstypenames[0] | Should -Be Seedance.AssetCheck
        $checks.Row | Should -Be 1, 2, 3, 4, 5
        $checks.IsValid | Should -Be $true, $false, $false, $false, $false
        $checks[1].Problems.Column | Should -Be Url
        $checks[2].Problems.Column | Should -Be AssetType
        "$($checks[3].Problems)" | Should -Match 'repeats row 1'
        "$($checks[4].Problems)" | Should -Match 'private'
    }

    It 'tells all that is wrong with a row' {
        (Test-SeedanceAsset -Url ftp://x/y -Name ('n' * 65) -AssetType z).Problems.Column | Should -Be Url, Name, AssetType
    }

    It 'says of a row what a submission of it says' {
        $server = Start-SandboxServer
        try {
            Connect-TestServer $server
            foreach ($row in @{ Url = '' }, @{ Url = 'x' }, @{ Url = 'ftp://x/y' }, @{ Name = 'n' * 65 }, @{ AssetType = '1' }, @{ Group = 'g'; GroupId = 'h' }, @{ Url = ''; Path = '/none.png' }) {
                $row = New-Row 1 $row
                $null = $row | Submit-SeedanceAsset -ErrorVariable failure -ErrorAction SilentlyContinue
                foreach ($problem in ($row | Test-SeedanceAsset).Problems) {
                    "$($failure[0])" | Should -BeLike "*$([WildcardPattern]::Escape("$problem"))*"
                }
            }
        }
        finally {
            Disconnect-Seedance
            Stop-SandboxServer $server
        }
    }

    It 'looks into local pictures' {
        $file = New-TestPicture (Join-Path $TestDrive a.png) 800 600
        $wide = New-TestPicture (Join-Path $TestDrive wide.png) 10000 10
        Set-Content (Join-Path $TestDrive text.png) hello
        $checks = Get-ChildItem (Join-Path $TestDrive *.png) | Sort-Object Name | Test-SeedanceAsset
        $checks.IsValid | Should -Be $true, $false, $false
        "$($checks[0].Width) x $($checks[0].Height) $($checks[0].ContentType)" | Should -Be '800 x 600 image/png'
        $checks[0].Source | Should -Be $file.FullName
        $checks[2].Problems | Should -HaveCount 2
    }

    It 'shows no query' {
        $check = Test-SeedanceAsset 'https://example.com/a.mp4?sig=s3cret'
        $check | Format-List * -Force | Out-String | Should -Not -Match s3cret
        $check | ConvertTo-Json -Depth 10 | Should -Not -Match s3cret
    }

    Context '-Online' {
        BeforeAll {
            $server = Start-SandboxServer
            Connect-TestServer $server
            $null = New-TestPicture (Join-Path $TestDrive online.png)
            $image = Send-SeedanceImage (Join-Path $TestDrive online.png)
        }

        AfterAll {
            Disconnect-Seedance
            Stop-SandboxServer $server
        }

        It 'asks the address, without the key' {
            $check = Test-SeedanceAsset $image.Url -Online
            $check.IsValid | Should -BeTrue
            $check.ContentType | Should -Be image/png
            $check.Length | Should -Be 1000
            $head = Get-SandboxRequest $server HEAD
            $head.headers.psobject.Properties.Name | Should -Not -Contain Authorization
        }

        It 'tells what is not there' {
            "$((Test-SeedanceAsset "$($server.BaseUri)files/none.png" -Online).Problems)" | Should -Match 'answers with 404'
            "$((Test-SeedanceAsset 'http://127.0.0.1:1/none.png' -Online).Problems)" | Should -Match 'cannot be reached'
        }

        It 'tells what is of another kind' {
            "$((Test-SeedanceAsset ($image.Url + '?as=a') -AssetType Video -Online).Problems)" | Should -Match 'image/png, which is not taken as a Video'
        }

        It 'follows no redirect to a private address' {
            Add-SandboxFault $server @{ kind = 'redirect'; location = 'http://169.254.169.254/latest/meta-data'; path = '/files/redirected' }
            "$((Test-SeedanceAsset "$($server.BaseUri)files/redirected" -Online).Problems)" | Should -Match 'not one on the public internet'
        }

        It 'asks no private address' {
            "$((Test-SeedanceAsset 'http://10.0.0.1/a.png' -Online).Problems)" | Should -Match 'private'
        }

        It 'asks nothing on this machine for a connection that is not to it' {
            Connect-Seedance sk-x -BaseUri https://api.example.com -NoJournal
            try {
                $before = (Get-SandboxStats $server).getsReceived
                "$((Test-SeedanceAsset $image.Url -Online).Problems)" | Should -Match 'loopback'
                (Get-SandboxStats $server).getsReceived | Should -Be $before
            }
            finally {
                Connect-TestServer $server
            }
        }
    }
}
