# Pictures for tests: heads that tell a size, and filling. Dot-source it in BeforeAll.

function New-TestPicture([string] $Path, [int] $Width = 640, [int] $Height = 480, [int] $Size = 1000, [string] $Filling = $Path) {
    $bytes = [byte[]]::new($Size)
    $head = 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52
    $sides = foreach ($side in $Width, $Height) { ($side -shr 24), (($side -shr 16) -band 255), (($side -shr 8) -band 255), ($side -band 255) }
    [byte[]]$start = $head + $sides + [Text.Encoding]::UTF8.GetBytes($Filling)
    [Array]::Copy($start, $bytes, [Math]::Min($start.Length, $Size))
    [IO.File]::WriteAllBytes($Path, $bytes)
    Get-Item -LiteralPath $Path
}
