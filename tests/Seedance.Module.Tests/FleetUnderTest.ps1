# What the fleet's tests share: a journal in a database, an account that is used with it, and lines of an operator in processes of their own. Dot-source it in BeforeAll.

. "$PSScriptRoot/ModuleUnderTest.ps1"
. "$PSScriptRoot/PostgreSqlServer.ps1"

# A sandbox server and, where there is PostgreSQL, a database with the journal: Address is that of the runners' role.
function Start-Fleet([string[]] $Arguments) {
    $database = Start-PostgreSqlServer
    if ($database) {
        $null = Install-SeedanceJournal "postgresql://owner@$($database.Host)/seedance" -RunnerRole runner
    }

    [pscustomobject]@{
        Server   = Start-SandboxServer $Arguments
        Database = $database
        Address  = $database ? "postgresql://runner@$($database.Host)/seedance" : $null
    }
}

function Stop-Fleet($Fleet) {
    if ($Fleet) {
        Stop-SandboxServer $Fleet.Server
        Stop-PostgreSqlServer $Fleet.Database
    }
}

# Server and journal as at the start, and this session connected to them.
function Reset-Fleet($Fleet) {
    Reset-Sandbox $Fleet.Server
    if ($Fleet.Database) {
        Invoke-Sql $Fleet.Database 'truncate seedance.intent, seedance.intent_row, seedance.place, seedance.run, seedance.runner, seedance.list, seedance.payload, seedance.avatar_group, seedance.group_alias, seedance.account_rate, seedance.account_key'
        Invoke-Expression (Get-ConnectLine $Fleet)
    }
}

function Get-ConnectLine($Fleet, [int] $RequestsPerSecond = 10000, [string] $Key = 'sk-x') {
    "Connect-Seedance $Key -BaseUri $($Fleet.Server.BaseUri) -AccountName fleet -Journal $($Fleet.Address) -RequestsPerSecond $RequestsPerSecond"
}

# A line of the operator's in a process of its own: itself, not a launcher, so that it can be killed and suspended.
function Start-Line($Fleet, [string] $Line, [string] $Connect = (Get-ConnectLine $Fleet), [hashtable] $Environment = @{}) {
    $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    Set-Content $file "Import-Module '$ModuleManifest'`n$Connect`n$Line"
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)

    # As a .NET tool, PowerShell runs in the dotnet host.
    $through = (Split-Path $start.FileName -LeafBase) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
    foreach ($argument in $through + @('-NoProfile', '-NonInteractive', '-File', $file)) { $start.ArgumentList.Add($argument) }
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $start.UseShellExecute = $false
    [Diagnostics.Process]::Start($start)
}

# Ends what is left of them, whatever became of the test.
function Stop-Line([Diagnostics.Process[]] $Lines) {
    foreach ($line in $Lines) {
        if (-not $line.HasExited) {
            $line.Kill()
            $line.WaitForExit()
        }
    }
}

function Wait-Line([Diagnostics.Process[]] $Lines, [int] $Seconds = $Deadline) {
    foreach ($line in $Lines) {
        if (-not $line.WaitForExit($Seconds * 1000)) { throw "A process had not ended after $Seconds s." }
    }
}
