using System.Globalization;
using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.SandboxServer;

/// <summary>What the command line asks for.</summary>
/// <param name="Host">How the server listens, and what it serves.</param>
/// <param name="ExitsWithInput">Whether it stops when its standard input closes.</param>
/// <param name="ShowsHelp">Whether it only tells its options.</param>
internal sealed record CommandLine(SandboxHostOptions Host, bool ExitsWithInput, bool ShowsHelp)
{
    public const string Help = """
        The Seedance sandbox on 127.0.0.1. Prints its address as the first and only line when it is ready.

          --port N                 port to listen on; 0 takes a free one (0)
          --seed N                 decides ids, durations, orders and faults (1)
          --review SPAN[..SPAN]    how long a review takes (1s..3s)
          --video SPAN[..SPAN]     how long a video takes (3s..6s)
          --pending SHARE          share of a task's time in which it is pending, 0 to 1 (0.2)
          --latency SPAN           how long a round trip takes at least (0)
          --api-key KEY            the one accepted key (any)
          --balance N|unlimited    the account's money (1000)
          --link-lifetime SPAN     how long an identity link can be opened (120s)
          --person-after SPAN      the person passes the check unaided after this long (never)
          --group-place PLACE      where the person's group id is told: result, raw-response, answer (result)
          --video-bytes N          size of a video (262144)
          --video-lifetime SPAN    how long links of a video can be opened (24h)
          --language LANG          of task messages: zh, en, ko, ja (zh)
          --public-base URL        base of links to files (the server's own address)
          --faults JSON|@FILE      faults on order from the beginning
          --keep-requests N        how many requests are remembered (1000)
          --no-echo-names  --no-shuffle  --no-group-id  --no-estimated-time  --no-submissions
          --exit-with-stdin        stop when standard input closes
        """;

    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or has an impossible one.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine(new SandboxHostOptions(), ExitsWithInput: false, ShowsHelp: false);
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var option))
            line = line.With(option, () => rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{option} needs a value."));
        return line;
    }

    private CommandLine With(string option, Func<string> value)
    {
        var sandbox = Host.Sandbox;
        return option switch
        {
            "--port" => this with { Host = Host with { Port = Number(value()) } },
            "--latency" => this with { Host = Host with { Latency = SpanText.Parse(value()) } },
            "--faults" => this with { Host = Host with { Faults = Faults(value()) } },
            "--keep-requests" => this with { Host = Host with { KeepRequests = Number(value()) } },
            "--seed" => With(sandbox with { Seed = Number(value()) }),
            "--review" => With(sandbox with { ReviewTime = Range(value()) }),
            "--video" => With(sandbox with { VideoTime = Range(value()) }),
            "--pending" => With(sandbox with { Pending = (double)Amount(value()) }),
            "--api-key" => With(sandbox with { ApiKey = value() }),
            "--balance" => With(sandbox with { Balance = value() is var text && text == "unlimited" ? null : Amount(text) }),
            "--link-lifetime" => With(sandbox with { LinkLifetime = SpanText.Parse(value()) }),
            "--person-after" => With(sandbox with { PersonFinishesAfter = SpanText.Parse(value()) }),
            "--group-place" => With(sandbox with { GroupIdPlace = Place(value()) }),
            "--video-bytes" => With(sandbox with { VideoBytes = (long)Amount(value()) }),
            "--video-lifetime" => With(sandbox with { VideoLifetime = SpanText.Parse(value()) }),
            "--language" => With(sandbox with { Language = value() }),
            "--public-base" => With(sandbox with { PublicBase = value().TrimEnd('/') }),
            "--no-echo-names" => With(sandbox with { EchoNames = false }),
            "--no-shuffle" => With(sandbox with { ShuffleResults = false }),
            "--no-group-id" => With(sandbox with { ReturnGroupId = false }),
            "--no-estimated-time" => With(sandbox with { EstimatedTime = false }),
            "--no-submissions" => With(sandbox with { KeepSubmissions = false }),
            "--exit-with-stdin" => this with { ExitsWithInput = true },
            "--help" or "-h" => this with { ShowsHelp = true },
            _ => throw new ArgumentException($"{option} is not an option; --help tells them."),
        };
    }

    private CommandLine With(SandboxOptions sandbox) => this with { Host = Host with { Sandbox = sandbox } };

    private static TimeRange Range(string text)
    {
        var ends = text.Split("..");
        return ends.Length <= 2
            ? new TimeRange(SpanText.Parse(ends[0]), SpanText.Parse(ends[^1]))
            : throw new ArgumentException($"'{text}' is not a range such as 2s..4s.");
    }

    private static IReadOnlyList<FaultOrder> Faults(string text)
    {
        try
        {
            return ControlPanel.ReadOrders(text.StartsWith('@') ? File.ReadAllText(text[1..]) : text);
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"--faults: {exception.Message}", exception);
        }
    }

    private static GroupIdPlace Place(string text) => text switch
    {
        "result" => GroupIdPlace.Result,
        "raw-response" => GroupIdPlace.RawResponse,
        "answer" => GroupIdPlace.Answer,
        _ => throw new ArgumentException($"'{text}' is not one of result, raw-response, answer."),
    };

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"'{text}' is not a whole number.");

    private static decimal Amount(string text) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        ? amount
        : throw new ArgumentException($"'{text}' is not a number.");
}
