Describe 'Views' {
    BeforeDiscovery {
        $types = 'Seedance.SeedanceTask', 'Seedance.SeedanceAsset', 'Seedance.AvatarGroup', 'Seedance.SeedanceConnection', 'Seedance.TaskError', 'Seedance.SeedanceVideo', 'Seedance.AssetSource',
            'Seedance.IdentitySession', 'Seedance.Balance', 'Seedance.UploadedImage', 'Seedance.AssetCheck'
    }

    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer '--review', '20ms', '--language', 'en'
        Connect-TestServer $server
        $task = 'Url,Name', 'https://example.com/ann.png,ann', 'https://example.com/reject.png,bob', 'https://example.com/no-name.png,' |
            ConvertFrom-Csv | Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup spring-cast -Description 'a cast') | Wait-SeedanceTask -PollInterval 0.02
        $samples = @{
            'Seedance.SeedanceTask'       = $task
            'Seedance.SeedanceAsset'      = $task.Assets
            'Seedance.AvatarGroup'        = $task.Group
            'Seedance.SeedanceConnection' = Get-SeedanceConnection
            'Seedance.TaskError'          = $task.Error
            'Seedance.AssetSource'        = $task.Sources
            'Seedance.AssetCheck'         = 'Url,Name', 'https://example.com/a.png,ann', 'here.png,bob' | ConvertFrom-Csv | Test-SeedanceAsset
        }
        $library = $task.GetType().Assembly
        foreach ($name in 'Seedance.SeedanceVideo', 'Seedance.IdentitySession', 'Seedance.Balance', 'Seedance.UploadedImage') {
            $samples.$name = [Activator]::CreateInstance($library.GetType($name))
        }

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

    It 'fit 100 columns as tables, with every column: <_>' -ForEach $types {
        $text = Show-Plain ($samples[$_] | Format-Table)
        $text -split '\r?\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        $table = (Get-FormatData $_ -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition.Control | Where-Object { $_.GetType().Name -eq 'TableControl' }
        foreach ($header in $table.Headers.Label) { $text | Should -MatchExactly "(?m)^.*\b$header\b" }
    }

    It 'fit 80 columns, without a heading broken up: Seedance.SeedanceTask and SeedanceAsset' {
        Show-Plain $task 80 | Should -Match '(?m)^TaskId +Kind +Status +Progress Usable Failed\r?$'
        Show-Plain $task.Assets 80 | Should -Match '(?m)^Source +AssetUrl +Status Type +MatchedBy\r?$'
    }

    It 'show of a task its id, kind, status, progress and counts' {
        Show-Plain $task | Should -Match "(?m)^$($task.TaskId) +Asset +Failed +100 % +2 +1\r?$"
    }

    It 'show of an asset without a name the file it came from' {
        $unnamed = 'https://example.com/cast/no-name.png?x=1' | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02
        Show-Plain $unnamed.Assets | Should -Match '(?m)^no-name.png +asset://'
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
