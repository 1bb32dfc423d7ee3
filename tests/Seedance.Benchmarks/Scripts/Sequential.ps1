# As it is written by hand: a batch at a time, submitted and waited for.
param([uri] $Server, [string] $Csv)
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/Figures.ps1
$clock = [Diagnostics.Stopwatch]::StartNew()
$rows = @(Import-Csv $Csv)
$headers = @{ Authorization = 'Bearer bench' }
$usable = for ($i = 0; $i -lt $rows.Count; $i += 20) {
    $assets = @($rows[$i..([Math]::Min($i + 19, $rows.Count - 1))] | ForEach-Object { @{ url = $_.Url; name = $_.Name } })
    $body = ConvertTo-Json @{ group = @{ name = 'bench' }; assets = $assets } -Depth 3
    $task = (Invoke-RestMethod "${Server}v1/seedance2/private-avatar" -Method Post -Headers $headers -ContentType application/json -Body $body).data
    Start-Sleep -Milliseconds 500
    do {
        Start-Sleep -Milliseconds 500
        $task = (Invoke-RestMethod "${Server}v1/tasks/$($task.id)" -Headers $headers).data
    } until ($task.status -in 'completed', 'failed')
    $task.result.usable_assets
}
Write-Figures @{ wall = $clock.Elapsed.TotalSeconds; usable = $usable.Count }
