Describe 'Views' {
    BeforeDiscovery {
        $types = 'Seedance.SeedanceTask', 'Seedance.SeedanceAsset', 'Seedance.AvatarGroup', 'Seedance.SeedanceConnection', 'Seedance.TaskError', 'Seedance.SeedanceVideo', 'Seedance.AssetSource',
            'Seedance.IdentitySession', 'Seedance.Balance', 'Seedance.UploadedImage', 'Seedance.AssetCheck', 'Seedance.Run', 'Seedance.Usage', 'Seedance.ConnectionTest', 'Seedance.JournalChange'
    }

    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer '--review', '20ms', '--language', 'en'
        Connect-TestServer $server
        $task = 'Url,Name', 'https://example.com/ann.png,ann', 'https://example.com/reject.png,bob', 'https://example.com/no-name.png,' |
            ConvertFrom-Csv | Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup spring-cast -Description 'a cast') -RunName 'spring cast of 2026, second night' | Wait-SeedanceTask -PollInterval 0.02
        $ordered = New-SeedanceVideo 'A boat' -Name boat -Duration 5 -RunName films
        $video = $ordered | Wait-SeedanceTask -PollInterval 0.02
        $samples = @{
            'Seedance.SeedanceTask'       = $task
            'Seedance.SeedanceAsset'      = $task.Assets
            'Seedance.AvatarGroup'        = $task.Group
            'Seedance.SeedanceConnection' = Get-SeedanceConnection
            'Seedance.TaskError'          = $task.Error
            'Seedance.AssetSource'        = $task.Sources
            'Seedance.AssetCheck'         = 'Url,Name', 'https://example.com/a.png,ann', 'here.png,bob' | ConvertFrom-Csv | Test-SeedanceAsset
            'Seedance.Run'                = Get-SeedanceRun
            'Seedance.Usage'              = Get-SeedanceUsage
            'Seedance.ConnectionTest'     = Test-SeedanceConnection
        }
        $library = $task.GetType().Assembly
        foreach ($name in 'Seedance.SeedanceVideo', 'Seedance.IdentitySession', 'Seedance.Balance', 'Seedance.UploadedImage') {
            $samples.$name = [Activator]::CreateInstance($library.GetType($name))
        }

        $samples.'Seedance.JournalChange' = @{ Change = 'StatusChanged'; Name = 'ann'; AssetId = 'asset_1'; GroupName = 'spring-cast'; Before = 'Active'; After = 'Failed'; Message = 'It failed.' } -as $library.GetType('Seedance.JournalChange')

        function Show-Plain($What, [int] $Width = 100) {
            $before = $PSStyle.OutputRendering
            $PSStyle.OutputRendering = 'PlainText'
            try { $What | Out-String -Width $Width } finally { $PSStyle.OutputRendering = $before }
        }
    }

    AfterAll {
        Disconnect-Seedance
        Stop-SandboxServer $server
    }

    It '<_> goes into a CSV as values, not as names of types' -ForEach $types {
        $samples[$_] | ConvertTo-Csv | Should -Not -Match '"(System|Seedance)\.\w+'
    }

    It 'a task says in a CSV which assets it has' {
        $cells = $task | ConvertTo-Csv | ConvertFrom-Csv
        $cells.UsableAssets | Should -Be ($task.UsableAssets.AssetUrl -join '; ')
        $cells.FailedAssets | Should -Be $task.FailedAssets[0].AssetUrl
        $cells.Sources | Should -Match 'ann.*bob.*no-name'
    }

    It 'are a table and a list for <_>' -ForEach $types {
        $views = (Get-FormatData $_ -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition
        $views.Control.ForEach({ $_.GetType().Name }) | Sort-Object | Should -Be ListControl, TableControl
    }

    It 'are there for whatever a cmdlet gives out' {
        $ours = (Get-Command -Module Seedance).OutputType.Name | Where-Object { $_ -like 'Seedance.*' } | Sort-Object -Unique
        $ours.Count | Should -BeGreaterThan 10
        foreach ($type in $ours) { Get-FormatData $type -PowerShellVersion $PSVersionTable.PSVersion | Should -Not -BeNullOrEmpty -Because "$type has no view" }
    }

    It 'show no property that its type does not have' {
        $module = Split-Path $ModuleManifest
        $asked = @{}
        foreach ($view in ([xml](Get-Content "$module/Seedance.Format.ps1xml" -Raw)).SelectNodes('//View')) {
            foreach ($node in $view.SelectNodes('.//PropertyName | .//ScriptBlock')) {
                $names = $node.LocalName -eq 'PropertyName' ? $node.InnerText : [regex]::Matches($node.InnerText, '\$_\.(\w+)').ForEach{ $_.Groups[1].Value }
                $view.SelectNodes('ViewSelectedBy/TypeName').ForEach{ $asked[$_.InnerText] += @($names) }
            }
        }

        foreach ($type in ([xml](Get-Content "$module/Seedance.Types.ps1xml" -Raw)).SelectNodes('//Type')) {
            $asked[$type.Name] += @($type.SelectNodes('.//ReferencedProperties/Name').InnerText | Where-Object { $_ })
        }

        $asked.Count | Should -BeGreaterThan 10
        foreach ($name in $asked.Keys) {
            $type = $library.GetType($name)
            $there = @($type.GetProperties().Name) + @((Get-TypeData $name).Members.Keys) + @($type.GetMethods().Name)
            $asked[$name] | Sort-Object -Unique | ForEach-Object { $_ | Should -BeIn $there -Because "$name is shown with $_" }
        }
    }

    It 'fit 80 columns as tables, with every column and no heading broken up: <_>' -ForEach $types {
        $text = Show-Plain ($samples[$_] | Format-Table) 80
        $text -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        $table = (Get-FormatData $_ -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition.Control | Where-Object { $_.GetType().Name -eq 'TableControl' }
        $text | Should -MatchExactly "(?m)^ *$($table.Headers.Label -join ' +') *\r?$"
    }

    It 'give what is long the room that a wide window has' {
        Show-Plain (Get-SeedanceRun) 120 | Should -Match '(?m) spring cast of 2026, second night *\r?$'
        Show-Plain (Get-SeedanceRun) 80 | Should -Not -Match 'spring cast of 2026, second night'
    }

    It 'have no script that fails, which a table would pass over in silence' {
        [xml] $file = Get-Content -Raw (Join-Path (Split-Path $ModuleManifest) Seedance.Format.ps1xml)
        foreach ($node in $file.SelectNodes('//ViewSelectedBy/TypeName')) {
            $script = $node.SelectNodes('../..//ScriptBlock').InnerText
            foreach ($text in $script) {
                foreach ($sample in $samples[$node.InnerText]) {
                    $fault = $null
                    try { $null = $sample | ForEach-Object ([scriptblock]::Create($text)) -ErrorAction Stop } catch { $fault = $_ }
                    $fault | Should -BeNullOrEmpty -Because "of $($node.InnerText): $text"
                }
            }
        }
    }

    It 'show of a task its id, status, what came of it, and what it is called' {
        Show-Plain $task 80 | Should -Match "(?m)^$($task.TaskId) +Failed +2 usable, 1 failed +spring-cast\r?$"
        Show-Plain $ordered 80 | Should -Match "(?m)^$($ordered.TaskId) +Pending +video, 0 % +boat\r?$"
        $price = $video.Cost.ToString('0.00##', [cultureinfo]::InvariantCulture)
        Show-Plain $video 80 | Should -Match "(?m)^$($video.TaskId) +Completed +video, USD $price +boat\r?$"
    }

    It 'count the hours of a run that took more than a day' {
        $run = @{ RunId = 'r'; Duration = [timespan]'1.06:05:04' } -as $samples.'Seedance.Run'[0].GetType()
        Show-Plain $run 80 | Should -Match ' 30:05:04 '
    }

    It 'say of usage which days, what was paid and for what' {
        $usage = Get-SeedanceUsage -GroupBy Model
        Show-Plain $usage 80 | Should -Match "(?m)^$($usage[0].FirstDay.ToString('yyyy-MM-dd')) $($usage[0].LastDay.ToString('yyyy-MM-dd')) +$($usage[0].Amount.ToString('0.00##', [cultureinfo]::InvariantCulture)) .* $($usage[0].Model)\r?$"
    }

    It 'say of a connection that is tested whether it is ready, and what is not' {
        Show-Plain (Test-SeedanceConnection) 80 | Should -Match '(?m)^IsReady +: True'
        $test = @{ BaseUri = 'https://x.test/'; AccountName = 'a'; Problems = [string[]] ('The key is refused.', 'Nothing is recorded.') } -as $samples.'Seedance.ConnectionTest'.GetType()
        Show-Plain $test 80 | Should -Match '(?ms)^IsReady +: False.*^Problems +: The key is refused\.\r?\n +Nothing is recorded\.'
    }

    It 'show of an asset without a name the file it came from' {
        $unnamed = 'https://example.com/cast/no-name.png?x=1' | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
        Show-Plain $unnamed.Assets | Should -Match '(?m)^asset://.* no-name.png\r?$'
    }

    It 'do not shorten an id that is long' {
        $long = [pscustomobject]@{ PSTypeName = 'Seedance.SeedanceTask'; TaskId = 'task_' + 'x' * 60; Kind = 'IdentitySession'; Status = 'Processing'; Progress = 5; UsableAssets = @(); FailedAssets = @() }
        (Show-Plain $long) -replace '[^x]' | Should -BeExactly ('x' * 60)
    }

    It 'show of a task as a list what matters, in local time, without the raw answer' {
        $text = Show-Plain ($task | Format-List)
        $text | Should -Match '(?m)^Status +: Failed'
        $text | Should -Match '(?m)^Group +: spring-cast'
        $text | Should -Match "(?m)^CreatedAt +: $([regex]::Escape($task.CreatedAt.LocalDateTime.ToString('g')))"
        $text | Should -Match '(?m)^Error +: \S'
        $text | Should -Not -Match 'RawJson|raw_response'
    }

    It 'hide nothing from Format-List *, which is for looking inside' {
        Show-Plain ($task | Format-List *) | Should -Match 'RawJson'
    }

    It 'leave the raw answer, and what a video is made of, out of whatever has no view' {
        Show-Plain ($task | Format-Custom) | Should -Match 'TaskId'
        Show-Plain ($task | Format-Custom) | Should -Not -Match 'RawJson'
        $null = New-SeedanceVideo 'A boat' -Duration 99 -ErrorVariable refused -ErrorAction SilentlyContinue
        Show-Plain $refused.TargetObject | Should -Match '(?m)^Prompt +: A boat'
        Show-Plain $refused.TargetObject | Should -Not -Match 'ReferenceAudios'
    }

    It 'show a connection as a list' {
        Show-Plain (Get-SeedanceConnection) | Should -Match '(?m)^RequestsPerSecond +: 10000'
    }

    Context 'colour' {
        BeforeAll {
            $script = "Import-Module '$ModuleManifest'; Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal; {0}; 'https://example.com/a.png' | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 {1}"
            $green = [regex]::Escape("`e[32mCompleted`e[0m")
        }

        It 'marks a status where it is asked for' {
            (Invoke-InProcess ($script -f '$PSStyle.OutputRendering = "Ansi"', '')).Output | Should -Match $green
        }

        It 'is not written into a pipe or a file' {
            (Invoke-InProcess ($script -f '', '')).Output | Should -Not -Match $green
            $file = Join-Path $TestDrive out.txt
            $null = Invoke-InProcess ($script -f '', "> '$file'")
            Get-Content $file -Raw | Should -Match 'Completed'
            Get-Content $file -Raw | Should -Not -Match "`e"
        }

        It 'is not used under NO_COLOR' {
            $output = (Invoke-InProcess ($script -f '', '') @{ NO_COLOR = '1' }).Output
            $output | Should -Match 'Completed'
            $output | Should -Not -Match "`e\["
        }

        It 'is not part of the object' {
            $task.Status.ToString() | Should -BeExactly Failed
            $task | Select-Object Status | ConvertTo-Csv | Should -Not -Match "`e"
        }
    }
}
