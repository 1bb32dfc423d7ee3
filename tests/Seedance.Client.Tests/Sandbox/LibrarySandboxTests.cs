using System.Text.Json;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.Client.Tests;

public sealed class LibrarySandboxTests
{
    private const string Groups = "/v1/seedance2/private-avatar/groups";
    private const string Assets = "/v1/seedance2/private-avatar/assets";

    private static readonly TimeSpan s_reviewed = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("library.groups.list.json", Groups)]
    [InlineData("library.assets.list.json", Assets)]
    public void Lists_have_every_member_of_their_samples_in_the_same_kind(string sample, string path)
    {
        var caller = new SandboxCaller();
        caller.Api.AddGroup("group_real", "person", realPerson: true);
        Submit(caller, "g", "a", "b-reject");
        caller.Time.Advance(s_reviewed);

        AssertCovers(JsonDocument.Parse(SandboxCaller.Sample(sample)).RootElement, caller.Get(path), "$");
    }

    [Fact]
    public void Groups_are_found_by_a_fuzzy_name_unless_that_is_ordered_otherwise()
    {
        var caller = new SandboxCaller();
        foreach (var group in new[] { "Cast", "cast of extras", "crew" })
        {
            Submit(caller, group, "a");
        }

        Assert.Equal(["Cast", "cast of extras"], Names(caller.Get(Groups + "?name=CAST")));
        Assert.Equal(3, Items(caller.Get(Groups)).Length);
        caller.Api.Configure(new SandboxOptions { Library = new() { ExactNames = true } });
        Assert.Equal(["Cast"], Names(caller.Get(Groups + "?name=Cast")));
    }

    [Fact]
    public void Assets_are_listed_by_group_with_name_and_state()
    {
        var caller = new SandboxCaller();
        var group = Submit(caller, "g", "a", "b-reject");
        Submit(caller, "other", "c");
        JsonElement[] List() => Items(caller.Get($"{Assets}?group_id={group}"));

        Assert.Equal(["Processing", "Processing"], List().Select(asset => asset.GetProperty("Status").GetString()));
        caller.Time.Advance(s_reviewed);
        Assert.Equal(["a Active", "b-reject Failed"], List().Select(asset => $"{asset.GetProperty("Name")} {asset.GetProperty("Status")}"));
        Assert.All(List(), asset => Assert.Equal(group, asset.GetProperty("GroupId").GetString()));
    }

    [Fact]
    public void The_library_has_the_ids_that_the_task_tells()
    {
        var caller = new SandboxCaller();
        var group = Submit(caller, "g", "a", "b", "c");
        caller.Time.Advance(s_reviewed);
        var told = caller.Task(caller.Api.Submissions[0].TaskId!).GetProperty("result").GetProperty("assets").EnumerateArray();

        Assert.Equal(
            told.Select(asset => asset.GetProperty("asset_id").GetString()).Order(),
            Items(caller.Get($"{Assets}?group_id={group}")).Select(IdOf).Order());
    }

    [Fact]
    public void A_face_that_is_another_persons_is_told()
    {
        var caller = new SandboxCaller();
        caller.Api.AddGroup("group_real", realPerson: true);
        caller.Post(SandboxCaller.RealAvatar, """{"group_id":"group_real","assets":[{"url":"https://x.com/a.mp4","name":"stranger"}]}""");
        caller.Time.Advance(s_reviewed);

        var asset = Assert.Single(Items(caller.Get(Assets + "?group_id=group_real")));
        Assert.Equal("FaceMismatch", asset.GetProperty("Error").GetProperty("Code").GetString());
    }

    [Fact]
    public void What_was_refused_or_failed_as_a_whole_is_not_there()
    {
        var caller = new SandboxCaller(new SandboxOptions { TaskFaults = [new TaskFault { NoResult = true, Contains = "lost" }], RefusedWord = "tiny" });
        var group = Submit(caller, "g", "lost");
        caller.Refused(400, SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", "tiny"), code: "InvalidParameter.ImageSize");

        Assert.Empty(Items(caller.Get($"{Assets}?group_id={group}")));
    }

    [Fact]
    public void An_asset_can_be_seen_only_after_a_while()
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { VisibleAfter = TimeSpan.FromSeconds(9) } });
        var group = Submit(caller, "g", "a");

        Assert.Empty(Items(caller.Get($"{Assets}?group_id={group}")));
        caller.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Single(Items(caller.Get($"{Assets}?group_id={group}")));
    }

    [Theory]
    [InlineData("", 20, 1)]
    [InlineData("&PageSize=100", 45, 1)]
    [InlineData("&PageSize=1000", 45, 1)]
    [InlineData("&PageNumber=3&PageSize=20", 5, 3)]
    [InlineData("&page=2&page_size=30", 15, 2)]
    [InlineData("&PageNumber=4", 0, 4)]
    public void Lists_come_in_pages(string query, int items, int page)
    {
        var caller = new SandboxCaller();
        var list = caller.Get($"{Assets}?group_id={Fill(caller, 45)}{query}").GetProperty("Result");

        Assert.Equal(items, list.GetProperty("Items").GetArrayLength());
        Assert.Equal((45, page), (list.GetProperty("TotalCount").GetInt32(), list.GetProperty("PageNumber").GetInt32()));
    }

    [Theory]
    [InlineData(LibraryPaging.Honored, "n0..n19 n20..n39 n40..n44 ")]
    [InlineData(LibraryPaging.FirstPageOnly, "n0..n19 n0..n19 n0..n19 n0..n19")]
    [InlineData(LibraryPaging.Everything, "n0..n44 n0..n44 n0..n44 n0..n44")]
    [InlineData(LibraryPaging.Overlapping, "n0..n19 n19..n38 n38..n44 ")]
    [InlineData(LibraryPaging.LastRepeats, "n0..n19 n20..n39 n40..n44 n40..n44")]
    [InlineData(LibraryPaging.EndsEarly, "n0..n19   ")]
    [InlineData(LibraryPaging.Changing, "n0..n19 n27..n1 n9..n13 ")]
    public void Pages_can_be_other_than_asked_for(LibraryPaging paging, string expected)
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { Paging = paging } });
        var group = Fill(caller, 45);
        var pages = Enumerable.Range(1, 4).Select(page => Names(caller.Get($"{Assets}?group_id={group}&PageNumber={page}")));

        Assert.Equal(expected, string.Join(' ', pages.Select(names => names.Length == 0 ? "" : $"{names[0]}..{names[^1]}")));
    }

    [Fact]
    public void The_total_can_be_left_out()
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { IncludesTotal = false } });
        Assert.False(caller.Get(Assets).GetProperty("Result").TryGetProperty("TotalCount", out _));
    }

    [Fact]
    public void Entries_of_other_accounts_can_stand_before_ones_own()
    {
        var caller = new SandboxCaller(new SandboxOptions
        {
            Library = new() { ForeignAssets = 1000, ForeignGroups = 2, ForeignNames = ["a", "b"], ForeignInGroup = true },
        });
        var group = Submit(caller, "g", "a");
        var last = caller.Get($"{Assets}?group_id={group}&PageSize=100&PageNumber=11");

        Assert.Equal(["a", "b", "g"], Names(caller.Get(Groups)));
        Assert.Equal(1001, last.GetProperty("Result").GetProperty("TotalCount").GetInt32());
        Assert.Equal("a", Assert.Single(Names(last)));
        Assert.All(Items(caller.Get($"{Assets}?group_id={group}")), asset => Assert.Equal(group, asset.GetProperty("GroupId").GetString()));
        caller.Api.Configure(caller.Api.Options with { Library = caller.Api.Options.Library with { HidesOwn = true, ForeignInGroup = false } });
        Assert.DoesNotContain(group, Items(caller.Get($"{Assets}?group_id={group}")).Select(asset => asset.GetProperty("GroupId").GetString()));
        Assert.Equal(["a", "b"], Names(caller.Get(Groups)));
    }

    [Fact]
    public void A_hundred_thousand_foreign_entries_can_be_paged_through_and_lose_one()
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { ForeignAssets = 100_000 } });
        var group = Submit(caller, "g", "mine");
        Assert.Equal(200, caller.Send("DELETE", Assets + "/asset_foreign_7").Status);
        var seen = Enumerable.Range(1, 1001).SelectMany(page => Names(caller.Get($"{Assets}?group_id={group}&PageSize=100&PageNumber={page}"))).ToList();

        Assert.Equal(100_000, seen.Distinct().Count());
        Assert.Equal(("foreign-1", "mine"), (seen[0], seen[^1]));
        Assert.DoesNotContain("foreign-7", seen);
        caller.Refused(404, Assets + "/asset_foreign_7", null, "DELETE", code: "NotFound.asset_id");
    }

    [Fact]
    public void Lists_can_be_of_one_project()
    {
        var caller = new SandboxCaller();
        Submit(caller, "g", "a");
        caller.Post(SandboxCaller.PrivateAvatar, """{"group":{"name":"g"},"project_name":"other","url":"https://x.com/b.png","name":"b"}""");

        Assert.Equal(["a", "b"], Names(caller.Get(Assets)));
        Assert.Equal(["b"], Names(caller.Get(Assets + "?project_name=other")));
        Assert.Single(Items(caller.Get(Groups + "?project_name=other")));
    }

    [Fact]
    public void A_list_can_ignore_the_group()
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { IgnoresGroup = true } });
        var group = Submit(caller, "g", "a");
        Submit(caller, "other", "b");

        Assert.Equal(["a", "b"], Names(caller.Get($"{Assets}?group_id={group}")));
    }

    [Fact]
    public void An_asset_can_be_read_renamed_and_deleted_once()
    {
        var caller = new SandboxCaller();
        var group = Submit(caller, "g", "a", "b");
        var id = IdOf(Items(caller.Get($"{Assets}?group_id={group}"))[0]);
        var path = $"{Assets}/{id}";

        Assert.Equal(id, IdOf(caller.Get(path).GetProperty("Result")));
        Assert.Equal(200, caller.Send("PATCH", path, """{"name":"renamed"}""").Status);
        Assert.Equal("renamed", caller.Get(path).GetProperty("Result").GetProperty("Name").GetString());
        Assert.Equal(200, caller.Send("DELETE", path).Status);
        Assert.Equal(["b"], Names(caller.Get($"{Assets}?group_id={group}")));
        foreach (var method in new[] { "GET", "PATCH", "DELETE" })
        {
            caller.Refused(404, path, """{"name":"again"}""", method, code: "NotFound.asset_id");
        }
    }

    [Fact]
    public void A_group_can_be_made_read_renamed_and_deleted_with_what_is_in_it()
    {
        var caller = new SandboxCaller();
        var made = IdOf(SandboxCaller.Root(caller.Send("POST", Groups, """{"name":"g","description":"d"}""")).GetProperty("Result"));
        var asset = Items(caller.Get($"{Assets}?group_id={Submit(caller, "g", "a")}"))[0];
        var path = $"{Groups}/{made}";

        Assert.Equal(made, asset.GetProperty("GroupId").GetString());
        Assert.Equal(200, caller.Send("PATCH", path, """{"name":"h"}""").Status);
        Assert.Equal("h", caller.Get(path).GetProperty("Result").GetProperty("Name").GetString());
        Assert.Equal(200, caller.Send("DELETE", path).Status);
        caller.Refused(404, path, null, "GET", code: "NotFound.group_id");
        caller.Refused(404, $"{Assets}/{IdOf(asset)}", null, "DELETE", code: "NotFound.asset_id");
        Assert.Empty(Items(caller.Get(Groups)));
    }

    [Theory]
    [InlineData("asset_none")]
    [InlineData("asset_0123456789ABC")]
    [InlineData("asset_!!!!!!!!!!!!!")]
    [InlineData("asset_foreign_1")]
    public void What_is_not_there_is_not_found(string id) =>
        new SandboxCaller().Refused(404, $"{Assets}/{id}", null, "GET", code: "NotFound.asset_id");

    [Fact]
    public void Errors_can_come_as_upstream_gives_them()
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { UpstreamErrors = true } });
        var response = caller.Send("DELETE", Assets + "/asset_none");

        Assert.Equal(404, response.Status);
        var metadata = SandboxCaller.Root(response).GetProperty("ResponseMetadata");
        Assert.Equal("NotFound.asset_id", metadata.GetProperty("Error").GetProperty("Code").GetString());
    }

    [Fact]
    public void Single_answers_can_come_in_the_envelope_or_with_nothing()
    {
        var caller = new SandboxCaller(new SandboxOptions { Library = new() { Form = LibraryForm.Envelope } });
        var path = $"{Groups}/{Submit(caller, "g", "a")}";

        Assert.Equal("AIGC", caller.Get(path).GetProperty("data").GetProperty("group_type").GetString());
        caller.Api.Configure(new SandboxOptions { Library = new() { Form = LibraryForm.NoContent } });
        var deleted = caller.Send("DELETE", path);
        Assert.Equal((204, 0), (deleted.Status, deleted.Body.Length));
    }

    [Fact]
    public void Long_names_can_be_cut_in_echo_and_library()
    {
        var caller = new SandboxCaller(new SandboxOptions { CutsNames = true, NameLength = 60 });
        var name = new string('語', 64);
        var group = Submit(caller, "g", name);
        caller.Time.Advance(s_reviewed);
        var echo = caller.Task(caller.Api.Submissions[0].TaskId!).GetProperty("result").GetProperty("assets")[0].GetProperty("raw_response").GetProperty("Result").GetProperty("Name");

        Assert.Equal(name[..60], echo.GetString());
        Assert.Equal([name[..60]], Names(caller.Get($"{Assets}?group_id={group}")));
        Assert.Equal(name, caller.Api.Submissions[0].Assets[0].Name);
    }

    [Fact]
    public void What_rows_share_is_listed_once()
    {
        var caller = new SandboxCaller(new SandboxOptions { TaskFaults = [new TaskFault { SharedAssets = 2 }] });
        Assert.Equal(["a", "c"], Names(caller.Get($"{Assets}?group_id={Submit(caller, "g", "a", "b", "c")}")));
    }

    [Fact]
    public void Two_candidates_of_one_name_can_be_added()
    {
        var caller = new SandboxCaller();
        var group = Submit(caller, "g", "a");
        caller.Api.AddAsset("asset_mine", "a", group, "Failed");

        Assert.Equal(["a", "a"], Names(caller.Get($"{Assets}?group_id={group}")));
        Assert.Equal("Failed", caller.Get(Assets + "/asset_mine").GetProperty("Result").GetProperty("Status").GetString());
        Assert.Throws<ArgumentException>(() => caller.Api.AddAsset("asset_2", "a", "group_none"));
    }

    [Fact]
    public void The_library_needs_a_key()
    {
        Assert.Equal(401, new SandboxCaller().Send("GET", Groups, authorization: null).Status);
    }

    private static string Submit(SandboxCaller caller, string group, params string[] names)
    {
        caller.Post(SandboxCaller.PrivateAvatar, SandboxCaller.Batch(group, names));
        return caller.Api.Submissions[^1].GroupId!;
    }

    private static string Fill(SandboxCaller caller, int count)
    {
        foreach (var names in Enumerable.Range(0, count).Select(number => $"n{number}").Chunk(20))
        {
            Submit(caller, "g", names);
        }
        return caller.Api.Submissions[^1].GroupId!;
    }

    private static JsonElement[] Items(JsonElement list) => [.. list.GetProperty("Result").GetProperty("Items").EnumerateArray()];

    private static string[] Names(JsonElement list) => [.. Items(list).Select(item => item.GetProperty("Name").GetString()!)];

    private static string IdOf(JsonElement item) => item.GetProperty("Id").GetString()!;

    private static void AssertCovers(JsonElement sample, JsonElement actual, string path)
    {
        Assert.True(sample.ValueKind == actual.ValueKind, $"{path} is {actual.ValueKind}, not {sample.ValueKind}.");
        if (sample.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in sample.EnumerateObject())
            {
                Assert.True(actual.TryGetProperty(member.Name, out var value), $"{path}.{member.Name} is missing.");
                AssertCovers(member.Value, value, $"{path}.{member.Name}");
            }
        }
        else if (sample.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(sample.GetArrayLength(), actual.GetArrayLength());
            foreach (var (expected, value) in sample.EnumerateArray().Zip(actual.EnumerateArray()))
            {
                AssertCovers(expected, value, path + "[]");
            }
        }
    }
}
