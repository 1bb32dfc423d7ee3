using static Seedance.Videos.VideoCells;

namespace Seedance.Videos;

/// <summary>Compares a request with what its model takes, so that what cannot be made costs nothing and no time.</summary>
internal static class VideoLimits
{
    /// <summary>Returns the request with its values as the API spells them, and adds what the model does not take to the problems.</summary>
    public static VideoRequest Check(VideoRequest request, VideoModel model, List<VideoProblem> problems)
    {
        request = request with
        {
            Size = OneOf("Size", request.Size, VideoRules.Sizes, problems),
            Resolution = OneOf("Resolution", request.Resolution, VideoRules.Resolutions, problems),
            TaskType = OneOf("TaskType", request.TaskType, VideoRules.TaskTypes, problems)?.ToLowerInvariant(),
            OutputFormat = OneOf("OutputFormat", request.OutputFormat, VideoRules.OutputFormats, problems),
        };
        CheckValues(request, model, problems);
        CheckCounts(request, model, problems);
        if (model.IsOmni)
        {
            CheckTaskType(request, problems);
        }
        else
        {
            CheckExclusions(request, problems);
        }

        return request;
    }

    private static void CheckValues(VideoRequest request, VideoModel model, List<VideoProblem> problems)
    {
        if (request.Prompt?.Length > VideoRules.MaxPromptLength)
        {
            problems.Add(new("Prompt", $"{request.Prompt.Length} characters, at most {VideoRules.MaxPromptLength} are allowed"));
        }

        if (request.Duration is { } seconds && (seconds < VideoModel.MinDuration || seconds > model.MaxDuration) && !(model.IsOmni && seconds == VideoModel.OpenDuration))
        {
            problems.Add(new("Duration", $"{seconds} s, {VideoModel.MinDuration} to {model.MaxDuration} are allowed by the model {request.Model}{(model.IsOmni ? ", or -1, which leaves it to the model" : string.Empty)}"));
        }

        if (request.Resolution is { } resolution && VideoRules.Resolutions.Contains(resolution) && !model.Resolutions.Contains(resolution))
        {
            var other = VideoModel.Known.First(one => one.Resolutions.Contains(resolution)).Names[0];
            problems.Add(new("Resolution", $"the model {request.Model} goes up to {model.Resolutions[^1]}; -Model {other} makes {resolution}"));
        }

        if (!model.IsOmni)
        {
            var newest = VideoModel.Known.First(one => one.IsOmni).Names[0];
            foreach (var parameter in (string?[])[request.TaskType is null ? null : "TaskType", request.OutputFormat is null ? null : "OutputFormat", request.Watermark is null ? null : "Watermark"])
            {
                if (parameter is not null)
                {
                    problems.Add(new(parameter, $"the model {request.Model} does not know it; -Model {newest} does"));
                }
            }
        }
    }

    private static void CheckCounts(VideoRequest request, VideoModel model, List<VideoProblem> problems)
    {
        var frames = request.FirstFrame.Count + request.LastFrame.Count;
        AtMost("FirstFrame", request.FirstFrame.Count, 1, "pictures");
        AtMost("LastFrame", request.LastFrame.Count, 1, "pictures");
        AtMost("Image", request.Images.Count, model.MaxImages, "pictures");
        AtMost("Reference", request.References.Count + frames, model.MaxImages, frames > 0 ? "pictures, with -FirstFrame and -LastFrame" : "pictures");
        AtMost("ReferenceVideo", request.ReferenceVideos.Count, model.MaxClips, "clips");
        AtMost("ReferenceAudio", request.ReferenceAudios.Count, model.MaxClips, "voices");

        void AtMost(string parameter, int count, int most, string what)
        {
            if (count > most)
            {
                problems.Add(new(parameter, $"{count} {what}, at most {most} {(most == 1 ? "is" : "are")} allowed"));
            }
        }
    }

    private static void CheckTaskType(VideoRequest request, List<VideoProblem> problems)
    {
        var isAdaptive = request.Size is null or VideoModel.Adaptive;
        if (request.TaskType is "edit" or "extend")
        {
            if (request.ReferenceVideos.Count == 0)
            {
                problems.Add(new("TaskType", $"{request.TaskType} needs a clip: -ReferenceVideo"));
            }

            if (!isAdaptive)
            {
                problems.Add(new("Size", $"with -TaskType {request.TaskType} it is {VideoModel.Adaptive}"));
            }
        }
        else if (!isAdaptive && request.FirstFrame.Count + request.LastFrame.Count > 0)
        {
            problems.Add(new("Size", $"with -FirstFrame or -LastFrame it is {VideoModel.Adaptive} with the model {request.Model}"));
        }

        if (request.TaskType == "edit" && request.Duration != VideoModel.OpenDuration)
        {
            problems.Add(new("Duration", $"with -TaskType edit it is {VideoModel.OpenDuration}: the clip decides"));
        }
    }

    private static void CheckExclusions(VideoRequest request, List<VideoProblem> problems)
    {
        var hasFrame = request.FirstFrame.Count + request.LastFrame.Count > 0;
        if (request.Images.Count > 0)
        {
            Excludes("Image", "FirstFrame", request.FirstFrame.Count > 0);
            Excludes("Image", "LastFrame", request.LastFrame.Count > 0);
            Excludes("Image", "Reference", request.References.Count > 0);
        }

        foreach (var (frame, isGiven) in ((string, bool)[])[("FirstFrame", request.FirstFrame.Count > 0), ("LastFrame", request.LastFrame.Count > 0)])
        {
            Excludes(frame, "ReferenceVideo", isGiven && request.ReferenceVideos.Count > 0);
            Excludes(frame, "ReferenceAudio", isGiven && request.ReferenceAudios.Count > 0);
        }

        if (request.ReferenceAudios.Count > 0 && !hasFrame && request.Images.Count + request.References.Count + request.ReferenceVideos.Count == 0)
        {
            problems.Add(new("ReferenceAudio", "a voice alone makes no video; give -Image, -Reference or -ReferenceVideo beside it"));
        }

        void Excludes(string parameter, string other, bool isSo)
        {
            if (isSo)
            {
                problems.Add(new(parameter, $"it excludes -{other}"));
            }
        }
    }
}
