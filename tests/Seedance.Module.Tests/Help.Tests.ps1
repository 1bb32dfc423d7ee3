Describe 'The help' {
    BeforeDiscovery {
        . "$PSScriptRoot/ExampleFolder.ps1"
        $docs = Join-Path $PSScriptRoot ../../docs
        $cmdlets = (Import-PowerShellDataFile "$PSScriptRoot/../../Seedance.psd1").CmdletsToExport
        $examples = $cmdlets | ForEach-Object { Join-Path $docs "cmdlets/$_.md" } | Where-Object { Test-Path $_ } | ForEach-Object { Read-CodeBlock $_ } |
            ForEach-Object { @{ Cmdlet = $_.Page; Title = $_.Heading; Code = $_.Code } }
        $topics = 'about_Seedance', 'about_Seedance_Pipeline', 'about_Seedance_Reliability'
    }

    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        . "$PSScriptRoot/ExampleFolder.ps1"
        $docs = (Resolve-Path "$PSScriptRoot/../../docs").ProviderPath
        $moduleFolder = Split-Path $ModuleManifest
        $common = [Management.Automation.Cmdlet]::CommonParameters
        $cmdlets = (Import-PowerShellDataFile "$PSScriptRoot/../../Seedance.psd1").CmdletsToExport
        $topics = (Get-ChildItem "$docs/about" -Filter about_*.md).BaseName
    }

    It 'of <_> says what it does, what it takes and what it gives' -ForEach $cmdlets {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Match '^[A-Z].+\.$'
        ($help.description.Text -join ' ').Length | Should -BeGreaterThan 80
        "$($help.inputTypes.inputType.type.name)" | Should -Not -BeNullOrEmpty
        "$($help.returnValues.returnValue.type.name)" | Should -Not -BeNullOrEmpty
        $help.relatedLinks.navigationLink | Should -Not -BeNullOrEmpty
        ($help | Out-String) | Should -Not -Match '\{\{'
    }

    It 'of <_> describes every parameter' -ForEach $cmdlets {
        $command = Get-Command $_ -Module Seedance
        $described = @{}
        Get-Help $_ -Parameter * -ErrorAction Ignore | ForEach-Object { $described[$_.name] = $_ }
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common) {
            "$($described[$parameter.Name].description.Text)" | Should -Match '^.{12,}\.$' -Because "$_ -$($parameter.Name) is to be told"
            $described[$parameter.Name].type.name | Should -BeExactly $parameter.ParameterType.ToString() -Because "that is the type of $_ -$($parameter.Name)"
            $described[$parameter.Name].aliases | Should -BeExactly ($parameter.Aliases.Count ? $parameter.Aliases -join ', ' : 'none')
        }

        $described.Keys | Where-Object { $_ -notin $command.Parameters.Keys } | Should -BeNullOrEmpty -Because 'what is described exists'
    }

    It 'of <_> shows the sets of parameters that there are' -ForEach $cmdlets {
        $shown = (Get-Help $_ -Full).syntax.syntaxItem | ForEach-Object { ($_.parameter.name | Sort-Object) -join ' ' }
        $bound = (Get-Command $_ -Module Seedance).ParameterSets | ForEach-Object { ($_.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' }
        $shown | Sort-Object | Should -BeExactly ($bound | Sort-Object)
    }

    It 'of <_> has three examples or more, the same as its page' -ForEach $cmdlets {
        $shown = @((Get-Help $_ -Full).examples.example)
        $written = @(Read-CodeBlock "$docs/cmdlets/$_.md")
        $shown.Count | Should -BeGreaterOrEqual 3
        $shown.code -replace '\r\n', "`n" | Should -BeExactly $written.Code
        $shown.title.Trim('- ') | Should -BeExactly $written.Heading
        foreach ($example in $shown) { "$($example.remarks.Text)".Trim() | Should -Not -BeNullOrEmpty }
    }

    It 'links from <_> to what there is' -ForEach $cmdlets {
        foreach ($link in (Get-Help $_ -Full).relatedLinks.navigationLink.linkText | Where-Object { $_ -ne 'Online Version' }) {
            ($link -like 'about_*' ? (Test-Path "$moduleFolder/en-US/$link.help.txt") : [bool](Get-Command $link -Module Seedance -ErrorAction Ignore)) | Should -BeTrue -Because "$_ links to $link"
        }
    }

    It 'has the topic <_>' -ForEach $topics {
        $text = Get-Help $_ | Out-String
        $text | Should -Match "(?m)^TOPIC\s+$_\b"
        (Get-Content "$moduleFolder/en-US/$_.help.txt" | Where-Object { $_ -notmatch '^ {8}' } | ForEach-Object Length | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 80
        [regex]::Matches($text, '\b[A-Z]\w+-Seedance\w*').Value | Sort-Object -Unique | ForEach-Object { Get-Command $_ -Module Seedance -ErrorAction Stop }
    }

    It 'tells of each topic in one line what it is about' {
        $listed = Get-Help 'about_Seedance*'
        $listed.Name | Sort-Object | Should -Be ($topics | Sort-Object)
        foreach ($topic in $listed) { $topic.Synopsis | Should -Match '^[A-Z].{20,75}\.$' -Because "$($topic.Name) is chosen from a list" }
    }

    It 'opens the page of each cmdlet online, once the project has an address' {
        if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -GE '1.0')) {
            Set-ItResult -Skipped -Because 'Microsoft.PowerShell.PlatyPS 1.0 is not installed (Install-PSResource Microsoft.PowerShell.PlatyPS)'
            return
        }

        $copy = New-Item -ItemType Directory (Join-Path $TestDrive online)
        Copy-Item $moduleFolder $copy -Recurse
        $manifest = Join-Path $copy Seedance/Seedance.psd1
        (Get-Content $manifest -Raw) -replace '(?m)^ +LicenseUri', "ProjectUri = 'https://example.com/seedance'; LicenseUri" | Set-Content $manifest
        $made = Invoke-InProcess "& '$docs/Build-Help.ps1' -Module '$manifest' -Destination '$copy'"
        $made.Error | Should -BeNullOrEmpty
        Copy-Item "$copy/en-US/*" "$copy/Seedance/en-US"
        $read = Invoke-InProcess "Import-Module '$manifest'; Get-Command -Module Seedance | ForEach-Object { (Get-Help `$_.Name).relatedLinks.navigationLink[0].uri }"
        $version = (Import-PowerShellDataFile $manifest).ModuleVersion
        $read.Output.Trim() -split '\s+' | Should -Be ($cmdlets | ForEach-Object { "https://example.com/seedance/blob/v$version/docs/cmdlets/$_.md" })
    }

    It 'names no address for -Online as long as the project has none' {
        $projectUri = (Import-PowerShellDataFile $ModuleManifest).PrivateData.PSData['ProjectUri']
        foreach ($cmdlet in $cmdlets) {
            $online = (Get-Help $cmdlet).relatedLinks.navigationLink.uri | Where-Object { $_ -like 'https:*' }
            [bool]$online | Should -Be ([bool]$projectUri)
        }
    }

    It 'is what the pages make of it' {
        if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -GE '1.0')) {
            Set-ItResult -Skipped -Because 'Microsoft.PowerShell.PlatyPS 1.0 is not installed (Install-PSResource Microsoft.PowerShell.PlatyPS)'
            return
        }

        $made = Invoke-InProcess "& '$docs/Build-Help.ps1' -Module '$ModuleManifest' -Destination '$TestDrive'"
        $made.Error | Should -BeNullOrEmpty
        $root = Split-Path $docs
        foreach ($file in Get-ChildItem $TestDrive/docs/cmdlets, $TestDrive/en-US -File) {
            $committed = Join-Path $root ([IO.Path]::GetRelativePath("$TestDrive", $file.FullName))
            $committed | Should -Exist
            (Get-Content $file -Raw) -ceq (Get-Content $committed -Raw) | Should -BeTrue -Because "$($file.Name) is up to date; otherwise run build.ps1 -Task Help"
            if ($file.Directory.Name -eq 'en-US') {
                (Get-Content $file -Raw) -ceq (Get-Content "$moduleFolder/en-US/$($file.Name)" -Raw) | Should -BeTrue -Because "$($file.Name) is in the module"
            }
        }
    }

    Context 'the examples' {
        BeforeAll {
            $server = Start-SandboxServer '--review', '10ms', '--video', '10ms', '--person-after', '0s'
            $database = Start-PostgreSqlServer
            if ($database) { $null = Install-SeedanceJournal "postgresql://owner@$($database.Host)/seedance" -RunnerRole runner }
            $folder = New-ExampleFolder
            $seed = Join-Path $TestDrive seed.jsonl
            Connect-Seedance sk-test -BaseUri $server.BaseUri -JournalPath $seed
            $groupId = @(Import-Csv "$folder/assets.csv" | Submit-SeedanceAsset -Group earlier | Wait-SeedanceTask -PollInterval 0.02)[0].GroupId
            Disconnect-Seedance
        }

        AfterAll {
            Stop-SandboxServer $server
            Stop-PostgreSqlServer $database
        }

        It '<Cmdlet>, <Title>, runs' -ForEach $examples {
            # The id in the examples is made up; on the server there is another.
            $own = Use-ExampleDatabase ($Code -replace 'group-\d{8}-\w{4}', $groupId) $database
            if (-not $own) {
                Set-ItResult -Skipped -Because $NoPostgreSql
                return
            }

            $run = Invoke-Example $own (New-ExampleFolder) $server $seed
            $run.Errors | Should -BeNullOrEmpty
            $Code | Should -Match $Cmdlet
        }
    }
}
