using System.Text.Json;

namespace Seedance;

/// <summary>The Seedance API: one method an endpoint. Thread-safe. Every failure is a <see cref="SeedanceException"/>.</summary>
public sealed partial class SeedanceClient
{
    /// <summary>The most assets that one request may carry (page "private-avatar").</summary>
    public const int MaxAssetsPerRequest = 20;

    private readonly HttpMessageInvoker _http;
    private readonly Uri _baseUri;
    private readonly TimeProvider _time;
    private readonly Action<RequestTrace>? _listener;

    internal SeedanceClient(HttpMessageInvoker http, Uri baseUri, TimeProvider time)
    {
        _http = http;

        // Without the slash, a gateway's last part would be replaced, not added to.
        _baseUri = baseUri.AbsolutePath.EndsWith('/') ? baseUri : new Uri($"{baseUri.AbsoluteUri}/");
        _time = time;
    }

    private SeedanceClient(SeedanceClient client, Action<RequestTrace> listener)
    {
        (_http, _baseUri, _time, _listener) = (client._http, client._baseUri, client._time, listener);
    }

    /// <summary>The same client, whose every attempt at a request is told to <paramref name="listener"/>, on any thread.</summary>
    public SeedanceClient ListenedBy(Action<RequestTrace>? listener) => listener is null ? this : new SeedanceClient(this, listener);

    /// <summary>
    /// Submits material for review: <c>POST /v1/seedance2/private-avatar</c>, or <c>real-avatar</c> for a real person's group.
    /// All rows go to the one group, project and type of <paramref name="batch"/>. The task comes back as accepted, with
    /// its rows as <see cref="SeedanceTask.Sources"/>.
    /// </summary>
    /// <exception cref="SeedanceException">It was not accepted, or that is not known: see <see cref="SeedanceException.Delivery"/>.</exception>
    public async Task<SeedanceTask> SubmitAssetsAsync(AssetBatch batch, CancellationToken cancellation = default)
    {
        var path = batch.Group is { IsRealPerson: true } ? "v1/seedance2/real-avatar" : "v1/seedance2/private-avatar";
        using var answer = await SendAsync(HttpMethod.Post, path, JsonBody.Of(batch.ToRequest(), WireFormat.Default.AssetRequest), cancellation);
        return TaskReader.Read(answer.Data, new SeedanceTask
        {
            TaskId = AcceptedId(answer, path),
            Kind = TaskKind.Asset,
            CreatedAt = _time.GetUtcNow(),
            Group = batch.Group,
            ProjectName = batch.ProjectName,
            AssetType = batch.AssetType,
            Sources = batch.Rows,
        });
    }

    /// <summary>Looks at a task: <c>GET /v1/tasks/{id}</c>.</summary>
    /// <param name="taskId">The task's id.</param>
    /// <param name="language">The language of messages: <c>zh</c>, <c>en</c>, <c>ko</c>, <c>ja</c>; null for the account's.</param>
    /// <param name="cancellation">Calls the query off.</param>
    public Task<SeedanceTask> GetTaskAsync(string taskId, string? language = null, CancellationToken cancellation = default) =>
        GetTaskAsync(new SeedanceTask { TaskId = taskId }, language, cancellation);

    /// <summary>Looks at a task again; what is known of it stays: its rows, group and project.</summary>
    public async Task<SeedanceTask> GetTaskAsync(SeedanceTask known, string? language = null, CancellationToken cancellation = default)
    {
        var path = $"v1/tasks/{Uri.EscapeDataString(known.TaskId)}";
        var query = language is null ? path : $"{path}?language={Uri.EscapeDataString(language)}";
        using var answer = await SendAsync(HttpMethod.Get, query, body: null, cancellation);
        return answer.Data.ValueKind == JsonValueKind.Object && answer.Data.At("status").ValueKind == JsonValueKind.String
            ? TaskReader.Read(answer.Data, known)
            : throw Failures.Unreadable($"GET /{path}", "an answer without a task's status", isPost: false);
    }

    // Accepted, but under an id that nobody can read: as good as not answered.
    private static string AcceptedId(ApiAnswer answer, string path) =>
        TaskReader.TaskId(answer.Data) ?? throw Failures.Unreadable($"POST /{path}", "an answer without a task id", isPost: true);

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_baseUri, path))
        {
            Content = body,
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (_listener is not null)
        {
            request.Options.Set(RequestTrace.Listener, _listener);
        }

        var response = await _http.SendAsync(request, cancellation);
        return (ApiAnswer)response.Content;
    }
}
