using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the groups that the journal knows, or with -Online those that the asset library shows.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceAvatarGroup")]
[OutputType(typeof(AvatarGroup))]
public sealed class GetSeedanceAvatarGroupCommand : AsyncCommand
{
    private Wildcards _name = new(null);

    /// <summary>The groups of this name; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string? Name { get; set; }

    /// <summary>The group of this id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>What the asset library shows, which may hold other accounts' groups: IsKnown tells whether the journal knows it.</summary>
    [Parameter]
    public SwitchParameter Online { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _name = new Wildcards(Name);
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var known = await ReadJournalAsync(cancellationToken);
        if (!Online)
        {
            QueueObjects(known.Where(IsWanted));
            return;
        }

        var client = Connected.GetClient().WithRequestObserver(OnRequest);
        if (GroupId is not null)
        {
            if (await client.GetGroupAsync(GroupId, cancellationToken) is { } group && _name.Match(group.Name))
            {
                Show(group);
            }

            return;
        }

        await foreach (var group in client.ListGroups(WildcardPattern.ContainsWildcardCharacters(Name ?? "*") ? null : Name).WithCancellation(cancellationToken))
        {
            if (IsWanted(group))
            {
                Show(group);
            }
        }

        void Show(AvatarGroup group)
        {
            var shown = PSObject.AsPSObject(group);
            shown.Properties.Add(new PSNoteProperty("IsKnown", known.Exists(one => one.GroupId is null ? one.Name == group.Name : one.GroupId == group.GroupId)));
            QueueObject(shown);
        }
    }

    private async Task<List<AvatarGroup>> ReadJournalAsync(CancellationToken cancellationToken)
    {
        var groups = new Dictionary<(string?, string?, string?), AvatarGroup>();
        await foreach (var task in Connected.GetJournal().ReadTasksAsync(JournalQuery.All, cancellationToken))
        {
            if (task is { Kind: TaskKind.Asset, Group: { } group })
            {
                groups.TryAdd((group.GroupId, group.GroupId is null ? group.Name : null, task.ProjectName), group with { ProjectName = task.ProjectName });
            }
        }

        // A group whose id was told later stands there by its name alone, too.
        return [.. groups.Values.Where(group => group.GroupId is not null || !groups.Values.Any(other => other.GroupId is not null && other.Name == group.Name && other.ProjectName == group.ProjectName))];
    }

    private bool IsWanted(AvatarGroup group) => (GroupId is null || group.GroupId == GroupId) && _name.Match(group.Name);
}
