using Seedance.Sandbox;

namespace Seedance.Client.Tests.Settling;

/// <summary>The journal is brought up to what the library shows.</summary>
public sealed class JournalSyncTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };

    [Fact]
    public void Rows_of_unknown_outcome_are_settled_or_not_found()
    {
        var fixture = With();
        fixture.Network.Script = call => call.IsPost ? Answers.Error(500) : null;
        fixture.Submit(ClientFixture.Rows(1, s_cast, prefix: "lost"));
        LoseAnswers(fixture, ClientFixture.Rows(2, s_cast));

        var rehearsal = Sync(fixture, new SyncOptions { IsRehearsal = true });
        var changes = Sync(fixture, new SyncOptions());
        Assert.Equal(rehearsal.Changes.Select(change => change.ToString()), changes.Changes.Select(change => change.ToString()));
        Assert.Equal(
            [(JournalChangeKind.Settled, "a-1", "Unknown", "Active"), (JournalChangeKind.Settled, "a-2", "Unknown", "Active"), (JournalChangeKind.NotFound, "lost-1", "Unknown", null)],
            changes.Changes.Select(change => (change.Change, change.Name, change.Before, change.After)));
        Assert.Matches("asked 4 times", changes.Changes[2].Message);
        Assert.All(changes.Changes.Take(2), change => Assert.StartsWith("asset", change.AssetId, StringComparison.Ordinal));
        Assert.Equal(JournalChangeKind.NotFound, Assert.Single(Sync(fixture, new SyncOptions()).Changes).Change);
    }

    [Fact]
    public void What_has_changed_and_what_is_gone_is_recorded()
    {
        var fixture = With();
        AssetSource[] rows = [.. ClientFixture.Rows(3, s_cast)];
        var task = fixture.Wait(Assert.Single(fixture.Submit(rows).Events.OfType<TaskAccepted>()).Task);
        var ids = task.Assets.Select(asset => asset.AssetId).ToList();
        fixture.Time.Run(() => fixture.Client.DeleteAssetAsync(ids[0]));
        fixture.Network.Script = call => Failed(call, ids[1]);
        var changes = Sync(fixture, new SyncOptions()).Changes;

        Assert.Equal([(JournalChangeKind.Gone, ids[0], "Active", "Gone"), (JournalChangeKind.StatusChanged, ids[1], "Active", "Failed")],
            changes.OrderBy(change => change.Change == JournalChangeKind.Gone ? 0 : 1).Select(change => (change.Change, change.AssetId, change.Before, change.After)));
        Assert.Empty(Sync(fixture, new SyncOptions()).Changes);
        Assert.Equal([ids[2]], Assets(fixture).Where(asset => asset.IsUsable).Select(asset => asset.AssetId));

        // Somebody deleted it: it is not sent again for that. What failed is.
        fixture.Network.Script = null;
        var sent = Assert.Single(fixture.Submit(rows, new() { Resume = true, RetryFailed = true, RetryRefused = true }).Events.OfType<TaskAccepted>(), accepted => !accepted.Resumed);
        Assert.Equal(task.Assets[1].Name, Assert.Single(sent.Task.Sources).Name);

        HttpResponseMessage? Failed(Call call, string id) => !call.Address.AbsolutePath.EndsWith("/assets", StringComparison.Ordinal) || call.IsPost ? null
            : Answers.Json(200, $$$"""{"Result":{"Items":[{"Id":"{{{id}}}","Name":"x","Status":"Failed","GroupId":"group_cast"},{"Id":"{{{ids[2]}}}","Name":"y","Status":"Active","GroupId":"group_cast"}],"TotalCount":2}}""");
    }

    [Fact]
    public void A_list_that_hides_what_is_there_makes_nothing_gone()
    {
        var fixture = With();
        fixture.Wait(Assert.Single(fixture.Submit(ClientFixture.Rows(3, s_cast)).Events.OfType<TaskAccepted>()).Task);
        fixture.Network.Sandbox.Configure(fixture.Network.Sandbox.Options with { Library = new LibraryOptions { HidesOwn = true } });
        Assert.Empty(Sync(fixture, new SyncOptions()).Changes);
        Assert.Equal(3, Assets(fixture).Count(asset => asset.IsUsable));
    }

    [Fact]
    public void A_lost_journal_gets_back_what_is_in_the_group_that_is_named_and_nothing_foreign()
    {
        var fixture = With(new LibraryOptions { ForeignGroups = 3, ForeignAssets = 50, ForeignInGroup = true, ForeignNames = ["castle", "my cast", "foreign"] });
        var rows = ClientFixture.Rows(25, s_cast);
        fixture.Submit(rows);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        fixture.JournalFile = new FakeJournalFile();

        Assert.Empty(Sync(fixture, new SyncOptions()).Changes);
        Assert.Empty(Sync(fixture, new SyncOptions { GroupName = "cas" }).Changes);
        Assert.Equal(25, Sync(fixture, new SyncOptions { GroupName = "cast", IsRehearsal = true }).Changes.Count);
        Assert.Empty(Assets(fixture));

        var (changes, warnings) = Sync(fixture, new SyncOptions { GroupName = "cast" });
        Assert.Equal(rows.Select(row => row.Name).Order(), changes.Select(change => change.Name).Order());
        Assert.All(changes, change => Assert.Equal((JournalChangeKind.Settled, null, "Active"), (change.Change, change.Before, change.After)));
        Assert.Contains("50 of 75", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(25, Assets(fixture).Count(asset => asset.IsUsable));
        Assert.Empty(Sync(fixture, new SyncOptions { GroupName = "cast" }).Changes);

        // The table sends nothing twice.
        var posts = fixture.Network.Posts.Count();
        Assert.All(fixture.Submit([.. rows, new AssetSource("https://example.com/new.png") { Name = "new", Group = s_cast }], new() { Resume = true }).Events.OfType<TaskAccepted>(),
            accepted => Assert.True(accepted.Resumed || accepted.Task.Sources.Count == 1));
        Assert.Equal((posts + 1, 0), (fixture.Network.Posts.Count(), fixture.Network.Sandbox.Tally.DuplicateRows));
    }

    [Fact]
    public void A_library_that_cannot_be_read_is_an_error()
    {
        var fixture = With();
        fixture.Wait(Assert.Single(fixture.Submit(ClientFixture.Rows(1, s_cast)).Events.OfType<TaskAccepted>()).Task);
        fixture.Network.Script = _ => Answers.Error(404, "nothing here");
        Assert.Contains("no asset library", Assert.Throws<SeedanceException>(() => Sync(fixture, new SyncOptions())).Message, StringComparison.Ordinal);
    }

    private static ClientFixture With(LibraryOptions? library = null)
    {
        var fixture = new ClientFixture(new SandboxOptions { Library = library ?? new LibraryOptions() }) { JournalFile = new FakeJournalFile() };
        fixture.Network.Sandbox.AddGroup("group_cast", "cast");
        return fixture;
    }

    private static (List<JournalChange> Changes, List<string> Warnings) Sync(ClientFixture fixture, SyncOptions options) => fixture.Time.Run(async () =>
    {
        var warnings = new List<string>();
        var changes = new List<JournalChange>();
        await foreach (var change in new JournalSync(fixture.Client, fixture.OpenJournal(), fixture.Time.Clock).SyncAsync(options, warnings.Add))
        {
            changes.Add(change);
        }

        return (changes, warnings);
    });

    private static List<SeedanceAsset> Assets(ClientFixture fixture) => fixture.Time.Run(async () =>
    {
        var assets = new List<SeedanceAsset>();
        await foreach (var asset in fixture.OpenJournal().ReadAssetsAsync(JournalQuery.All))
        {
            assets.Add(asset);
        }

        return assets;
    });

    private static void LoseAnswers(ClientFixture fixture, AssetSource[] rows)
    {
        fixture.Network.Script = call =>
        {
            if (!call.IsPost)
            {
                return null;
            }

            fixture.Network.Sandbox.Handle(new SandboxRequest(
                call.Method, call.Address.AbsolutePath, "", call.Authorization, "application/json", System.Text.Encoding.UTF8.GetBytes(call.Body!)));
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "Connection reset by peer");
        };
        fixture.Submit(rows);
        fixture.Network.Script = null;
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
    }
}
