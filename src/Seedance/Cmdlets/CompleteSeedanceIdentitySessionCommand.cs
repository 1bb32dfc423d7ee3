using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Asks for the outcome of an identity session, once the person has passed, and gives out the group that takes that person's material.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "SeedanceIdentitySession", DefaultParameterSetName = "Session")]
[OutputType(typeof(AvatarGroup))]
public sealed class CompleteSeedanceIdentitySessionCommand : AsyncCommand
{
    private readonly Channel<IdentitySession> _sessions = Channel.CreateUnbounded<IdentitySession>();

    // Errors carry the bound parameters with them: the token is taken out of there, and kept here.
    private string? _token;

    /// <summary>The session. Its token is good for one query: complete it after your callback saw resultCode 10000.</summary>
    [Parameter(ParameterSetName = "Session", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public IdentitySession? Session { get; set; }

    /// <summary>The token of a session, as the callback brought it.</summary>
    [Parameter(ParameterSetName = "Token", Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? BytedToken { get; set; }

    /// <summary>The project that the session was opened in.</summary>
    [Parameter(ParameterSetName = "Token")]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>Who the person is; the session's name if it is left out.</summary>
    [Parameter]
    [ValidateLength(1, AssetRules.MaxNameLength)]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _token = BytedToken;
        MyInvocation.BoundParameters.Remove(nameof(BytedToken));
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        MyInvocation.BoundParameters.Remove(nameof(Session));
        if (Session is not null)
        {
            Post(_sessions.Writer, Session);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _sessions.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var desk = Connected.CreateIdentityVerifier();
        if (_token is not null)
        {
            var project = string.IsNullOrEmpty(ProjectName) ? null : ProjectName;
            await CompleteAsync(desk.CompleteAsync(_token, project, Name, cancellationToken), null);
            return;
        }

        while (await _sessions.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_sessions.Reader.TryRead(out var session))
            {
                await CompleteAsync(desk.CompleteAsync(session, Name, cancellationToken), session.TaskId);
            }
        }
    }

    private async Task CompleteAsync(Task<VerifiedPerson> completing, string? taskId)
    {
        try
        {
            var person = await completing;
            if (person.Notice is not null)
            {
                QueueWarning(person.Notice);
            }

            QueueObject(person.Group);
        }
        catch (SeedanceException e) when (!e.StopsTheRun)
        {
            QueueError(e, taskId);
        }
    }
}
