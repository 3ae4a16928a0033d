using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Cli.Logging;

/// <summary>The log file: appended to, each line on disk's way at once. Once a write fails nothing more is tried.</summary>
internal sealed class FileSink : ILogSink, IDisposable
{
    private readonly Lock _gate = new();
    private readonly bool _isJson;
    private StreamWriter? _writer;

    /// <exception cref="LoadStoppedException">The file cannot be opened.</exception>
    public FileSink(string path, bool isJson)
    {
        _isJson = isJson;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _writer = new StreamWriter(path, new UTF8Encoding(false), options) { AutoFlush = true };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadStoppedException($"The log file {path} cannot be opened: {fault.Message}", "name another with --logfile", fault);
        }
    }

    public void Write(LogEntry entry)
    {
        var line = _isJson ? LogFormat.Json(entry, withTrace: true) : LogFormat.Text(entry, withTrace: true, withColor: false);
        lock (_gate)
        {
            try
            {
                _writer?.Write(line);
            }
            catch (IOException)
            {
                // A full disk: the load's own files report it, the log cannot.
                _writer = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                _writer?.Dispose();
            }
            catch (IOException)
            {
                // See Write.
            }

            _writer = null;
        }
    }
}
