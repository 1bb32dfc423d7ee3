Describe 'Examples' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $examples = (Resolve-Path "$PSScriptRoot/../../examples").ProviderPath
    }

    It 'Submit-Assets.ps1 takes assets.csv through review' {
        $run = Invoke-InSession { & "$examples/Submit-Assets.ps1" -Sandbox } @{ examples = $examples }
        $run.Errors | Should -BeNullOrEmpty
        $rows = Import-Csv "$examples/assets.csv"
        $rows | Should -HaveCount 200
        $passing = $rows | Where-Object Name -NotLike '*reject*'
        $run.Output.Name | Sort-Object | Should -Be ($passing.Name | Sort-Object)
        $run.Output.MatchedBy | Sort-Object -Unique | Should -Be Name
    }
}

Describe 'The README' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $readme = Get-Content "$PSScriptRoot/../../README.md" -Raw
    }

    It 'names exactly the cmdlets that there are' {
        [regex]::Matches($readme, '(?m)^\| `(\w+-Seedance\w*)`').ForEach({ $_.Groups[1].Value }) | Sort-Object | Should -Be ((Get-Command -Module Seedance).Name | Sort-Object)
    }

    It 'links to files that there are' {
        [regex]::Matches($readme, '\]\((?!http)([^)#]+)').ForEach({ $_.Groups[1].Value }) | ForEach-Object { Join-Path "$PSScriptRoot/../.." $_ | Should -Exist }
    }
}
