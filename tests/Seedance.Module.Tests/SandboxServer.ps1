# The sandbox as a process of its own, for tests of the built module over real sockets. Dot-source it in BeforeAll.

# Seconds after which something hangs, for sure: a deadline that fails a test, and that no busy machine reaches.
$Deadline = 300

function Find-SandboxServer {
    if ($env:SEEDANCE_TEST_SERVER) {
        return $env:SEEDANCE_TEST_SERVER
    }

    $built = Get-ChildItem "$PSScriptRoot/../Seedance.SandboxServer/bin/*/*/Seedance.SandboxServer.dll" -ErrorAction Ignore |
        Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $built) {
        throw 'The sandbox server is not built: dotnet build tests/Seedance.SandboxServer'
    }

    $built.FullName
}

# Starts a server on a free port and returns it once it listens. It ends with this process at the latest: its standard input closes then.
function Start-SandboxServer([string[]] $Arguments = @('--review', '20ms..60ms')) {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.ArgumentList.Add((Find-SandboxServer))
    foreach ($argument in @('--port', '0', '--exit-with-stdin') + $Arguments) {
        $start.ArgumentList.Add($argument)
    }

    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.UseShellExecute = $false
    $process = [Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLineAsync()
    if (-not $line.Wait($Deadline * 1000) -or -not $line.Result) {
        $process.Kill()
        throw 'The sandbox server told no address.'
    }

    [pscustomobject]@{ Process = $process; BaseUri = [uri]$line.Result }
}

function Stop-SandboxServer($Server) {
    if ($Server) {
        $Server.Process.StandardInput.Close()
        if (-not $Server.Process.WaitForExit(10000)) {
            $Server.Process.Kill()
        }

        $Server.Process.Dispose()
    }
}

# A signal, as kill sends it.
function Send-Signal([string] $Signal, [Diagnostics.Process] $To) {
    & /bin/kill "-$Signal" $To.Id
    if ($LASTEXITCODE) { throw "kill -$Signal ended with $LASTEXITCODE." }
}

# What is asked meanwhile is answered once the server is resumed.
function Suspend-SandboxServer($Server) { Send-Signal STOP $Server.Process }

function Resume-SandboxServer($Server) { Send-Signal CONT $Server.Process }

function Invoke-SandboxControl($Server, [string] $Command, [string] $Method = 'Get', $Body) {
    $content = if ($null -ne $Body) { @{ Body = ConvertTo-Json $Body -Depth 5; ContentType = 'application/json' } } else { @{} }
    $answer = Invoke-RestMethod -Uri ([uri]::new($Server.BaseUri, "_sandbox/$Command")) -Method $Method @content -ConnectionTimeoutSeconds 30 -Verbose:$false -Debug:$false

    # A list comes as one object: it is taken apart here.
    $answer
}

function Get-SandboxStats($Server) { Invoke-SandboxControl $Server stats }

# The requests as they arrived, the body read as JSON.
function Get-SandboxRequest($Server, [string] $Method = '*') {
    foreach ($request in Invoke-SandboxControl $Server requests) {
        if ($request.method -like $Method) {
            $json = if ("$($request.body)".StartsWith('{')) { $request.body | ConvertFrom-Json }
            $request | Add-Member json $json -PassThru
        }
    }
}

function Reset-Sandbox($Server) { $null = Invoke-SandboxControl $Server reset Post }

function Add-SandboxFault($Server, [hashtable[]] $Orders) {
    $null = Invoke-SandboxControl $Server faults Post $Orders
}

# Waits until what another process or thread does can be seen. The deadline fails the test; it is no part of what is measured.
function Wait-Until([scriptblock] $Condition, [string] $Because, [int] $Seconds = $Deadline) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.Elapsed.TotalSeconds -gt $Seconds) {
            throw "After $Seconds s still not so: $Because"
        }

        [Threading.Thread]::Sleep(10)
    }
}
