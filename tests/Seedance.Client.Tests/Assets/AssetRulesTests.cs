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
        Complains(new AssetRow { OtherColumns = ["Address", "Title"] }, "Url", "no such column; there are 'Address', 'Title'");

    [Theory]
    [InlineData("'Url;Name'", "Import-Csv -Delimiter ';'", "Url;Name")]
    [InlineData("'Url\uFFFDName'", "Import-Csv -Delimiter \"`t\"", "Url\tName")]
    [InlineData("'sep=;'", "Get-Content | Select-Object -Skip 1 | ConvertFrom-Csv -Delimiter ';'", "sep=;")]
    [InlineData("'sep=', 'H1'", "Get-Content | Select-Object -Skip 1 | ConvertFrom-Csv with the same -Delimiter", "sep=", "H1")]
    [InlineData("'Address', 'Title'", "Name the column with the addresses Url", "Address", "Title")]
    [InlineData("'Table 1'", "If its first line is a title, leave that out", "Table 1")]
    [InlineData("'U\uFFFDr\uFFFDl'", "Import-Csv -Encoding", "U\0r\0l", "N\0a\0m\0e")]
    [InlineData("there are no columns", "Url")]
    public void A_table_of_which_no_row_can_be_sent_is_one_error_that_says_what_to_do(string said, string action, params string[] columns)
    {
        var error = AssetRules.RefuseTable(columns);

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (error.Kind, error.Delivery));
    }

    [Theory]
    [InlineData("https://example.com/a.png\nhttps://example.com/b.png", "holds 2 addresses")]
    [InlineData("https://example.com/a.png,https://example.com/b.png", "holds 2 addresses")]
    [InlineData("https://example.com/a.png?s=1; http://example.com/b.png?s=2", "holds 2 addresses")]
    [InlineData("https://example.com/a.pnghttps://example.com/b.png", "holds 2 addresses")]
    [InlineData("a b.png (https://example.com/a.png)", "other text stands before the address, which begins at character 10")]
    [InlineData("see https://example.com/a.png", "other text stands before the address, which begins at character 5")]
    [InlineData("https://example.com/a.png\u200B", "cannot be seen (U+200B), at character 26")]
    [InlineData("https://example.com/a.png\u200E", "cannot be seen (U+200E)")]
    [InlineData("\uFEFFhttps://example.com/a.png", "cannot be seen (U+FEFF), at character 1")]
    [InlineData("https://exam\u00ADple.com/a.png", "cannot be seen (U+00AD)")]
    [InlineData("https://example.com/a\u00A0b.png", "cannot be seen (U+00A0)")]
    [InlineData("https://example.com/a\tb.png", "cannot be seen (U+0009)")]
    [InlineData("https://example.com/my photo.png", "a blank, at character 23")]
    [InlineData("https://example.com/a.png\u201D", "ends with \u201D")]
    [InlineData("https://example.com/a.png\"", "ends with \"")]
    [InlineData("https://example.com/a.png)", "ends with )")]
    [InlineData("<https://example.com/a.png", "holds <")]
    [InlineData("https://example.com/a.png?x=1&amp;Signature=abc", "'&amp;'")]
    [InlineData("#NV", "'#NV' is what a spreadsheet writes")]
    [InlineData("#DIV/0!", "'#DIV/0!' is what a spreadsheet writes")]
    [InlineData("#NAME?", "'#NAME?' is what a spreadsheet writes")]
    [InlineData("https://https://example.com/a.png", "scheme twice")]
    [InlineData("http://https//example.com/a.png", "scheme twice")]
    [InlineData("https://example.com/\uFFFDa.png", "wrong encoding")]
    [InlineData("h\0t\0t\0p\0", "wrong encoding")]
    [InlineData("http://localhost/a.png", "this machine itself")]
    [InlineData("http://127.0.0.1/a.png", "loopback")]
    [InlineData("http://192.168.1.4/a.png", "private")]
    [InlineData("http://nas/a.png", "local network")]
    public void An_address_is_one_and_whole_and_on_the_public_internet(string url, string said) => Complains(s_good with { Url = url }, "Url", said);

    [Theory]
    [InlineData("https://example.com/a_(1).png")]
    [InlineData("https://example.com/Foo_(bar)")]
    [InlineData("https://example.com/\u56FE\u7247.png")]
    [InlineData("https://example.com/fetch/w_300/https://other.example.com/a.png")]
    [InlineData("https://example.com/fetch?url=https://other.example.com/a.png")]
    [InlineData("https://example.com/a.png?X-Amz-Credential=AK%2F20260101&X-Amz-Signature=abc")]
    [InlineData("https://me:pass@example.com:8443/it's.png")]
    public void An_address_may_be_unusual(string url) => Accepts(s_good with { Url = url });

    [Fact]
    public void Loopback_is_taken_where_the_server_is_this_machine()
    {
        Assert.Empty(AssetRules.Read(s_good with { Url = "http://127.0.0.1:8080/a.png" }, allowsLoopback: true).Problems);
        Assert.NotEmpty(AssetRules.Read(s_good with { Url = "http://192.168.0.1/a.png" }, allowsLoopback: true).Problems);
    }

    [Fact]
    public void A_picture_written_as_text_is_told_so_and_not_repeated()
    {
        var row = s_good with { Url = "data:image/png;base64," + new string('A', 1_000_000) };
        Complains(row, "Url", "(1000022 characters) is a picture written as text");
        var (source, problems) = AssetRules.Read(row);
        Assert.InRange(AssetRules.Refuse(source, problems).Message.Length, 1, 500);
    }

    [Fact]
    public void However_long_a_cell_is_its_error_is_short()
    {
        var text = new string('x', 100_000);
        foreach (var row in new AssetRow[] { new() { Url = text }, new() { Path = text }, s_good with { Name = text }, s_good with { AssetType = text }, s_good with { Group = new AvatarGroup(text) }, s_good with { RowId = text } })
        {
            var (source, problems) = AssetRules.Read(row);
            Assert.InRange(AssetRules.Refuse(source, problems).Message.Length, 1, 1000);
        }
    }

    [Theory]
    [InlineData("Jos\uFFFD", "wrong encoding")]
    [InlineData("a\0b", "wrong encoding")]
    [InlineData("a\u001B[31m", "control character (U+001B)")]
    [InlineData("a\nb", "control character (U+000A)")]
    public void A_name_is_text_that_was_read_right(string text, string said)
    {
        Complains(s_good with { Name = text }, "Name", said);
        Complains(s_good with { Group = new AvatarGroup(text) }, "Group", said);
        Complains(s_good with { ProjectName = text }, "ProjectName", said);
        Complains(s_good with { RowId = text }, "RowId", said);
    }

    [Fact]
    public void A_GroupId_beside_the_same_group_is_no_conflict()
    {
        var group = new AvatarGroup { Name = "cast", GroupId = "group_1", IsRealPerson = true };
        Assert.Equal(group, Accepts(s_good with { Group = group, GroupId = "group_1" }).Group);
    }

    [Fact]
    public void A_row_without_a_name_is_sent_under_one_that_is_made_of_its_file_and_its_identity()
    {
        var source = Accepts(s_good with { Url = "https://example.com/cast/ann%20b.png?X-Amz-Signature=one" });
        Assert.Matches("^annb\\.png-[0-9a-f]{10}$", source.Name);
        Assert.True(source.IsNameGenerated);
        Assert.DoesNotContain(source.Name!, source.ToString(), StringComparison.Ordinal);

        // Signed anew it is the same; of another folder, another one.
        Assert.Equal(source.Name, Accepts(s_good with { Url = "https://EXAMPLE.com:443/cast/ann%20b.png?X-Amz-Signature=two" }).Name);
        Assert.NotEqual(source.Name, Accepts(s_good with { Url = "https://example.com/crew/ann%20b.png" }).Name);
        Assert.InRange(Accepts(s_good with { Url = $"https://example.com/{new string('n', 200)}.png" }).Name!.Length, 60, AssetRules.MaxNameLength);
        Assert.Null(Accepts(s_good with { OmitsName = true }).Name);
        Assert.Equal("own", Accepts(s_good with { OmitsName = true, Name = "own" }).Name);
        Assert.False(Accepts(s_good with { Name = "own" }).IsNameGenerated);
    }

    [Fact]
    public void What_has_been_reviewed_is_refused_with_advice()
    {
        var asset = new SeedanceAsset { AssetId = "asset_1", AssetUrl = "asset://asset_1", TaskId = "task_1", IsUsable = true };
        Advises(s_good with { Asset = asset }, "AssetUrl", "New-SeedanceVideo");
        Advises(s_good with { Asset = asset with { IsUsable = false }, IsUrlCut = true }, "SourceUrl", "-RetryFailed");
        Accepts(s_good with { Asset = asset with { IsUsable = false } });

        static void Advises(AssetRow row, string column, string action)
        {
            var (source, problems) = AssetRules.Read(row);
            Assert.Equal(column, Assert.Single(problems).Column);
            Assert.Contains(action, AssetRules.Refuse(source, problems).RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_source_becomes_the_row_that_it_was_made_of()
    {
        var row = s_good with { Url = "https://example.com/a.png?sig=1", RowId = "7", Row = 3, ProjectName = "p", Group = new AvatarGroup("g"), AssetType = "Video", Kept = new Dictionary<string, object?> { ["Actor"] = "Ann" } };
        var again = AssetRow.From(Accepts(row));

        Assert.Equal((row.Url, "7", 3, "p", "g", "Video", false), (again.Url, again.RowId, again.Row, again.ProjectName, again.Group!.Name, again.AssetType, again.IsUrlCut));
        Assert.Equal("Ann", again.Kept!["actor"]);
        Assert.Null(again.Name);
        Assert.True(AssetRow.From(new AssetSource("https://example.com/a.png") { IsUrlCut = true }).IsUrlCut);
    }

    [Fact]
    public void Columns_are_kept_as_text_that_reads_the_same_everywhere()
    {
        var kept = Accepts(s_good with
        {
            Kept = new Dictionary<string, object?>
            {
                ["Actor"] = "Ann", ["Take"] = 3, ["Weight"] = 1.5, ["Shot"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ["Done"] = true, ["Empty"] = null,
            },
        }).Kept!;

        Assert.Equal(("Ann", "3", "1.5", "2026-01-02T03:04:05.0000000+00:00", "True", 5), (kept["ACTOR"], kept["Take"], kept["Weight"], kept["Shot"], kept["Done"], kept.Count));
    }

    public static TheoryData<object, string> Unkept() => new()
    {
        { new Dictionary<string, string>(), "an object (Dictionary" },
        { new[] { "a", "b" }, "an object (String[])" },
        { new string('x', 4097), "4097 bytes; at most 4096" },
        { "sk-abcdefghijklmnop1234", "looks like a key" },
        { "Authorization: Bearer abcdefgh12345678", "looks like a key" },
        { "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.abc", "looks like a key" },
        { "AKIAIOSFODNN7EXAMPLE", "looks like a key" },
        { "https://example.com/a.png?X-Amz-Signature=abc", "an address with a query" },
        { "Jos\uFFFD", "wrong encoding" },
    };

    [Theory]
    [MemberData(nameof(Unkept))]
    public void What_cannot_be_kept_is_said(object value, string said) => Complains(s_good with { Kept = new Dictionary<string, object?> { ["Remark"] = value } }, "Remark", said);

    [Fact]
    public void An_id_that_two_rows_have_is_said_with_both()
    {
        var register = new RowIdRegister();
        Assert.Null(register.Add(Accepts(s_good with { RowId = "7", Row = 1 })));
        Assert.Null(register.Add(Accepts(s_good with { RowId = "7", Row = 2 })));
        Assert.Null(register.Add(Accepts(s_good with { RowId = "7", Row = 3, Url = "https://example.com/b.png", AssetType = "Video" })));
        Assert.Null(register.Add(Accepts(s_good with { Row = 4 })));
        var problem = register.Add(Accepts(s_good with { RowId = "7", Row = 5, Url = "https://example.com/b.png" }));
        Assert.Contains("row 1 ", problem!.Message, StringComparison.Ordinal);
        Assert.Equal("RowId", problem.Column);
    }

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
