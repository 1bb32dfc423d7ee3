using System.Threading.Channels;

namespace Seedance.Client.Tests.Assets;

/// <summary>What a run asks a journal on another machine about its rows: much at once, and while others are answered.</summary>
public sealed class LookUpTests
{
    private const int Size = 100;

    [Fact]
    public void Beside_a_question_goes_another_only_if_there_are_rows_to_fill_it()
    {
        var bench = new ClientFixture { JournalFile = new FakeJournalFile() };
        var rows = new Queue<AssetSource>(ClientFixture.Rows(1_000, new AvatarGroup { GroupId = "group_1" }));
        bench.Network.Sandbox.AddGroup("group_1", "known");
        var inbox = Channel.CreateUnbounded<AssetSource>();
        Arrive(350);

        // Rows trickle in while each is asked, and while it is answered.
        var journal = new FarJournal(bench.OpenJournal(), bench.Time.Clock, () => Arrive(7));
        var events = bench.Time.Run(async () => await new AssetSubmitter(bench.Client, journal, bench.Time.Clock).SubmitAsync(inbox.Reader).ToListAsync());

        Assert.Equal(1_000, events.OfType<TaskAccepted>().Sum(accepted => accepted.Task.Sources.Count));
        Assert.Equal([(Size, 0), (Size, 1), (Size, 2)], journal.Questions.Take(3));
        Assert.All(journal.Questions.Where(one => one.Beside > 0), one => Assert.Equal(Size, one.Rows));

        void Arrive(int count)
        {
            for (; count > 0 && rows.TryDequeue(out var row); count--)
            {
                inbox.Writer.TryWrite(row);
            }

            if (rows.Count == 0)
            {
                inbox.Writer.TryComplete();
            }
        }
    }

    private sealed class FarJournal(IJournal inner, TimeProvider time, Action passing) : DelegatingJournal(inner), IJournal
    {
        private int _underWay;

        public int PreferredLookupSize => Size;

        public List<(int Rows, int Beside)> Questions { get; } = [];

        public override async ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken)
        {
            Questions.Add((keys.Count, _underWay++));
            passing();
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
            passing();
            _underWay--;
            return await base.FindAsync(keys, cancellationToken);
        }
    }
}
