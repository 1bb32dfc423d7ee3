# As it is written by hand: several batches at a time, each submitted and waited for.
param([uri] $Server, [string] $Csv, [int] $ThrottleLimit)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
$clock = [Diagnostics.Stopwatch]::StartNew()
$rows = @(Import-Csv $Csv)
$batches = for ($i = 0; $i -lt $rows.Count; $i += 20) {
    , $rows[$i..([Math]::Min($i + 19, $rows.Count - 1))]
}
$usable = $batches | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    $ErrorActionPreference = 'Stop'
    $server = $using:Server
    $headers = @{ Authorization = 'Bearer bench' }
    $assets = @($_ | ForEach-Object { @{ url = $_.Url; name = $_.Name } })
    $body = ConvertTo-Json @{ group = @{ name = 'bench' }; assets = $assets } -Depth 3
    $task = (Invoke-RestMethod "${server}v1/seedance2/private-avatar" -Method Post -Headers $headers -ContentType application/json -Body $body).data
    Start-Sleep -Milliseconds 500
    do {
        Start-Sleep -Milliseconds 500
        $task = (Invoke-RestMethod "${server}v1/tasks/$($task.id)" -Headers $headers).data
    } until ($task.status -in 'completed', 'failed')
    $task.result.usable_assets
}
Write-Figures @{ wall = $clock.Elapsed.TotalSeconds; usable = $usable.Count }
