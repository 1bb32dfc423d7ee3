using System.Globalization;
using System.Text.Json;
using Seedance.Account;
using Seedance.Http;

namespace Seedance;

public sealed partial class SeedanceClient
{
    private const int MaxUsageDays = 31;

    /// <summary>
    /// What was paid for: <c>GET /v1/usage</c>, up to 31 days a request, so that a longer time takes several. Without
    /// parts there is one sum; else one for each model and day on which anything was paid for.
    /// </summary>
    /// <exception cref="SeedanceException">It cannot be told now (503), which is not zero; or the answer is none.</exception>
    public async Task<IReadOnlyList<Usage>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        var sums = new Dictionary<(string? Model, DateTime? Date), Usage>();
        for (var first = query.FirstDay.Date; first <= query.LastDay.Date; first = first.AddDays(MaxUsageDays))
        {
            var last = first.AddDays(MaxUsageDays - 1) < query.LastDay.Date ? first.AddDays(MaxUsageDays - 1) : query.LastDay.Date;
            using var response = await SendAsync(AccountEndpoints.Usage with { Query = Parameters(query, first, last) }, body: null, cancellationToken);
            var items = query.ByModel || query.ByDate ? response.Data.At("items").Items() : [response.Data];
            foreach (var item in items)
            {
                var usage = Read(item, query) ?? throw response.Unreadable("an answer without an amount");
                sums[(usage.Model, usage.Date)] = sums.TryGetValue((usage.Model, usage.Date), out var before)
                    ? before with { Amount = before.Amount + usage.Amount, Credits = before.Credits + usage.Credits, Requests = before.Requests + usage.Requests }
                    : usage;
            }
        }

        return [.. sums.Values.OrderBy(usage => usage.Date).ThenBy(usage => usage.Model, StringComparer.Ordinal)];
    }

    private static string Parameters(UsageQuery query, DateTime first, DateTime last)
    {
        var parts = new List<string>(2);
        if (query.ByModel)
        {
            parts.Add("model");
        }

        if (query.ByDate)
        {
            parts.Add("date");
        }

        var zone = TimeZoneInfo.Local.HasIanaId ? $"&tz={Uri.EscapeDataString(TimeZoneInfo.Local.Id)}" : string.Empty;
        var model = query.Model is null ? string.Empty : $"&model={Uri.EscapeDataString(query.Model)}";
        return string.Create(CultureInfo.InvariantCulture,
            $"start={first:yyyy-MM-dd}&end={last:yyyy-MM-dd}{model}&group_by={(parts.Count == 0 ? "none" : Uri.EscapeDataString(string.Join(',', parts)))}{zone}&scope={(query.IsAccount ? "account" : "key")}");
    }

    private static Usage? Read(JsonElement item, UsageQuery query) => Amount(item.At("amount_usd")) is not { } amount ? null : new Usage
    {
        Model = item.At("model").Text() ?? query.Model,
        Date = DateTime.TryParse(item.At("date").Text(), CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null,
        Amount = amount,
        Credits = Amount(item.At("credits")),
        Requests = item.At("requests").Number() is >= 0 and < 1e15 and var requests ? (long)requests : null,
        FirstDay = query.FirstDay.Date,
        LastDay = query.LastDay.Date,
        IsAccount = query.IsAccount,
    };
}
