namespace Seedance;

/// <summary>By what a row is known again from run to run. A row's own id always comes first.</summary>
public enum MatchBy
{
    /// <summary>By its address, however that is spelled and signed.</summary>
    Address,

    /// <summary>By its whole address as it is written, signature and all.</summary>
    FullAddress,

    /// <summary>By its address up to the query.</summary>
    AddressWithoutQuery,

    /// <summary>By its name; rows without one, by their address.</summary>
    Name,
}
