using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>Tells a user, once a table, that the server takes long over one thing: another session's lock may be in the way.</summary>
internal sealed class ServerWait : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RunLine _line;
    private readonly ITimer _timer;
    private volatile bool _isLong;

    public ServerWait(RunLine line, ILogger logger, TimeProvider time)
    {
        _line = line;
        _timer = time.CreateTimer(_ => Tell(logger), null, Patience, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (_isLong)
        {
            _line.Phase = null;
        }
    }

    private void Tell(ILogger logger)
    {
        _isLong = true;
        _line.Phase = "waiting for the server";
        if (_line.IsFirstLongWait())
        {
            Log.ServerTakesLong(logger, _line.Label, (int)Patience.TotalSeconds);
        }
    }
}
