namespace Seedance.Http;

/// <summary>What sending a request twice does.</summary>
internal enum Effect
{
    /// <summary>Nothing: it reads.</summary>
    None,

    /// <summary>Nothing that matters: the second copy lapses, or finds done what it asks for.</summary>
    Repeatable,

    /// <summary>It takes effect, and may be billed, a second time.</summary>
    Once,
}

/// <summary>An endpoint of the API as data: whoever sends, retries or explains a request reads it here.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the base address; <c>{id}</c> stands for what <see cref="For"/> fills in.</param>
/// <param name="Effect">What sending it twice does. The retry rule reads it.</param>
internal sealed record Endpoint(HttpMethod Method, string Path, Effect Effect)
{
    private const string Id = "{id}";
    private static readonly HttpRequestOptionsKey<Endpoint> s_option = new("Seedance.Endpoint");

    /// <summary>The query, without its question mark; null if there is none. It is not shown in messages.</summary>
    public string? Query { get; init; }

    /// <summary>The key that one request goes out under; null where that is nobody's concern, and one is made.</summary>
    public string? IdempotencyKey { get; private init; }

    /// <summary>True if a request of unknown outcome may be repeated under its key, once the server has shown that it honours keys.</summary>
    public bool RepeatsByKey { get; init; }

    /// <summary>
    /// True if a server may not have it: a 404 or 405 is then taken for that, whoever says it, since nobody acts at an address
    /// that is not there.
    /// </summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>What to do where it is not known whether a request took effect; null for what holds for all.</summary>
    public string? UnknownAdvice { get; init; }

    /// <summary>What to know where it answers 404 or 405; null if there is nothing particular to it.</summary>
    public string? NotFoundMeans { get; init; }

    /// <summary>The endpoint of one thing, by its id.</summary>
    /// <exception cref="SeedanceException">The id would name another path.</exception>
    public Endpoint For(string id)
    {
        // Escaping leaves dots alone, and a path is shortened by them.
        if (string.IsNullOrWhiteSpace(id) || id is "." or "..")
        {
            throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"'{id}' is not an id.")
            {
                RecommendedAction = "Give the id as the API told it, such as task_01J….",
            };
        }

        return this with { Path = Path.Replace(Id, Uri.EscapeDataString(id), StringComparison.Ordinal) };
    }

    /// <summary>The endpoint for one request, under a key.</summary>
    /// <exception cref="SeedanceException">The key is not 1 to 191 visible ASCII characters.</exception>
    public Endpoint WithKey(string key) => Http.IdempotencyKey.IsValid(key) ? this with { IdempotencyKey = key }
        : throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"An idempotency key of {key.Length} characters, or with characters that are not visible ASCII, cannot be sent.")
        {
            RecommendedAction = $"Give 1 to {Http.IdempotencyKey.MaxLength} visible ASCII characters, such as a GUID.",
        };

    /// <summary>A request to this endpoint below <paramref name="baseUri"/>, which ends with a slash.</summary>
    public HttpRequestMessage CreateRequest(Uri baseUri, HttpContent? body)
    {
        var request = new HttpRequestMessage(Method, new Uri(baseUri, Query is null ? Path : $"{Path}?{Query}")) { Content = body };
        request.Options.Set(s_option, this);
        if (Method == HttpMethod.Post && Effect == Effect.Once)
        {
            request.Headers.Add(Http.IdempotencyKey.Header, IdempotencyKey ?? Guid.NewGuid().ToString("N"));
        }

        return request;
    }

    /// <summary>The endpoint that a request goes to. One that names none is taken for one that takes effect.</summary>
    public static Endpoint Get(HttpRequestMessage request) =>
        request.Options.TryGetValue(s_option, out var endpoint) ? endpoint
            : new Endpoint(request.Method, request.RequestUri?.AbsolutePath.TrimStart('/') ?? string.Empty, Effect.Once);

    /// <summary>Method and path, as messages name the request.</summary>
    public override string ToString() => $"{Method} /{Path}";
}
