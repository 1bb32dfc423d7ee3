using Seedance.Client.Tests.Api;

namespace Seedance.Client.Tests.Videos;

public sealed class VideoRulesTests
{
    private static readonly VideoRow s_prompt = new() { Prompt = "A walk" };

    [Fact]
    public void A_picture_and_a_prompt_make_the_request_of_the_sample() => Sample.Same("video.request.asset", Accepts(new VideoRow
    {
        Prompt = "The person walks naturally down a city street",
        Images = [new("asset://asset_a")],
        Duration = "5",
        Resolution = "720p",
    }).ToCanonicalJson());

    [Fact]
    public void A_real_person_as_reference_makes_the_request_of_the_sample() => Sample.Same("video.request.face", Accepts(new VideoRow
    {
        Prompt = "Make a video from the reference portrait",
        References = [new(Asset("asset_a") with { IsRealPerson = true })],
    }).ToCanonicalJson());

    [Fact]
    public void Every_field_is_sent_under_its_own_name()
    {
        var request = Accepts(new VideoRow
        {
            Prompt = "p", Model = "seedance-2.5", Duration = "15", Size = "ADAPTIVE", Resolution = "1080P", Seed = "-7", GenerateAudio = "no",
            ReturnLastFrame = "true", WebSearch = "1", TaskType = "Extend", OutputFormat = "MOV", Watermark = "off", CheckContent = "yes", References = [new("asset://r")], ReferenceVideos = [new("https://example.com/v.mp4")],
            ReferenceAudios = [new("https://example.com/a.mp3?sig=1")],
        });
        Assert.Equal(
            """{"model":"seedance-2.5","prompt":"p","image_with_roles":[{"url":"asset://r","role":"reference_image"}],"video_urls":["https://example.com/v.mp4"],"audio_urls":["https://example.com/a.mp3?sig=1"],"duration":15,"size":"adaptive","resolution":"1080p","seed":-7,"generate_audio":false,"return_last_frame":true,"tools":[{"type":"web_search"}],"nsfw_check":true,"watermark":false,"output_format":"mov","omni_reference_task_type":"extend"}""",
            request.ToCanonicalJson());
        Assert.Contains("\"https://example.com/a.mp3\"", request.ToDisplayJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=1", request.ToDisplayJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void First_and_last_frame_go_by_their_roles()
    {
        var request = Accepts(s_prompt with { FirstFrame = [new("asset://f")], LastFrame = [new("asset://l")] });
        Assert.Equal(
            """{"model":"doubao-seedance-2.0","prompt":"A walk","image_with_roles":[{"url":"asset://f","role":"first_frame"},{"url":"asset://l","role":"last_frame"}]}""",
            request.ToCanonicalJson());
    }

    [Fact]
    public void What_is_not_asked_for_is_not_sent() => Assert.Equal(
        """{"model":"doubao-seedance-2.0","prompt":"A walk"}""",
        Accepts(s_prompt with { Model = " ", Duration = "", Size = "", Resolution = "", Seed = "", GenerateAudio = "", ReturnLastFrame = "false", WebSearch = "", Images = [new("")], FirstFrame = [new("")] }).ToCanonicalJson());

    [Fact]
    public void A_real_person_picks_the_face_model_unless_another_is_named()
    {
        var person = new VideoMaterial(Asset("p") with { IsRealPerson = true });
        Assert.Equal(VideoRules.FaceModel, Accepts(s_prompt with { Images = [new("asset://x"), person] }).Model);
        Assert.Equal("doubao-seedance-2.0", Accepts(s_prompt with { Images = [person], Model = "doubao-seedance-2.0" }).Model);
        Assert.Equal(VideoRules.DefaultModel, Accepts(s_prompt with { Images = [new(Asset("v"))] }).Model);
    }

    [Theory]
    [InlineData("3", "3 s, 4 to 15")]
    [InlineData("16", "16 s, 4 to 15")]
    [InlineData("0", "0 s")]
    [InlineData("5.5", "no whole number")]
    [InlineData("seven", "no whole number")]
    [InlineData("99999999999999999999", "no whole number")]
    public void A_duration_is_4_to_15_whole_seconds(string duration, string said) => Complains(s_prompt with { Duration = duration }, "Duration", said);

    [Theory]
    [InlineData("4")]
    [InlineData("15")]
    [InlineData(" 5.0 ")]
    public void A_duration_at_its_ends_is_taken(string duration) => Assert.NotNull(Accepts(s_prompt with { Duration = duration }).Duration);

    [Fact]
    public void Values_are_of_those_there_are()
    {
        Complains(s_prompt with { Size = "2:1" }, "Size", "none of 16:9");
        Complains(s_prompt with { Resolution = "8k" }, "Resolution", "none of 480p");
        Complains(s_prompt with { Seed = "x" }, "Seed", "no whole number");
        Complains(s_prompt with { GenerateAudio = "loud" }, "GenerateAudio", "neither true nor false");
        Complains(s_prompt with { Prompt = new string('p', 4001) }, "Prompt", "4001 characters");
        Accepts(s_prompt with { Prompt = new string('p', 4000) });
    }

    [Theory]
    [InlineData("doubao-seedance-2.0-fast", "1080p")]
    [InlineData("doubao-seedance-2.0-fast-face", "4k")]
    [InlineData("seedance-2.0-FAST", "1080p")]
    public void The_fast_models_go_up_to_720p(string model, string resolution)
    {
        Complains(s_prompt with { Model = model, Resolution = resolution }, "Resolution", $"the model {model}");
        Accepts(s_prompt with { Model = model, Resolution = "720p" });
        Accepts(s_prompt with { Resolution = resolution });
    }

    [Fact]
    public void Pictures_without_a_role_exclude_those_with_one()
    {
        var row = s_prompt with { Images = [new("asset://a")] };
        Complains(row with { FirstFrame = [new("asset://b")] }, "Image", "it excludes -FirstFrame");
        Complains(row with { LastFrame = [new("asset://b")] }, "Image", "it excludes -LastFrame");
        Complains(row with { References = [new("asset://b")] }, "Image", "it excludes -Reference");
    }

    [Fact]
    public void Frames_exclude_clips_and_voices()
    {
        Complains(s_prompt with { FirstFrame = [new("asset://a")], ReferenceVideos = [new("asset://v")] }, "FirstFrame", "it excludes -ReferenceVideo");
        Complains(s_prompt with { FirstFrame = [new("asset://a")], ReferenceAudios = [new("asset://v")] }, "FirstFrame", "it excludes -ReferenceAudio");
        Complains(s_prompt with { LastFrame = [new("asset://a")], ReferenceVideos = [new("asset://v")] }, "LastFrame", "it excludes -ReferenceVideo");
        Complains(s_prompt with { LastFrame = [new("asset://a")], ReferenceAudios = [new("asset://v")] }, "LastFrame", "it excludes -ReferenceAudio");
    }

    [Fact]
    public void A_voice_needs_something_to_be_seen()
    {
        Complains(s_prompt with { ReferenceAudios = [new("asset://a")] }, "ReferenceAudio", "a voice alone");
        Accepts(s_prompt with { ReferenceAudios = [new("asset://a")], Images = [new("asset://i")] });
        Accepts(s_prompt with { ReferenceAudios = [new("asset://a")], References = [new("asset://i")] });
        Accepts(s_prompt with { ReferenceAudios = [new("asset://a")], ReferenceVideos = [new("asset://i")] });
    }

    [Fact]
    public void No_more_material_than_is_allowed()
    {
        Accepts(s_prompt with { Images = Many(9) });
        Complains(s_prompt with { Images = Many(10) }, "Image", "10 pictures, at most 9");
        Complains(s_prompt with { References = Many(10) }, "Reference", "10 pictures, at most 9");
        Complains(s_prompt with { References = Many(8), FirstFrame = Many(1), LastFrame = Many(1) }, "Reference", "with -FirstFrame and -LastFrame");
        Complains(s_prompt with { ReferenceVideos = Many(4) }, "ReferenceVideo", "4 clips, at most 3");
        Complains(s_prompt with { Images = Many(1), ReferenceAudios = Many(4) }, "ReferenceAudio", "4 voices, at most 3");
        Complains(s_prompt with { FirstFrame = Many(2) }, "FirstFrame", "2 pictures, at most 1 is");
    }

    [Fact]
    public void A_prompt_is_needed_where_there_is_nothing_to_go_by()
    {
        Complains(new VideoRow { Prompt = "  " }, "Prompt", "it is empty");
        Accepts(new VideoRow { Images = [new("asset://a")] });
    }

    [Theory]
    [InlineData("pictures/a.png")]
    [InlineData("C:\\a.png")]
    [InlineData("asset://")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("file:///a.png")]
    public void Material_is_an_asset_or_an_address(string address) =>
        Complains(s_prompt with { Images = [new(address)] }, "Image", "Send-SeedanceImage");

    [Fact]
    public void An_asset_that_failed_its_review_is_no_material() =>
        Complains(s_prompt with { Images = [new(Asset("f") with { IsUsable = false })] }, "Image", "did not pass its review");

    [Fact]
    public void An_asset_goes_where_its_type_belongs()
    {
        Complains(s_prompt with { Images = [new(Asset("v") with { AssetType = AssetType.Video })] }, "Image", "it goes to -ReferenceVideo");
        Complains(s_prompt with { ReferenceVideos = [new(Asset("i"))] }, "ReferenceVideo", "it goes to -Image or -Reference");
    }

    [Fact]
    public void All_that_is_wrong_is_one_error_that_names_row_parameters_and_remedy()
    {
        var (request, problems) = VideoRules.Read(new VideoRow { Prompt = "A walk in the park", Duration = "3", Images = Many(10), FirstFrame = Many(1), Row = 4 });
        var error = VideoRules.Refuse(request, problems);

        Assert.StartsWith("Row 4 (A walk in the park) was not ordered: ", error.Message, StringComparison.Ordinal);
        Assert.All(["-Duration: 3 s", "-Image: 10 pictures", "-Image: it excludes -FirstFrame"], said => Assert.Contains(said, error.Message, StringComparison.Ordinal));
        Assert.Contains("-Duration, -Image", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (error.Kind, error.Delivery));
    }

    [Fact]
    public void Neither_query_nor_password_of_an_address_is_told()
    {
        var (request, problems) = VideoRules.Read(new VideoRow { Images = [new("ftp://me:pass@example.com/a.png?signature=secret")] });
        var text = VideoRules.Refuse(request, problems).Message + request + request.Images[0] + request.ToDisplayJson();

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", text, StringComparison.Ordinal);
    }

    private static SeedanceAsset Asset(string id) => new() { AssetId = id, AssetUrl = $"asset://{id}", TaskId = "task_1", IsUsable = true, AssetType = AssetType.Image };

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
