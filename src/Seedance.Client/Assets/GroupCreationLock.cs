namespace Seedance.Assets;

/// <summary>
/// Lets the first request of a group that has no id yet go alone: the server makes the group with it, and may tell its
/// id, which the rest then use. Two at once could make two groups of one name.
/// </summary>
internal sealed class GroupCreationLock
{
    private readonly Dictionary<(string? Name, string? Project), Gate> _gates = [];

    /// <summary>Waits for the group's turn. The result must be given back through <see cref="Leave"/>.</summary>
    public async Task<AvatarGroup> EnterAsync(AvatarGroup group, string? project, CancellationToken cancellationToken)
    {
        if (group.GroupId is not null)
        {
            return group;
        }

        while (true)
        {
            Task leader;
            lock (_gates)
            {
                if (!_gates.TryGetValue((group.Name, project), out var gate))
                {
                    _gates[(group.Name, project)] = gate = new Gate();
                }

                if (gate.IsOpen)
                {
                    return gate.GroupId is null ? group : group with { GroupId = gate.GroupId };
                }

                if (gate.Leader is null)
                {
                    gate.Leader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return group;
                }

                leader = gate.Leader.Task;
            }

            // It always ends: a leader that is called off gives its place back too.
            await leader;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Tells what came of a request that was let in: the first accepted one opens the gate.</summary>
    public void Leave(AvatarGroup group, string? project, SeedanceTask? accepted)
    {
        TaskCompletionSource? leader;
        lock (_gates)
        {
            if (group.GroupId is not null || !_gates.TryGetValue((group.Name, project), out var gate) || gate.IsOpen)
            {
                return;
            }

            gate.IsOpen = accepted is not null;
            gate.GroupId = accepted?.GroupId;
            (leader, gate.Leader) = (gate.Leader, null);
        }

        leader?.TrySetResult();
    }

    private sealed class Gate
    {
        public bool IsOpen { get; set; }

        public string? GroupId { get; set; }

        public TaskCompletionSource? Leader { get; set; }
    }
}
