# The built module in this session, cut off from the user's own key and journal. Dot-source it in BeforeAll.

. "$PSScriptRoot/SandboxServer.ps1"

$ModuleManifest = $env:SEEDANCE_TEST_MODULE ? $env:SEEDANCE_TEST_MODULE : (Join-Path $PSScriptRoot '../../out/Seedance/Seedance.psd1')
if (-not (Test-Path $ModuleManifest)) {
    throw 'The module is not built: dotnet build src/Seedance'
}

$ModuleManifest = (Resolve-Path $ModuleManifest).ProviderPath
$ApiKey = 'sk-test-1f9b2c7e40d84a'
$env:SEEDANCE_API_KEY = $null
$env:SEEDANCE_JOURNAL = Join-Path ([IO.Path]::GetTempPath()) "seedance-tests-$PID.jsonl"
Import-Module $ModuleManifest -ErrorAction Stop

# A connection to the server, with a journal of its own.
function Connect-TestServer($Server, [hashtable] $With = @{}) {
    Connect-Seedance -ApiKey $ApiKey -BaseUri $Server.BaseUri -JournalPath (Join-Path $TestDrive "$([guid]::NewGuid()).jsonl") -RequestsPerSecond 10000 @With
}

# Rows as Import-Csv gives them.
function New-Row([int] $Count = 1, [hashtable] $With = @{}) {
    foreach ($number in 1..$Count) {
        $row = [ordered]@{ Url = "https://example.com/avatar-$number.png"; Name = "avatar-$number" }
        foreach ($column in $With.Keys) { $row[$column] = $With[$column] }
        [pscustomobject]$row
    }
}

# Older versions of libraries that the module ships, as another module may have loaded them.
$NoOlderLibraries = 'the older libraries come with the build of tests/Seedance.Module.Tests'

function Find-OlderLibrary([string[]] $Name) {
    $folder = $env:SEEDANCE_TEST_OLDER ? $env:SEEDANCE_TEST_OLDER : "$PSScriptRoot/bin/*/*/older"
    foreach ($one in $Name) { Get-ChildItem "$folder/$one.dll" -ErrorAction Ignore | Select-Object -First 1 -ExpandProperty FullName }
}

# What an error tells: the message, and what to do, which PowerShell shows below it from 7.5 on.
function Read-Failure($Failure) { "$Failure $($Failure.ErrorDetails.RecommendedAction)" }

# Runs a script in a session of its own and fails, instead of hanging, if it does not come back.
function Invoke-InSession([scriptblock] $Script, [hashtable] $Variables = @{}, [int] $Seconds = $Deadline) {
    $session = Start-InSession $Script $Variables
    try {
        if (-not $session.Pending.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Seconds))) {
            throw "The script had not come back after $Seconds s: $Script"
        }

        $output = $session.Shell.EndInvoke($session.Pending)
        [pscustomobject]@{
            Output  = @($output)
            Errors  = @($session.Shell.Streams.Error)
            Warnings = @($session.Shell.Streams.Warning)
            Progress = @($session.Shell.Streams.Progress)
        }
    }
    finally {
        Close-Session $session
    }
}

function Start-InSession([scriptblock] $Script, [hashtable] $Variables = @{}) {
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $runspace.Open()
    foreach ($name in $Variables.Keys) {
        $runspace.SessionStateProxy.SetVariable($name, $Variables[$name])
    }

    $shell = [powershell]::Create($runspace)
    $null = $shell.AddScript("Import-Module '$ModuleManifest'`n$Script")
    [pscustomobject]@{ Shell = $shell; Pending = $shell.BeginInvoke(); Runspace = $runspace }
}

# Ctrl+C.
function Stop-InSession($Session, [int] $Seconds = $Deadline) {
    $stopping = $Session.Shell.BeginStop($null, $null)
    if (-not $stopping.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Seconds))) {
        throw "The pipeline had not stopped after $Seconds s."
    }

    $Session.Shell.EndStop($stopping)
}

function Close-Session($Session) {
    # A pipeline that hangs would make Dispose hang too: it is left to the end of the process then.
    if ($Session.Pending.IsCompleted) {
        $Session.Shell.Dispose()
        $Session.Runspace.Dispose()
    }
}

# Runs a script in a fresh PowerShell process; returns its output as text.
function Invoke-InProcess([string] $Script, [hashtable] $Environment = @{}, [int] $Seconds = $Deadline) {
    $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    Set-Content $file $Script
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)

    # As a .NET tool, PowerShell runs in the dotnet host.
    $through = (Split-Path $start.FileName -LeafBase) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
    foreach ($argument in $through + @('-NoProfile', '-NonInteractive', '-File', $file)) {
        $start.ArgumentList.Add($argument)
    }

    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.UseShellExecute = $false
    $process = [Diagnostics.Process]::Start($start)
    $output = $process.StandardOutput.ReadToEndAsync()
    $failures = $process.StandardError.ReadToEndAsync()
    if (-not $process.WaitForExit($Seconds * 1000)) {
        $process.Kill()
        throw "The process had not ended after $Seconds s."
    }

    [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output.Result; Error = $failures.Result }
}
