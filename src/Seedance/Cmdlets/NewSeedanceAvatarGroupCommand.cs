using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Describes an asset group. Nothing is sent: the server makes the group with its first submission.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "SeedanceAvatarGroup", DefaultParameterSetName = "Name")]
[OutputType(typeof(AvatarGroup))]
public sealed class NewSeedanceAvatarGroupCommand : PSCmdlet
{
    private readonly Table _table = new([["Name"], ["Description"], ["ProjectName"], ["GroupId"], ["IsRealPerson", "RealPerson"]]);
    private RowParameters _parameters = new(new Dictionary<string, object>());

    /// <summary>The group's name, up to 64 characters. The server finds or creates the group by it.</summary>
    [Parameter(ParameterSetName = "Name", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = "GroupId", ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; }

    /// <summary>What the group is for, up to 300 characters.</summary>
    [Parameter(ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>The project; the API's default if it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>The id of a group that the server has already.</summary>
    [Parameter(ParameterSetName = "GroupId", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>The group is that of a person who passed the liveness check.</summary>
    [Parameter(ParameterSetName = "GroupId")]
    public SwitchParameter RealPerson { get; set; }

    /// <summary>A name, a row with these columns, or what was written of a group.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The connection is accepted as everywhere, and not needed.</summary>
    [Parameter]
    public SeedanceConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _parameters = new RowParameters(MyInvocation.BoundParameters);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // A row is read by our columns alone: the Id of a table may be anything's.
        var row = MyInvocation.ExpectingInput && InputObject is { BaseObject: not string } ? _table.Read(InputObject, WriteWarning) : null;
        if (row is { IsEmpty: true })
        {
            return;
        }

        var group = new AvatarGroup
        {
            Name = Choose(nameof(Name), Name),
            Description = Choose(nameof(Description), Description),
            ProjectName = Choose(nameof(ProjectName), ProjectName),
            GroupId = Choose(nameof(GroupId), GroupId),
            IsRealPerson = bool.TryParse(row?.Text("IsRealPerson"), out var isRealPerson) ? isRealPerson : RealPerson,
        };
        if (AssetRules.Objections(group) is { Count: > 0 } objections)
        {
            var error = ErrorRecords.From(new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"This describes no group: {string.Join("; ", objections)}.")
            {
                RecommendedAction = "Give each group a Name, or the GroupId of one that the server has.",
            }, InputObject);
            if (!MyInvocation.ExpectingInput)
            {
                ThrowTerminatingError(error);
            }

            WriteError(error);
            return;
        }

        WriteObject(group);

        string? Choose(string parameter, string? bound) =>
            row is null ? (string.IsNullOrWhiteSpace(bound) ? null : bound)
            : _parameters.Choose(parameter, string.IsNullOrWhiteSpace(bound) ? null : bound, row.Text(parameter)?.Trim());
    }
}
