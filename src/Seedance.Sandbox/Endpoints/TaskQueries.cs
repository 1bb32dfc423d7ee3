using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>GET /v1/tasks/{id}: what became of any task.</summary>
internal sealed class TaskQueries(SandboxState state)
{
    public const string Prefix = "/v1/tasks/";

    public SandboxResponse Get(SandboxRequest request)
    {
        if (!state.Tasks.TryGetValue(request.Path[Prefix.Length..], out var task))
        {
            throw Refusal.UnknownTask(state.Options.UnknownTaskStatus);
        }

        var language = request.Parameter("language") ?? state.Options.Language;
        if (!Messages.Speaks(language))
        {
            throw Refusal.Invalid($"language must be one of {Messages.Languages}");
        }

        var now = state.Now;
        task.Query(now, state.Options);
        if (task.Notice(now))
        {
            state.Log.Noticed(now - task.Completed);
        }

        return SandboxResponse.Data(json =>
            task.Write(json, new TaskView(now, state.Options, language, state.BaseOf(request))));
    }
}
