Describe 'The package' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
        $package = $env:SEEDANCE_TEST_PACKAGE
        if (-not $package) {
            # Of what was built last; build.ps1 -Task Package alone makes a release of it.
            $pack = Invoke-InProcess "& '$root/build.ps1' -Task Package -NoBuild -Destination '$TestDrive' -WarningAction SilentlyContinue"
            if ($pack.ExitCode) { throw $pack.Output + $pack.Error }
            $package = (Get-Item "$TestDrive/Seedance.*.nupkg").FullName
        }

        $unpacked = Join-Path $TestDrive unpacked
        [IO.Compression.ZipFile]::ExtractToDirectory($package, $unpacked)
        $manifest = Import-PowerShellDataFile "$unpacked/Seedance.psd1"
        $metadata = ([xml](Get-Content "$unpacked/Seedance.nuspec" -Raw)).package.metadata

        # The main job, in a fresh PowerShell that finds the module by its name in one folder alone.
        $job = @'
$env:PSModulePath = '{0}'
$module = Import-Module Seedance -PassThru
Connect-Seedance -Sandbox
'Url,Name', 'https://example.com/ann.png,ann', 'https://example.com/reject.png,bob' | ConvertFrom-Csv |
    Submit-SeedanceAsset -Group spring-cast | Wait-SeedanceTask | Get-SeedanceAsset -Usable | Select-Object Name, AssetUrl | ConvertTo-Csv
$module.Version.ToString()
$module.ModuleBase
(Get-Help Submit-SeedanceAsset).Synopsis
'@
        function Assert-Job($Run, [string] $Folder) {
            $Run.Error | Should -BeNullOrEmpty
            $lines = $Run.Output.Trim() -split '\r?\n'
            $lines[0] | Should -Be '"Name","AssetUrl"'
            $lines[1] | Should -Match '^"ann","asset://'
            $lines[2] | Should -Be $manifest.ModuleVersion
            $lines[3] | Should -BeLike "$Folder*"
            $lines[4] | Should -Match '^Submits pictures'
        }
    }

    It 'says of itself what the manifest says' {
        $metadata.id | Should -BeExactly Seedance
        $metadata.version | Should -BeExactly $manifest.ModuleVersion
        $metadata.authors | Should -BeExactly $manifest.Author
        $metadata.description | Should -BeExactly $manifest.Description
        $metadata.license.InnerText | Should -BeExactly MIT
        $metadata.projectUrl | Should -BeExactly $manifest.PrivateData.PSData['ProjectUri']
    }

    It 'is found by its tags, its cmdlets and its edition' {
        $tags = $metadata.tags -split ' '
        $tags | Should -Contain PSModule
        $tags | Should -Contain PSEdition_Core
        $manifest.PrivateData.PSData.Tags | Where-Object { $_ -notin $tags } | Should -BeNullOrEmpty
        $manifest.CmdletsToExport | Where-Object { "PSCmdlet_$_" -notin $tags } | Should -BeNullOrEmpty
    }

    It 'tells what is new, from the changelog' {
        $metadata.releaseNotes | Should -Match '(?s)^### \w+.+Submit-SeedanceAsset'
        ((Get-Content "$root/CHANGELOG.md" -Raw) -replace '\r').Contains($metadata.releaseNotes -replace '\r') | Should -BeTrue
    }

    It 'holds the module, and nothing that is only of use here' {
        $files = Get-ChildItem $unpacked -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($unpacked, $_.FullName) -replace '\\', '/' }
        foreach ($wanted in 'Seedance.dll', 'Seedance.psd1', 'Seedance.Format.ps1xml', 'LICENSE', 'en-US/Seedance.dll-Help.xml', 'en-US/about_Seedance.help.txt', 'lib/Seedance.Client.dll') {
            $files | Should -Contain $wanted
        }

        $files -match '\.(pdb|xml|json|cs|jsonl)$' -notlike 'en-US/*' -notmatch '^\[Content_Types\]' | Should -BeNullOrEmpty
        $files -match 'System\.Management\.Automation|System\.Drawing' | Should -BeNullOrEmpty
    }

    It 'is small: it installs in a moment' {
        (Get-Item $package).Length | Should -BeLessThan 3MB
        (Get-ChildItem $unpacked -Recurse -File | Measure-Object Length -Sum).Sum | Should -BeLessThan 8MB
    }

    It 'does the main job from where it is unpacked' {
        $folder = Join-Path $TestDrive by-hand
        $null = New-Item -ItemType Directory "$folder/Seedance/$($manifest.ModuleVersion)"
        Copy-Item "$unpacked/*" "$folder/Seedance/$($manifest.ModuleVersion)" -Recurse
        Assert-Job (Invoke-InProcess ($job -f $folder) @{ SEEDANCE_API_KEY = '' }) $folder
    }

    It 'does the main job when it is installed from a repository' {
        if (-not (Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable)) {
            Set-ItResult -Skipped -Because 'Microsoft.PowerShell.PSResourceGet is not installed; it comes with PowerShell 7.4 and later'
            return
        }

        $feed = New-Item -ItemType Directory (Join-Path $TestDrive feed)
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive installed)
        $home2 = New-Item -ItemType Directory (Join-Path $TestDrive home)
        Copy-Item $package $feed
        $name = "seedance-$([guid]::NewGuid().ToString('N'))"
        $environment = @{ HOME = "$home2"; USERPROFILE = "$home2"; LOCALAPPDATA = "$home2"; XDG_DATA_HOME = "$home2"; XDG_CACHE_HOME = "$home2" }
        $install = Invoke-InProcess @"
Register-PSResourceRepository -Name $name -Uri '$feed' -Trusted
try {
    `$found = Find-PSResource Seedance -Repository $name
    "`$(`$found.Name) `$(`$found.Version) `$(`$found.Author)"
    `$found.Tags -contains 'PSEdition_Core'
    Save-PSResource Seedance -Repository $name -Path '$folder'
}
finally {
    Unregister-PSResourceRepository $name
}
"@ $environment
        $install.Error | Should -BeNullOrEmpty
        $lines = $install.Output.Trim() -split '\r?\n'
        $lines[0] | Should -BeExactly "Seedance $($manifest.ModuleVersion) $($manifest.Author)"
        $lines[1] | Should -BeExactly True
        Assert-Job (Invoke-InProcess ($job -f $folder) ($environment + @{ SEEDANCE_API_KEY = '' })) $folder
    }

    It 'is installed by the lines of the README' {
        if ($IsWindows -or -not (Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable)) {
            Set-ItResult -Skipped -Because 'it installs for the user, whose folder can be moved aside on Linux and macOS only, and needs Microsoft.PowerShell.PSResourceGet'
            return
        }

        $feed = New-Item -ItemType Directory (Join-Path $TestDrive readme-feed)
        $user = Join-Path $TestDrive readme-user
        $null = New-Item -ItemType Directory "$user/.local/share"
        Copy-Item $package $feed
        $lines = [regex]::Match((Get-Content "$root/README.md" -Raw), '(?m)^Register-PSResourceRepository .+\n^Install-PSResource .+$').Value.Replace('./out', "'$feed'")
        $lines | Should -Match ([regex]::Escape($feed))
        $run = Invoke-InProcess "$lines`n(Get-Command Submit-SeedanceAsset).Module.ModuleBase" @{ HOME = "$user"; XDG_DATA_HOME = "$user/.local/share"; XDG_CACHE_HOME = "$user"; PSModulePath = "$user/.local/share/powershell/Modules" }
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -BeLike "$user*Seedance*$($manifest.ModuleVersion)"
    }
}
