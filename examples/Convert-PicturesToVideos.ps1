<#
.SYNOPSIS
From a folder of pictures and a CSV of prompts to a folder of videos.

.DESCRIPTION
The CSV names a picture and a prompt a row, and whatever else New-SeedanceVideo takes: Duration, Size, Resolution, Seed, …
Pictures are checked, uploaded and reviewed; each row whose picture passed becomes a video. Run again, the script does
what is missing and nothing twice. Connect first: Connect-Seedance, or Connect-Seedance -Sandbox to rehearse.

.EXAMPLE
./Convert-PicturesToVideos.ps1 -Pictures ./pictures -Prompts ./prompts.csv -Destination ./videos
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param(
    # The folder of the pictures.
    [Parameter(Mandatory)]
    [string] $Pictures,

    # The CSV: a column Picture (a file of that folder), a column Prompt, and others at will.
    [Parameter(Mandatory)]
    [string] $Prompts,

    # The folder of the videos; made if it is not there.
    [Parameter(Mandatory)]
    [string] $Destination,

    # The asset group of the pictures.
    [string] $Group = 'pictures-to-videos'
)

$rows = @(Import-Csv -LiteralPath $Prompts)
$null = New-Item -ItemType Directory -Path $Destination -Force

# What a review would refuse is told before anything is sent.
$checks = $rows.Picture | Sort-Object -Unique |
    ForEach-Object { [pscustomobject]@{ Path = Join-Path $Pictures $_; Name = $_ } } | Test-SeedanceAsset
$checks | Where-Object -Not IsValid | ForEach-Object { Write-Warning "$_" }

# Upload, submit, wait. A picture that an earlier run has submitted is known again by its content.
$assets = @{}
$checks | Where-Object IsValid | Submit-SeedanceAsset -Group $Group -Resume | Wait-SeedanceTask |
    Get-SeedanceAsset -Usable | ForEach-Object { $assets[$_.Name] = $_ }

# One video a row. A video that an earlier run has ordered is not ordered again, and one that is there is not fetched again.
$rows | Where-Object { $assets.ContainsKey($_.Picture) } | ForEach-Object {
    $asset = $assets[$_.Picture]
    if (-not $_.Name) { $_ | Add-Member Name ([IO.Path]::GetFileNameWithoutExtension($_.Picture)) -Force }
    $_ | Add-Member AssetUrl $asset.AssetUrl -PassThru
} | New-SeedanceVideo -Resume | Wait-SeedanceTask | Where-Object {
    -not (Test-Path -Path (Join-Path $Destination "*-$($_.TaskId).mp4"))
} | Save-SeedanceVideo -Destination $Destination

$rows | Where-Object { -not $assets.ContainsKey($_.Picture) } | ForEach-Object {
    Write-Warning "No video of '$($_.Prompt)': $($_.Picture) is not there, or did not pass."
}
