namespace Seedance.Tasks;

/// <summary>
/// How often tasks of a kind end at which age, told by every look at one, and where in time looks are therefore worth
/// most. Ages are counted in steps of a tenth, so that seconds and hours are known equally well.
/// </summary>
internal sealed class CompletionRate
{
    private const double FirstAge = 0.1;
    private const double Step = 1.1;
    private const int Steps = 150;

    // What a look costs, in shares of a task's time: at this price, noticing late by a twentieth and six looks balance.
    private const double Price = 0.015;

    // As many tasks that passed an age without ending say that none ends there.
    private const double Enough = 8;

    // Old ends count less and less.
    private const double Remembered = 128;

    private readonly double[] _watched = new double[Steps];
    private readonly double[] _ended = new double[Steps];
    private double _ends;

    /// <summary>Takes in what a look told: between two ages, a task ended, or it did not.</summary>
    public void Add(TimeSpan from, TimeSpan to, bool hasEnded)
    {
        var (low, high) = (from.TotalSeconds, Math.Max(to.TotalSeconds, from.TotalSeconds + 0.001));
        for (var i = IndexOf(low); i < Steps && (i == 0 || AgeAt(i) < high); i++)
        {
            var overlap = Math.Min(high, AgeAt(i + 1)) - Math.Max(low, i == 0 ? 0 : AgeAt(i));

            // The end may lie anywhere between: on average, half of the time was lived.
            _watched[i] += hasEnded ? overlap / 2 : overlap;
            _ended[i] += hasEnded ? overlap / (high - low) : 0;
        }

        if (hasEnded && ++_ends > Remembered)
        {
            _ends /= 2;
            for (var i = 0; i < Steps; i++)
            {
                _watched[i] /= 2;
                _ended[i] /= 2;
            }
        }
    }

    /// <summary>The age at which a task that was alive at <paramref name="age"/> is to be looked at next.</summary>
    /// <param name="age">The age at the last look; zero before the first.</param>
    /// <param name="phase">0 to 1, another for every task: tasks that began together are not all looked at together.</param>
    public TimeSpan NextLook(TimeSpan age, double phase)
    {
        // Looks lie the denser, the more tasks end and the younger they are: lateness counts as a share of the age.
        // The next one is due when the density has added up to a whole look; before the first end, to a part of one.
        var from = age.TotalSeconds;
        var sum = Rate(IndexOf(from)) > 0 ? 0 : phase;
        for (var i = IndexOf(from); i < Steps; i++)
        {
            var low = Math.Max(from, i == 0 ? 0 : AgeAt(i));
            var width = AgeAt(i + 1) - low;
            var density = Math.Sqrt(Rate(i) / (2 * Price * AgeAt(i + 0.5)));
            if (sum + (density * width) >= 1)
            {
                return TimeSpan.FromSeconds(low + ((1 - sum) / density));
            }

            sum += density * width;
        }

        return age * Step;
    }

    /// <summary>Ends a second of a task's life at this age.</summary>
    private double Rate(int step)
    {
        double polled = 0, ended = 0;
        for (var i = Math.Max(step - 1, 0); i <= Math.Min(step + 1, Steps - 1); i++)
        {
            polled += _watched[i];
            ended += _ended[i];
        }

        var span = AgeAt(step + 2) - AgeAt(step - 1);
        var tasks = polled / span;
        if (tasks >= Enough && ended < 0.1)
        {
            return 0;
        }

        // Where little is known, about as likely at any age in proportion: looks then lie a seventh apart.
        const double Doubt = 0.5;
        return (ended + (Doubt * span / AgeAt(step + 0.5))) / (polled + (Doubt * span));
    }

    private static int IndexOf(double age) =>
        age < FirstAge ? 0 : Math.Min((int)(Math.Log(age / FirstAge) / Math.Log(Step)), Steps - 1);

    private static double AgeAt(double step) => FirstAge * Math.Pow(Step, step);
}
