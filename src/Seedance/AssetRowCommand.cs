using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>A cmdlet that takes rows: the columns of a CSV as parameters, from the command line or by pipeline.</summary>
public abstract class AssetRowCommand : AsyncCommand
{
    /// <summary>So many rows without any column that is needed, and none that has one, are a table that is not right as a whole.</summary>
    private const int MostUnplaced = 100;

    private AssetRows? _inputs;
    private readonly List<AssetRow> _unplaced = [];
    private RowParameters _parameters = new(new Dictionary<string, object>());
    private PropertyKeeper? _kept;
    // A field of the client's own type would have the client loaded before the module can say where it lies.
    private int _matchBy;
    private bool _isPlaced;
    private int _row;
    private int _empty;

    /// <summary>Where the material is: http or https, reachable from the public internet.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri", "SourceUrl")]
    public string? Url { get; set; }

    /// <summary>A picture on this machine, which is uploaded first; wildcards are allowed. Excludes -Url.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>A name for the material, up to 64 characters. A row without one is given one, unless this is ''.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>Image, Video or Audio. Image if it is left out, or Video for a real person's group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    [ArgumentCompleter(typeof(AssetTypeCompleter))]
    public string? AssetType { get; set; }

    /// <summary>The group: one from New-SeedanceAvatarGroup, or a name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [GroupOrName]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public AvatarGroup? Group { get; set; }

    /// <summary>The id of a group that the server has already. Excludes -Group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>The project; the group's, or the API's default, if it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>The row's own id in your table: it is the same row from run to run, wherever its material lies.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RowId { get; set; }

    /// <summary>By what a row without a RowId is known again from run to run: its address, however spelled and signed; the whole address; the address without its query; or its name.</summary>
    [Parameter]
    public MatchBy MatchBy
    {
        get => (MatchBy)_matchBy;
        set => _matchBy = (int)value;
    }

    /// <summary>Columns of your own that are remembered with each row, by their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? KeepProperty { get; set; }

    /// <summary>The model whose limits the material is for: seedance-2.5 for clips of up to 30 seconds. The 2.0 models' hold without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VideoModelCompleter))]
    public string? Model { get; set; }

    /// <summary>A row: an object with these columns, an address, or a file.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>How many inputs came so far.</summary>
    private protected int Rows { get; private set; }

    /// <summary>How many of them were refused.</summary>
    private protected int Invalid { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _parameters = new RowParameters(MyInvocation.BoundParameters);
        _kept = new PropertyKeeper(KeepProperty, WriteWarning);
        _inputs = new AssetRows(KeepProperty, _parameters.IsGiven);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject?.BaseObject is System.Collections.IList list)
        {
            foreach (var item in list)
            {
                Read(item is null ? null : PSObject.AsPSObject(item), bound: null);
            }
        }
        else
        {
            Read(InputObject, Bound());
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_unplaced.Count > 0)
        {
            ThrowTerminatingError(ErrorRecords.From(AssetRules.RefuseTable(_unplaced[0].OtherColumns!), _unplaced[0].InputObject));
        }

        if (_empty > 0)
        {
            WriteVerbose($"{_empty} row(s) with nothing in any cell passed over.");
        }

        CompleteRows();
        base.EndProcessing();
    }

    /// <summary>Says that no more rows come.</summary>
    private protected abstract void CompleteRows();

    // One bit a column that the binder found in this input, or that stands on the command line.
    private int Bound() =>
        Bit(Url, 0) | Bit(Path, 1) | Bit(Name, 2) | Bit(AssetType, 3) | Bit(Group, 4) | Bit(GroupId, 5) | Bit(ProjectName, 6) | Bit(RowId, 7);

    private static int Bit(object? value, int place) => value is null ? 0 : 1 << place;

    private void Read(PSObject? input, int? bound)
    {
        _row++;
        IReadOnlyList<AssetRow> rows;
        try
        {
            var read = input is null ? new AssetInput(new AssetRow()) : _inputs!.Read(input, WriteWarning, bound);
            if (read.Table is { IsEmpty: true })
            {
                _empty++;
                return;
            }

            Rows++;
            rows = Resolve(Fill(read, input), read.IsFile);
        }
        catch (SeedanceException e)
        {
            Refuse(e, input);
            return;
        }

        foreach (var row in rows)
        {
            Place(row);
        }
    }

    // A table of which no row can be sent costs one error. Whether it is one shows when a row is right, or there are no more.
    private void Place(AssetRow row)
    {
        if (!_isPlaced && row is { OtherColumns: not null, Url: null, Path: null })
        {
            _unplaced.Add(row);
            if (_unplaced.Count == MostUnplaced)
            {
                ThrowTerminatingError(ErrorRecords.From(AssetRules.RefuseTable(row.OtherColumns), row.InputObject));
            }

            return;
        }

        _isPlaced = true;
        _unplaced.ForEach(Take);
        _unplaced.Clear();
        Take(row);
    }

    /// <summary>The row, with what it leaves out from the command line. Where it says which material, or which group, it says so alone.</summary>
    private AssetRow Fill(AssetInput input, PSObject? from)
    {
        var row = input.Row;
        var saysMaterial = row.Url is not null || row.Path is not null;
        var url = Choose(nameof(Url), saysMaterial && _parameters.IsGiven(nameof(Url)) ? null : Url, row.Url);
        var path = Choose(nameof(Path), saysMaterial && _parameters.IsGiven(nameof(Path)) ? null : Path, row.Path);

        // A script block that makes an address or a path of a row makes the row's material.
        (url, path) = (_parameters.IsComputed(nameof(Path)) ? null : url, _parameters.IsComputed(nameof(Url)) ? null : path);
        var saysGroup = row.Group is not null || row.GroupId is not null;
        var group = Choose(nameof(Group), saysGroup && _parameters.IsGiven(nameof(Group)) ? null : Group, row.Group);
        var groupId = Choose(nameof(GroupId), saysGroup && _parameters.IsGiven(nameof(GroupId)) ? null : GroupId, row.GroupId);
        if (groupId is not null && group is null && Group?.GroupId == groupId)
        {
            // The same group, of which the command line knows more.
            group = Group;
        }

        return row with
        {
            Url = url,
            Path = path,
            Name = Choose(nameof(Name), string.IsNullOrEmpty(Name) ? null : Name, row.Name),
            OmitsName = _parameters.IsGiven(nameof(Name)) && string.IsNullOrEmpty(Name),
            AssetType = Choose(nameof(AssetType), AssetType, row.AssetType),
            Group = group,
            GroupId = groupId,
            ProjectName = Choose(nameof(ProjectName), ProjectName, row.ProjectName),
            RowId = Choose(nameof(RowId), RowId, row.RowId),
            Row = MyInvocation.ExpectingInput || _row > 1 ? _row : 0,
            Kept = _kept!.Read(input.Table, from, row.Kept),
            InputObject = row.InputObject ?? (from?.BaseObject is PSCustomObject ? from : from?.BaseObject),
        };

        T? Choose<T>(string parameter, T? bound, T? ofRow)
            where T : class =>
            _parameters.Choose(parameter, bound, ofRow);
    }

    /// <summary>The rows that one stands for: itself, or one a file where its path has wildcards.</summary>
    private IReadOnlyList<AssetRow> Resolve(AssetRow row, bool isLiteral)
    {
        if (string.IsNullOrWhiteSpace(row.Path) || row.Path.Contains("://", StringComparison.Ordinal))
        {
            return [row];
        }

        var files = LocalPaths.Resolve(this, row.Path, isLiteral);

        // One name is no name for several pictures.
        return [.. files.Select(file => row with { Path = file, Name = files.Count == 1 ? row.Name : null })];
    }

    /// <summary>Takes a row in; on the pipeline's thread.</summary>
    private protected abstract void Take(AssetRow row);

    /// <summary>Writes the one error of an input that cannot be used.</summary>
    private protected void Refuse(SeedanceException failure, object? target)
    {
        Invalid++;
        WriteError(ErrorRecords.From(failure, target));
    }
}
