# Objects that went through a file, a job or a wrapper are taken as the live ones are.

Describe 'Objects that travel' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer
        Connect-TestServer $server
        $task = 'https://example.com/a.png', 'https://example.com/reject.png' | Submit-SeedanceAsset -Group (New-SeedanceAvatarGroup cast -ProjectName film) -ProjectName film | Wait-SeedanceTask -PollInterval 0.02
        $group = New-SeedanceAvatarGroup -GroupId $task.GroupId -Name cast

        $ways = @{
            Clixml = { param($object) $object | Export-Clixml "$TestDrive/o.xml" -Depth 4; Import-Clixml "$TestDrive/o.xml" }
            JSON   = { param($object) $object | ConvertTo-Json -Depth 4 | ConvertFrom-Json }
            CSV    = { param($object) $object | ConvertTo-Csv | ConvertFrom-Csv }
            job    = { param($object) Start-Job { $using:object } | Receive-Job -Wait -AutoRemoveJob }
        }
    }

    AfterAll {
        Disconnect-Seedance
        Stop-SandboxServer $server
    }

    It 'a task by <Way>: its assets, a wait for it, a look at it' -ForEach @(@{ Way = 'Clixml' }, @{ Way = 'JSON' }, @{ Way = 'CSV' }, @{ Way = 'job' }) {
        $other = & $ways[$Way] $task
        ($other | Get-SeedanceAsset -Usable).AssetUrl | Should -Be ($task | Get-SeedanceAsset -Usable).AssetUrl
        ($other | Get-SeedanceAsset -Failed).AssetUrl | Should -Be ($task | Get-SeedanceAsset -Failed).AssetUrl
        (Get-SeedanceAsset -InputObject $other).Count | Should -Be 2
        ($other | Wait-SeedanceTask -PollInterval 0.02).TaskId | Should -Be $task.TaskId
        (Wait-SeedanceTask -InputObject $other -PollInterval 0.02).TaskId | Should -Be $task.TaskId
        ($other | Get-SeedanceTask).TaskId | Should -Be $task.TaskId
    }

    It 'a <_> with all that it says, and without the row as it came in, which may hold a signed address' -ForEach 'SeedanceAsset', 'AssetSource', 'VideoRequest' {
        $type = $task.GetType().Assembly.GetType("Seedance.$_")
        $set = (Get-TypeData $type.FullName).PropertySerializationSet.ReferencedProperties
        ($type.GetProperties() | Where-Object { $_.GetMethod.IsPublic }).Name | Sort-Object | Should -Be ($set | Sort-Object)
    }

    It 'a group by <Way>: as a parameter, in a row, and as input' -ForEach @(@{ Way = 'Clixml' }, @{ Way = 'JSON' }, @{ Way = 'CSV' }, @{ Way = 'job' }) {
        $other = & $ways[$Way] $group
        (Test-SeedanceAsset https://example.com/g.png -Group $other).ToRow().Group | Should -Be $group
        ([pscustomobject]@{ Url = 'https://example.com/g.png'; Group = $other } | Test-SeedanceAsset).ToRow().Group | Should -Be $group
        $other | New-SeedanceAvatarGroup | Should -Be $group
    }

    It 'an asset by <Way>: into a video, as input and as -Image' -ForEach @(@{ Way = 'Clixml' }, @{ Way = 'JSON' }, @{ Way = 'CSV' }, @{ Way = 'job' }) {
        $other = & $ways[$Way] ($task | Get-SeedanceAsset -Usable)
        Reset-Sandbox $server
        $null = $other | New-SeedanceVideo "piped by $Way"
        $null = New-SeedanceVideo "given by $Way" -Image $other
        (Get-SandboxRequest $server POST).json.image_urls | Should -Be (@(($task | Get-SeedanceAsset -Usable).AssetUrl) * 2)
    }

    It 'a proxy function takes a name as -Group, a number as seconds, and rows' {
        Set-Content function:Submit-It ([Management.Automation.ProxyCommand]::Create((Get-Command Submit-SeedanceAsset)))
        Set-Content function:Wait-It ([Management.Automation.ProxyCommand]::Create((Get-Command Wait-SeedanceTask)))
        $tasks = 'Url,Group', 'https://example.com/p.png,', 'https://example.com/q.png,own' | ConvertFrom-Csv | Submit-It -Group given | Wait-It -Timeout 30
        $tasks.Group.Name | Sort-Object | Should -Be given, own
        $tasks.Status | Should -Be Completed, Completed
    }

    It 'a mock of a cmdlet takes what the cmdlet takes' {
        Mock Submit-SeedanceAsset { $Group.Name }
        'https://example.com/a.png' | Submit-SeedanceAsset -Group g | Should -Be g
        'https://example.com/a.png' | Submit-SeedanceAsset -Group (& $ways.JSON $group) | Should -Be cast
        Mock Get-SeedanceAsset { $InputObject.TaskId }
        Get-SeedanceAsset -InputObject (& $ways.Clixml $task) | Should -Be $task.TaskId
    }
}
