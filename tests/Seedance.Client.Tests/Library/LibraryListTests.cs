using Seedance.Client.Tests.Api;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Library;

public sealed class LibraryListTests
{
    private const string Group = "group_cast";

    [Fact]
    public void The_sample_of_assets_is_read_member_by_member()
    {
        var fixture = Answering("library.assets.list");
        var assets = Read(fixture, fixture.Client.ListAssets());

        Assert.Equal(
            [("asset-20260922-a", "avatar-a", "Active", true), ("asset-20260922-b", "avatar-b", "Failed", false)],
            assets.Select(asset => (asset.AssetId, asset.Name, asset.Status, asset.IsUsable)));
        Assert.All(assets, asset => Assert.Equal((AssetType.Image, "group-20260922-x", "default"), (asset.AssetType, asset.GroupId, asset.ProjectName)));
        Assert.Equal((null, "FaceMismatch"), (assets[0].Error, assets[1].Error?.Code));
    }

    [Fact]
    public void The_sample_of_groups_is_read_member_by_member()
    {
        var fixture = Answering("library.groups.list");
        var list = fixture.Client.ListGroups();

        Assert.Equal(
            [("group-20260922-x", "virtual-avatar-group"), ("group-20260922-y", "virtual-avatar-group-2")],
            Read(fixture, list).Select(group => (group.GroupId, group.Name)));
        Assert.True(list.IsComplete);
    }

    [Fact]
    public void Filters_leave_as_the_contract_names_them()
    {
        var fixture = new ClientFixture();
        Read(fixture, fixture.Client.ListAssets("a b", "film"));
        Read(fixture, fixture.Client.ListGroups("cast&crew"));

        Assert.Equal(
            ["/v1/seedance2/private-avatar/assets?group_id=a%20b&project_name=film&page=1&page_size=100", "/v1/seedance2/private-avatar/groups?name=cast%26crew&page=1&page_size=100"],
            fixture.Network.Calls.Select(call => call.Address.PathAndQuery));
    }

    [Theory]
    [InlineData(LibraryPaging.Honored)]
    [InlineData(LibraryPaging.Everything)]
    [InlineData(LibraryPaging.Overlapping)]
    [InlineData(LibraryPaging.LastRepeats)]
    public void However_pages_come_each_entry_comes_once(LibraryPaging paging)
    {
        foreach (var includesTotal in new[] { true, false })
        {
            var fixture = With(new LibraryOptions { Paging = paging, IncludesTotal = includesTotal }, own: 250);
            var list = fixture.Client.ListAssets(Group);

            Assert.Equal(Enumerable.Range(1, 250).Select(i => $"asset_{i}"), Read(fixture, list).Select(asset => asset.AssetId));
            Assert.True(list.IsComplete);
        }
    }

    [Theory]
    [InlineData(LibraryPaging.FirstPageOnly)]
    [InlineData(LibraryPaging.EndsEarly)]
    public void A_list_that_ends_before_its_total_says_so(LibraryPaging paging)
    {
        var fixture = With(new LibraryOptions { Paging = paging }, own: 250);
        var list = fixture.Client.ListAssets(Group);

        Assert.Equal(100, Read(fixture, list).Count);
        Assert.Equal((false, 100, 250L), (list.IsComplete, (int)list.Count, list.Total));
    }

    [Fact]
    public void Pages_that_change_give_no_entry_twice_and_what_lacks_is_known()
    {
        var fixture = With(new LibraryOptions { Paging = LibraryPaging.Changing }, own: 250);
        var list = fixture.Client.ListAssets(Group);
        var ids = Read(fixture, list).ConvertAll(asset => asset.AssetId);

        Assert.Distinct(ids);
        Assert.Equal(ids.Count == 250, list.IsComplete);
    }

    [Fact]
    public void What_is_wanted_early_costs_no_later_page()
    {
        var fixture = With(new LibraryOptions(), own: 250);
        fixture.Time.Run(async () =>
        {
            await foreach (var _ in fixture.Client.ListAssets(Group))
            {
                return true;
            }

            return false;
        });

        Assert.Single(fixture.Network.Calls);
    }

    [Fact]
    public void A_hundred_thousand_foreign_entries_are_not_held()
    {
        var fixture = With(new LibraryOptions { ForeignAssets = 100_000 }, own: 3);
        fixture.Network.Latency = TimeSpan.Zero;
        var (read, held) = fixture.Time.Run(async () =>
        {
            List<WeakReference> entries = [];
            await foreach (var entry in fixture.Client.ListAssets(Group))
            {
                entries.Add(new WeakReference(entry));
            }

            GC.Collect();
            return (entries.Count, entries.Count(entry => entry.IsAlive));
        });

        Assert.Equal(100_003, read);

        // The last page may be somebody's still.
        Assert.InRange(held, 0, 1_000);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    public void A_gateway_without_a_library_is_called_one(int status)
    {
        var fixture = new ClientFixture();
        fixture.Network.Script = _ => Answers.Error(status, "nothing here");
        var failure = Assert.Throws<SeedanceException>(() => Read(fixture, fixture.Client.ListAssets()));

        Assert.Equal((SeedanceErrorKind.NotFound, status), (failure.Kind, failure.StatusCode));
        Assert.Contains("no asset library", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("{}")]
    [InlineData("""{"Result":{"Items":{"Id":"a"}}}""")]
    [InlineData("""{"Result":{"TotalCount":5}}""")]
    [InlineData("")]
    public void What_is_no_list_is_an_error_and_not_an_empty_one(string body)
    {
        var fixture = new ClientFixture();
        fixture.Network.Script = _ => Answers.Json(200, body);
        Assert.Equal(SeedanceErrorKind.InvalidAnswer, Assert.Throws<SeedanceException>(() => Read(fixture, fixture.Client.ListAssets())).Kind);
    }

    [Fact]
    public void Entries_without_an_id_are_passed_over_and_the_rest_is_read()
    {
        var fixture = new ClientFixture();
        fixture.Network.Script = _ => Answers.Json(200, """{"data":{"items":[null,1,{"name":"x"},{"id":"asset_1","name":"","status":"active"}]}}""");
        var asset = Assert.Single(Read(fixture, fixture.Client.ListAssets()));

        Assert.Equal(("asset_1", null, true), (asset.AssetId, asset.Name, asset.IsUsable));
    }

    private static ClientFixture Answering(string sample)
    {
        var fixture = new ClientFixture();
        fixture.Network.Script = _ => Answers.Json(200, System.Text.Encoding.UTF8.GetString(Sample.Bytes(sample)));
        return fixture;
    }

    private static ClientFixture With(LibraryOptions library, int own)
    {
        var fixture = new ClientFixture(new SandboxOptions { Library = library });
        fixture.Network.Sandbox.AddGroup(Group, "cast");
        for (var i = 1; i <= own; i++)
        {
            fixture.Network.Sandbox.AddAsset($"asset_{i}", $"row-{i}", Group);
        }

        return fixture;
    }

    private static List<T> Read<T>(ClientFixture fixture, LibraryList<T> list)
        where T : class => fixture.Time.Run(async () =>
    {
        var all = new List<T>();
        await foreach (var item in list)
        {
            all.Add(item);
        }

        return all;
    });
}
