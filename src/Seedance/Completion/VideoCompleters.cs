namespace Seedance.Commands;

/// <summary>Completes the known models; others are taken as well.</summary>
public sealed class VideoModelCompleter() : ValueCompleter([.. VideoRules.KnownModels]);

/// <summary>Completes the shapes of a picture.</summary>
public sealed class VideoSizeCompleter() : ValueCompleter([.. VideoRules.Sizes]);

/// <summary>Completes the resolutions.</summary>
public sealed class VideoResolutionCompleter() : ValueCompleter([.. VideoRules.Resolutions]);

/// <summary>Completes what a video can be asked for to do with its material.</summary>
public sealed class VideoTaskTypeCompleter() : ValueCompleter([.. VideoRules.TaskTypes]);

/// <summary>Completes the formats of files.</summary>
public sealed class VideoFormatCompleter() : ValueCompleter([.. VideoRules.OutputFormats]);
