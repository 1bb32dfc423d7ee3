using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.SandboxServer;

/// <summary>What tests in other processes query and order over HTTP, under /_sandbox.</summary>
internal sealed class ControlPanel(SandboxHost host)
{
    public const string Prefix = "/_sandbox";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new SpanConverter(), new RangeConverter() },
    };

    public async Task RespondAsync(HttpContext context, string command)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var response = Run($"{context.Request.Method} {command}", body, context.Request.Query);
        context.Response.StatusCode = response switch
        {
            null => StatusCodes.Status404NotFound,
            Problem => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status200OK,
        };
        if (response is not null)
        {
            await context.Response.WriteAsJsonAsync(response, response.GetType(), Json, context.RequestAborted);
        }
    }

    /// <summary>Reads a list of orders, or a single one.</summary>
    /// <exception cref="JsonException">The text is no order.</exception>
    public static IReadOnlyList<TFault> ReadOrders<TFault>(string json) => json.AsSpan().TrimStart().StartsWith('[')
        ? JsonSerializer.Deserialize<TFault[]>(json, Json)!
        : [JsonSerializer.Deserialize<TFault>(json, Json)!];

    /// <summary>Returns options with some members replaced, at any depth.</summary>
    /// <param name="options">The options as they are.</param>
    /// <param name="changes">An object with the members that are to be others.</param>
    /// <exception cref="JsonException">The changes are not such an object.</exception>
    public static SandboxOptions Merge(SandboxOptions options, string changes)
    {
        var merged = JsonSerializer.SerializeToNode(options, Json)!.AsObject();
        Merge(merged, JsonNode.Parse(changes) as JsonObject ?? throw new JsonException("The options must be a JSON object."));
        return merged.Deserialize<SandboxOptions>(Json)!;
    }

    private object? Run(string command, string body, IQueryCollection query)
    {
        try
        {
            return command switch
            {
                "GET /stats" => host.Stats,
                "GET /submissions" => host.Api.Submissions,
                "GET /rows" => host.Api.Rows,
                "GET /requests" => host.Requests,
                "GET /faults" => Orders(host.Faults),
                "POST /faults" => Order(host.Faults, body),
                "GET /task-faults" => Orders(host.TaskFaults),
                "POST /task-faults" => Order(host.TaskFaults, body),
                "GET /options" => host.Api.Options,
                "POST /options" => Configure(body),
                "POST /groups" => AddGroup(Read<GroupToAdd>(body)),
                "POST /assets" => AddAsset(Read<AssetToAdd>(body)),
                "POST /silence" => Silence(query),
                "POST /reset" => Reset(),
                "POST /liveness" => Liveness(query),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return new Problem(exception.Message);
        }
    }

    private static OrderState[] Orders<TFault>(FaultSchedule<TFault> schedule)
        where TFault : RequestFilter =>
        [.. schedule.Orders.Select(entry => new OrderState(entry.Order, entry.Matched, entry.Struck))];

    private static OrderState[] Order<TFault>(FaultSchedule<TFault> schedule, string body)
        where TFault : RequestFilter
    {
        schedule.Order(ReadOrders<TFault>(body));
        return Orders(schedule);
    }

    private SandboxOptions Configure(string changes)
    {
        host.Api.Configure(Merge(host.Api.Options, changes));
        return host.Api.Options;
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private GroupToAdd AddGroup(GroupToAdd group)
    {
        host.Api.AddGroup(group.GroupId, group.Name, group.ProjectName, group.RealPerson);
        return group;
    }

    private AssetToAdd AddAsset(AssetToAdd asset)
    {
        host.Api.AddAsset(asset.AssetId, asset.Name, asset.GroupId, asset.Status, asset.AssetType);
        return asset;
    }

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException("The body must be a JSON object.");

    private SandboxStats Silence(IQueryCollection query)
    {
        host.SilenceConnections(int.TryParse(query["connections"], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new ArgumentException("connections must be a whole number."));
        return host.Stats;
    }

    private SandboxStats Reset()
    {
        host.Reset();
        return host.Stats;
    }

    private object? Liveness(IQueryCollection query)
    {
        var code = query["code"].ToString() is { Length: > 0 } given ? given : "10000";
        return host.Api.CompleteLiveness(query["token"].ToString(), code) is { } callback ? new { CallbackUrl = callback } : null;
    }

    private sealed record OrderState(object Order, int Matched, int Struck);

    private sealed record GroupToAdd(string GroupId, string? Name = null, string ProjectName = "default", bool RealPerson = false);

    private sealed record AssetToAdd(string AssetId, string Name, string GroupId, string Status = "Active", string AssetType = "Image");

    private sealed record Problem(string Message);

    private sealed class SpanConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? TimeSpan.FromSeconds(reader.GetDouble())
                : SpanText.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }

    /// <summary>Ranges of time as the command line has them: <c>"1s..3s"</c>.</summary>
    private sealed class RangeConverter : JsonConverter<TimeRange>
    {
        public override TimeRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            SpanText.ParseRange(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, TimeRange value, JsonSerializerOptions options) =>
            writer.WriteStringValue(FormattableString.Invariant($"{value.Min.TotalMilliseconds}ms..{value.Max.TotalMilliseconds}ms"));
    }
}
