using System.Text;

namespace Seedance.Identity;

/// <summary>What the phone shows after the check, in the language that its page had.</summary>
internal sealed class CallbackPage
{
    private static readonly CallbackPage s_english = new("en",
        ("Check passed", "Thank you. You can close this page."),
        ("Check not passed", "Please ask for a new code and try again. (Result {0})"),
        ("Already received", "This page has done its work. You can close it."),
        "There is nothing here.");

    private static readonly CallbackPage s_simplified = new("zh-Hans",
        ("验证已通过", "谢谢，您可以关闭此页面。"),
        ("验证未通过", "请索取新的二维码后重试。（结果码 {0}）"),
        ("结果已收到", "此页面已使用过，您可以将其关闭。"),
        "此处没有内容。");

    private static readonly CallbackPage s_traditional = new("zh-Hant",
        ("驗證已通過", "謝謝，您可以關閉此頁面。"),
        ("驗證未通過", "請索取新的二維碼後重試。（結果碼 {0}）"),
        ("結果已收到", "此頁面已使用過，您可以將其關閉。"),
        "此處沒有內容。");

    private readonly string _language;
    private readonly (string Title, string Text) _notPassed;
    private readonly string _nothing;

    private CallbackPage(
        string language, (string Title, string Text) passed, (string Title, string Text) notPassed, (string Title, string Text) used, string nothing)
    {
        _language = language;
        _notPassed = notPassed;
        _nothing = nothing;
        Passed = new Answer(200, Html(passed.Title, passed.Text));
        Used = new Answer(410, Html(used.Title, used.Text));
    }

    public Answer Passed { get; }

    public Answer Used { get; }

    /// <summary>The pages in a language of the link's (<c>zh</c>, <c>en</c>, <c>zh-Hant</c>); English for one that is not known.</summary>
    public static CallbackPage In(string language) => language switch
    {
        "zh" => s_simplified,
        "zh-Hant" => s_traditional,
        _ => s_english,
    };

    public Answer NotPassed(string code) =>
        new(200, Html(_notPassed.Title, string.Format(System.Globalization.CultureInfo.InvariantCulture, _notPassed.Text, code)));

    /// <summary>A page for whom no session is known.</summary>
    public static Answer Nothing(int status) => s_english.Refusal(status);

    /// <summary>A page that tells a stranger nothing.</summary>
    public Answer Refusal(int status) => new(status, Html(_nothing, string.Empty));

    private string Html(string title, string text) =>
        $$"""
        <!doctype html>
        <html lang="{{_language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{title}}</title>
        <style>body{font:1.25rem/1.5 system-ui,sans-serif;margin:20vh auto 0;max-width:22rem;padding:0 1.5rem;text-align:center;color:#111;background:#fff}</style>
        </head><body><h1>{{title}}</h1><p>{{text}}</p></body></html>
        """;

    /// <summary>A page and its status.</summary>
    internal sealed record Answer(int Status, string Html)
    {
        public byte[] ToBytes(bool withBody)
        {
            var body = Encoding.UTF8.GetBytes(Html);

            // The address holds the token: it goes into no cache, and to no other site.
            var head = $"""
                HTTP/1.1 {Status} {(Status == 200 ? "OK" : "Refused")}
                Content-Type: text/html; charset=utf-8
                Content-Length: {body.Length}
                Connection: close
                Cache-Control: no-store
                Referrer-Policy: no-referrer
                Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'
                X-Content-Type-Options: nosniff
                {(Status == 405 ? "Allow: GET\n" : string.Empty)}

                """;
            var bytes = Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n"));
            return withBody ? [.. bytes, .. body] : bytes;
        }
    }
}
