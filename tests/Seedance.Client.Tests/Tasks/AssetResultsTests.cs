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
    public void A_name_that_contradicts_its_place_matches_nothing() =>
        Assert.Equal(
            [("x", -1, MatchedBy.None), ("b", 1, MatchedBy.Name)],
            Match(["a", "b"], ["x", "b"]));

    [Fact]
    public void A_name_that_came_before_does_not_fall_to_a_nameless_row() =>
        Assert.Equal(
            [("a", 0, MatchedBy.Name), ("a", -1, MatchedBy.None)],
            Match(["a", null], ["a", "a"]));

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

    /// <summary>Rows with and without names, names that repeat, results that are dropped, shuffled, and echo names or not.</summary>
    [Fact]
    public void No_asset_is_called_certain_and_given_to_a_wrong_row()
    {
        var certain = 0;
        for (var seed = 1; seed <= 20_000; seed++)
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(4) == 0 ? null : $"n{random.Next(6)}").ToArray();
            var kept = Enumerable.Range(0, names.Length).Where(_ => random.Next(6) > 0).ToArray();
            if (random.Next(2) == 0)
            {
                random.Shuffle(kept);
            }

            var echo = random.Next(3) > 0;
            var found = Match(names, [.. kept.Select(row => echo ? names[row] : null)]);

            for (var i = 0; i < kept.Length; i++)
            {
                if (found[i].By is MatchedBy.Name or MatchedBy.Single)
                {
                    certain++;
                    Assert.True(found[i].Row == kept[i], $"seed {seed}: result {i} is row {kept[i]}, and was called row {found[i].Row} by {found[i].By}");
                }
            }

            // No row is given out twice, however it was found.
            var rows = found.Where(match => match.Row >= 0).Select(match => match.Row).ToList();
            Assert.True(rows.Count == rows.Distinct().Count(), $"seed {seed}: a row was given to two assets");
        }

        Assert.True(certain > 10_000, $"Only {certain} matches were certain: the test looks past its subject.");
    }

    [Fact]
    public void With_unique_names_echoed_every_asset_finds_its_row()
    {
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, random.Next(2, 21)).Select(i => $"row-{i}").ToArray();
            var order = Enumerable.Range(0, names.Length).ToArray();
            random.Shuffle(order);
            var kept = order[..random.Next(1, order.Length + 1)];

            Assert.Equal(kept.Select(row => (names[row], row, MatchedBy.Name)), Match(names, [.. kept.Select(row => names[row])])!);
        }
    }

    private static List<(string? Name, int Row, MatchedBy By)> Match(string?[] submitted, string?[] echoed) =>
        [.. Read(submitted, echoed).Assets.Select(asset => (asset.Name, asset.SourceIndex, asset.MatchedBy))];

    private static SeedanceTask Read(string?[] submitted, string?[] echoed)
    {
        var assets = echoed.Select((name, i) => new Dictionary<string, object?>
        {
            ["asset_id"] = $"asset_{i}",
            ["status"] = "Active",
            ["raw_response"] = name is null ? null : new { Result = new { Name = name } },
        });
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(new { id = "t", status = "completed", result = new { assets } }));
        return TaskReader.Read(json.RootElement, new SeedanceTask
        {
            TaskId = "t",
            Sources = [.. submitted.Select((name, i) => new AssetSource($"https://example.com/{i}.png?signature=s") { Name = name })],
        });
    }
}
