using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using Seedance.Sandbox;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Sets the account, the address and the limits that the other cmdlets use.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "Seedance", DefaultParameterSetName = "ApiKey")]
[OutputType(typeof(SeedanceConnection))]
public sealed class ConnectSeedanceCommand : PSCmdlet
{
    // An address that leads nowhere: whatever goes wrong, nothing rehearsed reaches the API.
    private static readonly Uri s_sandbox = new("https://sandbox.invalid/");

    /// <summary>The API key. A plain string is converted. Without it, the environment variable SEEDANCE_API_KEY is read.</summary>
    [Parameter(ParameterSetName = "ApiKey", Position = 0)]
    [SecretText]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name of the key in SecretManagement.</summary>
    [Parameter(ParameterSetName = "Secret", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string? SecretName { get; set; }

    /// <summary>The vault to look in; all of them by default.</summary>
    [Parameter(ParameterSetName = "Secret")]
    [ValidateNotNullOrEmpty]
    public string? VaultName { get; set; }

    /// <summary>The account whose history the journal keeps: its name stays while keys come and go. By default SEEDANCE_ACCOUNT, else the secret's name, else "default".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AccountName { get; set; }

    /// <summary>Uses the built-in sandbox: no key, no network, nothing billed.</summary>
    [Parameter(ParameterSetName = "Sandbox", Mandatory = true)]
    public SwitchParameter Sandbox { get; set; }

    /// <summary>The API's address, or a gateway's: https, or http to this machine itself.</summary>
    [Parameter(ParameterSetName = "ApiKey")]
    [Parameter(ParameterSetName = "Secret")]
    [ValidateNotNull]
    public Uri BaseUri { get; set; } = SeedanceConnectionOptions.DefaultBaseUri;

    /// <summary>Requests a second over the whole connection.</summary>
    [Parameter]
    [ValidateRange(1, 10000)]
    public int RequestsPerSecond { get; set; } = 30;

    /// <summary>Requests at once over the whole connection.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int Concurrency { get; set; } = 8;

    /// <summary>How long one attempt may take; a number is seconds.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The language of the API's messages about tasks. By default the session's, where the API has it.</summary>
    [Parameter]
    [ValidateSet("zh", "en", "ja", "ko", "ru", "fr", "de", "id", "pt", "es")]
    public string? Language { get; set; }

    /// <summary>The journal's file, or a database: postgresql://[user@]host[:port]/database. By default SEEDANCE_JOURNAL, or else the file in the user's data folder.</summary>
    [Parameter]
    [Alias("JournalPath")]
    [ValidateNotNullOrEmpty]
    public string? Journal { get; set; }

    /// <summary>The name of the database's password in SecretManagement.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalSecretName { get; set; }

    /// <summary>The vault to look for the database's password in; all of them by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalVaultName { get; set; }

    /// <summary>Keeps no journal: nothing can be resumed or recalled.</summary>
    [Parameter]
    public SwitchParameter NoJournal { get; set; }

    /// <summary>Gives the connection out, for -Connection.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        SeedanceConnectionOptions options;
        SeedanceConnection connection;
        try
        {
            options = Options();
            connection = new SeedanceConnection(options);
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
            throw;
        }

        ConnectionStore.Set(connection, options.ApiKey, isGivenOut: PassThru);
        if (PassThru)
        {
            WriteObject(connection);
        }
    }

    private SeedanceConnectionOptions Options() => WithJournal(new()
    {
        AccountName = AccountName ?? NullIfEmpty(Environment.GetEnvironmentVariable("SEEDANCE_ACCOUNT")) ?? SecretName,
        ApiKey = Sandbox ? null : Key(),
        BaseUri = Sandbox ? s_sandbox : BaseUri,
        RequestsPerSecond = RequestsPerSecond,
        Concurrency = Concurrency,
        Timeout = Timeout,
        Language = Language?.ToLowerInvariant() ?? SeedanceClient.LanguageOf(CultureInfo.CurrentUICulture),
        NoJournal = NoJournal,
        Handler = Sandbox ? new SandboxMessageHandler(new SandboxApi(new SandboxOptions { PersonFinishesAfter = SandboxPhone.TakesTime / 2 })) : null,
    });

    // A sandbox keeps what it rehearses to itself, unless it is told a place.
    private SeedanceConnectionOptions WithJournal(SeedanceConnectionOptions options)
    {
        var place = Journal ?? (Sandbox ? null : ConnectionStore.EnvironmentDatabase);
        if (NoJournal || !DatabaseJournal.IsAddress(place))
        {
            return options with { JournalPath = Journal is null ? null : LocalPaths.Locate(this, Journal, "journal") };
        }

        return options with { JournalStore = DatabaseJournal.Store(place!, DatabaseJournal.Password(this, JournalSecretName, JournalVaultName)) };
    }

    private string? Key()
    {
        if (SecretName is not null)
        {
            return Plain(SecretVault.Read(this, SecretName, VaultName));
        }

        return ApiKey is null ? NullIfEmpty(Environment.GetEnvironmentVariable("SEEDANCE_API_KEY")) : Plain(ApiKey);
    }

    private static string Plain(SecureString secret) => new NetworkCredential(string.Empty, secret).Password;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
