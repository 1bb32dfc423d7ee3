using System.Globalization;
using System.Text;
using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

/// <summary>Calls a sandbox without any transport, and reads its answers.</summary>
internal sealed class SandboxCaller
{
    public const string PrivateAvatar = "/v1/seedance2/private-avatar";
    public const string RealAvatar = "/v1/seedance2/real-avatar";
    public const string Videos = "/v1/videos/generations";

    public SandboxCaller(SandboxOptions? options = null)
    {
        Time = new ManualTimeProvider();
        Api = new SandboxApi(options, Time);
    }

    public ManualTimeProvider Time { get; }

    public SandboxApi Api { get; }

    public SandboxResponse Send(string method, string path, string? json = null, string? authorization = "Bearer key", string? idempotencyKey = null) =>
        Api.Handle(new SandboxRequest(
            method, path.Split('?')[0], path.Contains('?') ? path[path.IndexOf('?')..] : "", authorization,
            json is null ? null : "application/json", Encoding.UTF8.GetBytes(json ?? ""))
        {
            IdempotencyKey = idempotencyKey,
        });

    /// <summary>Posts, and gives the data of the success that must follow.</summary>
    public JsonElement Post(string path, string json)
    {
        var answer = Send("POST", path, json);
        Assert.True(answer.Status == 200, Encoding.UTF8.GetString(answer.Body.Span));
        var root = Root(answer);
        Assert.Equal(200, root.GetProperty("code").GetInt32());
        return root.GetProperty("data");
    }

    /// <summary>Sends what must be refused, and gives the message of the envelope.</summary>
    public string Refused(int status, string path, string? json, string method = "POST", string? code = null)
    {
        var answer = Send(method, path, json);
        Assert.Equal(status, answer.Status);
        var error = Root(answer).GetProperty("error");
        Assert.Equal(code ?? status.ToString(CultureInfo.InvariantCulture), error.GetProperty("code").ToString());
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        return error.GetProperty("message").GetString()!;
    }

    public JsonElement Task(string id, string query = "") => Get("/v1/tasks/" + id + query).GetProperty("data");

    public JsonElement Get(string path)
    {
        var answer = Send("GET", path);
        Assert.True(answer.Status == 200, Encoding.UTF8.GetString(answer.Body.Span));
        return Root(answer);
    }

    public static JsonElement Root(SandboxResponse answer) => JsonDocument.Parse(answer.Body).RootElement;

    public static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name));

    /// <summary>A batch of Image assets with these names, in a group.</summary>
    public static string Batch(string group, params IEnumerable<string> names) => JsonSerializer.Serialize(new
    {
        group = new { name = group },
        assets = names.Select(name => new { url = $"https://example.com/{name}.png", name }),
    });
}
