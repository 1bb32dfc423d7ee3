namespace Seedance.Journal.Contract;

/// <summary>What every store of the journal promises. A store's own tests inherit these and open it.</summary>
public abstract class JournalContractTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private static readonly AvatarGroup s_known = new() { GroupId = "group_1" };

    private int _number;

    /// <summary>Opens the store, of this test alone; again for another session on the same one.</summary>
    protected abstract IJournal Open();

    [Fact]
    public async Task A_row_that_was_never_sent_is_not_known()
    {
        await using var journal = Open();
        Assert.Null(await FindAsync(journal, "a"));
        Assert.Null(Assert.Single(await journal.FindTasksAsync(["task_none"], Cancelled)));
    }

    [Theory]
    [InlineData(JournalState.Accepted)]
    [InlineData(JournalState.Unknown)]
    [InlineData(JournalState.Unsent)]
    [InlineData(JournalState.Refused)]
    public async Task Another_session_knows_what_came_of_a_row(JournalState state)
    {
        await using (var journal = Open())
        {
            await SendAsync(journal, state, "a");
        }

        await using var later = Open();
        var match = await FindAsync(later, "a");
        Assert.Equal((state, "intent_1", "intent_1"), (match!.State, match.IntentId, match.LastIntentId));
        Assert.Equal(state == JournalState.Accepted ? "task_1" : null, match.TaskId);
    }

    [Fact]
    public async Task A_row_is_claimed_once()
    {
        await using var journal = Open();
        await using var other = Open();
        Assert.Empty(await journal.BeginAsync(Intent("one", s_cast, null, "a", "b"), Cancelled));
        Assert.Equal([0], await other.BeginAsync(Intent("two", s_cast, null, "b", "c"), Cancelled));
        Assert.Null(await FindAsync(other, "c"));
        Assert.Empty(await other.BeginAsync(Intent("two", s_cast, "one", "b"), Cancelled));
        Assert.Equal([0], await journal.BeginAsync(Intent("three", s_cast, "one", "b"), Cancelled));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(JournalState.Unknown)]
    [InlineData(JournalState.Accepted)]
    [InlineData(JournalState.Refused)]
    [InlineData(JournalState.Unsent)]
    public async Task A_row_that_was_seen_as_unknown_is_claimed_as_long_as_it_is(JournalState? outcome)
    {
        await using var journal = Open();
        await using var other = Open();
        await SendAsync(journal, JournalState.Unknown, "a", "b");

        // A row is unknown by a request that is not its last, too, where that had no effect.
        await SendAsync(journal, JournalState.Unsent, "b");
        if (outcome is { } known)
        {
            await other.EndAsync(new JournalOutcome { IntentId = "intent_1", State = known, TaskId = known == JournalState.Accepted ? "task_1" : null }, Cancelled);
        }

        var retry = Intent("retry", s_cast, "intent_1", "a", "b");
        retry = retry with { Rows = [retry.Rows[0] with { WasUnknown = true }, retry.Rows[1] with { WasUnknown = true, Supersedes = "intent_2" }] };
        Assert.Equal(outcome is null or JournalState.Unknown ? [] : [0, 1], await journal.BeginAsync(retry, Cancelled));
    }

    [Fact]
    public async Task Many_that_claim_at_once_claim_each_row_once()
    {
        var journals = Enumerable.Range(0, 4).Select(_ => Open()).ToList();
        var claimed = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
            (await journals[i % 4].BeginAsync(Intent($"intent_{i}", s_cast, null, $"row-{i % 10}"), Cancelled)).Count == 0 ? 1 : 0));
        Assert.Equal(10, claimed.Sum());
        foreach (var journal in journals)
        {
            await journal.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_request_of_a_live_run_is_under_way_and_one_of_a_dead_run_is_unknown()
    {
        await using var journal = Open();
        await using var other = Open();
        await using (await journal.BeginRunAsync(new JournalRun("run_1", "nightly"), Cancelled))
        {
            await journal.BeginAsync(Intent("one", s_cast, null, "a") with { RunId = "run_1" }, Cancelled);
            var live = await FindAsync(other, "a");
            Assert.Equal((JournalState.UnderWay, true, "run_1"), (live!.State, live.IsRunLive, live.RunId));
        }

        var dead = await FindAsync(other, "a");
        Assert.Equal((JournalState.Unknown, false), (dead!.State, dead.IsRunLive));
    }

    [Fact]
    public async Task What_took_no_effect_hides_nothing_that_did_however_often()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(journal, i == 1 ? JournalState.Refused : JournalState.Unsent, "a");
        }

        var match = await FindAsync(journal, "a");
        Assert.Equal((JournalState.Accepted, "task_1", "intent_1", "intent_4"), (match!.State, match.TaskId, match.IntentId, match.LastIntentId));
    }

    [Fact]
    public async Task A_group_is_the_same_by_its_name_and_by_an_id_that_was_learned()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        Assert.Null(await FindAsync(journal, "a", s_known));
        await journal.RecordFinalAsync(Ended("task_1", s_cast with { GroupId = "group_1" }, ("a", true, MatchedBy.Single)), Cancelled);
        Assert.NotNull(await FindAsync(journal, "a", s_known));
        Assert.NotNull(await FindAsync(journal, "a", s_cast with { GroupId = "group_1" }));
        Assert.Null(await FindAsync(journal, "a", s_cast with { GroupId = "group_2" }));
    }

    /// <summary>Two runs that named no group and began together may each have had one made.</summary>
    [Fact]
    public async Task Rows_of_runs_that_named_no_group_are_the_same_rows()
    {
        await using var journal = Open();
        var (one, other) = (new AvatarGroup { Name = "seedance-1", GroupId = "group_1", IsImplied = true }, new AvatarGroup { Name = "seedance-2", GroupId = "group_2", IsImplied = true });
        Assert.Empty(await journal.BeginAsync(Intent("intent_1", one, null, "a"), Cancelled));
        await journal.EndAsync(new JournalOutcome { IntentId = "intent_1", State = JournalState.Accepted, TaskId = "task_1" }, Cancelled);
        Assert.Equal("intent_1", (await FindAsync(journal, "a", other))?.IntentId);
        Assert.Equal([0], await journal.BeginAsync(Intent("intent_2", other, null, "a"), Cancelled));
    }

    [Fact]
    public async Task Only_what_is_certain_tells_which_row_failed()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a", "b");
        await journal.RecordFinalAsync(Ended("task_1", s_cast, ("a", true, MatchedBy.Name), ("b", false, MatchedBy.Name)), Cancelled);
        Assert.Equal((JournalState.Accepted, JournalState.ReviewFailed), ((await FindAsync(journal, "a"))!.State, (await FindAsync(journal, "b"))!.State));

        await SendAsync(journal, JournalState.Accepted, "c", "d");
        await journal.RecordFinalAsync(Ended("task_2", s_cast, ("c", true, MatchedBy.Position), ("d", false, MatchedBy.Position)), Cancelled);
        var guess = await FindAsync(journal, "d");
        Assert.Equal((JournalState.Accepted, true), (guess!.State, guess.IsReviewUnclear));

        await SendAsync(journal, JournalState.Accepted, "e", "f");
        await journal.RecordFinalAsync(Ended("task_3", s_cast, ("e", true, MatchedBy.Name)), Cancelled);
        Assert.Equal(JournalState.ReviewFailed, (await FindAsync(journal, "f"))!.State);
    }

    [Theory]
    [InlineData("InternalServiceError", "oops", true)]
    [InlineData(null, null, true)]
    [InlineData("FaceMismatch", "no", false)]
    [InlineData(null, "no", false)]
    public async Task What_a_review_failed_for_is_known_and_whether_it_may_pass(string? code, string? message, bool isPassing)
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a", "b");
        var ended = Ended("task_1", s_cast, ("a", true, MatchedBy.Name), ("b", false, MatchedBy.Name)) with
        {
            Error = code is null && message is null ? null : new TaskError(code, message),
        };
        await journal.RecordFinalAsync(ended, Cancelled);

        var failed = await FindAsync(journal, "b");
        Assert.Equal((JournalState.ReviewFailed, code, isPassing), (failed!.State, failed.Code, failed.IsPassing));
        await journal.RecordFinalAsync(Ended("task_1", s_cast, ("a", true, MatchedBy.Name), ("b", true, MatchedBy.Name)), Cancelled);
        Assert.Equal((JournalState.Accepted, null, false), ((await FindAsync(journal, "b"))!.State, (await FindAsync(journal, "b"))!.Code, (await FindAsync(journal, "b"))!.IsPassing));
    }

    [Theory]
    [InlineData("InternalServiceError", true)]
    [InlineData("InvalidParameter", false)]
    [InlineData(null, false)]
    public async Task What_a_row_was_refused_for_is_known_and_whether_it_may_pass(string? code, bool isPassing)
    {
        await using var journal = Open();
        await journal.BeginAsync(Intent("one", s_cast, null, "a"), Cancelled);
        await journal.EndAsync(new JournalOutcome { IntentId = "one", State = JournalState.Refused, Code = code, Message = "no" }, Cancelled);

        var refused = await FindAsync(journal, "a");
        Assert.Equal((JournalState.Refused, code, isPassing), (refused!.State, refused.Code, refused.IsPassing));
    }

    [Fact]
    public async Task A_later_end_of_a_task_supersedes_an_earlier_one()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        await journal.RecordFinalAsync(Ended("task_1", s_cast), Cancelled);
        Assert.Equal(JournalState.ReviewFailed, (await FindAsync(journal, "a"))!.State);
        await journal.RecordFinalAsync(Ended("task_1", s_cast, ("a", true, MatchedBy.Single)), Cancelled);

        Assert.Equal(JournalState.Accepted, (await FindAsync(journal, "a"))!.State);
        Assert.Equal("asset_a", Assert.Single(await ReadAsync(journal.ReadAssetsAsync(JournalQuery.All, Cancelled))).AssetId);
        Assert.Single(Assert.Single(await ReadAsync(journal.ReadTasksAsync(JournalQuery.All, Cancelled))).Assets);
    }

    [Fact]
    public async Task Of_a_row_that_was_sent_again_the_last_result_comes_out()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        await journal.RecordFinalAsync(Ended("task_1", s_cast, ("a", false, MatchedBy.Single)), Cancelled);
        await SendAsync(journal, JournalState.Accepted, "a");
        await journal.RecordFinalAsync(Ended("task_2", s_cast, ("a", true, MatchedBy.Single)), Cancelled);

        Assert.Equal("task_2", Assert.Single(await ReadAsync(journal.ReadAssetsAsync(JournalQuery.All, Cancelled))).TaskId);
        var all = await ReadAsync(journal.ReadAssetsAsync(new JournalQuery { IncludeSuperseded = true }, Cancelled));
        Assert.Equal([("task_1", true), ("task_2", false)], all.Select(asset => (asset.TaskId, asset.IsSuperseded)));
    }

    [Fact]
    public async Task Tasks_come_back_with_their_rows_and_are_found_by_what_is_asked_for()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a", "b");
        await SendAsync(journal, JournalState.Accepted, "c");
        await journal.RecordFinalAsync(Ended("task_2", s_cast, ("c", true, MatchedBy.Single)), Cancelled);

        var found = await journal.FindTasksAsync(["task_2", "task_none", "task_1"], Cancelled);
        Assert.Equal(["task_2", null, "task_1"], found.Select(task => task?.TaskId));
        Assert.Equal(["a", "b"], found[2]!.Sources.Select(source => source.Name));
        Assert.Equal("task_2", Assert.Single(await ReadAsync(journal.ReadTasksAsync(new JournalQuery { Status = [SeedanceTaskStatus.Completed] }, Cancelled))).TaskId);
        Assert.Empty(await ReadAsync(journal.ReadTasksAsync(new JournalQuery { GroupName = "crowd" }, Cancelled)));
        Assert.Equal(2, (await ReadAsync(journal.ReadTasksAsync(new JournalQuery { GroupName = "cast" }, Cancelled))).Count);
    }

    [Fact]
    public async Task Requests_without_a_certain_outcome_are_read_with_their_rows()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        await SendAsync(journal, JournalState.Unknown, "b", "c");
        await SendAsync(journal, JournalState.Unsent, "d");
        await journal.BeginAsync(Intent("cut_off", s_cast, null, "e"), Cancelled);
        await using var run = await journal.BeginRunAsync(new JournalRun("run_1", "nightly"), Cancelled);
        await journal.BeginAsync(Intent("live", s_cast, null, "f") with { RunId = "run_1" }, Cancelled);

        await using var later = Open();
        var open = await ReadAsync(later.ReadOpenAsync(Cancelled));
        Assert.Equal([("intent_2", false), ("cut_off", false), ("live", true)], open.Select(request => (request.Intent.IntentId, request.IsUnderWay)));
        Assert.Equal(["b", "c"], open[0].Intent.Rows.Select(row => row.Source.Name));
        Assert.Equal((TaskKind.Asset, "cast", "default", AssetType.Image), (open[0].Intent.Kind, open[0].Intent.Group?.Name, open[0].Intent.ProjectName, open[0].Intent.AssetType!.Value));
        Assert.NotEqual(default, open[0].SentAt);
        Assert.Equal([null, null, "nightly"], open.Select(request => request.RunName));
    }

    [Fact]
    public async Task What_a_run_sent_and_nobody_accepted_is_read_with_its_rows()
    {
        await using var journal = Open();
        await using var run = await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled);
        await using var other = await journal.BeginRunAsync(new JournalRun("run_2"), Cancelled);
        await SendAsync(journal, JournalState.Accepted, "run_1", ["a"]);
        await SendAsync(journal, JournalState.Refused, "run_1", ["b", "c"]);
        await SendAsync(journal, JournalState.Unknown, "run_1", ["d"]);
        await SendAsync(journal, JournalState.Unsent, "run_1", ["e"]);
        await SendAsync(journal, JournalState.Refused, "run_2", ["f"]);
        await journal.BeginAsync(Intent("cut_off", s_cast, null, "g") with { RunId = "run_1" }, Cancelled);
        await SendAsync(journal, JournalState.Unknown, "run_1", ["h"]);
        await journal.EndAsync(new JournalOutcome { IntentId = "intent_6", State = JournalState.Accepted, TaskId = "task_6" }, Cancelled);

        await using var later = Open();
        var intents = await ReadAsync(later.ReadWithoutTaskAsync("run_1", Cancelled));
        Assert.Equal(["intent_2", "intent_3", "intent_4", "cut_off"], intents.Select(intent => intent.IntentId));
        Assert.Equal(["b", "c"], intents[0].Rows.Select(row => row.Source.Name));
        Assert.Equal("intent_2", Assert.Single(await later.FindAsync([intents[0].Rows[1].Key], Cancelled))!.IntentId);
        Assert.Empty(await ReadAsync(later.ReadWithoutTaskAsync("run_3", Cancelled)));
    }

    [Fact]
    public async Task A_row_knows_how_many_requests_it_went_out_with_whatever_came_of_them()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Refused, "a", "b");
        await SendAsync(journal, JournalState.Unsent, "a");
        await SendAsync(journal, JournalState.Accepted, "a");

        await using var later = Open();
        Assert.Equal((3, 1), ((await FindAsync(later, "a"))!.Requests, (await FindAsync(later, "b"))!.Requests));
    }

    [Fact]
    public async Task What_was_found_in_the_library_is_accepted_with_its_assets()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Unknown, "a", "b");
        var task = Ended("library-intent_1", s_cast with { GroupId = "group_1" }, ("a", true, MatchedBy.Name));
        Assert.True(await journal.SettleAsync("intent_1", task, Cancelled));

        await using var later = Open();
        Assert.False(await later.SettleAsync("intent_1", task, Cancelled));
        Assert.Empty(await ReadAsync(later.ReadOpenAsync(Cancelled)));
        var found = await FindAsync(later, "a");
        Assert.Equal((JournalState.Accepted, "library-intent_1", false), (found!.State, found.TaskId, found.IsReviewUnclear));
        Assert.NotNull(await FindAsync(later, "a", s_known));

        // What was not seen may be there all the same: it is never taken for failed.
        var unseen = await FindAsync(later, "b");
        Assert.Equal((JournalState.Accepted, true), (unseen!.State, unseen.IsReviewUnclear));
        Assert.Equal(("asset_a", "library-intent_1", true), Assert.Single(await ReadAsync(later.ReadAssetsAsync(JournalQuery.All, Cancelled))) is var asset
            ? (asset.AssetId, asset.TaskId, asset.IsUsable) : default);
        var recalled = Assert.Single(await later.FindTasksAsync(["library-intent_1"], Cancelled))!;
        Assert.Equal((2, 1, "group_1"), (recalled.Sources.Count, recalled.Assets.Count, recalled.GroupId));
        Assert.Single(await ReadAsync(later.ReadTasksAsync(JournalQuery.All, Cancelled)));
    }

    [Fact]
    public async Task A_review_that_ends_after_its_request_was_found_supersedes_what_was_found()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Unknown, "a");
        var ended = Ended("library-intent_1", s_cast, ("a", false, MatchedBy.Name));
        var underReview = ended with { Status = SeedanceTaskStatus.Processing, Assets = [ended.Assets[0] with { Status = "Processing" }] };
        await journal.SettleAsync("intent_1", underReview, Cancelled);
        Assert.Equal(JournalState.Accepted, (await FindAsync(journal, "a"))!.State);
        Assert.False(Assert.Single(await ReadAsync(journal.ReadTasksAsync(JournalQuery.All, Cancelled))).IsFinal);

        await journal.RecordFinalAsync(ended with { Status = SeedanceTaskStatus.Failed, Assets = [ended.Assets[0] with { Status = "Failed" }] }, Cancelled);
        Assert.Equal(JournalState.ReviewFailed, (await FindAsync(journal, "a"))!.State);
        Assert.Equal("Failed", Assert.Single(await ReadAsync(journal.ReadAssetsAsync(JournalQuery.All, Cancelled))).Status);
        Assert.Equal(SeedanceTaskStatus.Failed, Assert.Single(await ReadAsync(journal.ReadTasksAsync(JournalQuery.All, Cancelled))).Status);
    }

    [Fact]
    public async Task A_row_that_was_sent_again_and_found_in_the_library_supersedes_its_earlier_result()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        await journal.RecordFinalAsync(Ended("task_1", s_cast, ("a", false, MatchedBy.Single)), Cancelled);
        await SendAsync(journal, JournalState.Unknown, "a");
        await journal.SettleAsync("intent_2", Ended("library-intent_2", s_cast, ("a", true, MatchedBy.Name)), Cancelled);

        Assert.Equal("library-intent_2", Assert.Single(await ReadAsync(journal.ReadAssetsAsync(JournalQuery.All, Cancelled))).TaskId);
    }

    [Fact]
    public async Task What_was_deleted_stays_so_whatever_is_recorded_of_its_task()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a", "b");
        var ended = Ended("task_1", s_cast with { GroupId = "group_1" }, ("a", true, MatchedBy.Name), ("b", true, MatchedBy.Name));
        await journal.RecordFinalAsync(ended, Cancelled);
        await journal.RecordChangesAsync([new JournalAssetChange { AssetId = "asset_a", Status = JournalAssetChange.Deleting }, new JournalAssetChange { AssetId = "asset_b", Name = "new" }], Cancelled);
        await journal.RecordFinalAsync(ended, Cancelled);

        await using var later = Open();
        var assets = await ReadAsync(later.ReadAssetsAsync(JournalQuery.All, Cancelled));
        Assert.Equal([("a", "Deleting", false), ("new", null, true)], assets.Select(asset => (asset.Name, asset.Status, asset.IsUsable)));
        Assert.Equal([false, true], Assert.Single(await later.FindTasksAsync(["task_1"], Cancelled))!.Assets.Select(asset => asset.IsUsable));
        Assert.Single(Assert.Single(await ReadAsync(later.ReadTasksAsync(JournalQuery.All, Cancelled))).UsableAssets);

        // It has passed its review: nothing sends it again for having failed.
        Assert.Equal(JournalState.Accepted, (await FindAsync(later, "a"))!.State);
        await later.RecordChangesAsync([new JournalAssetChange { AssetId = "asset_a", Status = "Active" }], Cancelled);
        Assert.Equal(2, (await ReadAsync(later.ReadAssetsAsync(JournalQuery.All, Cancelled))).Count(asset => asset.IsUsable));
    }

    [Fact]
    public async Task What_is_in_a_deleted_group_is_deleted()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        await journal.RecordChangesAsync([new JournalAssetChange { GroupId = "group_1", Status = JournalAssetChange.Deleted }], Cancelled);
        await journal.RecordFinalAsync(Ended("task_1", s_cast with { GroupId = "group_1" }, ("a", true, MatchedBy.Single)), Cancelled);

        Assert.True(Assert.Single(await ReadAsync(journal.ReadAssetsAsync(JournalQuery.All, Cancelled))) is { IsDeleted: true, IsUsable: false });
    }

    [Fact]
    public async Task What_is_recorded_later_lies_behind_the_position()
    {
        await using var journal = Open();
        await SendAsync(journal, JournalState.Accepted, "a");
        var position = await journal.GetPositionAsync(Cancelled);
        await SendAsync(journal, JournalState.Accepted, "b");
        Assert.True((await FindAsync(journal, "a"))!.Position < position);
        Assert.True((await FindAsync(journal, "b"))!.Position >= position);
    }

    [Fact]
    public async Task A_run_is_summed_up_and_its_counts_add_up_to_its_rows()
    {
        await using var journal = Open();
        await using (await journal.BeginRunAsync(new JournalRun("run_1", "night") { Computer = "box", ProcessId = 7 }, Cancelled))
        {
            await SendAsync(journal, JournalState.Accepted, "run_1", ["a", "b"]);
            await SendAsync(journal, JournalState.Unknown, "run_1", ["c", "d"]);
            await SendAsync(journal, JournalState.Refused, "run_1", ["e"]);
            await journal.RecordFinalAsync(Ended("task_1", s_cast, ("a", true, MatchedBy.Name), ("b", false, MatchedBy.Name)) with { Cost = 0.5m }, Cancelled);
            await journal.EndRunAsync(new JournalRunEnd("run_1") { Rows = 10, Invalid = 1, AcceptedEarlier = 2, UnknownEarlier = 1, UnderWayElsewhere = 1 }, Cancelled);
        }

        await using var later = Open();
        var run = Assert.Single(await ReadAsync(later.ReadRunsAsync(JournalQuery.All, Cancelled)));
        Assert.Equal(("night", "box", 7, "cast"), (run.RunName, run.Computer, run.ProcessId, run.GroupName));
        Assert.Equal((true, false, 3, 0.5m), (run.IsComplete, run.IsUnderWay, run.Requests, run.Cost));
        Assert.Equal((10, 2, 2, 1, 1, 3, 1), (run.Rows, run.Accepted, run.AcceptedEarlier, run.Invalid, run.NotAccepted, run.Unknown, run.UnderWayElsewhere));
        Assert.Equal((1, 1), (run.Usable, run.Failed));

        Assert.Equal(["task_1"], (await ReadAsync(later.ReadTasksAsync(new JournalQuery { RunId = "run_1" }, Cancelled))).Select(task => task.TaskId));
        Assert.Empty(await ReadAsync(later.ReadTasksAsync(new JournalQuery { RunId = "run_2" }, Cancelled)));

        // What is settled later is counted in its run.
        await later.EndAsync(new JournalOutcome { IntentId = "intent_2", State = JournalState.Accepted, TaskId = "task_2" }, Cancelled);
        run = Assert.Single(await ReadAsync(later.ReadRunsAsync(new JournalQuery { RunName = "night" }, Cancelled)));
        Assert.Equal((4, 1), (run.Accepted, run.Unknown));
        Assert.Empty(await ReadAsync(later.ReadRunsAsync(new JournalQuery { RunName = "day" }, Cancelled)));
    }

    [Fact]
    public async Task What_a_run_has_under_way_is_of_unknown_outcome_once_its_process_is_gone()
    {
        await using var journal = Open();
        var lease = await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled);
        await journal.BeginAsync(Intent("one", s_cast, null, "a", "b") with { RunId = "run_1" }, Cancelled);
        var run = Assert.Single(await ReadAsync(journal.ReadRunsAsync(JournalQuery.All, Cancelled)));
        Assert.Equal((true, 2, 2, 0), (run.IsUnderWay, run.Rows, run.UnderWayElsewhere, run.Unknown));

        await lease.DisposeAsync();
        run = Assert.Single(await ReadAsync(journal.ReadRunsAsync(JournalQuery.All, Cancelled)));
        Assert.Equal((false, false, 2, 0, 2), (run.IsUnderWay, run.IsComplete, run.Rows, run.UnderWayElsewhere, run.Unknown));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static JournalKey Key(string name, AvatarGroup? group) => JournalKey.Create("Image", "default", $"https://example.com/{name}.png", group);

    private static JournalIntent Intent(string id, AvatarGroup group, string? supersedes, params string[] names) => new()
    {
        IntentId = id,
        Kind = TaskKind.Asset,
        Group = group,
        ProjectName = "default",
        AssetType = AssetType.Image,
        Rows = [.. names.Select(name => new JournalRow(Key(name, group), new AssetSource($"https://example.com/{name}.png") { Name = name }, supersedes))],
    };

    private static async Task<JournalMatch?> FindAsync(IJournal journal, string name, AvatarGroup? group = null) =>
        Assert.Single(await journal.FindAsync([Key(name, group ?? s_cast)], Cancelled));

    private static async Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
        {
            all.Add(item);
        }

        return all;
    }

    private static SeedanceTask Ended(string taskId, AvatarGroup group, params (string Name, bool IsUsable, MatchedBy By)[] results) => new()
    {
        TaskId = taskId,
        Kind = TaskKind.Asset,
        Status = SeedanceTaskStatus.Completed,
        Group = group,
        ProjectName = "default",
        AssetType = AssetType.Image,
        Sources = [.. results.Select(result => new AssetSource($"https://example.com/{result.Name}.png") { Name = result.Name })],
        Assets = [.. results.Select((result, i) => new SeedanceAsset
        {
            AssetId = $"asset_{result.Name}",
            AssetUrl = $"asset://asset_{result.Name}",
            IsUsable = result.IsUsable,
            Name = result.Name,
            MatchedBy = result.By,
            SourceIndex = i,
            GroupId = group.GroupId,
            TaskId = taskId,
        })],
    };

    private Task SendAsync(IJournal journal, JournalState state, params string[] names) => SendAsync(journal, state, null, names);

    private async Task SendAsync(IJournal journal, JournalState state, string? runId, string[] names)
    {
        var number = ++_number;
        var seen = await journal.FindAsync([.. names.Select(name => Key(name, s_cast))], Cancelled);
        var intent = Intent($"intent_{number}", s_cast, null, names) with { RunId = runId };
        Assert.Empty(await journal.BeginAsync(intent with { Rows = [.. intent.Rows.Select((row, i) => row with { Supersedes = seen[i]?.LastIntentId })] }, Cancelled));
        await journal.EndAsync(
            new JournalOutcome { IntentId = intent.IntentId, State = state, TaskId = state == JournalState.Accepted ? $"task_{number}" : null }, Cancelled);
    }
}
