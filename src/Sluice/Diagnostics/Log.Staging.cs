using Microsoft.Extensions.Logging;

namespace Sluice.Diagnostics;

/// <summary>Messages about files that are staged for a target.</summary>
public static partial class Log
{
    [LoggerMessage(450, LogLevel.Debug, "Staging in {Folder}, region {Region}, with keys from {Source}")]
    public static partial void StagingReady(ILogger logger, string folder, string region, string source);

    [LoggerMessage(451, LogLevel.Warning, "{Folder} holds staged files of a run that began at {Began:u} and is gone; look at them and delete them")]
    public static partial void StagedFilesOrphaned(ILogger logger, string folder, DateTimeOffset began);

    [LoggerMessage(452, LogLevel.Information, "The staged files are kept: {Folder} holds {Count}")]
    public static partial void StagedFilesKept(ILogger logger, string folder, int count);

    [LoggerMessage(453, LogLevel.Warning, "Staged files could not be deleted, delete what is below {Folder}: {Reason}")]
    public static partial void StagedFilesLeft(ILogger logger, string folder, string reason);

    [LoggerMessage(454, LogLevel.Warning, "The upload of {Key} was given up but could not be aborted; a lifecycle rule for incomplete uploads removes it")]
    public static partial void UploadLeft(ILogger logger, string key);
}
