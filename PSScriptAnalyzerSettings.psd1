# What PSScriptAnalyzer checks: all that it knows, and the habits of this repository. Used by editors and by the tests.
@{
    Severity     = @('Error', 'Warning', 'Information')
    ExcludeRules = @(
        # Build and example scripts speak to the person who runs them.
        'PSAvoidUsingWriteHost'
        # Helpers of scripts are not cmdlets: they ask nobody.
        'PSUseShouldProcessForStateChangingFunctions'
        # It does not see what is used in functions further down, nor what one block of a test sets for another.
        'PSReviewUnusedParameter'
        'PSUseDeclaredVarsMoreThanAssignments'
        # What is written with its first argument in place reads better so.
        'PSAvoidUsingPositionalParameters'
        # PowerShell 7 reads and writes UTF-8 without one.
        'PSUseBOMForUnicodeEncodedFile'
    )
    Rules        = @{
        PSPlaceOpenBrace           = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $true; IgnoreOneLineBlock = $true }
        PSUseConsistentIndentation = @{ Enable = $true; IndentationSize = 4; PipelineIndentation = 'IncreaseIndentationForFirstPipeline'; Kind = 'space' }
        PSUseCorrectCasing         = @{ Enable = $true }
        PSUseCompatibleSyntax      = @{ Enable = $true; TargetVersions = @('7.0') }
    }
}
