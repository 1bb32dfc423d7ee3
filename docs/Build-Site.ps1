<#
.SYNOPSIS
Makes a static site of the project's pages: README.md, CHANGELOG.md and the like, and all of docs/.

.DESCRIPTION
One HTML page for each page in Markdown, in the same place, with what it links to beside it. The pages ask nobody for
anything, hold no script, and need no server.

.EXAMPLE
pwsh ./build.ps1 -Task Site
#>
[CmdletBinding()]
param(
    # Where the site goes. What is there is replaced.
    [string] $Destination = (Join-Path $PSScriptRoot ../out/site)
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$root = Split-Path $PSScriptRoot
$style = @'
:root { color-scheme: light dark; --line: #8886; --code: #8882; }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav ul { columns: 16rem; padding-left: 1.2rem; } nav summary { cursor: pointer; }
img { max-width: 100%; } table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
pre { background: var(--code); padding: .8rem; overflow-x: auto; } code { font-family: ui-monospace, Consolas, monospace; font-size: .92em; }
:not(pre) > code { background: var(--code); padding: .1em .3em; border-radius: .2em; }
'@

# The pages, by their places in the repository, each with its words and its heading.
function Get-SourcePage {
    $aside = 'tests', 'examples' | ForEach-Object { Join-Path $root $_ } | Where-Object { Test-Path $_ }
    $files = @(Get-ChildItem $root -Filter *.md) + @(Get-ChildItem $PSScriptRoot -Recurse -Filter *.md) + @($aside | Get-ChildItem -Recurse -Depth 1 -Filter README.md)
    foreach ($file in $files) {
        # What stands before the first heading of a cmdlet's page is for the makers of its help.
        $text = (Get-Content $file -Raw) -replace '\A---\r?\n(?s:.*?)\r?\n---\r?\n'
        [pscustomobject]@{
            Path  = [IO.Path]::GetRelativePath($root, $file.FullName).Replace('\', '/')
            Text  = $text
            Title = [regex]::Match($text, '(?m)^# (.+?)\s*$').Groups[1].Value
        }
    }
}

function Get-Address([string] $Path) { $Path -replace '(^|/)README\.md$', '$1index.html' -replace '\.md$', '.html' }

# The way from one page to another.
function Get-RelativeAddress([string] $From, [string] $To) {
    $folder = (Split-Path $From) ? (Split-Path $From) : '.'
    [IO.Path]::GetRelativePath((Join-Path $root $folder), (Join-Path $root $To)).Replace('\', '/')
}

function ConvertTo-Navigation($Page, $Pages) {
    $entries = foreach ($other in $Pages) {
        $here = $other.Path -eq $Page.Path ? ' aria-current="page"' : ''
        "<li><a href=`"$(Get-RelativeAddress $Page.Path (Get-Address $other.Path))`"$here>$([Net.WebUtility]::HtmlEncode($other.Title))</a></li>"
    }

    "<nav aria-label=`"Pages`"><details><summary>All pages</summary><ul>`n$($entries -join "`n")`n</ul></details></nav>"
}

# Links to pages lead to what is made of them; other files of the repository that a page links to come along.
function Convert-Link([string] $Html, [string] $From) {
    $Html -replace '(?<=\s(?:href|src|srcset)=")(?!\w+:|#)([^"#]+)', {
        $target = [IO.Path]::GetRelativePath($root, [IO.Path]::GetFullPath((Join-Path $root (Split-Path $From) ([Uri]::UnescapeDataString($_.Value))))).Replace('\', '/')
        $source = Join-Path $root $target
        if (-not (Test-Path -LiteralPath $source -PathType Leaf) -or $target.StartsWith('..')) {
            throw "$From links to '$($_.Value)', which is no file of the repository."
        }

        if ($target -notlike '*.md') {
            $copy = Join-Path $Destination $target
            $null = New-Item -ItemType Directory (Split-Path $copy) -Force
            Copy-Item -LiteralPath $source $copy
        }

        Get-RelativeAddress $From (Get-Address $target)
    }
}

$Destination = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Destination)
if (Test-Path -LiteralPath $Destination) {
    Remove-Item -LiteralPath $Destination -Recurse -Force
}

$pages = @(Get-SourcePage)
foreach ($page in $pages) {
    $file = Join-Path $Destination (Get-Address $page.Path)
    $null = New-Item -ItemType Directory (Split-Path $file) -Force
    Set-Content -LiteralPath $file -Encoding utf8 @"
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'unsafe-inline'">
<title>$([Net.WebUtility]::HtmlEncode($page.Title))</title>
<style>
$style
</style>
</head>
<body>
$(ConvertTo-Navigation $page $pages)
<main>
$(Convert-Link ($page.Text | ConvertFrom-Markdown).Html $page.Path)
</main>
</body>
</html>
"@
}
