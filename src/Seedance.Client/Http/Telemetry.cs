using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Seedance.Http;

/// <summary>
/// What collectors can subscribe to under the name <c>Seedance</c>: an activity for every attempt at a request, counts of
/// requests and rows, and how long requests take (seconds).
/// </summary>
internal static class Telemetry
{
    public const string Name = "Seedance";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_requests = s_meter.CreateCounter<long>("seedance.requests", "{request}", "Attempts at requests.");
    private static readonly Counter<long> s_rows = s_meter.CreateCounter<long>("seedance.rows", "{row}", "Rows by what became of them.");
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>("seedance.request.duration", "s", "How long attempts took.");

    public static void Count(RequestTrace trace)
    {
        var method = new KeyValuePair<string, object?>("http.request.method", trace.Method);
        var outcome = new KeyValuePair<string, object?>("outcome", trace.ErrorId ?? "ok");
        s_requests.Add(1, method, outcome);
        s_duration.Record(trace.Duration.TotalSeconds, method, outcome);
    }

    public static void CountRows(int count, string outcome) => s_rows.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
}
