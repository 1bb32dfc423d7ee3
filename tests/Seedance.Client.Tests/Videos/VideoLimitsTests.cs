using System.Globalization;

namespace Seedance.Client.Tests.Videos;

/// <summary>The limits of each model, at each border, and what it costs.</summary>
public sealed class VideoLimitsTests
{
    private static readonly VideoRow s_prompt = new() { Prompt = "A walk" };

    public static TheoryData<string> Models => [.. VideoRules.KnownModels];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_duration_is_taken_at_both_ends_and_refused_beyond(string name)
    {
        var (row, longest) = (s_prompt with { Model = name }, name == "seedance-2.5" ? 30 : 15);
        Accepts(row with { Duration = "4" });
        Accepts(row with { Duration = Text(longest) });
        Complains(row with { Duration = "3" }, "Duration", $"3 s, 4 to {longest}");
        Complains(row with { Duration = Text(longest + 1) }, "Duration", $"{longest + 1} s, 4 to {longest}");
        Complains(row with { Duration = "0" }, "Duration", "0 s");
        Complains(row with { Duration = "-2" }, "Duration", "-2 s");
        if (name == "seedance-2.5")
        {
            Accepts(row with { Duration = "-1" });
        }
        else
        {
            Complains(row with { Duration = "-1" }, "Duration", "-1 s");
        }
    }

    [Theory]
    [InlineData("doubao-seedance-2.0", "480p 720p 1080p 4k")]
    [InlineData("seedance-2.0", "480p 720p 1080p 4k")]
    [InlineData("doubao-seedance-2.0-face", "480p 720p 1080p 4k")]
    [InlineData("doubao-seedance-2.0-fast", "480p 720p")]
    [InlineData("seedance-2.0-fast", "480p 720p")]
    [InlineData("doubao-seedance-2.0-fast-face", "480p 720p")]
    [InlineData("seedance-2.0-mini", "480p 720p")]
    [InlineData("doubao-seedance-2.0-mini", "480p 720p")]
    [InlineData("seedance-2.5", "480p 720p 1080p")]
    public void A_model_makes_its_resolutions_and_no_other(string name, string resolutions)
    {
        foreach (var resolution in new[] { "480p", "720p", "1080p", "2k", "4k" })
        {
            var row = s_prompt with { Model = name, Resolution = resolution };
            if (resolutions.Split(' ').Contains(resolution))
            {
                Accepts(row);
            }
            else
            {
                Complains(row, "Resolution", resolution == "2k" ? "none of" : $"makes {resolution}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Material_is_taken_up_to_the_most_and_no_further(string name)
    {
        var (row, images, clips) = (s_prompt with { Model = name }, name == "seedance-2.5" ? 30 : 9, name == "seedance-2.5" ? 10 : 3);
        Accepts(row with { Images = Many(images) });
        Accepts(row with { References = Many(images) });
        Accepts(row with { ReferenceVideos = Many(clips) });
        Accepts(row with { ReferenceVideos = Many(1), ReferenceAudios = Many(clips) });
        Complains(row with { Images = Many(images + 1) }, "Image", $"at most {images}");
        Complains(row with { References = Many(images), FirstFrame = Many(1) }, "Reference", $"at most {images}");
        Complains(row with { ReferenceVideos = Many(clips + 1) }, "ReferenceVideo", $"at most {clips}");
        Complains(row with { ReferenceVideos = Many(1), ReferenceAudios = Many(clips + 1) }, "ReferenceAudio", $"at most {clips}");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_came_with_2_5_is_refused_before_it(string name)
    {
        (VideoRow Row, string Parameter)[] newer =
        [
            (s_prompt with { TaskType = "Reference" }, "TaskType"), (s_prompt with { OutputFormat = "mov" }, "OutputFormat"),
            (s_prompt with { Watermark = "true" }, "Watermark"), (s_prompt with { Watermark = "false" }, "Watermark"),
        ];
        foreach (var (row, parameter) in newer)
        {
            if (name == "seedance-2.5")
            {
                Accepts(row with { Model = name });
            }
            else
            {
                Complains(row with { Model = name }, parameter, "-Model seedance-2.5");
            }
        }
    }

    [Fact]
    public void With_2_5_any_material_goes_beside_any_other_and_a_voice_alone()
    {
        var row = s_prompt with { Model = "seedance-2.5" };
        Accepts(row with { Images = Many(1), References = Many(1), FirstFrame = Many(1), LastFrame = Many(1), ReferenceVideos = Many(1), ReferenceAudios = Many(1) });
        Accepts(new VideoRow { Model = "seedance-2.5", ReferenceAudios = Many(1) });
        Complains(row with { FirstFrame = Many(1), Size = "16:9" }, "Size", "adaptive");
        Complains(row with { LastFrame = Many(1), Size = "1:1" }, "Size", "adaptive");
        Accepts(row with { FirstFrame = Many(1), Size = "adaptive" });
        Accepts(row with { Size = "16:9" });
    }

    [Fact]
    public void Edit_needs_a_clip_an_adaptive_size_and_an_open_duration_and_extend_the_first_two()
    {
        var row = s_prompt with { Model = "seedance-2.5", ReferenceVideos = Many(1), Duration = "-1", Size = "adaptive" };
        foreach (var type in new[] { "Edit", "extend" })
        {
            Accepts(row with { TaskType = type });
            Accepts(row with { TaskType = type, Size = null });
            Complains(row with { TaskType = type, ReferenceVideos = [] }, "TaskType", "-ReferenceVideo");
            Complains(row with { TaskType = type, Size = "16:9" }, "Size", "adaptive");
        }

        Complains(row with { TaskType = "edit", Duration = "5" }, "Duration", "-1");
        Complains(row with { TaskType = "edit", Duration = null }, "Duration", "-1");
        Accepts(row with { TaskType = "extend", Duration = "30" });
        Complains(row with { TaskType = "redo" }, "TaskType", "none of Auto");
        Complains(row with { OutputFormat = "avi" }, "OutputFormat", "none of mp4");
    }

    [Fact]
    public void A_model_that_is_not_known_passes_with_whatever_it_is_asked_for()
    {
        var request = Accepts(new VideoRow
        {
            Prompt = new string('p', 5000), Model = "seedance-9", Duration = "120", Size = "2:1", Resolution = "8k", TaskType = "Dream", OutputFormat = "webm", Watermark = "yes",
            Images = Many(50), FirstFrame = Many(1), ReferenceVideos = Many(20), ReferenceAudios = Many(20),
        });
        Assert.Equal(("seedance-9", 120, "2:1", "8k", "dream"), (request.Model, request.Duration, request.Size, request.Resolution, request.TaskType));
        Assert.Null(request.EstimateCost());
    }

    [Theory]
    [InlineData("doubao-seedance-2.0", 5, "480p", false, "0.33")]
    [InlineData("seedance-2.0", 4, "4k", false, "2.888")]
    [InlineData("doubao-seedance-2.0", 15, "1080p", false, "5.316")]
    [InlineData("doubao-seedance-2.0", null, null, false, "0.71")]
    [InlineData("doubao-seedance-2.0", 5, "720p", true, "1.7168")]
    [InlineData("doubao-seedance-2.0-fast", 10, "720p", false, "0.856")]
    [InlineData("seedance-2.0-mini", 10, "480p", false, "0.1056")]
    [InlineData("doubao-seedance-2.0-face", 5, "1080p", false, "2.5")]
    [InlineData("doubao-seedance-2.0-face", 5, "4k", false, null)]
    [InlineData("doubao-seedance-2.0-fast-face", 5, "480p", false, null)]
    [InlineData("seedance-2.5", 30, "1080p", false, "11.5464")]
    [InlineData("seedance-2.5", -1, "720p", false, "6.48")]
    [InlineData("seedance-2.5", -1, "720p", true, "7.776")]
    [InlineData("seedance-2.5", null, "720p", false, null)]
    [InlineData("seedance-3", 5, "720p", false, null)]
    public void The_estimate_is_the_most_that_it_costs_and_nothing_where_that_is_not_known(string model, int? duration, string? resolution, bool hasClip, string? cost)
    {
        var request = new VideoRequest { Prompt = "p", Model = model, Duration = duration, Resolution = resolution, ReferenceVideos = hasClip ? Many(1) : [] };
        Assert.Equal(cost is null ? null : decimal.Parse(cost, CultureInfo.InvariantCulture), request.EstimateCost());
    }

    [Fact]
    public void Fields_that_this_version_does_not_know_are_sent_as_they_are_in_one_order()
    {
        VideoRow With(params (string, object?)[] fields) => s_prompt with { AdditionalFields = fields.ToDictionary(field => field.Item1, field => field.Item2) };
        var request = Accepts(With(("webhook", "https://example.com/hook?sig=secret1"), ("camera", new Dictionary<string, object?> { ["pan"] = 1.5, ["fixed"] = false }), ("list", new object?[] { 1, "a", null })));

        Assert.Equal(
            """{"model":"doubao-seedance-2.0","prompt":"A walk","camera":{"fixed":false,"pan":1.5},"list":[1,"a",null],"webhook":"https://example.com/hook?sig=secret1"}""",
            request.ToCanonicalJson());
        Assert.DoesNotContain("secret1", request.ToDisplayJson(), StringComparison.Ordinal);
        Assert.Null(request.EstimateCost());
        Complains(With(("prompt", "another")), "AdditionalField", "'prompt'");
        Complains(With((" ", 1)), "AdditionalField", "no name");
        Complains(With(("x", new object())), "AdditionalField", "Object");
        Complains(With(("x", double.NaN)), "AdditionalField", "no number");
        Accepts(With(("resolution", "2k")));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static VideoMaterial[] Many(int count) => [.. Enumerable.Range(1, count).Select(i => new VideoMaterial($"asset://{i}"))];

    private static VideoRequest Accepts(VideoRow row)
    {
        var (request, problems) = VideoRules.Read(row);
        Assert.Empty(problems);
        return request;
    }

    private static void Complains(VideoRow row, string parameter, string said)
    {
        var problem = Assert.Single(VideoRules.Read(row).Problems);
        Assert.Equal(parameter, problem.Parameter);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }
}
