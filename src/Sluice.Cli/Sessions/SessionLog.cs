using Microsoft.Extensions.Logging;
using Sluice.Cli.Arguments;
using Sluice.Cli.Logging;
using Sluice.Cli.Output;

namespace Sluice.Cli.Sessions;

/// <summary>The log of a session: standard error and, when something may be written, a file.</summary>
internal sealed class SessionLog : IDisposable
{
    private const string FileName = "sluice.log";

    private readonly FileSink? _file;

    /// <param name="arguments">Levels and formats.</param>
    /// <param name="host">Where standard error is.</param>
    /// <param name="folder">The run's folder; null for a dry run, which writes no file unless one is named.</param>
    /// <exception cref="Diagnostics.LoadStoppedException">The log file cannot be opened.</exception>
    public SessionLog(CommandArguments arguments, CommandHost host, string? folder)
    {
        var isDetailed = arguments.ConsoleLevel <= LogLevel.Debug;
        Console = new ConsoleSink(host.Error, arguments.IsLogJson, isDetailed, host.UsesColor(arguments.Color));
        var path = folder is not null ? Path.GetFullPath(arguments.LogFile ?? FileName, folder)
            : arguments.LogFile is { } written ? Path.GetFullPath(written, host.CurrentDirectory)
            : null;
        _file = path is null ? null : new FileSink(path, arguments.IsLogJson);
        FilePath = path;
        Logger = _file is null
            ? new SluiceLogger(host.Time, (Console, arguments.ConsoleLevel))
            : new SluiceLogger(host.Time, (Console, arguments.ConsoleLevel), (_file, arguments.FileLevel));
    }

    public ConsoleSink Console { get; }

    public ILogger Logger { get; }

    /// <summary>The log file, absolute, or null.</summary>
    public string? FilePath { get; }

    public void Dispose() => _file?.Dispose();
}
