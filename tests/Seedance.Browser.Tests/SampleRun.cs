namespace Seedance.Browser.Tests;

/// <summary>A run with everything in it that a report can show, the same each time.</summary>
internal static class SampleRun
{
    public static readonly DateTimeOffset Start = new(2027, 3, 14, 21, 3, 12, TimeSpan.FromHours(1));

    private static readonly string[] s_people =
    [
        "Amara Okafor", "李雨桐", "Jonas Weber", "Sofía Hernández", "Yuki Tanaka", "Noor al-Haddad", "Olena Shevchenko", "Mateus Carvalho",
        "Priya Raman", "Tomáš Dvořák", "Chloé Lambert", "Kwame Mensah", "Ingrid Solberg", "محمد رضا", "Elif Yılmaz", "Grace Kim",
    ];

    private static readonly string[] s_departments = ["Casting", "Spring campaign", "Store staff", "Voices"];

    public static ReportHead Head { get; } = new()
    {
        Title = "Spring campaign, faces",
        AccountName = "studio-berlin",
        RunName = "spring-faces",
        RunId = "01JPA7Q2M8",
        GroupName = "Spring 2027",
        GroupId = "group-20270314-aurora",
        StartedAt = Start,
        EndedAt = Start.AddMinutes(11.4),
        Duration = TimeSpan.FromMinutes(11.4),
        Requests = 63,
        Cost = 12.874m,
        NextCommand = "Import-Csv ./spring.csv | Submit-SeedanceAsset -Group 'Spring 2027' -RunName spring-faces -Resume -RetryFailed | Wait-SeedanceTask",
        CreatedAt = Start.AddMinutes(13),
    };

    /// <summary>Rows of all kinds: of any 40, 30 are usable.</summary>
    public static IEnumerable<ReportRow> Rows(int count, IReadOnlyList<ReportThumbnail?>? pictures = null) =>
        Enumerable.Range(1, count).Select(number => Row(number, pictures is { Count: > 0 } ? pictures[number % pictures.Count] : null));

    private static ReportRow Row(int number, ReportThumbnail? thumbnail)
    {
        var row = new ReportRow
        {
            State = ReportRowState.Usable,
            Row = number,
            RowId = $"SP-{number:0000}",
            Name = $"{s_people[number * 7 % s_people.Length]} {number}",
            Type = (number % 40) switch { 7 or 19 => ReportRowType.Video, 29 => ReportRowType.Audio, 35 => ReportRowType.GeneratedVideo, _ => ReportRowType.Image },
            KeptColumns = [new("Department", s_departments[number % s_departments.Length]), new("Country", number % 3 == 0 ? "DE" : "FR")],
            AssetUrl = $"asset://asset-20270314{number:000000}-{number * 7919 % 100000:00000}",
            MatchedBy = MatchedBy.Name,
            Tries = 1,
            Duration = TimeSpan.FromSeconds(8 + (number * 13 % 47)),
            Thumbnail = thumbnail,
        };
        return (number % 40) switch
        {
            3 or 22 => row with
            {
                State = ReportRowState.Failed,
                Tries = 2,
                Error = "InputImageSensitiveContentDetected.PolicyViolation: The picture shows a celebrity or a protected person.",
                Advice = "Use a picture of somebody who has agreed to it.",
            },
            31 => row with
            {
                State = ReportRowState.Failed,
                Error = "FaceMismatch: The face is not the one that passed the liveness check.",
                Advice = "Submit a picture of the verified person, with the face from the front.",
            },
            11 => row with
            {
                State = ReportRowState.Invalid,
                AssetUrl = null,
                MatchedBy = null,
                Tries = null,
                Duration = null,
                Error = "Column Url: 'intranet.local' is not reachable from the public internet.",
                Advice = "Give an address that everybody can open, or send the file with Send-SeedanceImage.",
            },
            17 => row with
            {
                State = ReportRowState.NotAccepted,
                AssetUrl = null,
                MatchedBy = null,
                Duration = null,
                Error = "413: The file has 34 MB; 30 MB are allowed.",
                Advice = "Make the picture smaller and submit it again.",
            },
            26 => row with
            {
                State = ReportRowState.Unknown,
                AssetUrl = null,
                MatchedBy = null,
                Duration = null,
                Error = "The connection broke before an answer came.",
                Advice = "Run Sync-SeedanceJournal: it asks the library whether the asset is there.",
            },
            1 => row with { State = ReportRowState.UnderWayElsewhere, AssetUrl = null, MatchedBy = null, Tries = null, Duration = null },
            5 or 37 => row with { State = ReportRowState.Accepted, AssetUrl = null, MatchedBy = null, Duration = null, TaskId = $"task_{number:000000}" },
            13 => row with { State = ReportRowState.AcceptedEarlier, AssetUrl = null, MatchedBy = null, Tries = null, Duration = null, TaskId = $"task_{number:000000}" },
            9 => row with { MatchedBy = MatchedBy.Position },
            35 => row with
            {
                AssetUrl = null,
                MatchedBy = null,
                TaskId = $"task_{number:000000}",
                Duration = TimeSpan.FromSeconds(206),
                VideoUrl = $"https://videos.example/{number}.mp4?signature=5f0c",
                VideoExpiresAt = Start.AddDays(number % 80 == 35 ? 1 : 300_000),
                Cost = 2.14575m,
            },
            _ => row,
        };
    }
}
