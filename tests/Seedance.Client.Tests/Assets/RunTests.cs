namespace Seedance.Client.Tests.Assets;

/// <summary>A run tells at its end what became of each of its rows, and the journal tells the same.</summary>
public sealed class RunTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private readonly ClientFixture _bench = new() { JournalFile = new FakeJournalFile() };

    [Fact]
    public void The_counts_of_a_run_add_up_to_its_rows()
    {
        _bench.Submit(ClientFixture.Rows(2, s_cast));
        var answers = 0;
        _bench.Network.Script = _ => ++answers switch
        {
            1 => Answers.Error(400, "no such picture"),
            2 => Answers.Error(500, "no"),
            _ => null,
        };
        _bench.Submit(ClientFixture.Rows(10, s_cast), new SubmitOptions { Resume = true, BatchSize = 2, ThrottleLimit = 1, RunName = "night", CountInvalid = () => 3 });

        var run = _bench.LastRun!;
        Assert.Equal((13, 4, 2, 3, 2, 2, 0), (run.Rows, run.Accepted, run.AcceptedEarlier, run.Invalid, run.NotAccepted, run.Unknown, run.UnderWayElsewhere));
        Assert.Equal(("night", 4, true), (run.RunName, run.Requests, run.IsComplete));
        Assert.Equal(run with { GroupName = "cast" }, Recorded().Single(one => one.RunName == "night") with { StartedAt = run.StartedAt, EndedAt = run.EndedAt, Duration = run.Duration });
    }

    [Fact]
    public void A_run_that_is_called_off_counts_what_it_did_not_reach_as_not_accepted()
    {
        _bench.Network.Script = _ => _bench.Network.Posts.Count() > 1 ? Answers.Error(401, "no such key") : null;
        _bench.Submit(ClientFixture.Rows(60, s_cast), new SubmitOptions { ThrottleLimit = 1 });

        var run = Assert.Single(Recorded());
        Assert.Equal(20, run.Accepted);
        Assert.Equal(run.Rows, run.Accepted + run.NotAccepted);
        Assert.Equal(run.Rows, _bench.LastRun!.Rows);
    }

    [Fact]
    public void A_run_of_nothing_but_rows_that_cannot_be_sent_is_recorded_and_one_of_nothing_at_all_is_not()
    {
        _bench.Submit([], new SubmitOptions { CountInvalid = () => 2 });
        Assert.Equal((2, 2, 0), (_bench.LastRun!.Rows, _bench.LastRun.Invalid, _bench.LastRun.Requests));
        _bench.Submit([]);
        Assert.Single(Recorded());
    }

    private List<Run> Recorded() => _bench.Time.Run(async () => await _bench.OpenJournal().ReadRunsAsync(JournalQuery.All).ToListAsync());
}
