namespace Seedance.Sandbox;

/// <summary>A request that the service turns down; becomes an error envelope where requests are routed.</summary>
internal sealed class Refusal(int status, string message) : Exception(message)
{
    public int Status => status;

    public static Refusal Invalid(string message) => new(400, message);
}
