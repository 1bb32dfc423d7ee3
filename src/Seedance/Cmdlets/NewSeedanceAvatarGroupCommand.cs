using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Describes an asset group. Nothing is sent: the server makes the group with its first submission.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "SeedanceAvatarGroup", DefaultParameterSetName = "Name")]
[OutputType(typeof(AvatarGroup))]
public sealed class NewSeedanceAvatarGroupCommand : PSCmdlet
{
    /// <summary>The group's name, up to 64 characters. The server finds or creates the group by it.</summary>
    [Parameter(ParameterSetName = "Name", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "GroupId", ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ValidateLength(1, AssetRules.MaxNameLength)]
    public string? Name { get; set; }

    /// <summary>What the group is for, up to 300 characters.</summary>
    [Parameter(ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [ValidateLength(0, AssetRules.MaxDescriptionLength)]
    public string? Description { get; set; }

    /// <summary>The project; the API's default if it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>The id of a group that the server has already.</summary>
    [Parameter(ParameterSetName = "GroupId", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>The group is that of a person who passed the liveness check.</summary>
    [Parameter(ParameterSetName = "GroupId")]
    public SwitchParameter RealPerson { get; set; }

    /// <summary>The connection is accepted as everywhere, and not needed.</summary>
    [Parameter]
    public SeedanceConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(new AvatarGroup
    {
        Name = Name,
        Description = string.IsNullOrEmpty(Description) ? null : Description,
        ProjectName = string.IsNullOrEmpty(ProjectName) ? null : ProjectName,
        GroupId = GroupId,
        IsRealPerson = RealPerson,
    });
}
