using Seedance.Http;

namespace Seedance.Tasks;

/// <summary>Where tasks are looked at.</summary>
internal static class TaskEndpoints
{
    public static readonly Endpoint Get = new(HttpMethod.Get, "v1/tasks/{id}", Effect.None);
}
