namespace Seedance.Sandbox;

/// <summary>A request that the service turns down; becomes an error envelope where requests are routed.</summary>
internal sealed class Refusal(int status, string message, string? code = null, string? type = null) : Exception(message)
{
    public int Status => status;

    /// <summary>The error's code; null takes the status.</summary>
    public string? Code => code;

    /// <summary>The error's type; null takes the one that belongs to the status.</summary>
    public string? Type => type;

    /// <summary>The parameter that the error names; null for none.</summary>
    public string? Parameter { get; init; }

    public static Refusal UnknownTask(int status) => status == 400
        ? new(400, "task_not_exist", "task_not_exist")
        : new(status, "Task not found");

    public static Refusal Invalid(string message) => new(400, message);
}
