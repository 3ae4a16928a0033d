using Sluice.Diagnostics;

namespace Sluice.Cli.Sessions;

/// <summary>What the user's signals ask for: first finish what is in flight, then stop now.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();
    private ExitCode? _exitCode;
    private bool _isDisposed;
    private bool _isRunning;

    /// <summary>Raised with true when draining begins, with false when everything stops.</summary>
    public event Action<bool>? Stopping;

    /// <summary>Raised when a snapshot of the progress is asked for.</summary>
    public event Action? SnapshotAsked;

    /// <summary>Raised when the terminal went away.</summary>
    public event Action? HungUp;

    public CancellationToken Drain => _drain.Token;

    public CancellationToken Abort => _abort.Token;

    /// <summary>What the first signal makes the process return; null while there was none.</summary>
    public ExitCode? ExitCode
    {
        get
        {
            lock (_gate)
            {
                return _exitCode;
            }
        }
    }

    /// <summary>Whether there is something to finish; before that a signal simply ends the process.</summary>
    public bool IsRunning
    {
        get => Volatile.Read(ref _isRunning);
        set => Volatile.Write(ref _isRunning, value);
    }

    /// <summary>A signal of the system: false when the system should deal with it, because nothing runs or nothing helped so far.</summary>
    public bool TryStop(ExitCode exitCode)
    {
        if (!IsRunning || _abort.IsCancellationRequested)
        {
            return false;
        }

        Stop(exitCode);
        return true;
    }

    /// <summary>A signal to stop: the first drains, any further one aborts.</summary>
    public void Stop(ExitCode exitCode)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            isFirst = _exitCode is null;
            _exitCode ??= exitCode;
        }

        Stopping?.Invoke(isFirst);
        (isFirst ? _drain : _abort).Cancel();
    }

    public void AskForSnapshot() => SnapshotAsked?.Invoke();

    public void HangUp() => HungUp?.Invoke();

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _drain.Dispose();
        _abort.Dispose();
    }
}
