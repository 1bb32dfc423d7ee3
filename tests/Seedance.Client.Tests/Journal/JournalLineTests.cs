using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Seedance.Client.Tests.Journal;

/// <summary>Lines are written and read by hand: nothing may be forgotten by either.</summary>
public sealed class JournalLineTests
{
    [Fact]
    public void Every_member_is_written_under_its_name_and_read_back()
    {
        var line = Filled<JournalLine>();
        line.Rows = [Filled<JournalLine.LineRow>(), Filled<JournalLine.LineRow>()];
        line.Assets = [Filled<JournalLine.LineAsset>(), Filled<JournalLine.LineAsset>()];

        var text = Write(line);
        Same(line, Read(text)!);
        using var document = JsonDocument.Parse(text);
        Names<JournalLine>(document.RootElement);
        Names<JournalLine.LineRow>(document.RootElement.GetProperty("rows")[1]);
        Names<JournalLine.LineAsset>(document.RootElement.GetProperty("assets")[1]);
    }

    [Fact]
    public void Kept_columns_are_written_and_read_back()
    {
        var kept = new Dictionary<string, string> { ["Character"] = "Ann", ["Scene 2"] = "" };
        var read = Read(Write(new JournalLine { Type = JournalLineType.Intent, Rows = [new() { Kept = kept }] }))!;
        Assert.Equal(kept, read.Rows![0].Kept);
    }

    [Fact]
    public void What_is_null_is_left_out() =>
        Assert.Equal("""{"type":"Outcome"}""" + "\n", Write(new JournalLine { Type = JournalLineType.Outcome }));

    [Fact]
    public void A_null_reads_as_nothing_and_a_strange_member_is_passed_over() =>
        Same(
            new JournalLine { Type = JournalLineType.Final, Rows = [new() { Name = "a" }] },
            Read("""{"colour":{"rgb":[1,{"a":2}]},"a member with a name that is longer than any that is known":1,"type":"Final","at":null,"version":null,"state":null,"implied":null,"assets":null,"rows":[{"name":"a","more":[]}]}""")!);

    [Fact]
    public void Letters_of_every_script_are_written_as_they_are_and_escapes_are_read()
    {
        Assert.Contains("安娜 & \"Ånn\" <3".Replace("\"", "\\\"", StringComparison.Ordinal), Write(new JournalLine { GroupName = "安娜 & \"Ånn\" <3" }), StringComparison.Ordinal);
        Assert.Equal("安娜\n", Read("""{"t\u0079pe":"\u0046inal","groupName":"\u5b89\u5a1c\n"}""")!.GroupName);
    }

    [Fact]
    public void A_value_that_repeats_is_kept_once_and_one_that_changes_is_not_confused_with_it()
    {
        var reader = new JournalLineReader();
        var projects = ((string[])["a", "a", "b", "b", "a"])
            .Select(project => reader.Read(Encoding.UTF8.GetBytes($$"""{"type":"Intent","project":"{{project}}"}"""))!.Project).ToList();

        Assert.Equal(["a", "a", "b", "b", "a"], projects);
        Assert.Same(projects[0], projects[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"type\":\"Nonsense\"}")]
    [InlineData("{\"type\":null}")]
    [InlineData("{\"type\":\"Final\"")]
    [InlineData("{\"type\":\"Final\"}{")]
    [InlineData("{\"type\":\"Final\",\"rows\":7}")]
    [InlineData("{\"type\":\"Final\",\"rows\":[7]}")]
    [InlineData("{\"type\":\"Final\",\"assets\":[{\"row\":\"1\"}]}")]
    [InlineData("{\"type\":\"Final\",\"assets\":[{\"row\":99999999999}]}")]
    [InlineData("{\"type\":\"Final\",\"task\":7}")]
    [InlineData("{\"type\":\"Final\",\"at\":\"yesterday\"}")]
    [InlineData("{\"type\":\"Final\",\"state\":\"Accepted,Refused\"}")]
    [InlineData("{\"type\":\"Final\",\"state\":\"99\"}")]
    [InlineData("{\"type\":\"Final\",\"realPerson\":\"true\"}")]
    [InlineData("{\"type\":\"Final\",\"task\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1,\"type\":\"Final\"}")]
    public void What_is_no_line_is_said_to_be_none(string text) => Assert.ThrowsAny<JsonException>(() => Read(text));

    private static JournalLine? Read(string text) => new JournalLineReader().Read(Encoding.UTF8.GetBytes(text));

    private static string Write(JournalLine line)
    {
        var buffer = new ArrayBufferWriter<byte>();
        JournalLineWriter.Write(buffer, line);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static IEnumerable<PropertyInfo> Members<T>() => typeof(T).GetProperties().Where(member => member.Name != nameof(JournalLine.Group));

    /// <summary>With a value of its own in every member.</summary>
    private static T Filled<T>()
        where T : new()
    {
        var filled = new T();
        foreach (var (i, member) in Members<T>().Index())
        {
            var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            member.SetValue(filled, type switch
            {
                { IsEnum: true } => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1),
                _ when type == typeof(string) => $"{member.Name} {i}",
                _ when type == typeof(int) => i + 1,
                _ when type == typeof(decimal) => i + 0.5m,
                _ when type == typeof(bool) => true,
                _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1 + (i / 28), 1 + (i % 28), 2, 3, 4, 567, TimeSpan.FromHours(8)),
                _ => null,
            });
        }

        return filled;
    }

    private static void Same<T>(T expected, T found)
    {
        foreach (var member in Members<T>())
        {
            var (left, right) = (member.GetValue(expected), member.GetValue(found));
            if (left is IReadOnlyList<JournalLine.LineRow> or IReadOnlyList<JournalLine.LineAsset>)
            {
                Assert.Equal(((IEnumerable)left).Cast<object>(), ((IEnumerable)right!).Cast<object>());
            }
            else
            {
                Assert.True(Equals(left, right), $"{member.Name}: {left} was read back as {right}.");
            }
        }
    }

    private static void Names<T>(JsonElement written) =>
        Assert.Equal(Members<T>().Where(member => member.Name != nameof(JournalLine.LineRow.Kept)).Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name)).Order(), written.EnumerateObject().Select(member => member.Name).Order());
}
