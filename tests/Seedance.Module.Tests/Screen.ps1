# A session with a screen of its own, and a phone that looks at it: what is shown to people, and to nobody else. Dot-source it in BeforeAll.

if (-not ('Seedance.Tests.Screen' -as [type])) {
    Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net.Http;
using System.Security;
using System.Text;
using System.Threading.Tasks;

namespace Seedance.Tests
{
    public sealed class Screen : PSHost
    {
        private readonly ScreenUI _ui = new ScreenUI();
        public override CultureInfo CurrentCulture { get { return CultureInfo.InvariantCulture; } }
        public override CultureInfo CurrentUICulture { get { return CultureInfo.InvariantCulture; } }
        public override Guid InstanceId { get; } = Guid.NewGuid();
        public override string Name { get { return "Screen"; } }
        public override Version Version { get { return new Version(1, 0); } }
        public override PSHostUserInterface UI { get { return _ui; } }
        public ScreenUI View { get { return _ui; } }
        public override void EnterNestedPrompt() { }
        public override void ExitNestedPrompt() { }
        public override void NotifyBeginApplication() { }
        public override void NotifyEndApplication() { }
        public override void SetShouldExit(int exitCode) { }
    }

    public sealed class ScreenUI : PSHostUserInterface
    {
        private readonly StringBuilder _text = new StringBuilder();
        private readonly HttpClient _browser = new HttpClient();
        private readonly ScreenRawUI _raw = new ScreenRawUI();

        /// <summary>What the phone adds to the link, such as the code that the check is to end with; null leaves the phone in the pocket.</summary>
        public string Phone { get; set; }
        public bool HasColours { get; set; }
        public List<string> Links { get; } = new List<string>();
        public List<Task<string>> Pages { get; } = new List<Task<string>>();
        public string Text { get { lock (_text) return _text.ToString(); } }
        public int Width { set { _raw.Width = value; } }
        public int Height { set { _raw.Height = value; } }

        public override bool SupportsVirtualTerminal { get { return HasColours; } }
        public override PSHostRawUserInterface RawUI { get { return _raw; } }
        public override void Write(string value) { lock (_text) _text.Append(value); }
        public override void Write(ConsoleColor foreground, ConsoleColor background, string value) { Write(value); }
        public override void WriteLine(string value)
        {
            Write(value + "\n");
            if (value != null && value.StartsWith("http"))
            {
                lock (_text)
                {
                    Links.Add(value);
                    if (Phone != null) Pages.Add(_browser.GetStringAsync(value + Phone));
                }
            }
        }
        public override void WriteErrorLine(string value) { Write("ERROR: " + value + "\n"); }
        public override void WriteDebugLine(string message) { Write("DEBUG: " + message + "\n"); }
        public override void WriteVerboseLine(string message) { Write("VERBOSE: " + message + "\n"); }
        public override void WriteWarningLine(string message) { Write("WARNING: " + message + "\n"); }
        public override void WriteProgress(long sourceId, ProgressRecord record) { }
        public override string ReadLine() { throw new NotSupportedException(); }
        public override SecureString ReadLineAsSecureString() { throw new NotSupportedException(); }
        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) { throw new NotSupportedException(); }
        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) { return defaultChoice; }
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) { throw new NotSupportedException(); }
        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowed, PSCredentialUIOptions options) { throw new NotSupportedException(); }
    }

    public sealed class ScreenRawUI : PSHostRawUserInterface
    {
        public int Width = 120;
        public int Height = 50;
        public override Size WindowSize { get { return new Size(Width, Height); } set { } }
        public override Size BufferSize { get { return new Size(Width, Height); } set { } }
        public override Size MaxWindowSize { get { return new Size(Width, Height); } }
        public override Size MaxPhysicalWindowSize { get { return new Size(Width, Height); } }
        public override ConsoleColor ForegroundColor { get; set; }
        public override ConsoleColor BackgroundColor { get; set; }
        public override Coordinates CursorPosition { get; set; }
        public override Coordinates WindowPosition { get; set; }
        public override int CursorSize { get; set; }
        public override string WindowTitle { get; set; }
        public override bool KeyAvailable { get { return false; } }
        public override void FlushInputBuffer() { }
        public override KeyInfo ReadKey(ReadKeyOptions options) { throw new NotSupportedException(); }
        public override BufferCell[,] GetBufferContents(Rectangle rectangle) { throw new NotSupportedException(); }
        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) { }
        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }
        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) { }
    }
}
'@
}

# Begins a script in a session with a screen. The phone scans whatever link is shown, and adds $Phone to it; $null leaves it in the pocket.
function Start-OnScreen([scriptblock] $Script, [hashtable] $Variables = @{}, [AllowNull()] $Phone = '', [hashtable] $Screen = @{}) {
    $view = [Seedance.Tests.Screen]::new()
    $view.View.Phone = if ($null -eq $Phone) { [NullString]::Value } else { $Phone }
    foreach ($name in $Screen.Keys) { $view.View.$name = $Screen[$name] }
    $runspace = [runspacefactory]::CreateRunspace($view, [initialsessionstate]::CreateDefault2())
    $runspace.Open()
    foreach ($name in $Variables.Keys) { $runspace.SessionStateProxy.SetVariable($name, $Variables[$name]) }
    $shell = [powershell]::Create($runspace)
    $null = $shell.AddScript("Import-Module '$ModuleManifest'`n$Script")
    [pscustomobject]@{ Shell = $shell; Pending = $shell.BeginInvoke(); Runspace = $runspace; Screen = $view.View }
}

# Runs a script to its end in a session with a screen.
function Invoke-OnScreen([scriptblock] $Script, [hashtable] $Variables = @{}, [AllowNull()] $Phone = '', [hashtable] $Screen = @{}, [int] $Seconds = $Deadline) {
    $session = Start-OnScreen $Script $Variables $Phone $Screen
    try {
        if (-not $session.Pending.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Seconds))) {
            throw "The script had not come back after $Seconds s: $Script"
        }

        $output = $session.Shell.EndInvoke($session.Pending)
        [pscustomobject]@{ Output = @($output); Errors = @($session.Shell.Streams.Error); Streams = $session.Shell.Streams; Screen = $session.Screen }
    }
    finally {
        Close-Session $session
    }
}
