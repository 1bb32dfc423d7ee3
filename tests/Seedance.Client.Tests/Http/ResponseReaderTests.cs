using System.Text;

namespace Seedance.Client.Tests.Http;

/// <summary>Every failure there is, with what it means: kind, delivery, the API's own words, and what to do next.</summary>
public sealed class ResponseReaderTests
{
    [Theory]
    [InlineData(400, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(401, SeedanceErrorKind.AuthenticationFailed, Delivery.Refused)]
    [InlineData(402, SeedanceErrorKind.PaymentRequired, Delivery.Refused)]
    [InlineData(403, SeedanceErrorKind.PermissionDenied, Delivery.Refused)]
    [InlineData(404, SeedanceErrorKind.NotFound, Delivery.Refused)]
    [InlineData(405, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(408, SeedanceErrorKind.TimedOut, Delivery.Unknown)]
    [InlineData(413, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(422, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(429, SeedanceErrorKind.RateLimited, Delivery.NotSent)]
    [InlineData(500, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    [InlineData(502, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    [InlineData(503, SeedanceErrorKind.ServerError, Delivery.NotSent)]
    [InlineData(504, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    [InlineData(529, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    public void A_status_means_the_same_whatever_the_body_is(int status, SeedanceErrorKind kind, Delivery ofPost)
    {
        string[] bodies =
        [
            $$$"""{"error":{"code":{{{status}}},"message":"no","type":"x"}}""", """{"error":"no"}""", """{"code":200,"message":"no"}""", """{"msg":"no"}""",
            "<html><body>502 Bad Gateway</body></html>", "", "{\"error\":{\"co", "no", "[]", "null", "\0\u0001\u0002",
        ];
        foreach (var body in bodies)
        {
            var failure = Fail(status, body, isPost: true);
            Assert.Equal((kind, ofPost, status), (failure.Kind, failure.Delivery, failure.StatusCode));
            Assert.Equal(ofPost == Delivery.Unknown ? "Seedance.OutcomeUnknown" : $"Seedance.{kind}", failure.ErrorId);

            // Of a query nothing is unknown: it can be asked again.
            var ofGet = Fail(status, body, isPost: false);
            Assert.Equal((kind, ofPost == Delivery.Unknown ? Delivery.NotSent : ofPost, $"Seedance.{kind}"), (ofGet.Kind, ofGet.Delivery, ofGet.ErrorId));
            Assert.Equal(status is 401 or 402 or 403, failure.StopsTheRun);
            Assert.Equal(ofGet.Delivery != Delivery.Refused, ofGet.IsTransient);
        }
    }

    [Theory]
    [InlineData("error.400", 400, "400", "Invalid request parameters")]
    [InlineData("error.401", 401, "401", "身份验证失败，请检查您的API密钥")]
    [InlineData("error.402", 402, "402", "账户余额不足，请充值后再试")]
    [InlineData("error.429", 429, "429", "请求过于频繁，请稍后再试")]
    [InlineData("error.500", 500, "500", "服务器内部错误，请稍后重试")]
    public void The_APIs_own_code_and_words_are_told(string sample, int status, string code, string message)
    {
        foreach (var http in (int[])[status, 200])
        {
            var failure = Assert.Throws<SeedanceException>(() => ResponseReader.Read(http, Api.Sample.Bytes(sample), "POST /x", true, null));
            Assert.Equal((status, code, message), (failure.StatusCode, failure.Code, failure.ApiMessage));
            Assert.StartsWith($"POST /x was answered with {status}: {message}", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"code":429,"message":"rate limited"}""", 429, "rate limited")]
    [InlineData("""{"code":"429","msg":"rate limited"}""", 429, "rate limited")]
    [InlineData("""{"code":"rate_limit_error","message":"slow down"}""", 429, "slow down")]
    [InlineData("""{"code":1234,"type":"invalid_request_error","message":"bad"}""", 400, "bad")]
    [InlineData("""{"code":"authentication_error"}""", 401, null)]
    [InlineData("""{"code":"payment_required"}""", 402, null)]
    [InlineData("""{"code":"permission_error"}""", 403, null)]
    [InlineData("""{"code":"not_found"}""", 404, null)]
    [InlineData("""{"code":503,"message":"busy"}""", 503, "busy")]
    [InlineData("""{"code":50000,"message":"odd"}""", 500, "odd")]
    [InlineData("""{"code":"weird","message":"odd"}""", 500, "odd")]
    [InlineData("""{"code":-1,"message":"odd","data":null}""", 500, "odd")]
    [InlineData("""{"code":true,"message":"odd"}""", 500, "odd")]
    [InlineData("""{"code":401,"data":{"id":"task_1","status":"processing"}}""", 401, null)]
    [InlineData("""{"error":{"code":402,"message":"pay"}}""", 402, "pay")]
    [InlineData("""{"error":{"code":"insufficient","type":"payment_required","message":"pay"}}""", 402, "pay")]
    [InlineData("""{"code":400,"error":"bad url"}""", 400, "bad url")]
    [InlineData("""{"error":"bad url"}""", 500, "bad url")]
    public void A_failure_inside_an_HTTP_200_is_a_failure(string body, int status, string? message)
    {
        var failure = Fail(200, body, isPost: true);
        Assert.Equal((status, message), (failure.StatusCode, failure.ApiMessage));
        Assert.Equal(Fail(status, "", isPost: true).Delivery, failure.Delivery);
    }

    [Theory]
    [InlineData("", "an empty body")]
    [InlineData(" \n", "no JSON object")]
    [InlineData("<!DOCTYPE html><html></html>", "a web page of 28 bytes")]
    [InlineData("  <html>", "a web page")]
    [InlineData("{\"code\":200,\"data\":{\"id\":\"ta", "cut-off or broken JSON of 28 bytes")]
    [InlineData("OK", "no JSON object")]
    [InlineData("[]", "no JSON object")]
    [InlineData("\"task_1\"", "no JSON object")]
    [InlineData("null", "no JSON object")]
    [InlineData("{\"a\":1}{\"b\":2}", "cut-off or broken JSON")]
    public void A_success_that_cannot_be_read_says_what_came_instead(string body, string found)
    {
        var failure = Fail(200, body, isPost: true);
        Assert.Equal((SeedanceErrorKind.InvalidAnswer, Delivery.Unknown), (failure.Kind, failure.Delivery));
        Assert.Contains(found, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Delivery.NotSent, Fail(200, body, isPost: false).Delivery);
    }

    [Theory]
    [InlineData(301, Delivery.Refused)]
    [InlineData(302, Delivery.Refused)]
    [InlineData(303, Delivery.Unknown)]
    [InlineData(307, Delivery.Refused)]
    [InlineData(308, Delivery.Refused)]
    public void A_redirect_is_told_without_its_query_and_not_followed(int status, Delivery delivery)
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ =>
        {
            var answer = Answers.Json(status, "");
            answer.Headers.Location = new Uri("https://elsewhere.example/v1?token=s3cret");
            return answer;
        };
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal((SeedanceErrorKind.InvalidAnswer, delivery, status), (failure.Kind, failure.Delivery, failure.StatusCode));
        Assert.Contains("https://elsewhere.example/v1,", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(bench.Network.Calls);
    }

    [Fact]
    public void A_body_that_breaks_is_a_lost_answer_and_of_a_failure_its_status_still_counts()
    {
        foreach (var trouble in (Exception[])[new IOException("reset"), new HttpRequestException("reset"), new InvalidDataException("broken gzip"), new InvalidOperationException("broken brotli")])
        {
            Assert.Equal((Delivery.Unknown, SeedanceErrorKind.ConnectionFailed), Lose(200, trouble) is var lost ? (lost.Delivery, lost.Kind) : default);
            Assert.Equal((Delivery.Refused, SeedanceErrorKind.InvalidRequest), Lose(400, trouble) is var refused ? (refused.Delivery, refused.Kind) : default);
        }
    }

    [Fact]
    public void An_answer_that_never_ends_is_cut_off() =>
        Assert.Contains("longer than", Lose(200, null).Message, StringComparison.Ordinal);

    [Fact]
    public void A_task_query_whose_answer_holds_no_status_is_unreadable()
    {
        foreach (var data in (string[])["{}", "[]", "null", "7", "{\"id\":\"task_1\"}", "{\"status\":3}"])
        {
            var bench = new ClientFixture(with: options => options with { RetryBudget = TimeSpan.Zero });
            bench.Network.Script = _ => Answers.Json(200, $$$"""{"code":200,"data":{{{data}}}}""");
            Assert.Equal(SeedanceErrorKind.InvalidAnswer, bench.Fail(client => client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken)).Kind);
        }
    }

    [Fact]
    public void Neither_key_nor_query_that_a_server_repeats_is_passed_on()
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Error(401, $"Incorrect key {ClientFixture.Key} for https://me:pass@example.com/a.png?signature=s3cret，请检查");
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(url: "https://example.com/a.png?signature=s3cret"), TestContext.Current.CancellationToken));

        Assert.Equal("Incorrect key ****************** for https://example.com/a.png，请检查", failure.ApiMessage);
        Assert.All((string[])[ClientFixture.Key, "s3cret", "pass"], secret => Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal));
    }

    private static SeedanceException Fail(int status, string body, bool isPost)
    {
        var failure = Assert.Throws<SeedanceException>(() => ResponseReader.Read(status, Encoding.UTF8.GetBytes(body), isPost ? "POST /x" : "GET /x", isPost, null));
        Assert.NotEmpty(failure.RecommendedAction);
        Assert.StartsWith(isPost ? "POST /x " : "GET /x ", failure.Message, StringComparison.Ordinal);
        return failure;
    }

    /// <summary>A submission whose answer breaks while it is read, or never ends.</summary>
    private static SeedanceException Lose(int status, Exception? trouble)
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StreamContent(new TroubledStream(trouble)) };
        return bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));
    }

    private sealed class TroubledStream(Exception? trouble) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)' ');
            return trouble is null ? ValueTask.FromResult(buffer.Length) : ValueTask.FromException<int>(trouble);
        }
    }
}
