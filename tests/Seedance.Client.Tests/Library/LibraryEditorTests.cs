using Seedance.Sandbox;

namespace Seedance.Client.Tests.Library;

/// <summary>What is deleted and renamed is recorded, and is what the journal can claim.</summary>
public sealed class LibraryEditorTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };

    [Fact]
    public void An_asset_is_claimed_by_its_id_or_by_group_and_exact_name()
    {
        var (fixture, task) = Reviewed();
        var server = fixture.Network.Sandbox;
        server.AddAsset("asset_same", "a-1", task.GroupId!);
        server.AddAsset("asset_like", "A-1", task.GroupId!);
        server.AddGroup("group_other", "castle");
        server.AddAsset("asset_other", "a-1", "group_other");

        var claimed = fixture.Time.Run(() => Editor(fixture).ClaimAsync([task.Assets[0].AssetId, "asset_same", "asset_like", "asset_other", "asset_none"]));
        Assert.Equal([task.Assets[0].AssetId, "asset_same", null, null, null], claimed.Select(asset => asset?.AssetId));
    }

    [Fact]
    public void A_deleted_asset_is_not_given_out_as_usable_and_not_sent_again()
    {
        var (fixture, task) = Reviewed();
        Assert.True(fixture.Time.Run(() => Editor(fixture).RemoveAssetAsync(task.Assets[0])));
        Assert.False(fixture.Time.Run(() => Editor(fixture).RemoveAssetAsync(task.Assets[0])));

        Assert.Equal([(task.Assets[0].AssetId, "Deleted"), (task.Assets[1].AssetId, "Active")], Assets(fixture).OrderByDescending(asset => asset.Status).Select(asset => (asset.AssetId, asset.Status!)));
        var again = Assert.Single(fixture.Submit(ClientFixture.Rows(2, s_cast), new() { Resume = true, RetryFailed = true }).Events.OfType<TaskAccepted>());
        Assert.True(again.Resumed);
        Assert.Equal(task.Assets[1].AssetId, Assert.Single(again.Task.UsableAssets).AssetId);

        // The task itself goes on telling that it passed.
        Assert.Single(fixture.Wait(fixture.Time.Run(() => fixture.Client.GetTaskAsync(again.Task))).UsableAssets);
        Assert.Single(Assets(fixture), asset => asset.IsUsable);
    }

    [Fact]
    public void An_asset_may_be_gone_from_when_its_deletion_leaves()
    {
        var (fixture, task) = Reviewed();
        fixture.Network.Script = call => call.Method == "DELETE" ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "Connection reset by peer") : null;
        Assert.Throws<SeedanceException>(() => fixture.Time.Run(() => Editor(fixture).RemoveAssetAsync(task.Assets[0])));
        Assert.Equal("Deleting", Assert.Single(Assets(fixture), asset => !asset.IsUsable).Status);

        fixture.Network.Script = null;
        Assert.True(fixture.Time.Run(() => Editor(fixture).RemoveAssetAsync(task.Assets[0])));
        Assert.Equal("Deleted", Assert.Single(Assets(fixture), asset => !asset.IsUsable).Status);
    }

    [Fact]
    public void A_deletion_that_is_refused_leaves_all_as_it_was()
    {
        var (fixture, task) = Reviewed();
        fixture.Network.Script = call => call.Method == "DELETE" ? Answers.Error(403) : null;
        Assert.Throws<SeedanceException>(() => fixture.Time.Run(() => Editor(fixture).RemoveAssetAsync(task.Assets[0])));
        Assert.Throws<SeedanceException>(() => fixture.Time.Run(() => Editor(fixture).RemoveGroupAsync(task.GroupId!, task.Assets)));
        Assert.Equal(2, Assets(fixture).Count(asset => asset is { IsUsable: true, Status: "Active" }));
    }

    [Fact]
    public void A_deleted_group_takes_its_assets_along()
    {
        var (fixture, task) = Reviewed();
        fixture.Network.Sandbox.AddAsset("asset_foreign", "somebody", task.GroupId!);
        var (isKnown, known, foreign) = fixture.Time.Run(() => Editor(fixture).ReadGroupAsync(task.GroupId!));
        Assert.Equal((true, 2, 1), (isKnown, known.Count, foreign));
        Assert.False(fixture.Time.Run(() => Editor(fixture).ReadGroupAsync("group_none")).IsKnown);

        Assert.True(fixture.Time.Run(() => Editor(fixture).RemoveGroupAsync(task.GroupId!, known)));
        Assert.False(fixture.Time.Run(() => Editor(fixture).RemoveGroupAsync(task.GroupId!, known)));
        Assert.All(Assets(fixture), asset => Assert.True(asset.IsDeleted));
    }

    [Fact]
    public void A_new_name_is_recorded()
    {
        var (fixture, task) = Reviewed();
        Assert.Equal("new", fixture.Time.Run(() => Editor(fixture).RenameAssetAsync(task.Assets[0], "new"))?.Name);
        Assert.Contains("new", Assets(fixture).Select(asset => asset.Name));
        Assert.Null(fixture.Time.Run(() => Editor(fixture).RenameAssetAsync(task.Assets[0] with { AssetId = "asset_none" }, "new")));
    }

    private static (ClientFixture Fixture, SeedanceTask Task) Reviewed()
    {
        var fixture = new ClientFixture(new SandboxOptions { ShuffleResults = false }) { JournalFile = new FakeJournalFile() };
        return (fixture, fixture.Wait(Assert.Single(fixture.Submit(ClientFixture.Rows(2, s_cast)).Events.OfType<TaskAccepted>()).Task));
    }

    private static LibraryEditor Editor(ClientFixture fixture) => new(fixture.Client, fixture.OpenJournal());

    private static List<SeedanceAsset> Assets(ClientFixture fixture) => fixture.Time.Run(async () =>
    {
        var assets = new List<SeedanceAsset>();
        await foreach (var asset in fixture.OpenJournal().ReadAssetsAsync(JournalQuery.All))
        {
            assets.Add(asset);
        }

        return assets;
    });
}
