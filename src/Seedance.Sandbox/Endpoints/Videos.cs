using System.Text.Json;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>POST /v1/videos/generations: what the approved assets are for.</summary>
internal sealed class Videos(SandboxState state)
{
    private const int DefaultDuration = 5;
    private const string Rejected = "reject";

    /// <summary>The version of answers in which data is an object instead of an array of one.</summary>
    private const string ObjectVersion = "2026-07-27";

    public SandboxResponse Submit(SandboxRequest request)
    {
        using var document = RequestFields.Parse(request);
        var order = VideoOrder.Read(new RequestFields(document.RootElement));
        var isRejected = order.Texts.Exists(text => text.Contains(Rejected, StringComparison.OrdinalIgnoreCase));

        // While the model decides, the most is reserved.
        var isOpen = order.Duration == VideoModel.OpenDuration;
        state.RequireMoney(isRejected ? 0 : order.Price * (isOpen ? order.Model.MaxDuration : order.Duration ?? DefaultDuration));

        var number = state.Ids.Next();
        var faults = state.DrawFaults(request);
        var seconds = isOpen ? Decide(order.Model, number) : order.Duration ?? DefaultDuration;
        var cost = isRejected || faults.Any(fault => fault.NoResult) ? 0 : order.Price * seconds;
        var task = new VideoTask(
            state.Ids.Task(number), state.Now, state.Options.VideoTime.At(state.Ids.Share(number)),
            new VideoTerms(cost, order.ReturnsLastFrame, isRejected, state.Options.VideoLifetime), faults)
        {
            Webhook = order.Webhook,
        };
        if (cost > 0)
        {
            state.Charge(order.ModelName, cost);
        }
        state.Tasks.Add(task.Id, task);
        state.Log.Accepted(state.Now, request, task.Id);
        return Accepted(request, task.Id);
    }

    private long Decide(VideoModel model, long number) =>
        VideoModel.MinDuration + (long)(state.Ids.Share(number, purpose: 1) * (model.MaxDuration - VideoModel.MinDuration + 1));

    private static SandboxResponse Accepted(SandboxRequest request, string taskId)
    {
        void Write(Utf8JsonWriter json)
        {
            json.WriteString("status", "submitted");
            json.WriteString("task_id", taskId);
        }

        return (request.ResponseVersion == ObjectVersion ? SandboxResponse.Data(Write) : SandboxResponse.DataOfOne(Write)) with { TaskId = taskId };
    }
}
