<#
.SYNOPSIS
Makes the module's help, en-US/, from the pages in docs/cmdlets and docs/about.

.DESCRIPTION
What a page says in words is written by hand. Its syntax and the facts about its parameters are taken from the built
module and written back into the page. A cmdlet without a page gets one, with places to fill in; the tests find those
that nobody filled. Needs Microsoft.PowerShell.PlatyPS 1.0.

.EXAMPLE
pwsh ./build.ps1 -Task Help
#>
[CmdletBinding()]
param(
    # The built module.
    [string] $Module = (Join-Path $PSScriptRoot ../out/Seedance/Seedance.psd1),

    # Where docs/cmdlets and en-US go: this repository, or a folder to compare with it.
    [string] $Destination = (Split-Path $PSScriptRoot)
)

$ErrorActionPreference = 'Stop'

# PlatyPS does not work in strict mode, which its callers hand down to it.
Set-StrictMode -Off
$pages = Join-Path $PSScriptRoot cmdlets

# A page with the words of the one that is there, and the facts of the cmdlet as it is.
function Get-Page([Management.Automation.CommandInfo] $Cmdlet) {
    $page = New-CommandHelp $Cmdlet
    $page.Syntax | ForEach-Object { $_.HasCmdletBinding = $true }
    $page.Aliases = 'This cmdlet has no aliases.'

    # A date would change with every run. The page's address, at which Get-Help -Online opens it, is known once the project has one.
    $page.Metadata.Remove('ms.date')
    $page.Metadata['HelpUri'] = $projectUri ? "$($projectUri.TrimEnd('/'))/blob/v$version/docs/cmdlets/$Cmdlet.md" : ''
    $file = Join-Path $pages "$Cmdlet.md"
    if (-not (Test-Path $file)) {
        return $page
    }

    $written = Import-MarkdownCommandHelp $file
    $page.Synopsis = $written.Synopsis
    $page.Description = $written.Description
    $page.Notes = $written.Notes
    foreach ($part in 'Examples', 'Inputs', 'Outputs', 'RelatedLinks') {
        $page.$part.Clear()
        $written.$part | ForEach-Object { $page.$part.Add($_) }
    }

    foreach ($parameter in $page.Parameters) {
        $known = $written.Parameters | Where-Object Name -EQ $parameter.Name
        if ($known) {
            $parameter.Description = $known.Description
            $parameter.DefaultValue = $known.DefaultValue
        }
    }

    $page
}

# Words as a terminal shows them: without the marks of Markdown.
function ConvertTo-Plain([string] $Text) {
    $Text -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '`([^`]+)`', '$1' -replace '\*\*([^*]+)\*\*', '$1'
}

# PlatyPS leaves Markdown in the help, and examples in one piece: code and words go to their own places here.
function Repair-Maml([xml] $Maml, $Help) {
    $names = [Xml.XmlNamespaceManager]::new($Maml.NameTable)
    $names.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
    $names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
    $names.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')

    foreach ($example in $Maml.SelectNodes('//command:example', $names)) {
        $introduction = $example.SelectSingleNode('maml:introduction', $names)
        $remarks = $example.SelectSingleNode('dev:remarks', $names)
        foreach ($paragraph in $introduction.SelectNodes('maml:para', $names)) {
            if ($paragraph.InnerText -match '(?s)^```powershell\s*\n(.*?)\n?```') {
                $example.SelectSingleNode('dev:code', $names).InnerText = $Matches[1]
                $null = $introduction.RemoveChild($paragraph)
            }
            elseif ($paragraph.InnerText.Trim([char]0x80, ' ', "`n")) {
                $null = $remarks.AppendChild($paragraph)
            }
            else {
                $null = $introduction.RemoveChild($paragraph)
            }
        }

        $null = $example.RemoveChild($introduction)
    }

    foreach ($paragraph in $Maml.SelectNodes('//maml:para', $names)) {
        foreach ($part in (ConvertTo-Plain $paragraph.InnerText) -split '\n\s*\n') {
            $own = $paragraph.CloneNode($false)
            $own.InnerText = $part.Trim()
            $null = $paragraph.ParentNode.InsertBefore($own, $paragraph)
        }

        $null = $paragraph.ParentNode.RemoveChild($paragraph)
    }

    # A link to a page of this folder is a name to ask Get-Help for.
    foreach ($link in $Maml.SelectNodes('//maml:navigationLink', $names)) {
        $address = $link.SelectSingleNode('maml:uri', $names)
        if ($link.SelectSingleNode('maml:linkText', $names).InnerText -eq 'Online Version' -and -not $address.InnerText) {
            $null = $link.ParentNode.RemoveChild($link)
        }
        elseif ($address.InnerText -notmatch '^https:') {
            $address.InnerText = ''
        }
    }

    foreach ($type in $Maml.SelectNodes('//command:parameters//command:parameterValue', $names)) {
        $type.InnerText = $type.InnerText -replace '^System\.Nullable`1\[\[?([\w.]+).*', '$1' -replace '^.*\.(?=\w)'
    }

    # What a parameter is without being given, and its other names, get lost on the way too.
    foreach ($command in $Maml.SelectNodes('//command:command', $names)) {
        $page = $Help | Where-Object Title -EQ $command.SelectSingleNode('command:details/command:name', $names).InnerText
        foreach ($parameter in $command.SelectNodes('command:parameters/command:parameter', $names)) {
            $known = $page.Parameters | Where-Object Name -EQ $parameter.SelectSingleNode('maml:name', $names).InnerText
            $parameter.SetAttribute('position', $parameter.GetAttribute('position').ToLowerInvariant())
            $parameter.SetAttribute('aliases', $known.Aliases.Count ? $known.Aliases -join ', ' : 'none')
            if ($known.DefaultValue) {
                $default = $Maml.CreateElement('dev', 'defaultValue', $names.LookupNamespace('dev'))
                $default.InnerText = $known.DefaultValue
                $null = $parameter.AppendChild($default)
            }
        }
    }
}

# A topic as text, 80 columns wide. Get-Help takes its fifth line for the synopsis, so what is under a heading follows at once.
function ConvertTo-AboutText([string] $Markdown) {
    $isCode = $false
    $Markdown = $Markdown -replace '(?m)^(##+ .+?)\r?\n\r?\n(?!```)', "`$1`n"
    foreach ($line in $Markdown -split '\r?\n') {
        if ($line -match '^```') {
            $isCode = -not $isCode
        }
        elseif ($isCode) {
            "        $line".TrimEnd()
        }
        elseif ($line -match '^# (.+)') {
            'TOPIC'
            "    $($Matches[1])"
        }
        elseif ($line -match '^##+ (.+)') {
            $Matches[1].ToUpperInvariant()
        }
        elseif ($line) {
            $hang = if ($line -match '^(- |\d+\. )') { ' ' * $Matches[1].Length } else { '' }
            $row = '   '
            foreach ($word in (ConvertTo-Plain $line) -split ' ') {
                if ($row.Length + 1 + $word.Length -gt 80) {
                    $row
                    $row = "   $hang"
                }

                $row += " $word"
            }

            $row
        }
        else {
            ''
        }
    }
}

function Write-Text([string] $Path, [string] $Text) {
    $Text = ($Text -replace '\r\n', "`n").TrimStart([char]0xFEFF).TrimEnd() + "`n"
    if (-not (Test-Path $Path) -or [IO.File]::ReadAllText($Path) -cne $Text) {
        [IO.File]::WriteAllText($Path, $Text)
    }
}

Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0
Import-Module $Module -Force
$manifest = Import-PowerShellDataFile $Module
$version = $manifest.ModuleVersion
$projectUri = $manifest.PrivateData.PSData['ProjectUri']
$toPages = New-Item -ItemType Directory (Join-Path $Destination docs/cmdlets) -Force
$toHelp = New-Item -ItemType Directory (Join-Path $Destination en-US) -Force
$work = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "seedance-help-$([guid]::NewGuid())")
try {
    foreach ($cmdlet in Get-Command -Module Seedance) {
        $null = Get-Page $cmdlet | Export-MarkdownCommandHelp -OutputFolder $work -Force
    }

    $help = foreach ($file in Get-ChildItem $work -Recurse -Filter *.md | Sort-Object Name) {
        Write-Text (Join-Path $toPages $file.Name) (Get-Content $file -Raw)
        Import-MarkdownCommandHelp $file.FullName
    }

    $null = $help | Export-MamlCommandHelp -OutputFolder $work -Force
    $file = Get-ChildItem $work -Recurse -Filter Seedance.dll-Help.xml
    [xml] $maml = Get-Content $file -Raw
    Repair-Maml $maml $help
    $text = [IO.StringWriter]::new()
    $settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; OmitXmlDeclaration = $true }
    $writer = [Xml.XmlWriter]::Create($text, $settings)
    $maml.Save($writer)
    $writer.Dispose()
    Write-Text (Join-Path $toHelp Seedance.dll-Help.xml) "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n$text"

    foreach ($topic in Get-ChildItem (Join-Path $PSScriptRoot about) -Filter about_*.md) {
        Write-Text (Join-Path $toHelp "$($topic.BaseName).help.txt") ((ConvertTo-AboutText (Get-Content $topic -Raw)) -join "`n")
    }
}
finally {
    Remove-Item $work -Recurse
}
