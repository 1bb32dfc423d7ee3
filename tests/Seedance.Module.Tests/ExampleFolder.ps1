# A folder as the examples of the help and of the how-tos expect it, and a way to run them. Dot-source it after ModuleUnderTest.ps1.

. "$PSScriptRoot/PostgreSqlServer.ps1"

# The code with the made-up database in it replaced by one that there is; nothing where it needs one and there is none.
function Use-ExampleDatabase([string] $Code, $Database) {
    $hasLists = $Code -match 'Seedance(List|Runner)\b|-Queue\b'
    if (-not $hasLists -and $Code -notmatch 'db\.example\.com') { return $Code }
    if (-not $Database) { return }

    # A worker that is always there goes after a second.
    $own = $Code -replace 'db\.example\.com', $Database.Host -replace '-Until Stopped', '-Until Stopped -MaxDuration 1'
    if (-not $hasLists -or $Code -match 'Install-SeedanceJournal') { return $own }

    # An account of its own, with two lists that are done.
    $account = [guid]::NewGuid()
    @"
Connect-Seedance sk-$account -AccountName $account -Journal postgresql://runner@$($Database.Host)/seedance
'night', 'old' | ForEach-Object { "https://assets.example.com/`$_.png" | Submit-SeedanceAsset -Group cast -Queue -ListName `$_ | Start-SeedanceRunner | Out-Null }
$own
"@
}

# A PNG of 320 by 320, black: about the smallest that the review takes.
function New-Picture([string] $Path) {
    [IO.File]::WriteAllBytes($Path, [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAUAAAAFAAQAAAADl65gHAAAAI0lEQVR42u3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAAAAAAPwaM0AAAWQoMfMAAAAASUVORK5CYII='))
}

function New-ExampleFolder {
    $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
    $web = 'https://assets.example.com'
    Set-Content "$folder/assets.csv" @(
        'Url,Name,AssetType'
        1..4 | ForEach-Object { "$web/portrait-$_.png,portrait-$_,Image" }
        "$web/reject-5.png,portrait-5,Image"
        "$web/waving.mp4,waving,Video"
    )
    Set-Content "$folder/cast.csv" 'Url,Name,Group', "$web/ann.png,ann,the-lees", "$web/bob.png,bob,the-lees", "$web/cy.png,cy,the-wongs"
    Set-Content "$folder/ann.csv" 'Url,Name,AssetType', "$web/ann-1.mp4,ann-waving,Video", "$web/ann-2.png,ann-smiling,Image"
    Set-Content "$folder/groups.csv" 'Name,Description,ProjectName', 'spring-cast,The cast of spring,spring', 'autumn-cast,,autumn'
    Set-Content "$folder/prompts.csv" 'Name,Prompt,AssetUrl,Duration,Scene', 'boat,A paper boat sails down a street,,5,street', 'smile,She smiles,asset://asset-20260115-1,,portrait'
    'key', 'studio.key', 'agency.key' | ForEach-Object { Set-Content "$folder/$_.txt" "sk-test-$_" }
    $null = New-Item -ItemType Directory "$folder/pictures"
    'ann', 'bob' | ForEach-Object { New-Picture "$folder/pictures/$_.png" }
    Copy-Item "$PSScriptRoot/../../examples/*.ps1" $folder
    $folder.FullName
}

# Runs a script as a user would in that folder, connected to the server; nothing leaves this machine.
# What listens for a phone is rehearsed in the built-in sandbox, where the person passes unaided.
function Invoke-Example([string] $Code, [string] $Folder, $Server, [string] $Journal) {
    $own = Join-Path $Folder journal.jsonl
    if ($Journal) {
        Copy-Item $Journal $own
    }

    Invoke-InSession {
        Set-Location $folder
        $env:SEEDANCE_API_KEY = 'sk-test'
        $rendering = $PSStyle.OutputRendering
        $PSDefaultParameterValues = @{ 'Connect-Seedance:BaseUri' = $server; 'Connect-Seedance:RequestsPerSecond' = 10000 }

        # What there is elsewhere: a vault, a cloud, somebody at the keyboard.
        function Get-Secret { [CmdletBinding()] param($Name, $Vault, [switch] $AsPlainText) $AsPlainText ? 'sk-test-secret' : (ConvertTo-SecureString 'sk-test-secret' -AsPlainText) }
        function Get-AutomationVariable { param($Name) "sk-test-$Name" }
        function Get-AzKeyVaultSecret { param($VaultName, $Name) [pscustomobject]@{ SecretValue = Get-Secret "$VaultName-$Name" } }
        function Read-Host { param($Prompt, [switch] $AsSecureString) $AsSecureString ? (Get-Secret typed) : 'the person has passed by now' }
        function Install-PSResource { }
        function Register-SecretVault { }
        function Set-Secret { }
        function Connect-AzAccount { }
        if ($code -match '-Listen') { Connect-Seedance -Sandbox }
        else { Connect-Seedance sk-test -BaseUri $server -JournalPath $own -RequestsPerSecond 10000 }
        try {
            . ([scriptblock]::Create($code))
        }
        finally {
            Disconnect-Seedance
            $env:SEEDANCE_API_KEY = $null
            $PSStyle.OutputRendering = $rendering
        }
    } @{ code = $Code; folder = $Folder; server = $Server.BaseUri; own = $own }
}

# The blocks of PowerShell in a page, each with the heading it stands under.
function Read-CodeBlock([string] $Path) {
    $heading = $null
    $lines = $null
    foreach ($line in Get-Content $Path) {
        if ($null -ne $lines) {
            if ($line -match '^```') {
                [pscustomobject]@{ Page = Split-Path $Path -LeafBase; Heading = $heading; Code = $lines -join "`n" }
                $lines = $null
            }
            else {
                $lines += @($line)
            }
        }
        elseif ($line -match '^#+ (.+)') {
            $heading = $Matches[1]
        }
        elseif ($line -match '^```powershell\s*$') {
            $lines = @()
        }
    }
}
