using System.Globalization;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Waits until the person has passed the check, and gives out the group that takes that person's material.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "SeedanceIdentitySession")]
[OutputType(typeof(AvatarGroup))]
public sealed class WaitSeedanceIdentitySessionCommand : AsyncCommand
{
    private readonly Channel<IdentitySession> _sessions = Channel.CreateUnbounded<IdentitySession>();
    private volatile bool _isCalledOff;

    /// <summary>A session that was started with -Listen.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public IdentitySession? Session { get; set; }

    /// <summary>Who the person is; the session's name if it is left out.</summary>
    [Parameter]
    [ValidateLength(1, AssetRules.MaxNameLength)]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Errors carry the bound parameters with them, and may be written anywhere.
        MyInvocation.BoundParameters.Remove(nameof(Session));
        Post(_sessions.Writer, Session!);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _sessions.Writer.Complete();
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _isCalledOff = true;
        base.StopProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var desk = Connected.CreateIdentityVerifier();
        var waits = new List<Task>();
        try
        {
            while (await _sessions.Reader.WaitToReadAsync(all.Token))
            {
                while (_sessions.Reader.TryRead(out var session))
                {
                    waits.Add(WaitAsync(desk, session, waits.Count + 1, all));
                }
            }
        }
        finally
        {
            await Task.WhenAll(waits);
        }
    }

    private async Task WaitAsync(IdentityVerifier desk, IdentitySession session, int number, CancellationTokenSource all)
    {
        var activity = $"Waiting for the identity check of {Name ?? session.Name ?? session.TaskId}";
        try
        {
            var person = await desk.WaitAsync(session, Name, new Countdown(this, activity, number), all.Token);
            if (person.Notice is not null)
            {
                QueueWarning(person.Notice);
            }

            QueueObject(person.Group);
            if (_isCalledOff)
            {
                WarnOfCancellation(session);
            }
        }
        catch (SeedanceException) when (_isCalledOff)
        {
            WarnOfCancellation(session);
            throw;
        }
        catch (SeedanceException e) when (!e.StopsTheRun)
        {
            QueueError(e, session.TaskId);
        }
        catch (OperationCanceledException) when (all.IsCancellationRequested)
        {
            if (_isCalledOff)
            {
                WarnOfCancellation(session);
            }

            throw;
        }
        catch
        {
            // No other session can succeed either.
            all.Cancel();
            throw;
        }
        finally
        {
            QueueProgress(new ProgressRecord(number, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    // A pipeline that is being stopped takes no more output; the screen does.
    private void WarnOfCancellation(IdentitySession session) => Host.UI.WriteWarningLine(IdentityVerifier.DescribeCalledOff(session));

    private sealed class Countdown(WaitSeedanceIdentitySessionCommand command, string activity, int number) : IProgress<TimeSpan>
    {
        public void Report(TimeSpan left)
        {
            var seconds = (int)Math.Ceiling(left.TotalSeconds);
            var clock = TimeSpan.FromSeconds(seconds).ToString(@"m\:ss", CultureInfo.InvariantCulture);
            command.QueueProgress(new ProgressRecord(number, activity, $"{clock} left to pass the check on the phone")
            {
                PercentComplete = (int)Math.Clamp(100 - (100 * left / IdentitySession.LinkLifetime), 0, 100),
                SecondsRemaining = seconds,
            });
        }
    }
}
