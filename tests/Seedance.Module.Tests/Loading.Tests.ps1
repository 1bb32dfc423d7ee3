Describe 'Loading' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $server = Start-SandboxServer

        # The main job, in whatever process it is run.
        $job = "Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal
            [pscustomobject]@{ Url = 'https://example.com/a.png'; Name = 'a' } | Submit-SeedanceAsset -Group g | Wait-SeedanceTask -PollInterval 0.02 |
                Get-SeedanceAsset -Usable | ForEach-Object { 'usable: ' + `$_.Name }"
    }

    AfterAll { Stop-SandboxServer $server }

    It 'does the job in a session that has loaded an older Microsoft.Extensions.Http' {
        $older = Find-OlderLibrary Microsoft.Extensions.Http
        if (-not $older) { return Set-ItResult -Skipped -Because $NoOlderLibraries }

        $result = Invoke-InProcess @"
            `$null = [Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath('$older')
            Import-Module '$ModuleManifest'
            $job
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Microsoft.Extensions.Http' } | ForEach-Object {
                'loaded: ' + [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name + ' ' + `$_.GetName().Version.Major
            }
"@
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: a'
        $result.Output | Should -Match 'loaded: Default 7'
        $result.Output | Should -Match 'loaded: Seedance \d+'
    }

    It 'puts none of its libraries into the session''s context' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            $job
            [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | Where-Object Location -Like '*Seedance*lib*' | ForEach-Object { 'leaked: ' + `$_.FullName }
"@
        $result.Output | Should -Match 'usable: a'
        $result.Output | Should -Not -Match 'leaked'
    }

    It 'can be removed and imported again, and does the job each time' {
        $result = Invoke-InProcess @"
            foreach (`$turn in 1..3) {
                Import-Module '$ModuleManifest'
                $job
                Remove-Module Seedance
                if (Get-Command Submit-SeedanceAsset -ErrorAction Ignore) { 'still there' }
            }
"@
        $result.Error | Should -BeNullOrEmpty
        ([regex]::Matches($result.Output, 'usable: a')) | Should -HaveCount 3
        $result.Output | Should -Not -Match 'still there'
    }

    It 'can be imported again with -Force, and tasks of before stay good' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal
            `$task = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g
            Import-Module '$ModuleManifest' -Force
            Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal
            `$task | Wait-SeedanceTask -PollInterval 0.02 | Get-SeedanceAsset -Usable | ForEach-Object { 'usable: ' + `$_.SourceUrl }
"@
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: https://example.com/a.png'
    }

    It 'forgets the connection when it is removed' {
        $result = Invoke-InProcess @"
            Import-Module '$ModuleManifest'
            Connect-Seedance sk-x -BaseUri $($server.BaseUri) -NoJournal
            Remove-Module Seedance
            Import-Module '$ModuleManifest'
            'connections: ' + @(Get-SeedanceConnection).Count
"@ -Environment @{ SEEDANCE_API_KEY = '' }
        $result.Output | Should -Match 'connections: 0'
    }

    It 'works from a folder of another name, with spaces' {
        $folder = Join-Path $TestDrive 'my modules/Seedance'
        Copy-Item (Split-Path $ModuleManifest) $folder -Recurse -Force
        $result = Invoke-InProcess "Import-Module '$folder'; $job"
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: a'
    }

    It 'is found by its name on the module path, and loads by itself' {
        $path = Join-Path $TestDrive 'module path'
        Copy-Item (Split-Path $ModuleManifest) (Join-Path $path Seedance) -Recurse -Force
        $result = Invoke-InProcess $job -Environment @{ PSModulePath = $path }
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: a'
    }

    It 'works under strict mode and with every preference set to stop' {
        $result = Invoke-InProcess "Set-StrictMode -Version Latest; `$ErrorActionPreference = `$WarningPreference = 'Stop'; Import-Module '$ModuleManifest'; $job"
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Match 'usable: a'
    }
}
