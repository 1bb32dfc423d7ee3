using System.Text;

namespace Seedance.Client.Tests.Http;

/// <summary>Every failure there is, with what it means: kind, delivery, the API's own words, and what to do next.</summary>
public sealed class ResponseReaderTests
{
    /// <summary>What something between here and the API says: nothing of it is the API's word.</summary>
    private static readonly string[] s_foreign =
    [
        "<html><body>502 Bad Gateway</body></html>", "", "{\"error\":{\"co", "no", "[]", "null", "\0\u0001\u0002", """{"message":"Forbidden"}""", """{"error":{}}""",
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
    ];

    [Theory]
    [InlineData(400, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(401, SeedanceErrorKind.AuthenticationFailed, Delivery.Refused)]
    [InlineData(402, SeedanceErrorKind.PaymentRequired, Delivery.Refused)]
    [InlineData(403, SeedanceErrorKind.PermissionDenied, Delivery.Refused)]
    [InlineData(404, SeedanceErrorKind.NotFound, Delivery.Refused)]
    [InlineData(405, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(408, SeedanceErrorKind.TimedOut, Delivery.Unknown)]
    [InlineData(409, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(413, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(415, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(422, SeedanceErrorKind.InvalidRequest, Delivery.Refused)]
    [InlineData(429, SeedanceErrorKind.RateLimited, Delivery.NotSent)]
    [InlineData(444, SeedanceErrorKind.InvalidRequest, Delivery.Unknown)]
    [InlineData(460, SeedanceErrorKind.InvalidRequest, Delivery.Unknown)]
    [InlineData(499, SeedanceErrorKind.InvalidRequest, Delivery.Unknown)]
    [InlineData(500, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    [InlineData(502, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    [InlineData(503, SeedanceErrorKind.ServerError, Delivery.NotSent)]
    [InlineData(504, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    [InlineData(529, SeedanceErrorKind.ServerError, Delivery.Unknown)]
    public void A_status_in_the_APIs_own_envelope_means_what_it_says(int status, SeedanceErrorKind kind, Delivery ofPost)
    {
        foreach (var body in (string[])[$$$"""{"error":{"code":{{{status}}},"message":"no","type":"x"}}""", """{"error":{"message":"no"}}""", """{"error":{"code":"x1"}}"""])
        {
            var failure = Fail(status, body, isPost: true);
            Assert.Equal((kind, ofPost, status), (failure.Kind, failure.Delivery, failure.StatusCode));
            Assert.Equal(ofPost == Delivery.Unknown ? "Seedance.OutcomeUnknown" : $"Seedance.{kind}", failure.ErrorId);

            // Of a query nothing is unknown: it can be asked again.
            var ofGet = Fail(status, body, isPost: false);
            Assert.Equal((kind, status is 408 or 429 or >= 500 ? Delivery.NotSent : Delivery.Refused, $"Seedance.{kind}"), (ofGet.Kind, ofGet.Delivery, ofGet.ErrorId));
            Assert.Equal(status is 401 or 402 or 403, failure.StopsTheRun);
            Assert.Equal(ofGet.Delivery != Delivery.Refused, ofGet.IsTransient);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(421)]
    [InlineData(429)]
    [InlineData(444)]
    [InlineData(451)]
    [InlineData(460)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(520)]
    public void The_same_from_something_between_proves_nothing_and_ends_nothing(int status)
    {
        foreach (var body in s_foreign)
        {
            var ofPost = Fail(status, body, isPost: true);
            Assert.Equal((Delivery.Unknown, "Seedance.OutcomeUnknown", false), (ofPost.Delivery, ofPost.ErrorId, ofPost.StopsTheRun));

            var ofGet = Fail(status, body, isPost: false);
            Assert.True(ofGet.IsTransient && !ofGet.StopsTheRun, $"{status} {body}");
            Assert.Equal(status is 429 or >= 500 ? Delivery.NotSent : Delivery.Refused, ofGet.Delivery);
        }
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"later"},"data":{"id":"task_01"}}""")]
    [InlineData("""{"error":{"code":503,"message":"later"},"data":[{"task_id":"x"}]}""")]
    [InlineData("""{"error":{"code":503,"message":"later","task_id":"x"}}""")]
    [InlineData("""{"error":{"code":503,"message":"later"},"deep":[[{"taskId":"x"}]]}""")]
    [InlineData("""{"error":{"code":503,"message":"queued as task_01J9HA7JPQ9A0Z6JZ3V8M9W6PZ, but busy"}}""")]
    public void An_answer_that_names_a_task_is_no_refusal_whatever_it_says(string body)
    {
        foreach (var status in (int[])[200, 400, 401, 429, 503])
        {
            Assert.Equal(Delivery.Unknown, Fail(status, body, isPost: true).Delivery);
        }
    }

    [Theory]
    [InlineData(429, "insufficient_quota")]
    [InlineData(403, "insufficient_user_quota")]
    [InlineData(400, "AccountOverdueError")]
    [InlineData(500, "pre_consume_token_quota_failed")]
    [InlineData(200, "insufficient_quota")]
    public void Money_that_is_spent_ends_the_run_whatever_number_it_comes_with(int status, string code)
    {
        foreach (var isPost in (bool[])[true, false])
        {
            foreach (var body in (string[])[$$$"""{"error":{"code":"{{{code}}}","message":"no"}}""", $$$"""{"error":{"code":"","type":"{{{code}}}","message":"no"}}""", $$$"""{"code":"{{{code}}}","message":"no"}"""])
            {
                var failure = Fail(status, body, isPost);
                Assert.Equal((SeedanceErrorKind.PaymentRequired, Delivery.Refused, true), (failure.Kind, failure.Delivery, failure.StopsTheRun));
                Assert.Contains("Get-SeedanceBalance", failure.RecommendedAction, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_request_that_could_not_be_built_was_refused()
    {
        var failure = Fail(500, """{"error":{"code":500,"message":"build_request_failed: size is not one of","type":"server_error"}}""", isPost: true);
        Assert.Equal((SeedanceErrorKind.InvalidRequest, Delivery.Refused), (failure.Kind, failure.Delivery));
        Assert.Equal(Delivery.Unknown, Fail(500, "build_request_failed: size", isPost: true).Delivery);
    }

    [Theory]
    [InlineData(409, "idempotency_in_progress", Delivery.Unknown)]
    [InlineData(409, "idempotency_result_indeterminate", Delivery.Unknown)]
    [InlineData(409, "idempotency_key_reused", Delivery.Refused)]
    [InlineData(503, "idempotency_unavailable", Delivery.NotSent)]
    public void What_the_API_says_of_a_repeated_key_is_believed(int status, string code, Delivery delivery) =>
        Assert.Equal(delivery, Fail(status, $$$"""{"error":{"code":"{{{code}}}","message":"no"}}""", isPost: true).Delivery);

    [Fact]
    public void Known_codes_are_explained_and_the_request_id_is_told()
    {
        const string Body = """{"error":{"code":"InputImageSensitiveContentDetected.PrivacyInformation","message":"The input image may contain a real person."}}""";
        var failure = Assert.Throws<SeedanceException>(() => ResponseReader.Read(400, Encoding.UTF8.GetBytes(Body), Endpoints.Submission, null, "2026112401"));

        Assert.Equal(("InputImageSensitiveContentDetected.PrivacyInformation", "2026112401"), (failure.Code, failure.RequestId));
        Assert.Contains("The input image may contain a real person (request id: 2026112401).", failure.Message, StringComparison.Ordinal);
        Assert.Contains("not in the asset library", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("content check", new TaskError("InputAudioSensitiveContentDetected.PolicyViolation", "no").Explanation, StringComparison.Ordinal);
        Assert.Null(new TaskError("NobodyKnowsThis", "no").Explanation);
    }

    /// <summary>Gateways may give a number for a code, and the code of the service behind them at the head of its words.</summary>
    [Fact]
    public void A_code_that_stands_before_the_words_is_explained_too()
    {
        const string Body = """{"error":{"code":400,"message":"FaceMismatch: the face is another's","type":"invalid_request_error"}}""";
        var failure = Fail(400, Body, isPost: true);

        Assert.Equal(("400", "FaceMismatch: the face is another's", Delivery.Refused), (failure.Code, failure.ApiMessage, failure.Delivery));
        Assert.Contains("not that of the person", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("not that of the person", new TaskError("task_failed", "FaceMismatch: no").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_told_with_its_request_id()
    {
        var failure = Assert.Throws<SeedanceException>(() => ResponseReader.Read(200, "<html>"u8.ToArray(), Endpoints.Submission, null, "2026112402"));
        Assert.Equal("2026112402", failure.RequestId);
        Assert.Contains("(request id: 2026112402)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InputImageSensitiveContentDetected.PrivacyInformation", "not in the asset library")]
    [InlineData("InputVideoSensitiveContentDetected.PrivacyInformation", "not in the asset library")]
    [InlineData("InputImageSensitiveContentDetected.PolicyViolation", "content check")]
    [InlineData("InputTextSensitiveContentDetected", "content check")]
    [InlineData("OutputVideoSensitiveContentDetected.PolicyViolation", "not billed")]
    [InlineData("nsfw_content_detected", "content check")]
    [InlineData("FaceMismatch", "not that of the person")]
    [InlineData("InvalidParameter.TaskTypeMismatch", "another kind of task")]
    [InlineData("InvalidParameter.ImageSize", "a value that the API does not take")]
    [InlineData("SubscriptionRequired", "subscription")]
    [InlineData("insufficient_user_quota", "balance or quota")]
    [InlineData("NotFound.asset_id", "no such asset")]
    public void The_codes_that_are_worth_it_are_explained_with_what_to_do(string code, string words)
    {
        var error = new TaskError(code, "no");
        Assert.Contains(words, error.Explanation, StringComparison.Ordinal);
        Assert.False(error.IsPassing);
        Assert.Contains(words, Fail(400, $$$"""{"error":{"code":"{{{code}}}","message":"no"}}""", isPost: true).RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InternalServiceError", "oops", true)]
    [InlineData(null, null, true)]
    [InlineData("FaceMismatch", "no", false)]
    [InlineData("InputImageSensitiveContentDetected.PolicyViolation", "no", false)]
    [InlineData("NobodyKnowsThis", "no", false)]
    [InlineData(null, "no", false)]
    [InlineData("task_failed", "部分素材审核失败", true)]
    [InlineData("task_failed", "FaceMismatch: another face", false)]
    [InlineData("400", "InternalServiceError: oops", true)]
    [InlineData("400", "InvalidParameter.Size is wrong", false)]
    [InlineData("500", "no", true)]
    [InlineData(null, "timeout of the prompt", false)]
    [InlineData(null, "Internal things failed", false)]
    public void Passing_faults_of_tasks_are_told_from_refusals(string? code, string? message, bool isPassing) =>
        Assert.Equal(isPassing, new TaskError(code, message).IsPassing);

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
            var failure = Assert.Throws<SeedanceException>(() => ResponseReader.Read(http, Api.Sample.Bytes(sample), Endpoints.Submission));
            Assert.Equal((status, code, message), (failure.StatusCode, failure.Code, failure.ApiMessage));
            Assert.StartsWith($"POST /x was answered with {status}: {message}", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"code":429,"message":"rate limited"}""", 429, "rate limited", Delivery.Unknown)]
    [InlineData("""{"code":"429","msg":"rate limited"}""", 429, "rate limited", Delivery.Unknown)]
    [InlineData("""{"code":"rate_limit_error","message":"slow down"}""", 429, "slow down", Delivery.Unknown)]
    [InlineData("""{"code":1234,"type":"invalid_request_error","message":"bad"}""", 400, "bad", Delivery.Refused)]
    [InlineData("""{"code":"authentication_error"}""", 401, null, Delivery.Refused)]
    [InlineData("""{"code":"payment_required"}""", 402, null, Delivery.Refused)]
    [InlineData("""{"code":"permission_error"}""", 403, null, Delivery.Refused)]
    [InlineData("""{"code":"not_found"}""", 404, null, Delivery.Refused)]
    [InlineData("""{"code":503,"message":"busy"}""", 503, "busy", Delivery.Unknown)]
    [InlineData("""{"code":50000,"message":"odd"}""", 500, "odd", Delivery.Unknown)]
    [InlineData("""{"code":"weird","message":"odd"}""", 500, "odd", Delivery.Unknown)]
    [InlineData("""{"code":-1,"message":"odd","data":null}""", 500, "odd", Delivery.Unknown)]
    [InlineData("""{"code":true,"message":"odd"}""", 500, "odd", Delivery.Unknown)]
    [InlineData("""{"code":401,"data":{"id":"task_1","status":"processing"}}""", 401, null, Delivery.Unknown)]
    [InlineData("""{"error":{"code":402,"message":"pay"}}""", 402, "pay", Delivery.Refused)]
    [InlineData("""{"error":{"code":"insufficient","type":"payment_required","message":"pay"}}""", 402, "pay", Delivery.Refused)]
    [InlineData("""{"code":400,"error":"bad url"}""", 400, "bad url", Delivery.Refused)]
    [InlineData("""{"error":"bad url"}""", 500, "bad url", Delivery.Unknown)]
    public void A_failure_inside_an_HTTP_200_is_a_failure(string body, int status, string? message, Delivery delivery)
    {
        var failure = Fail(200, body, isPost: true);
        Assert.Equal((status, message), (failure.StatusCode, failure.ApiMessage));
        Assert.Equal(delivery, failure.Delivery);
    }

    [Theory]
    [InlineData("", "an empty body")]
    [InlineData(" \n", "something other than a JSON object")]
    [InlineData("<!DOCTYPE html><html></html>", "a web page (28 bytes)")]
    [InlineData("  <html>", "a web page")]
    [InlineData("{\"code\":200,\"data\":{\"id\":\"ta", "cut-off or broken JSON (28 bytes)")]
    [InlineData("OK", "something other than a JSON object")]
    [InlineData("[]", "something other than a JSON object")]
    [InlineData("\"task_1\"", "something other than a JSON object")]
    [InlineData("null", "something other than a JSON object")]
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
    public void A_body_that_breaks_is_a_lost_answer_and_of_a_failure_its_status_is_still_told()
    {
        foreach (var trouble in (Exception[])[new IOException("reset"), new HttpRequestException("reset"), new InvalidDataException("broken gzip"), new InvalidOperationException("broken brotli")])
        {
            Assert.Equal((Delivery.Unknown, SeedanceErrorKind.ConnectionFailed), Lose(200, trouble) is var lost ? (lost.Delivery, lost.Kind) : default);
            Assert.Equal((Delivery.Unknown, 400), Lose(400, trouble) is var refused ? (refused.Delivery, refused.StatusCode) : default);
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
        var failure = Assert.Throws<SeedanceException>(() => ResponseReader.Read(status, Encoding.UTF8.GetBytes(body), Endpoints.From(isPost)));
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
