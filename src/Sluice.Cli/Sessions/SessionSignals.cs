using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Cli.Sessions;

/// <summary>Tells the user that a signal was heard.</summary>
internal sealed class SessionSignals : IDisposable
{
    private readonly Interrupts _interrupts;
    private readonly ILogger _logger;

    public SessionSignals(Interrupts interrupts, ILogger logger)
    {
        _interrupts = interrupts;
        _logger = logger;
        interrupts.Stopping += OnStopping;
        interrupts.HungUp += OnHungUp;
    }

    public void Dispose()
    {
        _interrupts.Stopping -= OnStopping;
        _interrupts.HungUp -= OnHungUp;
    }

    private void OnStopping(bool isFirst)
    {
        if (isFirst)
        {
            Log.Draining(_logger);
        }
        else
        {
            Log.Aborting(_logger);
        }
    }

    private void OnHungUp() => Log.HangUp(_logger);
}
