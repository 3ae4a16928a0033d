using System.Runtime.InteropServices;
using Sluice.Diagnostics;

namespace Sluice.Cli.Sessions;

/// <summary>Turns the system's signals into <see cref="Interrupts"/>. A closed pipe (SIGPIPE) is ignored by the runtime itself.</summary>
internal sealed class SignalHandlers : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalHandlers(Interrupts interrupts)
    {
        Handle(PosixSignal.SIGINT, () => interrupts.TryStop(ExitCode.Interrupted));
        Handle(PosixSignal.SIGTERM, () => interrupts.TryStop(ExitCode.Terminated));
        Handle(PosixSignal.SIGHUP, () =>
        {
            interrupts.HangUp();
            return interrupts.IsRunning;
        });
        if (!OperatingSystem.IsWindows())
        {
            Handle((PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30), () =>
            {
                interrupts.AskForSnapshot();
                return true;
            });
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    // Cancel means: what the system would do by itself is not done.
    private void Handle(PosixSignal signal, Func<bool> action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        context.Cancel = action()));
}
