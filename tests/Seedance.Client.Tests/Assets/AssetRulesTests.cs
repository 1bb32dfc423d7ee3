namespace Seedance.Client.Tests.Assets;

public sealed class AssetRulesTests
{
    private static readonly AssetRow s_good = new() { Url = "https://example.com/a.png" };

    [Theory]
    [InlineData(null, "it is empty")]
    [InlineData("", "it is empty")]
    [InlineData("  ", "it is empty")]
    [InlineData("pictures/a.png", "not an absolute address")]
    [InlineData("pictures/b.png", "on this machine goes into Path")]
    [InlineData("file:///pictures/b.png", "on this machine goes into Path")]
    [InlineData("/pictures/a.png", "not an absolute address")]
    [InlineData("example.com/a.png", "not an absolute address")]
    [InlineData("mailto:a@example.com", "not an absolute address")]
    [InlineData("https://", "not an absolute address")]
    [InlineData("file:///pictures/a.png", "not an http or https address")]
    [InlineData("ftp://example.com/a.png", "not an http or https address")]
    [InlineData("asset://asset_a", "not an http or https address")]
    public void A_bad_Url_is_one_problem_of_that_column(string? url, string said) => Complains(s_good with { Url = url }, "Url", said);

    [Fact]
    public void A_row_whose_columns_have_other_names_is_told_which_they_are() =>
        Complains(new AssetRow { OtherColumns = ["Address", "Title"] }, "Url", "no such column; there are Address, Title");

    [Fact]
    public void A_file_of_another_delimiter_is_told_how_to_be_read() =>
        Complains(new AssetRow { OtherColumns = ["Url;Name"] }, "Url", "there are Url;Name (read the file with Import-Csv -Delimiter)");

    [Theory]
    [InlineData("Picture")]
    [InlineData("1")]
    [InlineData("+1")]
    [InlineData("-0")]
    [InlineData("Image,Video")]
    [InlineData("Image Video")]
    public void An_AssetType_is_one_of_the_three_words(string word) => Complains(s_good with { AssetType = word }, "AssetType", "none of Image, Video, Audio");

    [Theory]
    [InlineData("Image", AssetType.Image)]
    [InlineData("VIDEO", AssetType.Video)]
    [InlineData(" audio ", AssetType.Audio)]
    [InlineData("", AssetType.Image)]
    [InlineData(null, AssetType.Image)]
    public void An_AssetType_is_read_in_any_case_and_is_Image_when_empty(string? word, AssetType type) =>
        Assert.Equal(type, Accepts(s_good with { AssetType = word }).AssetType);

    [Fact]
    public void A_name_may_have_64_characters_and_no_more()
    {
        Assert.Equal(64, Accepts(s_good with { Name = new string('n', 64) }).Name!.Length);
        Complains(s_good with { Name = new string('n', 65) }, "Name", "65 characters");
    }

    [Fact]
    public void A_group_is_named_with_64_characters_and_described_with_300_at_most()
    {
        Accepts(s_good with { Group = new AvatarGroup { Name = new string('n', 64), Description = new string('d', 300) } });
        Complains(s_good with { Group = new AvatarGroup { Name = new string('n', 65) } }, "Group", "65 characters");
        Complains(s_good with { Group = new AvatarGroup { Name = "n", Description = new string('d', 301) } }, "Group", "301 characters");
    }

    [Fact]
    public void A_group_needs_a_name_or_an_id() => Complains(s_good with { Group = new AvatarGroup { Description = "who?" } }, "Group", "neither");

    [Fact]
    public void A_row_takes_a_Group_or_a_GroupId() =>
        Complains(s_good with { Group = new AvatarGroup { Name = "cast" }, GroupId = "group_1" }, "GroupId", "not both");

    [Fact]
    public void A_real_persons_group_takes_clips_and_pictures_of_a_known_group()
    {
        var person = new AvatarGroup { GroupId = "group_1", IsRealPerson = true };
        Assert.Equal(AssetType.Video, Accepts(s_good with { Group = person }).AssetType);
        Assert.Equal(AssetType.Image, Accepts(s_good with { Group = person, AssetType = "image" }).AssetType);
        Complains(s_good with { Group = person, AssetType = "Audio" }, "AssetType", "Video or Image");
        Complains(s_good with { Group = person with { GroupId = null, Name = "me" } }, "Group", "needs its id");
    }

    [Fact]
    public void Empty_cells_are_no_values_and_blanks_around_values_go()
    {
        var source = Accepts(new AssetRow { Url = " https://example.com/a.png ", Name = " a ", GroupId = " ", ProjectName = "", Row = 7 });

        Assert.Equal(("https://example.com/a.png", "a", null, null, 7), (source.Address, source.Name, source.Group, source.ProjectName, source.Row));
    }

    [Fact]
    public void A_row_goes_to_its_own_project_or_else_to_its_groups()
    {
        var group = new AvatarGroup { Name = "cast", ProjectName = "spring" };
        Assert.Equal("spring", Accepts(s_good with { Group = group }).ProjectName);
        Assert.Equal("autumn", Accepts(s_good with { Group = group, ProjectName = "autumn" }).ProjectName);
    }

    [Fact]
    public void All_that_is_wrong_with_a_row_is_one_error_that_names_row_columns_and_remedy()
    {
        var (source, problems) = AssetRules.Read(new AssetRow { Url = "a.png", Name = new string('n', 65), AssetType = "Picture", Row = 12 });
        var error = AssetRules.Refuse(source, problems);

        Assert.Equal(["Url", "Name", "AssetType"], problems.Select(problem => problem.Column));
        Assert.StartsWith("Row 12 (", error.Message, StringComparison.Ordinal);
        Assert.All(problems, problem => Assert.Contains(problem.ToString(), error.Message, StringComparison.Ordinal));
        Assert.Contains("Url, Name, AssetType", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (error.Kind, error.Delivery));
        Assert.False(error.StopsTheRun);
    }

    [Fact]
    public void Neither_query_nor_password_of_a_bad_address_is_told()
    {
        var (source, problems) = AssetRules.Read(new AssetRow { Url = "ftp://me:pass@example.com/a.png?signature=secret" });
        var error = AssetRules.Refuse(source, problems);

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", error.Message, StringComparison.Ordinal);
        Assert.Contains("ftp://example.com/a.png", error.Message, StringComparison.Ordinal);
    }

    private static AssetSource Accepts(AssetRow row)
    {
        var (source, problems) = AssetRules.Read(row);
        Assert.Empty(problems);
        return source;
    }

    private static void Complains(AssetRow row, string column, string said)
    {
        var problem = Assert.Single(AssetRules.Read(row).Problems);
        Assert.Equal(column, problem.Column);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }
}
