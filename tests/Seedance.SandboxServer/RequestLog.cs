using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.SandboxServer;

/// <summary>One request as it arrived.</summary>
/// <param name="Number">Its place among all requests, from 1.</param>
/// <param name="Time">When it had arrived.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path.</param>
/// <param name="Query">The query with its question mark; may be empty.</param>
/// <param name="Headers">All headers, Authorization among them.</param>
/// <param name="Body">The body as text, cut at 64 KiB.</param>
/// <param name="Fault">The fault that struck it, or null.</param>
/// <param name="Status">The status of the service's own answer, whatever the caller saw of it; null when it has not acted.</param>
/// <param name="TaskId">The task that the request began, whether its caller learned of it or not; null when it began none.</param>
public sealed record ReceivedRequest(
    long Number,
    DateTimeOffset Time,
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    FaultKind? Fault,
    int? Status = null,
    string? TaskId = null);

/// <summary>The most recent requests, and how many were under way at once.</summary>
internal sealed class RequestLog(int kept)
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _recent = [];
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private long _count;
    private long _posts;
    private long _gets;
    private int _current;
    private int _unanswered;

    public IReadOnlyList<ReceivedRequest> Recent
    {
        get
        {
            lock (_gate)
            {
                return [.. _recent.Select(entry => entry.Request)];
            }
        }
    }

    public IReadOnlyDictionary<string, int> Faults
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, int>(_faults, StringComparer.Ordinal);
            }
        }
    }

    public long Posts => Interlocked.Read(ref _posts);

    public long Gets => Interlocked.Read(ref _gets);

    public int MaxConcurrent { get; private set; }

    public int Unanswered => Volatile.Read(ref _unanswered);

    public void BrokenOff() => Interlocked.Increment(ref _unanswered);

    public void Enter()
    {
        lock (_gate)
        {
            MaxConcurrent = Math.Max(MaxConcurrent, ++_current);
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _current--;
        }
    }

    /// <summary>Adds a request that has arrived.</summary>
    /// <returns>What takes the service's answer to it, once there is one.</returns>
    public Action<SandboxResponse> Add(ReceivedRequest request)
    {
        lock (_gate)
        {
            _count++;
            _posts += request.Method == "POST" ? 1 : 0;
            _gets += request.Method == "GET" ? 1 : 0;
            if (request.Fault is { } fault)
            {
                _faults[fault.Name()] = _faults.GetValueOrDefault(fault.Name()) + 1;
            }

            var entry = new Entry { Request = request with { Number = _count } };
            if (kept > 0)
            {
                if (_recent.Count == kept)
                {
                    _recent.Dequeue();
                }
                _recent.Enqueue(entry);
            }
            return response =>
            {
                lock (_gate)
                {
                    entry.Request = entry.Request with { Status = response.Status, TaskId = response.TaskId };
                }
            };
        }
    }

    /// <summary>Begins anew; what is under way stays counted.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _recent.Clear();
            _faults.Clear();
            _count = _posts = _gets = _unanswered = 0;
            MaxConcurrent = _current;
        }
    }

    private sealed class Entry
    {
        public required ReceivedRequest Request { get; set; }
    }
}
