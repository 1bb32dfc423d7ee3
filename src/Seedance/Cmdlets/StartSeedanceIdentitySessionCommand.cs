using System.Management.Automation;
using System.Management.Automation.Host;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Opens an identity session and shows its link as a QR code: the person scans it and passes a liveness check within 120 seconds.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "SeedanceIdentitySession", DefaultParameterSetName = "Listen")]
[OutputType(typeof(IdentitySession))]
public sealed class StartSeedanceIdentitySessionCommand : AsyncCommand
{
    private static readonly int[] s_quietZones = [4, 2, 1];

    private string? _picture;

    /// <summary>An address of this machine that the phone reaches, as http://192.168.1.20:8080/, to receive the callback on. Port 0 takes a free one.</summary>
    [Parameter(ParameterSetName = "Listen", Mandatory = true)]
    [ArgumentCompleter(typeof(ListenAddressCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Listen { get; set; }

    /// <summary>Your own endpoint, to which the phone's browser is sent afterwards: http or https.</summary>
    [Parameter(ParameterSetName = "CallbackUrl", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? CallbackUrl { get; set; }

    /// <summary>Who the person is, up to 64 characters; becomes the name of the group.</summary>
    [Parameter]
    [ValidateLength(1, AssetRules.MaxNameLength)]
    public string? Name { get; set; }

    /// <summary>The project; the API's default if it is left out.</summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>The language of the page on the phone.</summary>
    [Parameter]
    [ValidateSet("zh", "en", "zh-Hant")]
    public string? Language { get; set; }

    /// <summary>A file to write the QR code to as a picture, in PNG. It is as secret as the link: remove it when it has served.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? QrPath { get; set; }

    /// <summary>Shows nothing; the link is in the session's H5Link and QrCode.</summary>
    [Parameter]
    public SwitchParameter NoQrCode { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            // Before the link's time begins to run.
            _picture = QrPath is null ? null : LocalPaths.Locate(this, QrPath, "picture's file");
            if (_picture is not null && (Directory.Exists(_picture) || !Directory.Exists(System.IO.Path.GetDirectoryName(_picture))))
            {
                throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The QR code cannot be written to '{_picture}': it is a folder, or is in none.")
                {
                    RecommendedAction = "Name a file in a folder that exists.",
                };
            }
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, QrPath));
        }

        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var session = await Connected.CreateIdentityVerifier().OpenAsync(
            new IdentityOptions
            {
                Listen = Listen,
                CallbackUrl = CallbackUrl,
                Name = Name,
                ProjectName = string.IsNullOrEmpty(ProjectName) ? null : ProjectName,
                Language = Language,
            },
            cancellationToken);
        if (Listen is not null)
        {
            QueueVerbose($"The callback is received on {new Uri(session.CallbackUrl).GetLeftPart(UriPartial.Authority)} until {session.ExpiresAt.LocalDateTime:T}.");
        }

        if (Connected.IsSandbox && Listen is not null)
        {
            QueueWarning($"This is a rehearsal: no phone can open the sandbox's link. The person passes unaided in {SandboxPhone.TakesTime.TotalSeconds:0} seconds.");
            _ = SandboxPhone.PassAsync(session);
        }
        else if (Listen is not null && !Connected.BaseUri.IsLoopback && new Uri(session.CallbackUrl).IsLoopback)
        {
            QueueWarning("A phone cannot reach a loopback address. Listen on the address that this machine has in the phone's network.");
        }

        if (_picture is not null)
        {
            try
            {
                SavePicture(_picture, session);
            }
            catch (SeedanceException e)
            {
                QueueError(e, QrPath);
            }
        }

        if (!NoQrCode)
        {
            QueueWrite(() => ShowLink(session));
        }

        QueueObject(session);
    }

    // Under a name that nobody foresees, which then takes its own: no link is written through. For its owner's eyes alone.
    private static void SavePicture(string path, IdentitySession session)
    {
        var fresh = $"{path}.{System.IO.Path.GetRandomFileName()}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(fresh, options))
            {
                file.Write(session.GetQrPicture());
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeedanceException(SeedanceErrorKind.FileUnavailable, Delivery.NotSent, $"The QR code cannot be written to '{path}': {e.Message}", e)
            {
                RecommendedAction = "The session is open: show its QrCode or open its H5Link before it expires, and name a place that can be written next time.",
            };
        }
    }

    // To the screen itself and into no stream: streams are kept and redirected, and the link is a secret.
    private void ShowLink(IdentitySession session)
    {
        var screen = Host.UI;
        screen.WriteLine($"Scan with the phone of {session.Name ?? "the person"} before {session.ExpiresAt.LocalDateTime:T}:");
        screen.WriteLine(session.H5Link);
        var room = RoomOf(screen);
        var code = s_quietZones.Select(zone => session.DrawQrCode(ShowsColours(screen), zone)).FirstOrDefault(code => room is not { } window || Fits(session, code, window));
        if (code is not null)
        {
            screen.WriteLine(code);
        }
        else
        {
            var smallest = session.DrawQrCode(isColoured: false, s_quietZones[^1]).Split('\n');
            screen.WriteWarningLine(
                $"The QR code is {smallest[0].Length} columns wide and {smallest.Length} lines high, and this window {room!.Value.Width} by {room.Value.Height}: "
                + "make it larger and show the session's QrCode, have the code as a picture with -QrPath, or open the link otherwise.");
        }

        // The last line that there is, is the prompt's.
        if (code is null || room is not { } around || Height(session, code, around) < around.Height)
        {
            screen.WriteLine(string.Empty);
        }
    }

    private static bool Fits(IdentitySession session, string code, Size window) =>
        code.Split('\n')[0].Count(letter => letter is '█' or '▀' or '▄' or ' ') <= window.Width && Height(session, code, window) <= window.Height;

    // Beside the code there are its heading, the link and the prompt.
    private static int Height(IdentitySession session, string code, Size window)
    {
        var linesOfLink = (session.H5Link.Length + window.Width - 1) / window.Width;
        return 1 + linesOfLink + code.Split('\n').Length + 1;
    }

    private bool ShowsColours(PSHostUserInterface screen) =>
        screen.SupportsVirtualTerminal
        && (SessionState.PSVariable.GetValue("PSStyle") is not { } style || $"{PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value}" != "PlainText");

    // Not every host has a window.
    private static Size? RoomOf(PSHostUserInterface screen)
    {
        try
        {
            return screen.RawUI?.WindowSize is { Width: > 0, Height: > 0 } size ? size : null;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
