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

    /// <summary>Shows nothing; the link is in the session's H5Link and QrCode.</summary>
    [Parameter]
    public SwitchParameter NoQrCode { get; set; }

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

        if (!NoQrCode)
        {
            Queue(() => ShowLink(session));
        }

        QueueObject(session);
    }

    // To the screen itself and into no stream: streams are kept and redirected, and the link is a secret.
    private void ShowLink(IdentitySession session)
    {
        var screen = Host.UI;
        var plain = session.QrCode;
        var width = plain.IndexOf('\n', StringComparison.Ordinal);
        screen.WriteLine($"Scan with the phone of {session.Name ?? "the person"} before {session.ExpiresAt.LocalDateTime:T}:");
        if (WidthOf(screen) is { } room && room < width)
        {
            screen.WriteWarningLine($"The QR code is {width} columns wide and this window {room}: widen it and show the session's QrCode, or open the link otherwise.");
        }
        else
        {
            screen.WriteLine(ShowsColours(screen) ? session.DrawQrCode() : plain);
        }

        screen.WriteLine(session.H5Link);
        screen.WriteLine(string.Empty);
    }

    private bool ShowsColours(PSHostUserInterface screen) =>
        screen.SupportsVirtualTerminal
        && (SessionState.PSVariable.GetValue("PSStyle") is not { } style || $"{PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value}" != "PlainText");

    // Not every host has a window.
    private static int? WidthOf(PSHostUserInterface screen)
    {
        try
        {
            return screen.RawUI?.WindowSize.Width is > 0 and var width ? width : null;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
