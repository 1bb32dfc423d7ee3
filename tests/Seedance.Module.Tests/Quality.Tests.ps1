Describe 'Every script' {
    BeforeAll {
        $root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
        $scripts = Get-ChildItem $root -Recurse -Include *.ps1, *.psm1 -File |
            Where-Object { [IO.Path]::GetRelativePath($root, $_.FullName) -notmatch '(^|[\\/])(bin|obj|out|TestResults|\.\w+)[\\/]' } |
            ForEach-Object { @{ Name = [IO.Path]::GetRelativePath($root, $_.FullName) -replace '\\', '/'; File = $_.FullName } }
        $settings = Import-PowerShellDataFile "$root/PSScriptAnalyzerSettings.psd1"

        # Tests play roles that no script should: they hold keys in the open, stand in for commands, and share what they set up.
        $ofTests = @(
            'PSAvoidGlobalVars'
            'PSAvoidOverwritingBuiltInCmdlets'
            'PSAvoidUsingConvertToSecureStringWithPlainText'
            'PSAvoidUsingInvokeExpression'
            'PSUseConsistentIndentation'
            'PSUseSingularNouns'
            'PSUseUsingScopeModifierInNewRunspaces'
        )
    }

    It 'can be read' {
        $scripts.Count | Should -BeGreaterThan 20
        foreach ($script in $scripts) {
            $problems = $null
            $null = [Management.Automation.Language.Parser]::ParseFile($script.File, [ref]$null, [ref]$problems)
            $problems | Should -BeNullOrEmpty -Because "$($script.Name) is PowerShell"
        }
    }

    It 'is clean' {
        if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed (Install-PSResource PSScriptAnalyzer)'
            return
        }

        # That the analyzer finds what it should, with these settings.
        Invoke-ScriptAnalyzer -ScriptDefinition 'gci | % { $_ }' -Settings $settings | Should -Not -BeNullOrEmpty

        $problems = foreach ($script in $scripts) {
            $with = $settings.Clone()
            if ($script.Name -like 'tests/*') { $with.ExcludeRules += $ofTests }
            Invoke-ScriptAnalyzer -Path $script.File -Settings $with | ForEach-Object { "$($script.Name):$($_.Line): $($_.RuleName): $($_.Message)" }
        }

        $problems | Should -BeNullOrEmpty
    }
}

Describe 'The module' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $folder = Split-Path $ModuleManifest
    }

    It 'has a manifest that is clean' {
        if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
            Set-ItResult -Skipped -Because 'PSScriptAnalyzer is not installed (Install-PSResource PSScriptAnalyzer)'
            return
        }

        Invoke-ScriptAnalyzer -Path $ModuleManifest -Severity Error, Warning, Information | ForEach-Object { "$($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }

    It 'is small' {
        (Get-ChildItem $folder -Recurse -File | Measure-Object Length -Sum).Sum | Should -BeLessThan 8MB
        (Get-ChildItem $folder/lib -Filter *.dll).Count | Should -BeLessThan 30
    }

    It 'shows no type of a dependency' {
        $foreign = foreach ($command in Get-Command -Module Seedance) {
            $types = @($command.Parameters.Values.ParameterType) + $command.OutputType.Type + $command.ImplementingType.BaseType
            foreach ($type in $types | Where-Object { $_ }) {
                $element = $type.HasElementType ? $type.GetElementType() : $type
                foreach ($part in @($element) + $element.GetGenericArguments()) {
                    $part.Assembly.GetName().Name
                }
            }
        }

        $foreign | Sort-Object -Unique | Where-Object { $_ -notmatch '^(System\.(Private\.\w+|Runtime|Management\.Automation|Collections)|Seedance|Seedance\.Client)$' } | Should -BeNullOrEmpty
    }

    It 'names no parameter in another way than PowerShell does' {
        foreach ($command in Get-Command -Module Seedance) {
            foreach ($parameter in $command.Parameters.Keys) {
                $parameter | Should -MatchExactly '^[A-Z][a-z]+([A-Z0-9][a-z]*)*$' -Because "$command -$parameter is Pascal case"
            }
        }
    }
}
