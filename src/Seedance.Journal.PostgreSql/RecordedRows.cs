using System.Data.Common;
using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

/// <summary>A request that a row went out with.</summary>
internal sealed record FoundRow(int Number, int Ordinal, long Position, string IntentId, string? RunId, bool IsLive, JournalState? State, string? TaskId, int RowCount)
{
    public AvatarGroup? Group { get; private init; }

    public string? Outcome { get; private init; }

    public string? Final { get; private init; }

    /// <summary>Whether what came of it was cleared: its task is not given out any more.</summary>
    public bool IsCleared { get; private init; }

    public static FoundRow Read(DbDataReader row) =>
        new(row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetText(4), row.GetBoolean(5), row.GetState(6), row.GetText(7), row.GetInt32(8))
        {
            Group = new JournalLine
            {
                GroupName = row.GetText(9),
                GroupId = row.GetText(10),
                RealPerson = row.GetBoolean(11) ? true : null,
                Implied = row.GetBoolean(12) ? true : null,
            }.Group,
            Outcome = row.GetText(13),
            Final = row.GetText(14),
            IsCleared = row.GetBoolean(15),
        };
}

/// <summary>A run, with how it ended.</summary>
internal sealed record RecordedRun(long Position, string RunId, bool IsLive, DateTimeOffset ReadAt, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string Record, string? End)
{
    public static RecordedRun Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4),
        row.GetTime(5), row.GetString(6), row.GetText(7));
}

/// <summary>A request of a run, with what came of it.</summary>
internal sealed record RecordedRequestRow(string RunId, string IntentId, DateTimeOffset SentAt, JournalState? State, DateTimeOffset? OutcomeAt, string Record, string? Final)
{
    public static RecordedRequestRow Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetState(3), row.GetTime(4), row.GetString(5), row.GetText(6));
}

/// <summary>What came of a request, as far as rows ask: which of them failed their review, and why.</summary>
internal sealed class RecordedReviews
{
    private readonly ulong _failed;
    private readonly ulong _unclear;

    public RecordedReviews(int rowCount, JournalLine? outcome, JournalLine? final)
    {
        Outcome = outcome;
        (_failed, _unclear) = final is null ? default : JournalMapper.Reviews(final, rowCount);
        var reason = final is null ? (outcome is { State: JournalState.Refused } ? outcome : null) : _failed != 0 ? final : null;
        (Code, IsPassing) = (reason?.Code, reason is not null && TaskError.MayPass(reason.Code, reason.Message));
    }

    public JournalLine? Outcome { get; }

    public string? Code { get; }

    public bool IsPassing { get; }

    public RowReview At(int row) => RowReviews.At(row, _failed, _unclear);
}

internal static class DataReaderExtensions
{
    /// <summary>A column's text; null if it has none.</summary>
    public static string? GetText(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A column's time; null if it has none.</summary>
    public static DateTimeOffset? GetTime(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    /// <summary>A recorded outcome; null if none is, and unknown if a later version has written it.</summary>
    public static JournalState? GetState(this DbDataReader row, int column) =>
        row.GetText(column) is not { } text ? null : Enum.TryParse<JournalState>(text, out var state) ? state : JournalState.Unknown;
}
