Describe 'The site' {
    BeforeAll {
        $root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
        $site = Join-Path $TestDrive site
        & "$root/docs/Build-Site.ps1" -Destination $site
        $pages = @{}
        Get-ChildItem $site -Recurse -Filter *.html | ForEach-Object { $pages[$_.FullName] = Get-Content $_ -Raw }

        # What a page asks for or leads to, and where that is.
        function Get-Link([string] $Page) {
            foreach ($match in [regex]::Matches($pages[$Page], '\s(href|src|srcset)="([^"]*)"')) {
                $address = [Net.WebUtility]::HtmlDecode($match.Groups[2].Value)
                $path, $fragment = $address -split '#', 2
                [pscustomobject]@{
                    Page     = $Page
                    Kind     = $match.Groups[1].Value
                    Address  = $address
                    File     = if ($address -notmatch '^\w+:') { $path ? [IO.Path]::GetFullPath((Join-Path (Split-Path $Page) ([Uri]::UnescapeDataString($path)))) : $Page }
                    Fragment = $fragment
                }
            }
        }

        $links = foreach ($page in $pages.Keys) { Get-Link $page }
    }

    It 'has a page for each page in Markdown, with its heading' {
        $sources = @(Get-ChildItem $root -Filter *.md) + @(Get-ChildItem "$root/docs" -Recurse -Filter *.md)
        foreach ($source in $sources) {
            $made = Join-Path $site ([IO.Path]::GetRelativePath($root, $source.FullName) -replace '^README\.md$', 'index.html' -replace '\.md$', '.html')
            $heading = (Get-Content $source | Where-Object { $_ -match '^# ' } | Select-Object -First 1) -replace '^# '
            $made | Should -Exist
            $pages[$made] | Should -Match "<title>$([regex]::Escape([Net.WebUtility]::HtmlEncode($heading)))</title>"
            $pages[$made] | Should -Match '<h1'
            $pages[$made] | Should -Not -Match 'PlatyPS schema version'
        }
    }

    It 'links to what there is, to the heading' {
        $links.Count | Should -BeGreaterThan 1000
        $broken = foreach ($link in $links | Where-Object File) {
            $isThere = Test-Path -LiteralPath $link.File -PathType Leaf
            if ($isThere -and $link.Fragment -and $link.File -like '*.html') {
                $isThere = $pages[$link.File] -match "\sid=`"$([regex]::Escape($link.Fragment))`""
            }

            if (-not $isThere -or $link.File -like '*.md') { "$($link.Page) -> $($link.Address)" }
        }
        $broken | Should -BeNullOrEmpty
    }

    It 'is whole without a network: no script, and no picture or style from elsewhere' {
        foreach ($page in $pages.Keys) {
            $pages[$page] | Should -Not -Match '<script|<link|<iframe'
            $pages[$page] | Should -Match "default-src 'none'"
        }

        $links | Where-Object { $_.Kind -ne 'href' -and -not $_.File } | Should -BeNullOrEmpty
    }

    Context 'of another repository' {
        BeforeAll {
            $copy = Join-Path $TestDrive copy
            $null = New-Item -ItemType Directory $copy/docs, $copy/.hidden
            Copy-Item "$root/docs/Build-Site.ps1" $copy/docs
            Set-Content $copy/.hidden/file.yml 'x'
        }

        It 'replaces what it made before, hidden files too' {
            Set-Content $copy/README.md "# Page`n`n[file](.hidden/file.yml)"
            & "$copy/docs/Build-Site.ps1"
            Set-Content $copy/README.md "# Page`n`nNothing any more."
            & "$copy/docs/Build-Site.ps1"
            Get-ChildItem $copy/out/site -Recurse -File -Force | Should -HaveCount 1
        }

        It 'refuses a page that links to what is not there' {
            Set-Content $copy/README.md "# Page`n`n[gone](docs/gone.md)"
            { & "$copy/docs/Build-Site.ps1" } | Should -Throw "README.md links to 'docs/gone.md'*"
        }
    }
}
