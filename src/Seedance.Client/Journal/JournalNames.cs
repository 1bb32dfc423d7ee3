using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Seedance;

/// <summary>
/// The ids and names that an account used of late, each once, the latest first: for completing what somebody types.
/// Read from the end of the journal only, so that it takes no longer when the journal has grown for years.
/// </summary>
public sealed record JournalNames
{
    // Some hundred requests of 20 rows, in a few milliseconds.
    internal const int TailLength = 256 * 1024;

    /// <summary>Nothing is known.</summary>
    public static readonly JournalNames None = new();

    /// <summary>The tasks' ids.</summary>
    public IReadOnlyList<JournalName> TaskIds { get; private init; } = [];

    /// <summary>The groups' ids.</summary>
    public IReadOnlyList<JournalName> GroupIds { get; private init; } = [];

    /// <summary>The groups' names.</summary>
    public IReadOnlyList<JournalName> GroupNames { get; private init; } = [];

    /// <summary>The projects.</summary>
    public IReadOnlyList<JournalName> ProjectNames { get; private init; } = [];

    /// <summary>What the end of the file tells; nothing if it is missing, damaged or no journal of this version. Never throws.</summary>
    internal static JournalNames Read(IJournalFile file, string account)
    {
        try
        {
            return IsReadable(file) ? Collect(Tail(file), account) : None;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whoever types gets no completion. What is wrong is told by the cmdlet that needs the journal.
            return None;
        }
    }

    private static bool IsReadable(IJournalFile file)
    {
        var head = new byte[64];
        var ours = $"{{\"type\":\"Journal\",\"version\":{JournalLine.FormatVersion},";
        return file.Read(0, head) >= ours.Length && Encoding.UTF8.GetString(head).StartsWith(ours, StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<byte> Tail(IJournalFile file)
    {
        var start = Math.Max(0, file.Length - TailLength);
        var bytes = new byte[TailLength];
        var filled = 0;
        for (int read; (read = file.Read(start + filled, bytes.AsSpan(filled))) > 0;)
        {
            filled += read;
        }

        // The first line is likely cut in two; and what follows the last end of a line is still being written.
        var tail = bytes.AsMemory(0, filled);
        var first = start == 0 ? 0 : tail.Span.IndexOf((byte)'\n') + 1;
        return tail[first..Math.Max(first, tail.Span.LastIndexOf((byte)'\n') + 1)];
    }

    private static JournalNames Collect(ReadOnlyMemory<byte> tail, string account)
    {
        var tasks = new Latest();
        var groupIds = new Latest();
        var groupNames = new Latest();
        var projects = new Latest();
        var sent = new Dictionary<string, Fields>(StringComparer.Ordinal);
        for (int end; (end = tail.Span.IndexOf((byte)'\n')) >= 0; tail = tail[(end + 1)..])
        {
            if (Fields.Read(tail.Span[..end]) is not { } line)
            {
                continue;
            }

            // An outcome stands beside its intent, which tells the account and the rest.
            if (line.Type == nameof(JournalLineType.Outcome) && line.Intent is not null && sent.Remove(line.Intent, out var intent))
            {
                line = intent with { Task = line.Task, GroupId = line.GroupId ?? intent.GroupId, At = line.At };
            }
            else if (line is { Type: nameof(JournalLineType.Intent), Intent: not null })
            {
                sent[line.Intent] = line;
            }

            if (line.Account != account || line.Type is not (nameof(JournalLineType.Intent) or nameof(JournalLineType.Final)))
            {
                continue;
            }

            tasks.Add(line.Task, line.Kind, $"{line.Kind}, {line.Status ?? "accepted"}, {line.At.LocalDateTime:g}{(line.GroupName is null ? "" : $", {line.GroupName}")}");
            groupIds.Add(line.GroupId, line.Kind, line.GroupName ?? "a group");
            groupNames.Add(line.GroupName, line.Kind, line.GroupId ?? "a group");
            projects.Add(line.Project, line.Kind, "a project");
        }

        return new JournalNames
        {
            TaskIds = tasks.ToList(),
            GroupIds = groupIds.ToList(),
            GroupNames = groupNames.ToList(),
            ProjectNames = projects.ToList(),
        };
    }

    /// <summary>
    /// The few members of a line that are wanted here, read by hand: getting the serializer ready takes longer than
    /// anybody waits for a completion, and most of a line is rows.
    /// </summary>
    private readonly record struct Fields
    {
        public string? Type { get; init; }

        public string? Account { get; init; }

        public string? Intent { get; init; }

        public string? Task { get; init; }

        public TaskKind Kind { get; init; }

        public string? Status { get; init; }

        public string? GroupId { get; init; }

        public string? GroupName { get; init; }

        public string? Project { get; init; }

        public DateTimeOffset At { get; init; }

        public static Fields? Read(ReadOnlySpan<byte> line)
        {
            var fields = default(Fields);
            try
            {
                var reader = new Utf8JsonReader(line);
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                {
                    return null;
                }

                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString();
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        fields = fields.With(name!, reader.GetString()!);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }

                return fields;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        private Fields With(string name, string value) => name switch
        {
            "type" => this with { Type = value },
            "account" => this with { Account = value },
            "intent" => this with { Intent = value },
            "task" => this with { Task = value },
            "kind" => this with { Kind = Enum.TryParse<TaskKind>(value, out var kind) ? kind : TaskKind.Unknown },
            "status" => this with { Status = value },
            "groupId" => this with { GroupId = value },
            "groupName" => this with { GroupName = value },
            "project" => this with { Project = value },
            "at" => this with { At = DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : default },
            _ => this,
        };
    }

    private sealed class Latest
    {
        private readonly Dictionary<string, (JournalName Name, int Order)> _names = new(StringComparer.Ordinal);
        private int _order;

        public void Add(string? value, TaskKind kind, string hint)
        {
            if (!string.IsNullOrEmpty(value))
            {
                _names[value] = (new JournalName(value, kind, hint), _order++);
            }
        }

        public IReadOnlyList<JournalName> ToList() => [.. _names.Values.OrderByDescending(name => name.Order).Select(name => name.Name)];
    }
}

/// <summary>An id or a name from the journal.</summary>
/// <param name="Value">The id or name itself.</param>
/// <param name="Kind">The kind of task it was last seen with.</param>
/// <param name="Hint">What else is known of it, in a few words.</param>
public sealed record JournalName(string Value, TaskKind Kind, string Hint);
