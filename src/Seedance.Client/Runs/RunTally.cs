namespace Seedance.Runs;

/// <summary>Counts what becomes of the rows of a run, whoever of its workers finds it out.</summary>
internal sealed class RunTally
{
    private int _rows;
    private int _accepted;
    private int _earlier;
    private int _unknown;
    private int _unknownEarlier;
    private int _elsewhere;

    /// <summary>Gets how many rows are left to other runs.</summary>
    public int UnderWayElsewhere => Volatile.Read(ref _elsewhere);

    /// <summary>Counts a row that came in, and repeats none of the run.</summary>
    public void Add() => Interlocked.Increment(ref _rows);

    /// <summary>Takes rows off the count that were queued again: whoever takes them next counts them.</summary>
    public void Return(int rows) => Interlocked.Add(ref _rows, -rows);

    /// <summary>Counts what is to become of a row that was sent before; of one that is sent now, its request tells.</summary>
    public void Count(ResumeAction action)
    {
        switch (action)
        {
            case ResumeAction.GiveOut or ResumeAction.GiveOutRefused or ResumeAction.GiveOutUnclear:
                Interlocked.Increment(ref _earlier);
                break;
            case ResumeAction.ReportUnknown:
                Interlocked.Increment(ref _unknownEarlier);
                break;
            case ResumeAction.Leave:
                Interlocked.Increment(ref _elsewhere);
                break;
            default:
                break;
        }
    }

    /// <summary>Counts what came of a request.</summary>
    public void Count(RequestResult result, int rows)
    {
        if (result.Task is not null)
        {
            Interlocked.Add(ref _accepted, rows);
        }
        else if (result.Failure is { Delivery: Delivery.Unknown })
        {
            Interlocked.Add(ref _unknown, rows);
        }
    }

    /// <summary>Returns how the run has gone.</summary>
    /// <param name="lease">The run.</param>
    /// <param name="invalid">How many rows never came here, since they could not be sent as they were.</param>
    public Run ToRun(RunLease lease, int invalid)
    {
        var rows = _rows + invalid;
        return new Run
        {
            RunId = lease.RunId,
            RunName = lease.Name,
            StartedAt = lease.StartedAt,
            EndedAt = lease.EndedAt,
            Duration = lease.Elapsed,
            IsComplete = true,
            Computer = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            Rows = rows,
            Accepted = _accepted,
            AcceptedEarlier = _earlier,
            Invalid = invalid,
            Unknown = _unknown + _unknownEarlier,
            UnderWayElsewhere = _elsewhere,
            NotAccepted = rows - _accepted - _earlier - invalid - _unknown - _unknownEarlier - _elsewhere,
            Requests = lease.Requests,
        };
    }

    /// <summary>Returns what the run's requests do not tell.</summary>
    public JournalRunEnd ToEnd(string runId, int invalid) => new(runId)
    {
        Rows = _rows + invalid,
        Invalid = invalid,
        AcceptedEarlier = _earlier,
        UnknownEarlier = _unknownEarlier,
        UnderWayElsewhere = _elsewhere,
    };
}
