using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Seedance.Journal.FileStore;

/// <summary>
/// Reads journal lines, member by member. The serializer would take twice as long over a million lines, and more to get
/// ready than anybody waits for a completion. So would the runtime, if it compiled these methods by halves first.
/// </summary>
internal sealed class JournalLineReader
{
    private const int LongestWord = 32;

    // What is the same from line to line is kept once.
    private string? _account;
    private string? _run;
    private string? _runName;
    private string? _groupId;
    private string? _groupName;
    private string? _project;
    private string? _assetStatus;

    /// <summary>The line; null for JSON's own null. Members that are not known are passed over.</summary>
    /// <exception cref="JsonException">This is no line of a journal.</exception>
    public JournalLine? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ReadLine(bytes);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("What should be text is none.", e);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private JournalLine? ReadLine(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        JournalLine? line = null;
        if (reader.TokenType != JsonTokenType.Null)
        {
            Require(reader.TokenType == JsonTokenType.StartObject);
            line = new JournalLine();
            var hasType = false;
            Span<char> name = stackalloc char[LongestWord];
            while (NextMember(ref reader))
            {
                var member = name[..Word(ref reader, name)];
                reader.Read();
                hasType |= member is "type";
                Take(ref reader, member, line);
            }

            Require(hasType);
        }

        // Whatever follows makes this throw.
        reader.Read();
        return line;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name, JournalLine line)
    {
        switch (name)
        {
            case "type": line.Type = Enumerated<JournalLineType>(ref reader) ?? throw new JsonException(); break;
            case "version": line.Version = Number(ref reader); break;
            case "at": line.At = Time(ref reader); break;
            case "account": line.Account = Text(ref reader, ref _account); break;
            case "run": line.Run = Text(ref reader, ref _run); break;
            case "runName": line.RunName = Text(ref reader, ref _runName); break;
            case "computer": line.Computer = Text(ref reader); break;
            case "process": line.Process = Number(ref reader); break;
            case "key": line.Key = Text(ref reader); break;
            case "endpoint": line.Endpoint = Text(ref reader); break;
            case "legacy": line.Legacy = Text(ref reader); break;
            case "again": line.Again = Truth(ref reader); break;
            case "cleared": line.Cleared = Truth(ref reader); break;
            case "cost": line.Cost = Amount(ref reader); break;
            case "intent": line.Intent = Text(ref reader); break;
            case "task": line.Task = Text(ref reader); break;
            case "kind": line.Kind = Enumerated<TaskKind>(ref reader); break;
            case "state": line.State = Enumerated<JournalState>(ref reader); break;
            case "status": line.Status = Enumerated<SeedanceTaskStatus>(ref reader); break;
            case "groupId": line.GroupId = Text(ref reader, ref _groupId); break;
            case "groupName": line.GroupName = Text(ref reader, ref _groupName); break;
            case "realPerson": line.RealPerson = Truth(ref reader); break;
            case "implied": line.Implied = Truth(ref reader); break;
            case "project": line.Project = Text(ref reader, ref _project); break;
            case "assetType": line.AssetType = Enumerated<AssetType>(ref reader); break;
            case "code": line.Code = Text(ref reader); break;
            case "message": line.Message = Text(ref reader); break;
            case "created": line.Created = Time(ref reader); break;
            case "sent": line.Sent = Time(ref reader); break;
            case "hash": line.Hash = Text(ref reader); break;
            case "url": line.Url = Text(ref reader); break;
            case "path": line.Path = Text(ref reader); break;
            case "expires": line.Expires = Time(ref reader); break;
            case "total": line.Total = Number(ref reader); break;
            case "invalid": line.Invalid = Number(ref reader); break;
            case "earlier": line.Earlier = Number(ref reader); break;
            case "doubtful": line.Doubtful = Number(ref reader); break;
            case "elsewhere": line.Elsewhere = Number(ref reader); break;
            case "rows": line.Rows = Rows(ref reader); break;
            case "assets": line.Assets = Assets(ref reader); break;
            default: reader.Skip(); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static List<JournalLine.LineRow>? Rows(ref Utf8JsonReader reader)
    {
        if (!StartsArray(ref reader))
        {
            return null;
        }

        var rows = new List<JournalLine.LineRow>();
        Span<char> name = stackalloc char[LongestWord];
        while (NextObject(ref reader))
        {
            var row = new JournalLine.LineRow();
            while (NextMember(ref reader))
            {
                var member = name[..Word(ref reader, name)];
                reader.Read();
                switch (member)
                {
                    case "url": row.SourceUrl = Text(ref reader); break;
                    default: TakeRow(ref reader, member, row); break;
                }
            }

            rows.Add(row);
        }

        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<JournalLine.LineAsset>? Assets(ref Utf8JsonReader reader)
    {
        if (!StartsArray(ref reader))
        {
            return null;
        }

        var assets = new List<JournalLine.LineAsset>();
        Span<char> name = stackalloc char[LongestWord];
        while (NextObject(ref reader))
        {
            var asset = new JournalLine.LineAsset();
            while (NextMember(ref reader))
            {
                var member = name[..Word(ref reader, name)];
                reader.Read();
                switch (member)
                {
                    case "id": asset.Id = Text(ref reader) ?? string.Empty; break;
                    case "url": asset.Url = Text(ref reader); break;
                    case "status": asset.Status = Text(ref reader, ref _assetStatus); break;
                    case "usable": asset.Usable = Truth(ref reader) ?? false; break;
                    case "row": asset.Row = Number(ref reader) ?? 0; break;
                    case "by": asset.By = Enumerated<MatchedBy>(ref reader) ?? default; break;
                    default: TakeRow(ref reader, member, asset); break;
                }
            }

            assets.Add(asset);
        }

        return assets;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeRow(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name, JournalLine.LineRow row)
    {
        switch (name)
        {
            case "key": row.Key = Text(ref reader); break;
            case "name": row.Name = Text(ref reader); break;
            case "sourceUrl": row.SourceUrl = Text(ref reader); break;
            case "cut": row.Cut = Truth(ref reader); break;
            case "number": row.Number = Number(ref reader); break;
            case "supersedes": row.Supersedes = Text(ref reader); break;
            case "supersedesRow": row.SupersedesRow = Number(ref reader); break;
            case "rowId": row.RowId = Text(ref reader); break;
            case "kept": row.Kept = Texts(ref reader); break;
            default: reader.Skip(); break;
        }
    }

    private static Dictionary<string, string>? Texts(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null);
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (NextMember(ref reader))
        {
            var name = reader.GetString()!;
            reader.Read();
            texts[name] = Text(ref reader) ?? string.Empty;
        }

        return texts;
    }

    private static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static bool StartsArray(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType is JsonTokenType.StartArray or JsonTokenType.Null);
        return reader.TokenType == JsonTokenType.StartArray;
    }

    private static bool NextObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        Require(reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndArray);
        return reader.TokenType == JsonTokenType.StartObject;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType is JsonTokenType.String or JsonTokenType.Null);
        return reader.GetString();
    }

    private static string? Text(ref Utf8JsonReader reader, ref string? last) =>
        last is not null && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(last) ? last : last = Text(ref reader);

    private static int? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Require(reader.TokenType == JsonTokenType.Number);
        return reader.TryGetInt32(out var number) ? number : throw new JsonException();
    }

    private static decimal? Amount(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType is JsonTokenType.Number or JsonTokenType.Null);
        return reader.TokenType == JsonTokenType.Null ? null : reader.TryGetDecimal(out var amount) ? amount : throw new JsonException();
    }

    private static bool? Truth(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null);
        return reader.TokenType == JsonTokenType.Null ? null : reader.TokenType == JsonTokenType.True;
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Require(reader.TokenType == JsonTokenType.String);
        return reader.TryGetDateTimeOffset(out var time) ? time : throw new JsonException();
    }

    private static T? Enumerated<T>(ref Utf8JsonReader reader)
        where T : struct, Enum
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Require(reader.TokenType == JsonTokenType.String);
        foreach (var (word, value) in Words<T>.All)
        {
            if (reader.ValueTextEquals(word))
            {
                return value;
            }
        }

        throw new JsonException($"This is no {typeof(T).Name}.");
    }

    // Its length; of a longer word than any that is known, 0.
    private static int Word(ref Utf8JsonReader reader, scoped Span<char> buffer) =>
        reader.ValueSpan.Length > LongestWord ? 0 : reader.CopyString(buffer);

    private static void Require(bool isSo)
    {
        if (!isSo)
        {
            throw new JsonException("This is no line of a journal.");
        }
    }

    /// <summary>The values of an enumeration by their names, as they stand in a line.</summary>
    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly (byte[] Word, T Value)[] All = [.. Enum.GetValues<T>().Select(value => (Encoding.UTF8.GetBytes(value.ToString()), value))];
    }
}
