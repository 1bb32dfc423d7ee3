namespace Seedance.Client.Tests;

/// <summary>An endpoint of each effect.</summary>
internal static class Endpoints
{
    public static readonly Endpoint Look = new(HttpMethod.Get, "x", Effect.None);
    public static readonly Endpoint Upload = new(HttpMethod.Post, "x", Effect.Repeatable);
    public static readonly Endpoint Submission = new(HttpMethod.Post, "x", Effect.Once);

    public static Endpoint From(bool isPost) => isPost ? Submission : Look;
}
