using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seedance.SandboxServer;

/// <summary>What tests in other processes ask and order over HTTP, under /_sandbox.</summary>
internal sealed class ControlPanel(SandboxHost host)
{
    public const string Prefix = "/_sandbox";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new SpanConverter() },
    };

    public async Task AnswerAsync(HttpContext context, string command)
    {
        var answer = $"{context.Request.Method} {command}" switch
        {
            "GET /stats" => host.Stats,
            "GET /submissions" => host.Api.Submissions,
            "GET /requests" => host.Requests,
            "GET /faults" => Orders(),
            "POST /faults" => await OrderAsync(context),
            "POST /reset" => Reset(),
            "POST /liveness" => Liveness(context.Request.Query),
            _ => (object?)null,
        };
        if (answer is null)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (answer is Complaint)
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        if (answer is not null)
            await context.Response.WriteAsJsonAsync(answer, answer.GetType(), Json, context.RequestAborted);
    }

    /// <summary>Reads a list of orders, or a single one.</summary>
    /// <exception cref="JsonException">The text is no order.</exception>
    public static IReadOnlyList<FaultOrder> ReadOrders(string json) => json.AsSpan().TrimStart().StartsWith('[')
        ? JsonSerializer.Deserialize<FaultOrder[]>(json, Json)!
        : [JsonSerializer.Deserialize<FaultOrder>(json, Json)!];

    private OrderState[] Orders() =>
        [.. host.Faults.Orders.Select(entry => new OrderState(entry.Order, entry.Matched, entry.Struck))];

    private async Task<object> OrderAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        try
        {
            host.Faults.Order(ReadOrders(await reader.ReadToEndAsync(context.RequestAborted)));
            return Orders();
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return new Complaint(exception.Message);
        }
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

    private sealed record OrderState(FaultOrder Order, int Matched, int Struck);

    private sealed record Complaint(string Message);

    private sealed class SpanConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? TimeSpan.FromSeconds(reader.GetDouble())
                : SpanText.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }
}
