using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class FileSandboxTests : IDisposable
{
    private const int Size = 1000;

    private static readonly byte[] s_jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. "picture\r\n--not the boundary\r\n"u8];

    private readonly SandboxCaller _caller = new(new SandboxOptions { VideoBytes = Size });
    private readonly HttpClient _http;

    public FileSandboxTests() => _http = new HttpClient(new SandboxMessageHandler(_caller.Api, _caller.Time))
    {
        BaseAddress = new Uri("https://api.example/"),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_video_is_served_without_a_key_once_it_exists()
    {
        var url = SubmitVideo();
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync(url, Cancel)).StatusCode);
        _caller.Time.Advance(TimeSpan.FromSeconds(6));

        using var answer = await _http.GetAsync(url, Cancel);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Size, bytes.Length);
        Assert.Equal(Size, answer.Content.Headers.ContentLength);
        Assert.NotNull(answer.Headers.ETag);
        Assert.Equal(bytes, await _http.GetByteArrayAsync(url, Cancel));
        Assert.True(bytes.Distinct().Count() > 200, "The bytes must differ, or a misplaced part would not show.");
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=13-", 13, Size - 13)]
    [InlineData("bytes=-7", Size - 7, 7)]
    [InlineData("bytes=990-5000", 990, 10)]
    [InlineData("bytes=-5000", 0, Size)]
    [InlineData("bytes=999-999", 999, 1)]
    public async Task A_range_is_that_part_of_the_whole(string range, int from, int length)
    {
        var url = FinishVideo();
        var whole = await _http.GetByteArrayAsync(url, Cancel);

        using var answer = await GetAsync(url, range);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(new ContentRangeHeaderValue(from, from + length - 1, Size), answer.Content.Headers.ContentRange);
        Assert.Equal(whole.AsSpan(from, length).ToArray(), await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("bytes=1000-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=9-3", HttpStatusCode.OK)]
    [InlineData("bytes=0-1,5-6", HttpStatusCode.OK)]
    [InlineData("pages=1-2", HttpStatusCode.OK)]
    public async Task Other_ranges_are_refused_or_ignored(string range, HttpStatusCode status)
    {
        using var answer = await GetAsync(FinishVideo(), range);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_range_of_another_file_than_begun_gives_the_whole()
    {
        var url = FinishVideo();
        using var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Cancel);
        var tag = head.Headers.ETag!.ToString();

        Assert.Equal(Size, head.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.PartialContent, (await GetAsync(url, "bytes=5-", tag)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(url, "bytes=5-", "\"other\"")).StatusCode);
    }

    [Fact]
    public async Task A_link_expires()
    {
        var url = FinishVideo();
        _caller.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync(url, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("none.mp4")]
    [InlineData("none")]
    [InlineData(".mp4")]
    [InlineData("")]
    public async Task An_unknown_file_is_not_found(string name) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("files/" + name, Cancel)).StatusCode);

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("Ünï cödé 照片.jpg")]
    public async Task An_uploaded_picture_can_be_fetched_for_72_hours(string name)
    {
        using var answer = await UploadAsync(s_jpeg, name);
        var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        var url = root.GetProperty("url").GetString();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("https://api.example/files/", url, StringComparison.Ordinal);
        Assert.Equal(name, root.GetProperty("filename").GetString());
        Assert.Equal("image/jpeg", root.GetProperty("content_type").GetString());
        Assert.Equal(s_jpeg.Length, root.GetProperty("bytes").GetInt32());
        Assert.Equal(_caller.Time.GetUtcNow().ToUnixTimeSeconds(), root.GetProperty("created_at").GetInt64());
        Assert.Equal(s_jpeg, await _http.GetByteArrayAsync(url, Cancel));

        _caller.Time.Advance(TimeSpan.FromHours(72));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(url, Cancel)).StatusCode);
    }

    [Fact]
    public async Task What_is_no_picture_or_too_large_is_refused()
    {
        var limit = new byte[20 * 1024 * 1024];
        s_jpeg.CopyTo(limit, 0);

        Assert.Equal(HttpStatusCode.OK, (await UploadAsync(limit, "a.jpg")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await UploadAsync([.. limit, 0], "a.jpg")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync("text"u8.ToArray(), "a.png")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync([], "a.png")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync(s_jpeg, "a.jpg", field: "picture")).StatusCode);
        Assert.Single(_caller.Api.Submissions);
    }

    [Fact]
    public async Task The_oldest_uploads_give_way_to_new_ones()
    {
        var picture = new byte[20 * 1024 * 1024];
        s_jpeg.CopyTo(picture, 0);
        var urls = new List<string>();
        for (var count = 0; count < 4; count++)
        {
            using var answer = await UploadAsync(picture, "a.jpg");
            urls.Add(JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("url").GetString()!);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(urls[0], Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(urls[1], Cancel)).StatusCode);
    }

    private string SubmitVideo()
    {
        var data = _caller.Post(SandboxCaller.Videos, """{"model":"m","prompt":"x"}""");
        return $"https://api.example/files/{data[0].GetProperty("task_id").GetString()}.mp4";
    }

    private string FinishVideo()
    {
        var url = SubmitVideo();
        _caller.Time.Advance(TimeSpan.FromSeconds(6));
        return url;
    }

    private Task<HttpResponseMessage> GetAsync(string url, string range, string? ifRange = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Range", range);
        if (ifRange is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        }

        return _http.SendAsync(request, Cancel);
    }

    private Task<HttpResponseMessage> UploadAsync(byte[] content, string name, string field = "file")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/uploads/images")
        {
            Content = new MultipartFormDataContent { { new StringContent("x"), "other" }, { new ByteArrayContent(content), field, name } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "key");
        return _http.SendAsync(request, Cancel);
    }
}
