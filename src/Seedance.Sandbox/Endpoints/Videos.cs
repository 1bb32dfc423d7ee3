using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>POST /v1/videos/generations: what the approved assets are for.</summary>
internal sealed class Videos(SandboxState state)
{
    private const int DefaultDuration = 5;
    private const decimal CostPerSecond = 0.142m;
    private const string Rejected = "reject";

    public SandboxResponse Submit(SandboxRequest request)
    {
        using var document = RequestFields.Parse(request);
        var fields = new RequestFields(document.RootElement);

        var order = VideoOrder.Read(fields);
        var isRejected = order.Texts.Exists(text => text.Contains(Rejected, StringComparison.OrdinalIgnoreCase));
        var cost = isRejected ? 0 : CostPerSecond * (order.Duration ?? DefaultDuration);
        state.RequireMoney(cost);

        var number = state.Ids.Next();
        var task = new VideoTask(
            state.Ids.Task(number), state.Now, state.Options.VideoTime.At(state.Ids.Share(number)),
            new VideoTerms(cost, order.ReturnsLastFrame, isRejected, state.Options.VideoLifetime), state.DrawFaults(request));
        state.Used += cost;
        state.Tasks.Add(task.Id, task);
        state.Log.Accepted(state.Now, request, task.Id);

        return SandboxResponse.DataOfOne(json =>
        {
            json.WriteString("status", "submitted");
            json.WriteString("task_id", task.Id);
        }) with { TaskId = task.Id };
    }
}
