# A PostgreSQL server of the tests' own, on loopback and in a temporary folder, from the binaries of the system's package. Dot-source it in BeforeAll.

$NoPostgreSql = 'PostgreSQL is not installed (apt-get install postgresql)'
$NoPgBouncer = 'pgbouncer is not installed (apt-get install pgbouncer)'

function Find-PostgreSql {
    Get-ChildItem /usr/lib/postgresql/*/bin/initdb -ErrorAction Ignore | Sort-Object FullName | Select-Object -Last 1 | ForEach-Object DirectoryName
}

# Runs one of its programs, as an ordinary user: the server does not run as root, and the package has made a user for it.
function Invoke-PostgreSql([string] $Folder, [string] $Program, [string[]] $Arguments) {
    $line = @($Program.StartsWith('/') ? $Program : "$(Find-PostgreSql)/$Program") + $Arguments
    if ((id -u) -eq 0 -and $Program -ne '/bin/chown') { $line = @('setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups') + $line }

    # What it starts goes on, and would hold a pipe open: it writes to a file.
    $quoted = ($line | ForEach-Object { "'$_'" }) -join ' '
    & /bin/sh -c "cd '$Folder' && $quoted >>'$Folder/output' 2>&1 </dev/null"
    if ($LASTEXITCODE) { throw "$Program ended with $LASTEXITCODE`: $(Get-Content "$Folder/output" -Raw)" }
}

function Find-FreePort {
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $probe.LocalEndpoint.Port
    $probe.Stop()
}

# Starts a server whose owner is 'owner', with a role 'runner' and an empty database 'seedance'; null where there is none to start.
function Start-PostgreSqlServer {
    if (-not (Find-PostgreSql)) { return }
    $folder = Join-Path ([IO.Path]::GetTempPath()) "seedance-pg-$([guid]::NewGuid().ToString('N'))"
    $null = New-Item -ItemType Directory $folder
    $port = Find-FreePort
    if ((id -u) -eq 0) { Invoke-PostgreSql $folder /bin/chown @('postgres', $folder) }
    Invoke-PostgreSql $folder initdb @('--pgdata', "$folder/data", '--username', 'owner', '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync')
    $server = [pscustomobject]@{ Folder = $folder; Port = $port; Host = "127.0.0.1:$port" }
    Resume-PostgreSqlServer $server
    Invoke-Sql $server 'create role runner login' postgres
    Invoke-Sql $server 'create database seedance' postgres
    $server
}

function Resume-PostgreSqlServer($Server) {
    Invoke-PostgreSql $Server.Folder pg_ctl @('start', '--wait', '--pgdata', "$($Server.Folder)/data", '--log', "$($Server.Folder)/log",
        '--options', "-c listen_addresses=127.0.0.1 -c port=$($Server.Port) -c unix_socket_directories=$($Server.Folder)")
}

function Suspend-PostgreSqlServer($Server) {
    Invoke-PostgreSql $Server.Folder pg_ctl @('stop', '--wait', '--mode', 'immediate', '--pgdata', "$($Server.Folder)/data")
}

# Runs a statement as the owner and returns what it prints.
function Invoke-Sql($Server, [string] $Sql, [string] $Database = 'seedance') {
    $Sql | & "$(Find-PostgreSql)/psql" --host 127.0.0.1 --port $Server.Port --username owner --dbname $Database --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1
    if ($LASTEXITCODE) { throw "psql ended with $LASTEXITCODE." }
}

function Stop-PostgreSqlServer($Server) {
    if ($Server) {
        Suspend-PostgreSqlServer $Server
        Remove-Item $Server.Folder -Recurse -Force
    }
}

# A pgbouncer in transaction mode before the server, for its role 'runner', with few sessions for all; null where there is none to start.
function Start-Pooler($Server) {
    $program = '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer' | Where-Object { Test-Path $_ } | Select-Object -First 1
    if (-not $Server -or -not $program) { return }
    $port = Find-FreePort
    $settings = "$($Server.Folder)/pgbouncer.ini"
    Set-Content "$($Server.Folder)/pgbouncer.users" '"runner" ""'
    Set-Content $settings @"
[databases]
* = host=127.0.0.1 port=$($Server.Port)
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = $($Server.Folder)/pgbouncer.users
pidfile = $($Server.Folder)/pgbouncer.pid
logfile = $($Server.Folder)/pgbouncer.log
pool_mode = transaction
default_pool_size = 4
"@
    Invoke-PostgreSql $Server.Folder $program @('--daemon', '--quiet', $settings)
    Wait-Until { try { [Net.Sockets.TcpClient]::new('127.0.0.1', $port).Dispose(); $true } catch { $false } } 'the pooler listens'
    [pscustomobject]@{ Host = "127.0.0.1:$port"; ProcessId = [int](Get-Content "$($Server.Folder)/pgbouncer.pid") }
}

function Stop-Pooler($Pooler) {
    if ($Pooler) {
        $process = Get-Process -Id $Pooler.ProcessId
        $process.Kill()
        $process.WaitForExit()
    }
}
