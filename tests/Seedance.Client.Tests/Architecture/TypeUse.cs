namespace Seedance.Client.Tests.Architecture;

/// <summary>A type, and the room of the client that it, or the part of it that counts, stands in.</summary>
internal sealed record Place(string Room, string Type)
{
    public override string ToString() => $"{Room.Replace('/', '.')}.{Type}";
}

/// <summary>That code in one place uses a type in another.</summary>
internal sealed record TypeUse(Place From, Place To)
{
    public override string ToString() => $"{From} → {To}";
}
