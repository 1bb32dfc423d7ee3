@{
    RootModule           = 'Seedance.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = 'a1c6f0de-5d0e-4b1c-9a0f-7d1c3c5b8e21'
    Author               = 'The Seedance module authors'
    Copyright            = 'Copyright (c) The Seedance module authors. MIT licence.'
    Description          = 'Submit pictures and clips to the Seedance 2.0 asset review, wait for the outcome, keep the map from file to asset:// id, and use the approved assets in video generation.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('Seedance.Format.ps1xml')
    TypesToProcess       = @('Seedance.Types.ps1xml')
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Clear-SeedanceJournal'
        'Complete-SeedanceIdentitySession'
        'Connect-Seedance'
        'Disconnect-Seedance'
        'Export-SeedanceJournal'
        'Export-SeedanceReport'
        'Get-SeedanceAsset'
        'Get-SeedanceAvatarGroup'
        'Get-SeedanceBalance'
        'Get-SeedanceConnection'
        'Get-SeedanceList'
        'Get-SeedanceRun'
        'Get-SeedanceRunner'
        'Get-SeedanceTask'
        'Get-SeedanceUsage'
        'Import-SeedanceJournal'
        'Install-SeedanceJournal'
        'New-SeedanceAvatarGroup'
        'New-SeedanceVideo'
        'Remove-SeedanceAsset'
        'Remove-SeedanceAvatarGroup'
        'Remove-SeedanceList'
        'Rename-SeedanceAsset'
        'Save-SeedanceVideo'
        'Send-SeedanceImage'
        'Start-SeedanceIdentitySession'
        'Start-SeedanceRunner'
        'Stop-SeedanceRunner'
        'Submit-SeedanceAsset'
        'Sync-SeedanceJournal'
        'Test-SeedanceAsset'
        'Test-SeedanceConnection'
        'Test-SeedanceJournal'
        'Wait-SeedanceIdentitySession'
        'Wait-SeedanceList'
        'Wait-SeedanceTask'
    )
    PrivateData          = @{
        PSData = @{
            Tags       = @('Seedance', 'AI', 'Video', 'Avatar', 'Asset', 'Batch', 'CSV', 'PSEdition_Core', 'Windows', 'Linux', 'macOS')
            LicenseUri = 'https://opensource.org/license/mit'

            # The project's address, once it has one, is ProjectUri here, and nowhere else: packages, and help with -Online, take it from this line.
            ReleaseNotes = 'The first version: files of rows through the asset review and back as asset:// ids, with a journal by which a run goes on after whatever broke it off; videos of what passed; real persons; reports. Try it with Connect-Seedance -Sandbox: no key, no network, nothing billed.'
        }
    }
}
