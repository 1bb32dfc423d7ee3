using Seedance.Identity;
using Seedance.Runs;

namespace Seedance;

/// <summary>
/// Takes a person from a link to a group: opens identity sessions, waits for their callbacks and asks for the outcome,
/// once. Both the question and its answer are in the journal; the link and the token never are.
/// </summary>
public sealed class IdentityVerifier
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly TokenRegistry _tokens;
    private readonly TimeProvider _time;

    internal IdentityVerifier(SeedanceClient client, IJournal journal, TokenRegistry tokens, TimeProvider time)
    {
        _client = client;
        _journal = journal;
        _tokens = tokens;
        _time = time;
    }

    /// <summary>Opens a session. With <see cref="IdentityOptions.Listen"/> its callback is received here until the link runs out.</summary>
    /// <exception cref="SeedanceException">An address is unfit, or the session could not be opened.</exception>
    public async Task<IdentitySession> OpenAsync(IdentityOptions options, CancellationToken cancellationToken = default)
    {
        // Before a session is opened, whose time would run.
        var listener = (options.Listen, options.CallbackUrl) switch
        {
            ({ } address, null) => IdentityListener.Open(address, _time),
            (null, { } url) when CallbackAddress.Require(url) is not null => null,
            _ => throw new ArgumentException("An identity session takes an address to listen on or a callback URL: one of the two.", nameof(options)),
        };
        try
        {
            var opened = await OpenAsync(listener?.CallbackUrl.AbsoluteUri ?? options.CallbackUrl!, options.ProjectName, cancellationToken);
            var session = opened with
            {
                Name = options.Name,
                H5Link = options.Language is null ? opened.H5Link : IdentityLink.WithLanguage(opened.H5Link, options.Language),
                Use = _tokens.Of(opened.BytedToken),
                Listener = listener,
            };
            listener?.Expect(session);
            return session;
        }
        catch
        {
            listener?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the callback, and completes the session when it brings <c>10000</c>. Nothing is asked on suspicion.</summary>
    /// <param name="session">A session that was opened with an address to listen on.</param>
    /// <param name="name">Names the group; null takes the session's name.</param>
    /// <param name="countdown">Is told every second how much time the link has left.</param>
    /// <param name="cancellationToken">Calls the wait off; the callback is received all the same.</param>
    /// <exception cref="SeedanceException">The person was not verified, the link ran out, or the outcome could not be had.</exception>
    public async Task<VerifiedPerson> WaitAsync(
        IdentitySession session, string? name = null, IProgress<TimeSpan>? countdown = null, CancellationToken cancellationToken = default)
    {
        var listener = session.Listener ?? throw IdentityErrors.NotListening(session);
        while (listener.Code is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = session.ExpiresAt - _time.GetUtcNow();
            if (left <= TimeSpan.Zero || listener.IsClosed)
            {
                // The last moment counts: a callback may have come in while this looked at the clock.
                if (listener.Code is not null)
                {
                    break;
                }

                listener.Dispose();
                throw IdentityErrors.Expired(session);
            }

            countdown?.Report(left);
            await WaitASecondAsync(listener.Received, left, cancellationToken);
        }

        var person = await CompleteAsync(session, name, cancellationToken);
        listener.Dispose();
        return person;
    }

    /// <summary>Asks for the outcome of a session, whose person has finished; once.</summary>
    /// <inheritdoc cref="CompleteAsync(string, string?, string?, CancellationToken)"/>
    public async Task<VerifiedPerson> CompleteAsync(IdentitySession session, string? name = null, CancellationToken cancellationToken = default)
    {
        if (session.Listener?.Code is { } code and not IdentityListener.Verified)
        {
            session.Listener.Dispose();
            throw IdentityErrors.NotVerified(session, code);
        }

        return await CompleteAsync(session.Use, session.BytedToken, session.ProjectName, name ?? session.Name, cancellationToken);
    }

    /// <summary>Asks for the outcome that a token stands for; once.</summary>
    /// <exception cref="SeedanceException">
    /// The person was not verified, the token is spent (<see cref="SeedanceErrorKind.TokenSpent"/>), or the outcome could not be had.
    /// </exception>
    public Task<VerifiedPerson> CompleteAsync(
        string bytedToken, string? projectName = null, string? name = null, CancellationToken cancellationToken = default) =>
        CompleteAsync(_tokens.Of(bytedToken), bytedToken, projectName ?? AvatarGroup.DefaultProject, name, cancellationToken);

    /// <summary>What to tell a user who has called the wait for a session off.</summary>
    public static string DescribeCalledOff(IdentitySession session) => IdentityErrors.CalledOff(session);

    private async Task<IdentitySession> OpenAsync(string callbackUrl, string? projectName, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.OpenIdentitySessionAsync(callbackUrl, projectName, cancellationToken);
        }
        catch (SeedanceException e)
        {
            throw IdentityErrors.NotOpened(e);
        }
    }

    private async Task WaitASecondAsync(Task received, TimeSpan left, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Timers drop what is less than a millisecond, and would ring before it is time.
        var span = left < s_second ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : s_second;
        await Task.WhenAny(received, Task.Delay(span, _time, enough.Token));
        enough.Cancel();
    }

    private async Task<VerifiedPerson> CompleteAsync(TokenState use, string token, string project, string? name, CancellationToken cancellationToken)
    {
        using var lease = _client.Lifetime.Enter();
        var taskId = use.Begin();
        try
        {
            var person = new AvatarGroup { Name = name, ProjectName = project, IsRealPerson = true };
            SeedanceException? trouble = null;
            SeedanceTask task;
            if (taskId is null)
            {
                (task, trouble) = await AskAsync(use, token, person, cancellationToken);
            }
            else
            {
                task = new SeedanceTask { TaskId = taskId };
            }

            if (task.GroupId is null)
            {
                task = await ReadAsync(task.TaskId, project, cancellationToken);
            }

            var group = person with { GroupId = task.GroupId };
            if (task.IsFinal || group.GroupId is not null)
            {
                trouble ??= await RecordAsync(task with { Group = group });
            }

            if (group.GroupId is null)
            {
                // A task that is not final yet is read again by the next call; one that is final will tell no more.
                use.Consume(task.IsFinal ? null : task.TaskId, group: null);
                throw IdentityErrors.WithoutGroup(task);
            }

            use.Consume(task.TaskId, group);
            return new VerifiedPerson(group, trouble is null ? null : $"{trouble.Message} The group is given out, but not kept: note its id, {group.GroupId}.");
        }
        finally
        {
            use.End();
        }
    }

    /// <summary>Spends the token. From then on nothing may get lost: what cannot be recorded is told.</summary>
    private async Task<(SeedanceTask Task, SeedanceException? Trouble)> AskAsync(
        TokenState use, string token, AvatarGroup person, CancellationToken cancellationToken)
    {
        var result = await new RecordedRequest(_journal, _client.TakeTurnAsync).SendAsync(
            new JournalIntent
            {
                IntentId = IntentId.New(),
                Kind = TaskKind.IdentityResult,
                Group = person,
                ProjectName = person.ProjectName,
                Rows = [],
            },
            (intent, turn) => _client.WithTurn(turn).AskIdentityResultAsync(token, person.ProjectName, IntentId.KeyOf(intent.IntentId), cancellationToken),
            cancellationToken: cancellationToken);
        if (result.Failure is { } failure)
        {
            if (failure is { Delivery: Delivery.Refused, StopsTheRun: false })
            {
                use.Consume(taskId: null, group: null);
            }

            throw IdentityErrors.NotCompleted(failure);
        }

        use.Consume(result.Task!.TaskId, group: null);
        return (result.Task, result.Fatal as SeedanceException);
    }

    private async Task<SeedanceTask> ReadAsync(string taskId, string project, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.ReadIdentityResultAsync(taskId, project, cancellationToken);
        }
        catch (SeedanceException e)
        {
            throw IdentityErrors.NotRead(e, taskId);
        }
    }

    private async Task<SeedanceException?> RecordAsync(SeedanceTask task)
    {
        try
        {
            if (task.TaskId.Length > 0)
            {
                // The group's id ends the matter, whatever word the task has for it.
                await _journal.RecordFinalAsync(task.IsFinal ? task : task with { Status = SeedanceTaskStatus.Completed }, CancellationToken.None);
            }

            return null;
        }
        catch (SeedanceException e)
        {
            return e;
        }
    }
}
