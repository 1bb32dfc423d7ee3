<#
.SYNOPSIS
Tells a chat how a run went, from the summary that scheduled-task.ps1 has written.

.DESCRIPTION
Posts one line of text to an incoming webhook of Slack, Mattermost, Google Chat or any other that takes {"text": "…"}.
The webhook's address is a secret: give it in the environment variable SEEDANCE_CHAT_WEBHOOK, not on the command line.

.EXAMPLE
./Send-RunMessage.ps1 -SummaryPath summary.json -ProblemsOnly

Says nothing of a night on which all went well.
#>
[CmdletBinding()]
param(
    # The summary.
    [Parameter(Mandatory)] [string] $SummaryPath,

    # Where to post.
    [uri] $Webhook = $env:SEEDANCE_CHAT_WEBHOOK,

    # Only where somebody has to look: where the exit code was not 0.
    [switch] $ProblemsOnly
)

$ErrorActionPreference = 'Stop'
if (-not $Webhook) {
    throw 'There is no webhook to post to: set SEEDANCE_CHAT_WEBHOOK.'
}

$summary = Get-Content -LiteralPath $SummaryPath -Raw | ConvertFrom-Json
if ($ProblemsOnly -and $summary.exitCode -eq 0) {
    return
}

$said = switch ($summary.exitCode) {
    0 { 'all rows reviewed' }
    2 { "could not go on: $($summary.failure)" }
    4 { 'more rows failed review than are allowed' }
    default { "$($summary.problems.Count) problems, the first: $($summary.problems[0])" }
}

# Chats take <, > and & for markup.
$text = "Seedance, $($summary.group): $($summary.usable) usable, $($summary.failed) failed review; $said"
$text = $text.Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;')
$null = Invoke-RestMethod -Uri $Webhook -Method Post -ContentType 'application/json; charset=utf-8' -Body (ConvertTo-Json @{ text = $text } -Compress)
