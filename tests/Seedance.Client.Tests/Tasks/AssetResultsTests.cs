using System.Text.Json;

namespace Seedance.Client.Tests.Assets;

/// <summary>Promise 4: which row became which asset is never guessed silently.</summary>
public sealed class AssetResultsTests
{
    [Fact]
    public void Echoed_names_find_the_rows_in_any_order() =>
        Assert.Equal(
            [("b", 1, MatchedBy.Name), ("c", 2, MatchedBy.Name), ("a", 0, MatchedBy.Name)],
            Match(["a", "b", "c"], ["b", "c", "a"]));

    [Fact]
    public void A_lone_asset_is_the_lone_rows() => Assert.Equal([("a", 0, MatchedBy.Single)], Match(["a"], [null]));

    [Fact]
    public void Without_names_the_place_tells_and_says_so() =>
        Assert.Equal([("a", 0, MatchedBy.Position), ("b", 1, MatchedBy.Position)], Match(["a", "b"], [null, null]));

    [Fact]
    public void With_fewer_results_than_rows_a_place_tells_nothing() =>
        Assert.Equal([(null, -1, MatchedBy.None), (null, -1, MatchedBy.None)], Match(["a", "b", "c"], [null, null]));

    [Fact]
    public void With_fewer_results_than_rows_names_still_tell() =>
        Assert.Equal([("c", 2, MatchedBy.Name), (null, -1, MatchedBy.None)], Match(["a", "b", "c"], ["c", null]));

    [Fact]
    public void With_more_results_than_rows_a_place_tells_nothing() =>
        Assert.All(Match(["a", "b"], [null, null, null]), found => Assert.Equal(MatchedBy.None, found.By));

    [Fact]
    public void Two_rows_of_one_name_are_told_apart_by_place_at_best() =>
        Assert.Equal([("a", 0, MatchedBy.Position), ("a", 1, MatchedBy.Position)], Match(["a", "a"], ["a", "a"]));

    [Fact]
    public void Once_a_name_is_out_of_place_places_tell_nothing() =>
        Assert.Equal(
            [("b", 2, MatchedBy.Name), (null, -1, MatchedBy.None), (null, -1, MatchedBy.None)],
            Match([null, null, "b"], ["b", null, null]));

    [Fact]
    public void A_name_that_no_row_has_takes_the_certainty_from_the_others_and_from_every_place() =>
        Assert.Equal(
            [("x", -1, MatchedBy.None), ("b", 1, MatchedBy.SimilarName), (null, -1, MatchedBy.None)],
            Match(["a", "b", "c"], ["x", "b", null]));

    [Fact]
    public void A_name_that_comes_twice_is_nobodys() =>
        Assert.Equal(
            [("a", -1, MatchedBy.None), ("a", -1, MatchedBy.None)],
            Match(["a", null], ["a", "a"]));

    /// <summary>What servers do to names; the rows come back in another order.</summary>
    [Theory]
    [InlineData(new[] { "Anna", "Bea" }, new[] { "bea", "anna" })]
    [InlineData(new[] { "portrait-anna", "portrait-bea" }, new[] { "portrait-b", "portrait-a" })]
    [InlineData(new[] { "portrait-anna", "portrait-bea" }, new[] { "portrait-b…", "portrait-a..." })]
    [InlineData(new[] { "Andre\u0301", "Zoe\u0308" }, new[] { "Zo\u00eb", "Andr\u00e9" })]
    [InlineData(new[] { " anna ", "bea  b" }, new[] { "bea b", "anna" })]
    [InlineData(new[] { "a&b", "c\"d" }, new[] { "c&quot;d", "a&amp;b" })]
    [InlineData(new[] { "a b", "c/d" }, new[] { "c%2Fd", "a%20b" })]
    [InlineData(new[] { "Zoë", "a/b" }, new[] { "a\\/b", "Zo\\u00eb" })]
    [InlineData(new[] { "Ann", "Anna" }, new[] { "anna", "ann" })]
    [InlineData(new[] { "\ud83d\ude00 A", "\ud83d\ude01 A" }, new[] { "\ud83d\ude01 a", "\ud83d\ude00 a" })]
    public void A_changed_name_finds_its_row_where_it_is_like_no_other_and_is_no_certainty(string[] submitted, string[] echoed) =>
        Assert.Equal([(submitted[1], 1, MatchedBy.SimilarName), (submitted[0], 0, MatchedBy.SimilarName)], Match(submitted, echoed));

    [Theory]
    [InlineData(new[] { "anna", "Anna", "x" }, new[] { "x", "anna", "anna" })]
    [InlineData(new[] { "portrait-ann", "portrait-anna", "x" }, new[] { "x", "portrait-ann", "portrait-ann" })]
    public void A_changed_name_that_may_be_two_rows_is_nobodys(string[] submitted, string[] echoed) =>
        Assert.Equal([("x", 2, MatchedBy.SimilarName), (echoed[1], -1, MatchedBy.None), (echoed[2], -1, MatchedBy.None)], Match(submitted, echoed));

    /// <summary>The row without a result may be the one whose name came back changed into another's.</summary>
    [Theory]
    [InlineData(new[] { "portrait-ann", "portrait-annabel" }, new[] { "portrait-ann" })]
    [InlineData(new[] { "anna", "Anna" }, new[] { "anna" })]
    [InlineData(new[] { "a b", "a%20b" }, new[] { "a b" })]
    public void A_name_that_a_row_without_a_result_may_have_become_is_no_certainty(string[] submitted, string[] echoed) =>
        Assert.Equal([(echoed[0], 0, MatchedBy.SimilarName)], Match(submitted, echoed));

    [Fact]
    public void Where_a_longer_name_came_back_nothing_was_cut() =>
        Assert.Equal(
            [("row-1", 0, MatchedBy.Name), ("row-12", 2, MatchedBy.Name)],
            Match(["row-1", "row-10", "row-12"], ["row-1", "row-12"]));

    [Fact]
    public void Parts_without_a_whole_give_no_places()
    {
        var task = Read("""{"usable_assets":[{"asset_id":"b"},{"asset_id":"c"}],"failed_assets":[{"asset_id":"a"}]}""", [null, null, null]);
        Assert.All(task.Assets, asset => Assert.Equal((MatchedBy.None, -1), (asset.MatchedBy, asset.SourceIndex)));
    }

    [Theory]
    [InlineData(new[] { "a", "b" }, "x:a x:b", "0Name 1Name")]
    [InlineData(new[] { "a", "b" }, "x: x:", "0Position 1Position")]
    [InlineData(new[] { "a", "a" }, "x:a x:a", "0Position 1Position")]
    [InlineData(new[] { "a", "b" }, "x:a x:a", "0Name")]
    [InlineData(new[] { "a", "b", "c" }, "x: x:", "-1None")]
    [InlineData(new[] { "a", "b", "c" }, "x:a x:a y:b z:c z:c", "0Name 1Name 2Name")]
    [InlineData(new[] { "a" }, "x: x:", "0Single")]
    public void One_asset_for_several_rows_goes_to_each_and_a_mere_repeat_to_none(string[] submitted, string echoed, string expected)
    {
        var assets = echoed.Split(' ').Select(one => one.Split(':')).Select(one => new { asset_id = one[0], status = "Active", name = one[1] });
        var task = Read(JsonSerializer.Serialize(new { assets }), submitted);
        Assert.Equal(expected, string.Join(' ', task.Assets.Select(asset => $"{asset.SourceIndex}{asset.MatchedBy}")));
    }

    [Theory]
    [InlineData("completed", new[] { "a", "b", "c" }, new[] { "c" }, 2, "a b")]
    [InlineData("completed", new[] { "a", "b", "c" }, new string[0], 3, "a b c")]
    [InlineData("failed", new[] { "a", "b" }, new string[0], 2, "a b")]
    [InlineData("cancelled", new[] { "a", "b" }, new[] { "b" }, 1, "a")]
    [InlineData("completed", new[] { "a", "b" }, new[] { "b", "a" }, 0, "")]
    [InlineData("completed", new[] { "a" }, new[] { "x" }, 0, "")]
    [InlineData("processing", new[] { "a", "b" }, new string[0], 0, "")]
    public void The_rows_without_a_result_are_known(string status, string[] submitted, string[] echoed, int missing, string names)
    {
        var task = Read(submitted, echoed, status);
        Assert.Equal((missing, names), (task.MissingCount, string.Join(' ', task.SourcesWithoutResult.Select(source => source.Name))));
        Assert.Equal(task.SourcesWithoutResult, task.RowsWithoutResult.Select(row => task.Sources[row]));
    }

    [Theory]
    [InlineData(new[] { "a", "b", "c" }, new[] { "c", null })]
    [InlineData(new[] { "anna", "bea", "cleo" }, new[] { "ANNA" })]
    public void Guesses_do_not_decide_which_rows_lack_a_result(string?[] submitted, string?[] echoed)
    {
        var task = Read(submitted, echoed);
        Assert.Equal(submitted.Length - echoed.Length, task.MissingCount);
        Assert.Empty(task.SourcesWithoutResult);
    }

    [Fact]
    public void A_task_without_rows_matches_nothing() => Assert.Equal([("a", -1, MatchedBy.None)], Match([], ["a"]));

    [Fact]
    public void A_matched_asset_carries_its_rows_address_without_the_query()
    {
        var task = Read(["a", "b"], ["b", "a"]);
        Assert.Equal(["https://example.com/1.png", "https://example.com/0.png"], task.Assets.Select(asset => asset.SourceUrl));
    }

    [Theory]
    [InlineData("""{"usable_assets":[{"asset_id":"u"}],"failed_assets":[{"asset_id":"f"}]}""", "u:True f:False")]
    [InlineData("""{"assets":[{"asset_url":"asset://x","status":"active"}]}""", "x:True")]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Active"}],"failed_assets":[{"asset_id":"x"}]}""", "x:False")]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Failed"}]}""", "x:False")]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Checking"}]}""", "x:False")]
    [InlineData("""{"assets":{"asset_id":"x","status":"Active"}}""", "x:True")]
    [InlineData("""{"assets":["asset://x"],"usable_assets":["asset://x"]}""", "x:True")]
    [InlineData("""{"asset_url":"asset://x"}""", "x:True")]
    [InlineData("""{"assets":[null,3,{},{"asset_id":"x","status":"Active"},{"asset_id":"x","status":"Active"}]}""", "x:True")]
    [InlineData("""{"assets":null}""", "")]
    public void Usable_is_what_the_answer_calls_so_in_whatever_form(string result, string expected)
    {
        using var json = JsonDocument.Parse($$"""{"id":"t","status":"completed","result":{{result}}}""");
        var task = TaskReader.Read(json.RootElement, new SeedanceTask { TaskId = "t" });

        Assert.Equal(expected, string.Join(' ', task.Assets.Select(asset => $"{asset.AssetId}:{asset.IsUsable}")));
        Assert.Equal(task.Assets.Count, task.UsableAssets.Count + task.FailedAssets.Count);
    }

    private static readonly (string What, Func<string, string> Change)[] s_changes =
    [
        ("nothing", name => name),
        ("case", name => name.ToLowerInvariant()),
        ("length", name => name[..Math.Min(name.Length, 4)]),
        ("length and case", name => name[..Math.Min(name.Length, 5)].ToUpperInvariant()),
        ("form", name => name.Normalize(System.Text.NormalizationForm.FormC)),
        ("blanks", name => name.Trim()),
        ("escapes", Uri.EscapeDataString),
    ];

    private static readonly string[] s_names =
        ["ann", "anna", "annabel", "Ann", "Anna", "ANNA", "anna ", " anna", "anna%20", "bea", "beatrix", "Bea", "ze\u0301ro", "z\u00e9ro", "zero", "zeros", "zerosum"];

    /// <summary>Rows with and without names, names that repeat or are like others, results that are dropped, shuffled, shared, listed in parts, and echo names as they are, changed, or not.</summary>
    [Fact]
    public void No_asset_is_called_certain_and_given_to_a_wrong_row()
    {
        var (certain, similar) = (0, 0);
        for (var seed = 1; seed <= 40_000; seed++)
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(5) == 0 ? null : s_names[random.Next(s_names.Length)]).ToArray();
            var kept = Enumerable.Range(0, names.Length).Where(_ => random.Next(6) > 0).ToArray();
            if (random.Next(2) == 0)
            {
                random.Shuffle(kept);
            }

            var (what, change) = s_changes[random.Next(s_changes.Length)];
            var echo = random.Next(4) > 0;
            var list = random.Next(6) == 0 ? "usable_assets" : "assets";
            var isShared = random.Next(6) == 0;
            var result = JsonSerializer.Serialize(new Dictionary<string, object>
            {
                [list] = kept.Select((row, i) => new { asset_id = isShared && i < 2 ? "shared" : $"asset_{i}", status = "Active", name = echo && names[row] is { } name ? change(name) : null }),
            });
            var found = Read(result, names).Assets;

            for (var i = 0; i < found.Count; i++)
            {
                // Where repeats of one asset are dropped, any of its rows is right.
                int[] right = found[i].AssetId == "shared" ? [.. kept.Take(2)] : [kept[kept.Length - found.Count + i]];
                if (found[i].IsCertain)
                {
                    certain++;
                    Assert.True(right.Contains(found[i].SourceIndex), $"seed {seed}, changed: {what}: result {i} is row {right[0]}, and was called row {found[i].SourceIndex} by {found[i].MatchedBy}");
                }

                similar += found[i].MatchedBy == MatchedBy.SimilarName && right.Contains(found[i].SourceIndex) ? 1 : 0;
            }

            // No row is given out twice, however it was found.
            var rows = found.Where(match => match.SourceIndex >= 0).Select(match => match.SourceIndex).ToList();
            Assert.True(rows.Count == rows.Distinct().Count(), $"seed {seed}: a row was given to two assets");
        }

        Assert.True(certain > 10_000 && similar > 5_000, $"{certain} matches were certain and {similar} similar: the test looks past its subject.");
    }

    [Fact]
    public void With_unique_names_echoed_every_asset_finds_its_row()
    {
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, random.Next(2, 21)).Select(i => $"row-{i:00}").ToArray();
            var order = Enumerable.Range(0, names.Length).ToArray();
            random.Shuffle(order);
            var kept = order[..random.Next(1, order.Length + 1)];

            Assert.Equal(kept.Select(row => (names[row], row, MatchedBy.Name)), Match(names, [.. kept.Select(row => names[row])])!);
        }
    }

    private static List<(string? Name, int Row, MatchedBy By)> Match(string?[] submitted, string?[] echoed) =>
        [.. Read(submitted, echoed).Assets.Select(asset => (asset.Name, asset.SourceIndex, asset.MatchedBy))];

    private static SeedanceTask Read(string?[] submitted, string?[] echoed, string status = "completed")
    {
        var assets = echoed.Select((name, i) => new Dictionary<string, object?>
        {
            ["asset_id"] = $"asset_{i}",
            ["status"] = "Active",
            ["raw_response"] = name is null ? null : new { Result = new { Name = name } },
        });
        return Read(JsonSerializer.Serialize(new { assets }), submitted, status);
    }

    private static SeedanceTask Read(string result, string?[] submitted, string status = "completed")
    {
        using var json = JsonDocument.Parse($$"""{"id":"t","status":"{{status}}","result":{{result}}}""");
        return TaskReader.Read(json.RootElement, new SeedanceTask
        {
            TaskId = "t",
            Kind = TaskKind.Asset,
            Sources = [.. submitted.Select((name, i) => new AssetSource($"https://example.com/{i}.png?signature=s") { Name = name })],
        });
    }
}
