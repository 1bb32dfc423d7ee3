Describe 'The module' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $module = Get-Module Seedance
        $manifest = Import-PowerShellDataFile $ModuleManifest
        $folder = Split-Path $ModuleManifest
    }

    It 'has a manifest that is valid' {
        (Test-ModuleManifest $ModuleManifest).Version | Should -Be $module.Version
    }

    It 'tells what its version brings' {
        (Test-ModuleManifest $ModuleManifest).ReleaseNotes | Should -Match '^\S.{40,}\.$'
    }

    It 'exports exactly what its manifest names' {
        $cmdlets = (Import-Module (Join-Path $folder Seedance.dll) -PassThru -Scope Local -Force).ExportedCmdlets.Keys | Sort-Object
        Remove-Module -ModuleInfo (Get-Module Seedance | Where-Object Path -Like '*.dll') -ErrorAction Ignore
        Import-Module $ModuleManifest -Force
        $cmdlets | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $module.ExportedCommands.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $manifest.FunctionsToExport | Should -BeNullOrEmpty
        $manifest.AliasesToExport | Should -BeNullOrEmpty
    }

    It 'has the files that its manifest names, and nothing of the engine' {
        foreach ($file in @($manifest.RootModule) + $manifest.FormatsToProcess + $manifest.TypesToProcess) {
            Join-Path $folder $file | Should -Exist
        }

        (Get-ChildItem $folder -Recurse -Filter *.dll).BaseName | Should -Not -Contain System.Management.Automation
        (Get-ChildItem $folder -Filter *.dll).Name | Should -Be Seedance.dll
    }

    It 'is of one version throughout' {
        $version = [version]$manifest.ModuleVersion
        foreach ($name in 'Seedance.dll', 'lib/Seedance.Client.dll', 'lib/Seedance.Sandbox.dll') {
            $assembly = [Reflection.AssemblyName]::GetAssemblyName((Join-Path $folder $name)).Version
            [version]::new($assembly.Major, $assembly.Minor, $assembly.Build) | Should -Be $version
        }
    }

    It 'uses approved verbs, and nouns that begin with Seedance' {
        $approved = (Get-Verb).Verb
        foreach ($cmdlet in $module.ExportedCmdlets.Values) {
            $cmdlet.Verb | Should -BeIn $approved
            $cmdlet.Noun | Should -MatchExactly '^Seedance'
        }
    }

    It 'declares what each cmdlet gives out' {
        foreach ($cmdlet in $module.ExportedCmdlets.Values | Where-Object { $_.Name -ne 'Disconnect-Seedance' -and $_.Verb -notin 'Remove', 'Stop' }) {
            $cmdlet.OutputType | Should -Not -BeNullOrEmpty -Because "$cmdlet gives something out"
            $cmdlet.OutputType.Name | Should -Match '^(Seedance\.|System\.IO\.FileInfo$)'
        }
    }

    It 'takes -Connection everywhere but in Connect-Seedance' {
        foreach ($cmdlet in $module.ExportedCmdlets.Values | Where-Object Name -NE Connect-Seedance) {
            $cmdlet.Parameters.Keys | Should -Contain Connection -Because "$cmdlet may be used with another connection"
        }
    }

    It 'binds no id of one kind to a parameter of another' {
        foreach ($cmdlet in $module.ExportedCmdlets.Values) {
            foreach ($parameter in $cmdlet.Parameters.Values) {
                $byName = $parameter.Attributes | Where-Object { $_ -is [Parameter] -and $_.ValueFromPipelineByPropertyName }
                if ($byName -and $parameter.Name -match 'Id$') {
                    $parameter.Aliases | Where-Object { $_ -match 'Id$' -and $_ -ne 'Id' } | Should -BeNullOrEmpty -Because "$cmdlet -$($parameter.Name)"
                }
            }
        }
    }

    It 'gives out types of its own that speak of .NET''s base types and each other only' {
        $queue = [Collections.Generic.Queue[type]]::new()
        $task = Invoke-InSession { Connect-Seedance -Sandbox; 'https://example.com/a.png' | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.1; Get-SeedanceConnection }
        $task.Output | Should -HaveCount 2
        $task.Output.ForEach({ $queue.Enqueue($_.GetType()) })
        $seen = [Collections.Generic.HashSet[type]]::new()
        while ($queue.Count) {
            $type = $queue.Dequeue()
            if (-not $seen.Add($type)) { continue }
            $parts = @($type.GetGenericArguments()) + @(if ($type.HasElementType) { $type.GetElementType() })
            $parts.ForEach({ $queue.Enqueue($_) })
            if ($type.Assembly.GetName().Name -eq 'Seedance.Client') {
                $type.Namespace | Should -BeExactly Seedance
                $type.IsVisible | Should -BeTrue
                $type.GetProperties().ForEach({ $queue.Enqueue($_.PropertyType) })
            }
            elseif (-not $type.IsGenericParameter) {
                $type.Assembly.GetName().Name | Should -BeIn System.Private.CoreLib, System.Private.Uri, System.Collections, System.Runtime -Because "$type is a type that every session has"
            }
        }

        $seen.FullName | Should -Contain Seedance.SeedanceAsset
    }
}
