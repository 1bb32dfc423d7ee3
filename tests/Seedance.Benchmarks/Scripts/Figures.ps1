# Tells the bench what it asks of every measured process, in one line.
function Write-Figures([hashtable] $Figures) {
    $self = [Diagnostics.Process]::GetCurrentProcess()
    $Figures.cpu = $self.TotalProcessorTime.TotalSeconds
    $Figures.peak = $self.PeakWorkingSet64 / 1MB
    ConvertTo-Json $Figures -Compress
}
