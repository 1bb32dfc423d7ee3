using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.SandboxServer;

/// <summary>The options of the command line: each is one change of how the server listens or what it serves.</summary>
internal sealed class CommandLine
{
    private readonly List<(Option Option, Func<ParseResult, SandboxHostOptions, SandboxHostOptions> Apply)> _options = [];
    private readonly Option<bool> _exitWithInput = new("--exit-with-stdin") { Description = "Stop when standard input closes." };

    private CommandLine()
    {
        Host("--port", "N", "Port to listen on; 0 takes a free one (0).", Number, (host, port) => host with { Port = port });
        Host("--latency", "SPAN", "How long a round trip takes at least (0).", SpanText.Parse, (host, span) => host with { Latency = span });
        Host("--keep-requests", "N", "How many requests are remembered (1000).", Number, (host, count) => host with { KeepRequests = count });
        Sandbox("--seed", "N", "Decides ids, durations, orders and faults (1).", Number, (sandbox, seed) => sandbox with { Seed = seed });
        Sandbox("--review", "SPAN[..SPAN]", "How long a review takes (1s..3s).", SpanText.ParseRange, (sandbox, range) => sandbox with { ReviewTime = range });
        Sandbox("--video", "SPAN[..SPAN]", "How long a video takes (3s..6s).", SpanText.ParseRange, (sandbox, range) => sandbox with { VideoTime = range });
        Sandbox("--pending", "SHARE", "Share of a task's time in which it is pending, 0 to 1 (0.2).", Amount, (sandbox, share) => sandbox with { Pending = (double)share });
        Sandbox("--clock-offset", "SPAN", "How far the service's clock is ahead of the machine's; below zero, behind (0).", SpanText.Parse, (sandbox, span) => sandbox with { ClockOffset = span });
        Sandbox("--api-key", "KEY", "The one accepted key (any).", Text, (sandbox, key) => sandbox with { ApiKey = key });
        Sandbox("--balance", "N|unlimited", "The account's money (1000).", Balance, (sandbox, money) => sandbox with { Balance = money });
        Sandbox("--link-lifetime", "SPAN", "How long an identity link can be opened (120s).", SpanText.Parse, (sandbox, span) => sandbox with { LinkLifetime = span });
        Sandbox("--person-after", "SPAN", "The person passes the check unaided after this long (never).", SpanText.Parse, (sandbox, span) => sandbox with { PersonFinishesAfter = span });
        Sandbox("--group-place", "PLACE", "Where the person's group id is told: result, raw-response, answer (result).", Place, (sandbox, place) => sandbox with { GroupIdPlace = place });
        Sandbox("--video-bytes", "N", "Size of a video (262144).", Amount, (sandbox, size) => sandbox with { VideoBytes = (long)size });
        Sandbox("--video-lifetime", "SPAN", "How long links of a video can be opened (24h).", SpanText.Parse, (sandbox, span) => sandbox with { VideoLifetime = span });
        Sandbox("--language", "LANG", "Of task messages: zh, en, ja, ko, ru, fr, de, id, pt, es (zh).", Text, (sandbox, language) => sandbox with { Language = language });
        Sandbox("--public-base", "URL", "Base of links to files (the server's own address).", Text, (sandbox, url) => sandbox with { PublicBase = url.TrimEnd('/') });
        Sandbox("--faults", "JSON|@FILE", "Answers that go wrong from the beginning.", Orders<FaultOrder>, (sandbox, faults) => sandbox with { Faults = faults });
        Sandbox("--task-faults", "JSON|@FILE", "Tasks that go wrong from the beginning.", Orders<TaskFault>, (sandbox, faults) => sandbox with { TaskFaults = faults });
        Sandbox("--options", "JSON|@FILE", "Any options of the sandbox by their names, such as {\"echoNames\":false}.", Changes, ControlPanel.Merge);
        Switch("--no-echo-names", "Results do not echo names.", sandbox => sandbox with { EchoNames = false });
        Switch("--no-shuffle", "Results come in the order of submission.", sandbox => sandbox with { ShuffleResults = false });
        Switch("--no-group-id", "Acceptances do not tell the group's id.", sandbox => sandbox with { ReturnGroupId = false });
        Switch("--no-estimated-time", "Tasks do not tell an estimated time.", sandbox => sandbox with { EstimatedTime = false });
        Switch("--no-submissions", "Submissions are counted, not kept.", sandbox => sandbox with { KeepSubmissions = false });
    }

    /// <summary>Creates the command that the program is.</summary>
    /// <param name="run">Serves, with whether to stop when standard input closes.</param>
    public static RootCommand Create(Func<SandboxHostOptions, bool, Task> run)
    {
        var line = new CommandLine();
        var command = new RootCommand(
            "The Seedance sandbox on 127.0.0.1. Prints its address as the first and only line when it is ready. "
            + "SPAN is 50ms, 2s, 5m or 1h. What can go wrong, and how to order it while it runs: README.md beside its sources.");
        foreach (var (option, _) in line._options)
        {
            command.Options.Add(option);
        }
        command.Options.Add(line._exitWithInput);
        command.SetAction((result, _) => run(line.Read(result), result.GetValue(line._exitWithInput)));
        return command;
    }

    private SandboxHostOptions Read(ParseResult result) =>
        _options.Aggregate(new SandboxHostOptions(), (host, entry) => result.GetResult(entry.Option) is null ? host : entry.Apply(result, host));

    private void Host<T>(string name, string value, string description, Func<string, T> parse, Func<SandboxHostOptions, T, SandboxHostOptions> apply)
    {
        var option = new Option<Func<SandboxHostOptions, SandboxHostOptions>>(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = argument => Parse(argument, parse, apply),
        };
        _options.Add((option, (result, host) => result.GetValue(option)!(host)));
    }

    private void Sandbox<T>(string name, string value, string description, Func<string, T> parse, Func<SandboxOptions, T, SandboxOptions> apply) =>
        Host(name, value, description, parse, (host, given) => host with { Sandbox = apply(host.Sandbox, given) });

    private void Switch(string name, string description, Func<SandboxOptions, SandboxOptions> apply)
    {
        var option = new Option<bool>(name) { Description = description };
        _options.Add((option, (result, host) => result.GetValue(option) ? host with { Sandbox = apply(host.Sandbox) } : host));
    }

    private static Func<SandboxHostOptions, SandboxHostOptions>? Parse<T>(
        ArgumentResult argument, Func<string, T> parse, Func<SandboxHostOptions, T, SandboxHostOptions> apply)
    {
        try
        {
            var given = parse(argument.Tokens[0].Value);
            return host => apply(host, given);
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or IOException)
        {
            argument.AddError($"{((OptionResult)argument.Parent!).Option.Name}: {exception.Message}");
            return null;
        }
    }

    private static IReadOnlyList<TFault> Orders<TFault>(string text)
        where TFault : RequestFilter
    {
        var orders = ControlPanel.ReadOrders<TFault>(Content(text));
        new FaultSchedule<TFault>().Order(orders);
        return orders;
    }

    private static string Content(string text) => text.StartsWith('@') ? File.ReadAllText(text[1..]) : text;

    private static string Changes(string text)
    {
        var changes = Content(text);
        ControlPanel.Merge(new SandboxOptions(), changes);
        return changes;
    }

    private static decimal? Balance(string text) => text == "unlimited" ? null : Amount(text);

    private static string Text(string text) => text;

    private static GroupIdPlace Place(string text) => text switch
    {
        "result" => GroupIdPlace.Result,
        "raw-response" => GroupIdPlace.RawResponse,
        "answer" or "response" => GroupIdPlace.Response,
        _ => throw new ArgumentException($"'{text}' is not one of result, raw-response, answer."),
    };

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"'{text}' is not a whole number.");

    private static decimal Amount(string text) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        ? amount
        : throw new ArgumentException($"'{text}' is not a number.");
}
