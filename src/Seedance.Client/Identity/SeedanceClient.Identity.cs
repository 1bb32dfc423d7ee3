using System.Text.Json;
using Seedance.Http;
using Seedance.Identity;
using Seedance.Runs;
using Seedance.Tasks;

namespace Seedance;

public sealed partial class SeedanceClient
{
    // A session's task and an outcome's are documented as complete at once; a gateway may be a little behind.
    private static readonly TimeSpan s_settlingTime = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Opens an identity session and reads its task: step 1 of <c>POST /v1/seedance2/real-avatar</c> (page "real-avatar").
    /// </summary>
    /// <param name="callbackUrl">Where the phone's browser is sent afterwards: absolute, http or https.</param>
    /// <param name="projectName">The project; null for the API's default.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <exception cref="SeedanceException">There is no session, or its link cannot be read.</exception>
    public async Task<IdentitySession> OpenIdentitySessionAsync(string callbackUrl, string? projectName = null, CancellationToken cancellationToken = default)
    {
        var project = projectName ?? AvatarGroup.DefaultProject;
        using var answer = await SendAsync(
            IdentityEndpoints.OpenSession, JsonBody.Create(new IdentitySessionRequest(callbackUrl, project), IdentityRequestFormat.Default.IdentitySessionRequest), cancellationToken);

        // The link's time runs from here, whatever the reading takes.
        var opened = _time.GetUtcNow();
        var session = new IdentitySession
        {
            TaskId = answer.RequireTaskId(),
            H5Link = string.Empty,
            BytedToken = string.Empty,
            ProjectName = project,
            CallbackUrl = callbackUrl,
            CreatedAt = opened,
            Time = _time,
        };
        var known = new SeedanceTask { TaskId = session.TaskId, Kind = TaskKind.IdentitySession, ProjectName = project, CreatedAt = opened };
        var read = ReadLink(answer.Data, session);
        if (read is not null)
        {
            return read;
        }

        await SettleAsync(known, data => (read = ReadLink(data, session)) is not null, cancellationToken);
        return read ?? throw ApiErrors.Unreadable(TaskEndpoints.Get.For(session.TaskId), "an identity session without a link or a token");
    }

    /// <summary>
    /// Asks for the outcome of an identity session: step 2 of <c>POST /v1/seedance2/real-avatar</c>. The token is good for
    /// one query, and asking before the person has finished can burn it. The task's group has an id if the answer tells
    /// it; else <see cref="ReadIdentityResultAsync"/> reads it.
    /// </summary>
    /// <exception cref="SeedanceException">It was not answered well. The message never holds the token.</exception>
    public Task<SeedanceTask> AskIdentityResultAsync(string bytedToken, string? projectName = null, CancellationToken cancellationToken = default) =>
        AskIdentityResultAsync(bytedToken, projectName, IntentId.New(), cancellationToken);

    internal async Task<SeedanceTask> AskIdentityResultAsync(string bytedToken, string? projectName, string idempotencyKey, CancellationToken cancellationToken)
    {
        var project = projectName ?? AvatarGroup.DefaultProject;
        try
        {
            using var answer = await SendAsync(
                IdentityEndpoints.AskResult.WithKey(idempotencyKey), JsonBody.Create(new IdentityResultRequest(bytedToken, project), IdentityRequestFormat.Default.IdentityResultRequest), cancellationToken);
            var told = TaskReader.GroupId(answer.Data, answer.Data.At("result"));

            // With the group in hand, a missing task id is no loss.
            var taskId = told is null ? answer.RequireTaskId() : answer.Data.TaskId() ?? string.Empty;
            return TaskReader.Read(answer.Data, ResultTask(taskId, project) with { CreatedAt = _time.GetUtcNow() });
        }
        catch (SeedanceException e)
        {
            throw IdentityErrors.WithoutSecret(e, bytedToken);
        }
    }

    /// <summary>Reads the task of an outcome, until it is final or tells the group's id.</summary>
    public Task<SeedanceTask> ReadIdentityResultAsync(string taskId, string? projectName = null, CancellationToken cancellationToken = default) =>
        SettleAsync(
            ResultTask(taskId, projectName ?? AvatarGroup.DefaultProject),
            data => TaskReader.GroupId(data, data.At("result")) is not null,
            cancellationToken);

    private static SeedanceTask ResultTask(string taskId, string project) => new()
    {
        TaskId = taskId,
        Kind = TaskKind.IdentityResult,
        ProjectName = project,
        Group = new AvatarGroup { ProjectName = project, IsRealPerson = true },
    };

    private async Task<SeedanceTask> SettleAsync(SeedanceTask known, Func<JsonElement, bool> isRead, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause *= 2)
        {
            var task = await GetTaskAsync(known, cancellationToken: cancellationToken);
            using var data = JsonDocument.Parse(task.RawJson ?? "{}");
            if (isRead(data.RootElement) || task.IsFinal || _time.GetElapsedTime(began) >= s_settlingTime)
            {
                return task;
            }

            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    // The documented place first, then that of the service behind the gateway.
    private static IdentitySession? ReadLink(JsonElement data, IdentitySession session)
    {
        var result = data.At("result");
        var upstream = result.At("raw_response").At("Result");
        var token = result.At("byted_token").Text() ?? upstream.At("BytedToken").Text();
        var link = result.At("h5_link").Text() ?? upstream.At("H5Link").Text();
        return token is not null && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? session with { BytedToken = token, H5Link = link }
            : null;
    }
}
