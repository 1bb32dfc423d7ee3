namespace Seedance.Client.Tests.Architecture;

/// <summary>The rooms of the client, read from the compiled assembly. To see the matrix: `dotnet test --logger "console;verbosity=detailed" --filter Architecture`.</summary>
public sealed class ArchitectureTests(ITestOutputHelper output)
{
    // A room, and what it may use. A new arrow is a decision: make it here, and let the last test tell you that it closes no cycle.
    private const string Allowed = """
        Errors
        Images            → Errors
        Model             → Errors Images
        Http              → Errors Images Model
        Journal           → Errors Images Model
        Journal/FileStore → Errors Images Model Journal
        Runs              → Errors Images Model Http Journal
        Api               → Errors Images Model Http Journal
        Account           → Errors Images Model Http Journal Runs Api
        Library           → Errors Images Model Http Journal Runs Api
        Tasks             → Errors Images Model Http Journal Runs Api Library
        Transfers         → Errors Images Model Http Journal Runs Api
        Settling          → Errors Images Model Http Journal Runs Api Tasks Library
        Assets            → Errors Images Model Http Journal Runs Api Account Tasks Library Transfers Settling
        Reports           → Errors Images Model Journal Runs Assets
        Identity          → Errors Images Model Http Journal Runs Api Account Tasks Library Transfers
        Videos            → Errors Images Model Http Journal Runs Api Account Tasks Library Transfers
        Queue             → Errors Images Model Http Journal Runs Api Account Tasks Library Transfers Settling Assets Videos
        Connections       → Errors Images Model Http Journal Runs Api Account Tasks Library Transfers Settling Assets Identity Videos Queue Journal/FileStore
        """;

    private static readonly (IReadOnlyCollection<TypeUse> Uses, IReadOnlyList<string> Homeless) s_client = AssemblyReader.Read(typeof(SeedanceClient).Assembly.Location);

    [Fact]
    public void Arrows_between_rooms_are_those_of_the_list()
    {
        var allowed = Arrows().ToHashSet();
        var wrong = s_client.Uses.Where(use => !allowed.Contains((use.From.Room, use.To.Room))).Select(use => use.ToString()).Order(StringComparer.Ordinal).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} uses have no arrow in the list:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Rooms_form_no_cycle()
    {
        var rooms = new Rooms(s_client.Uses);
        output.WriteLine(rooms.Matrix());
        Assert.Empty(rooms.Cycles());
    }

    [Fact]
    public void Every_type_that_was_written_here_stands_in_a_room()
    {
        var homeless = s_client.Homeless.Where(name => !name.StartsWith('<') && name is not ("EmbeddedAttribute" or "RefSafetyRulesAttribute"));
        Assert.Empty(homeless);
    }

    private static IEnumerable<(string From, string To)> Arrows() =>
        from line in Allowed.Split('\n')
        let arrow = line.Split('→', StringSplitOptions.TrimEntries)
        from to in arrow.Skip(1).SelectMany(text => text.Split(' '))
        select (arrow[0], to);
}
