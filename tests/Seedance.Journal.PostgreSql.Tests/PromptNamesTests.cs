using Seedance.Client.Tests;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>A prompt waits a moment for a database, whatever becomes of it. The clock stands still: a call that waits for longer never comes back.</summary>
public sealed class PromptNamesTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Queue<TaskCompletionSource<JournalNames>> _answers = new();
    private readonly PromptNames _names;
    private volatile int _asked;

    public PromptNamesTests() => _names = new PromptNames(ReadAsync, _clock);

    [Fact]
    public void A_database_that_fails_is_left_alone_for_a_while_and_what_was_heard_of_it_stays_known()
    {
        NextAnswer().SetException(new IOException());
        Assert.Same(JournalNames.None, _names.Read());
        _clock.Advance(PromptNames.Rest - TimeSpan.FromSeconds(1));
        Assert.Same(JournalNames.None, _names.Read());
        Assert.Equal(1, _asked);

        _clock.Advance(TimeSpan.FromSeconds(1));
        var (first, second) = (Named("first"), Named("second"));
        NextAnswer().SetResult(first);
        NextAnswer().SetResult(second);
        NextAnswer().SetException(new IOException());
        Assert.Same(first, _names.Read());
        Assert.Same(second, _names.Read());
        Assert.Same(second, _names.Read());
        Assert.Equal(4, _asked);
    }

    [Fact]
    public async Task An_answer_that_comes_late_is_waited_for_once_and_serves_the_next_time()
    {
        var (late, known) = (NextAnswer(), Named("late"));
        await WaitAMomentAsync();
        Assert.Same(JournalNames.None, _names.Read());
        Assert.Equal(1, _asked);

        late.SetResult(known);
        NextAnswer().SetException(new IOException());
        JournalNames told;
        while ((told = _names.Read()) == JournalNames.None)
        {
            Cancelled.ThrowIfCancellationRequested();
        }

        Assert.Same(known, told);
    }

    [Fact]
    public async Task A_database_that_never_answers_is_given_up_and_asked_again_later()
    {
        NextAnswer();
        await WaitAMomentAsync();
        _clock.Advance(PromptNames.Longest);
        Assert.Same(JournalNames.None, _names.Read());
        Assert.Equal(1, _asked);

        // It is given up on a thread of its own, and rests from then on.
        var known = Named("known");
        NextAnswer().SetResult(known);
        while (_names.Read() == JournalNames.None)
        {
            Cancelled.ThrowIfCancellationRequested();
            _clock.Advance(PromptNames.Rest);
        }

        Assert.Equal(2, _asked);
    }

    private static JournalNames Named(string name) => new() { RunNames = [new JournalName(name, TaskKind.Unknown, name)] };

    private TaskCompletionSource<JournalNames> NextAnswer()
    {
        var answer = new TaskCompletionSource<JournalNames>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers.Enqueue(answer);
        return answer;
    }

    private Task<JournalNames> ReadAsync(CancellationToken cancellationToken)
    {
        _asked++;
        return _answers.Dequeue().Task.WaitAsync(cancellationToken);
    }

    private async Task WaitAMomentAsync()
    {
        var until = _clock.Moment + PromptNames.Moment;
        var told = Task.Run(_names.Read, Cancelled);
        while (_clock.NextDue != until || _asked == 0)
        {
            Cancelled.ThrowIfCancellationRequested();
        }

        _clock.Advance(PromptNames.Moment);
        Assert.Same(JournalNames.None, await told);
    }
}
