Describe 'A key from SecretManagement' {
    BeforeAll {
        . "$PSScriptRoot/ModuleUnderTest.ps1"
        $secretManagement = 'Microsoft.PowerShell.SecretManagement'
        if (-not (Get-Module $secretManagement -ListAvailable)) { $secretManagement = "$PSScriptRoot/SecretManagement.psm1" }
        $server = Start-SandboxServer

        # A vault that knows four secrets, registered under the given name.
        $null = New-Item -ItemType Directory "$TestDrive/modules/OpenVault/OpenVault.Extension", "$TestDrive/home"
        Set-Content "$TestDrive/modules/OpenVault/OpenVault.psd1" "@{ ModuleVersion = '1.0'; NestedModules = './OpenVault.Extension'; FunctionsToExport = @() }"
        Set-Content "$TestDrive/modules/OpenVault/OpenVault.Extension/OpenVault.Extension.psd1" @'
@{ ModuleVersion = '1.0'; RootModule = 'OpenVault.Extension.psm1'; FunctionsToExport = 'Get-Secret', 'Get-SecretInfo', 'Set-Secret', 'Remove-Secret', 'Test-SecretVault' }
'@
        Set-Content "$TestDrive/modules/OpenVault/OpenVault.Extension/OpenVault.Extension.psm1" @'
function Get-Secret {
    param($Name, $VaultName, $AdditionalParameters)
    $secure = ConvertTo-SecureString "sk-$VaultName-$Name" -AsPlainText
    switch ($Name) {
        text { "sk-$VaultName-$Name" }
        secure { $secure }
        credential { [pscredential]::new('seedance', $secure) }
        table { @{ key = 'sk' } }
    }
}
function Get-SecretInfo {
    param($Filter, $VaultName, $AdditionalParameters)
    'text', 'secure', 'credential', 'table' -like $Filter | ForEach-Object { [Microsoft.PowerShell.SecretManagement.SecretInformation]::new($_, 'Unknown', $VaultName) }
}
function Set-Secret { param($Name, $Secret, $VaultName, $AdditionalParameters) }
function Remove-Secret { param($Name, $VaultName, $AdditionalParameters) }
function Test-SecretVault { param($VaultName, $AdditionalParameters) $true }
'@

        # A vault that cannot be read.
        $null = New-Item -ItemType Directory "$TestDrive/modules/ShutVault/ShutVault.Extension"
        (Get-Content "$TestDrive/modules/OpenVault/OpenVault.psd1") -replace 'OpenVault', 'ShutVault' | Set-Content "$TestDrive/modules/ShutVault/ShutVault.psd1"
        (Get-Content "$TestDrive/modules/OpenVault/OpenVault.Extension/OpenVault.Extension.psd1") -replace 'OpenVault', 'ShutVault' | Set-Content "$TestDrive/modules/ShutVault/ShutVault.Extension/ShutVault.Extension.psd1"
        (Get-Content "$TestDrive/modules/OpenVault/OpenVault.Extension/OpenVault.Extension.psm1") -replace 'switch \(\$Name\)', 'throw "The vault is shut."; $0' | Set-Content "$TestDrive/modules/ShutVault/ShutVault.Extension/ShutVault.Extension.psm1"

        # In a process with a home of its own, so that the user's vaults are neither asked nor changed.
        function Invoke-WithVault([string] $Script) {
            Invoke-InProcess @"
`$env:PSModulePath = '$TestDrive/modules' + [IO.Path]::PathSeparator + `$env:PSModulePath
Import-Module '$ModuleManifest'
Import-Module '$secretManagement'
`$vault = 'v$([guid]::NewGuid().ToString('N'))'
Register-SecretVault -Name `$vault -ModuleName OpenVault
try { $Script } catch { "`$(`$_.FullyQualifiedErrorId): `$_ `$(`$_.ErrorDetails.RecommendedAction)" } finally { Unregister-SecretVault `$vault }
"@ @{ HOME = "$TestDrive/home"; USERPROFILE = "$TestDrive/home"; SEEDANCE_API_KEY = '' }
        }
    }

    AfterAll { Stop-SandboxServer $server }

    BeforeEach { Reset-Sandbox $server }

    It 'arrives in the header when the secret is a <_>' -ForEach 'text', 'secure', 'credential' {
        $run = Invoke-WithVault "Connect-Seedance -SecretName $_ -VaultName `$vault -BaseUri $($server.BaseUri) -NoJournal; `$null = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g"
        $run.Output + $run.Error | Should -BeNullOrEmpty
        (Get-SandboxRequest $server).headers.Authorization | Should -MatchExactly "^Bearer sk-v\w{32}-$_$"
    }

    It 'is searched in all vaults when none is named' {
        $run = Invoke-WithVault "Connect-Seedance -SecretName text -BaseUri $($server.BaseUri) -NoJournal; `$null = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g"
        $run.Output + $run.Error | Should -BeNullOrEmpty
        (Get-SandboxRequest $server).headers.Authorization | Should -BeLike 'Bearer sk-*-text'
    }

    It 'is found behind a vault that cannot be read' {
        $run = Invoke-WithVault "Register-SecretVault -Name shut -ModuleName ShutVault -DefaultVault; Connect-Seedance -SecretName text -BaseUri $($server.BaseUri) -NoJournal; `$null = 'https://example.com/a.png' | Submit-SeedanceAsset -Group g; Unregister-SecretVault shut"
        $run.Output + $run.Error | Should -BeNullOrEmpty
        (Get-SandboxRequest $server).headers.Authorization | Should -BeLike 'Bearer sk-*-text'
    }

    It 'is missed with a clear error: <Case>' -ForEach @(
        @{ Case = 'a name that is not there'; With = '-SecretName absent -VaultName $vault'; Says = 'Seedance.InvalidInput*absent*Get-SecretInfo*' }
        @{ Case = 'a vault that is not there'; With = '-SecretName text -VaultName nowhere'; Says = 'Seedance.InvalidInput*text*nowhere*' }
        @{ Case = 'a secret that is no text'; With = '-SecretName table -VaultName $vault'; Says = 'Seedance.InvalidInput*holds no text*Set-Secret*' }
    ) {
        $run = Invoke-WithVault "Connect-Seedance $With -BaseUri $($server.BaseUri) -NoJournal"
        $run.Output | Should -BeLike $Says
        Get-SandboxRequest $server | Should -BeNullOrEmpty
    }
}
