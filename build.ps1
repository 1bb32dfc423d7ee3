<#
.SYNOPSIS
Builds, tests, shows and packs the module. Thin: each task calls dotnet or one short function.

.DESCRIPTION
Build    lays the module out in out/Seedance.
Test     builds and runs all tests, those in C# and those in PowerShell.
Demo     builds, then takes the 200 rows of examples/assets.csv through review in the built-in sandbox. No key, no network.
Help     builds, then makes the help in en-US/ from docs/cmdlets and docs/about. Needs Microsoft.PowerShell.PlatyPS.
Site     makes a static site of README.md, docs/ and the like, in out/site.
Package  builds a release, packs it as out/Seedance.<version>.nupkg, ready for a PowerShell repository, and checks it.
Bench    runs the benchmarks.
Fleet    shows with many real processes, which are killed and suspended, what a journal in a database promises: some minutes.
         Needs PostgreSQL, whose server it starts by itself, and Pester.
Clean    removes what the other tasks made.

.EXAMPLE
pwsh ./build.ps1 -Task Demo

.EXAMPLE
./build.ps1 -Task Build, Test -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Help', 'Site', 'Package', 'Bench', 'Fleet', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # Package only: packs out/Seedance as it is, instead of a new release.
    [switch] $NoBuild,

    # Package only: where the package goes.
    [string] $Destination = (Join-Path $PSScriptRoot out)
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$manifest = Join-Path $PSScriptRoot out/Seedance/Seedance.psd1

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $args ended with code $LASTEXITCODE."
    }
}

function Invoke-Build([string] $With = $Configuration) {
    Invoke-DotNet build (Join-Path $PSScriptRoot src/Seedance) --configuration $With --verbosity quiet --nologo
}

function Invoke-Test {
    Invoke-DotNet build (Join-Path $PSScriptRoot SeedanceModule.sln) --configuration $Configuration --verbosity quiet --nologo
    Invoke-DotNet test (Join-Path $PSScriptRoot SeedanceModule.sln) --configuration $Configuration --no-build
}

# A script in a process of its own, so that the module's files are free again for the next build.
function Invoke-Script([string] $Command) {
    # As a .NET tool, PowerShell runs in the dotnet host.
    $pwsh = [Environment]::ProcessPath
    $through = (Split-Path $pwsh -LeafBase) -eq 'dotnet' ? @(Join-Path $PSHOME pwsh.dll) : @()
    & $pwsh @through -NoProfile -NonInteractive -Command $Command
    if ($LASTEXITCODE -ne 0) {
        throw "'$Command' ended with code $LASTEXITCODE."
    }
}

function Invoke-Demo {
    Invoke-Build
    Invoke-Script "& '$(Join-Path $PSScriptRoot examples/Demo/Demo.ps1)'"
}

function Invoke-Help {
    Invoke-Build
    Invoke-Script "& '$(Join-Path $PSScriptRoot docs/Build-Help.ps1)'"

    # The new help goes into the module's folder.
    Invoke-Build
}

function Invoke-Site {
    Invoke-Script "& '$(Join-Path $PSScriptRoot docs/Build-Site.ps1)'"
}

# What the changelog tells of a version; of the next one, if that version is not there yet.
function Get-ReleaseNote([string] $Version) {
    $sections = (Get-Content (Join-Path $PSScriptRoot CHANGELOG.md) -Raw) -split '(?m)^## '
    $section = @($sections -like "?$Version]*") + @($sections -like '?Unreleased]*') | Select-Object -First 1
    ($section -split '\r?\n', 2)[1].Trim()
}

# A package as PowerShell repositories take it: the module's files at the root, and tags by which they are found.
function Invoke-Package {
    if (-not $NoBuild) {
        Invoke-Build Release
    }

    $module = Import-PowerShellDataFile $manifest
    $data = $module.PrivateData.PSData
    $version = $data['Prerelease'] ? "$($module.ModuleVersion)-$($data['Prerelease'])" : $module.ModuleVersion
    $package = Join-Path $Destination "Seedance.$version.nupkg"
    $metadata = [ordered]@{
        id           = 'Seedance'
        version      = $version
        authors      = $module.Author
        projectUrl   = $data['ProjectUri']
        description  = $module.Description
        releaseNotes = Get-ReleaseNote $version
        copyright    = $module.Copyright
        tags         = @('PSModule') + $data.Tags + ($module.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" }) + 'PSIncludes_Cmdlet' -join ' '
    }
    $lines = $metadata.Keys | Where-Object { $metadata[$_] } | ForEach-Object { "    <$_>$([Security.SecurityElement]::Escape($metadata[$_]))</$_>" }
    $nuspec = Join-Path $Destination Seedance.nuspec
    Set-Content $nuspec @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
$($lines -join "`n")
    <license type="expression">MIT</license>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
  </metadata>
</package>
"@
    Remove-Item $package -ErrorAction Ignore
    try {
        # What NuGet thinks of assemblies in lib/ is meant for libraries. A node of another build may be gone at any time.
        Invoke-DotNet pack (Join-Path $PSScriptRoot src/Seedance) --configuration Release --no-build --output $Destination --verbosity quiet --nologo '-nodeReuse:false' `
            "-p:NuspecFile=$nuspec" "-p:NuspecBasePath=$(Split-Path $manifest)" '-p:NoPackageAnalysis=true'
    }
    finally {
        Remove-Item $nuspec
    }

    Assert-Package $package $module
    if (-not $data['ProjectUri']) {
        Write-Warning 'The manifest names no ProjectUri: set it to where the project is published before the package is.'
    }

    Get-Item $package
}

# That the package holds what the manifest names, and nothing that is only of use here.
function Assert-Package([string] $Path, [hashtable] $Module) {
    $archive = [IO.Compression.ZipFile]::OpenRead($Path)
    try {
        $files = [uri]::UnescapeDataString($archive.Entries.FullName -join "`n") -split "`n"
    }
    finally {
        $archive.Dispose()
    }

    $wanted = @('Seedance.psd1', 'Seedance.nuspec', 'LICENSE', 'en-US/Seedance.dll-Help.xml', 'lib/Seedance.Client.dll', $Module.RootModule) + $Module.FormatsToProcess + $Module.TypesToProcess
    $missing = $wanted | Where-Object { $_ -notin $files }
    $strange = $files -match '\.(pdb|deps\.json|cs|csproj|jsonl)$|System\.Management\.Automation'
    if ($missing -or $strange) {
        throw "The package $Path is not right. Missing: $($missing -join ', '). Not to be in it: $($strange -join ', ')."
    }
}

# The module is laid out aside: out/Seedance may be a debug build, or in use.
function Invoke-Bench {
    $folder = Join-Path $PSScriptRoot out/Bench/Seedance/
    Invoke-DotNet build (Join-Path $PSScriptRoot src/Seedance) --configuration Release --verbosity quiet --nologo "-p:ModuleFolder=$folder"
    Invoke-DotNet run --project (Join-Path $PSScriptRoot tests/Seedance.Benchmarks) --configuration Release -- --module (Join-Path $folder Seedance.psd1)
}

# Each proof prints a line: what, how many, what came of it, and how long it took.
function Invoke-Fleet {
    Invoke-Build
    Invoke-DotNet build (Join-Path $PSScriptRoot tests/Seedance.SandboxServer) --configuration $Configuration --verbosity quiet --nologo
    $suite = Join-Path $PSScriptRoot tests/Seedance.Module.Tests/Invoke-PesterSuite.ps1
    Invoke-Script "`$env:SEEDANCE_TEST_FLEET = 'large'; & '$suite' -Name FleetProofs -Verbosity Detailed; exit `$LASTEXITCODE"
}

function Invoke-Clean {
    'out', 'TestResults' | ForEach-Object { Join-Path $PSScriptRoot $_ } | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
    Get-ChildItem (Join-Path $PSScriptRoot src/*), (Join-Path $PSScriptRoot tests/*), (Join-Path $PSScriptRoot examples/*), (Join-Path $PSScriptRoot examples/Demo/*) -Directory |
        ForEach-Object { Join-Path $_ bin; Join-Path $_ obj } | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
}

foreach ($name in $Task) {
    & "Invoke-$name"
}
