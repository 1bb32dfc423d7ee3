using System.Globalization;
using System.Text.Json;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>GET /v1/usage: what was paid for in some days, in all or by model and date.</summary>
internal sealed class UsageReports(SandboxState state)
{
    private const int MaxDays = 31;
    private const int MaxCallsAMinute = 60;
    private const int CreditsPerUnit = 10;

    private readonly Queue<DateTimeOffset> _calls = [];

    public SandboxResponse Get(SandboxRequest request)
    {
        Count();
        var zone = Zone(request.Parameter("tz"));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(state.Now, zone).DateTime);
        var start = Date(request, "start") ?? today.AddDays(1 - MaxDays);
        var end = Date(request, "end") ?? today;
        if (end < start || end.DayNumber - start.DayNumber >= MaxDays)
        {
            throw Refusal.Invalid($"start and end must be at most {MaxDays} days apart");
        }

        var groups = (request.Parameter("group_by") ?? "none").Split(',');
        if (groups.Any(group => group is not ("none" or "model" or "date")))
        {
            throw Refusal.Invalid("group_by must be none, model, date or model,date");
        }
        var scope = request.Parameter("scope") ?? "key";
        if (scope is not ("key" or "account"))
        {
            throw Refusal.Invalid("scope must be key or account");
        }

        var model = request.Parameter("model");
        var charges = state.Charges
            .Select(charge => charge with { Time = TimeZoneInfo.ConvertTime(charge.Time, zone) })
            .Where(charge => (model is null || charge.Model == model) && charge.Date >= start && charge.Date <= end)
            .ToList();
        return SandboxResponse.Bare(json =>
        {
            json.WriteString("start", Text(start));
            json.WriteString("end", Text(end));
            json.WriteString("scope", scope);
            WriteSum(json, charges);
            if (groups is not ["none"])
            {
                WriteParts(json, charges, groups.Contains("model"), groups.Contains("date"));
            }
        });
    }

    private static void WriteParts(Utf8JsonWriter json, List<Charge> charges, bool byModel, bool byDate)
    {
        json.WriteStartArray("items");
        foreach (var part in charges
            .GroupBy(charge => (Model: byModel ? charge.Model : null, Date: byDate ? Text(charge.Date) : null))
            .OrderBy(part => part.Key.Date, StringComparer.Ordinal).ThenBy(part => part.Key.Model, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            if (part.Key.Model is { } model)
            {
                json.WriteString("model", model);
            }
            if (part.Key.Date is { } date)
            {
                json.WriteString("date", date);
            }
            WriteSum(json, [.. part]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSum(Utf8JsonWriter json, List<Charge> charges)
    {
        var amount = charges.Sum(charge => charge.Amount);
        json.WriteNumber("amount_usd", amount);
        json.WriteNumber("credits", amount * CreditsPerUnit);
        json.WriteNumber("requests", charges.Count);
    }

    private void Count()
    {
        while (_calls.TryPeek(out var oldest) && oldest <= state.Now.AddMinutes(-1))
        {
            _calls.Dequeue();
        }
        if (_calls.Count == MaxCallsAMinute)
        {
            throw new Refusal(429, $"Usage can be read {MaxCallsAMinute} times a minute");
        }
        _calls.Enqueue(state.Now);
    }

    private static DateOnly? Date(SandboxRequest request, string name) => request.Parameter(name) switch
    {
        null => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
        _ => throw Refusal.Invalid($"{name} must be a date such as 2026-11-24"),
    };

    private static TimeZoneInfo Zone(string? name) =>
        name is null ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw Refusal.Invalid($"tz is not a time zone: {name}");

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
