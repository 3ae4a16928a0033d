using System.Runtime.InteropServices;
using Sluice.Diagnostics;

namespace Sluice.Cli.Sessions;

/// <summary>Turns the system's signals into <see cref="Interrupts"/>. A closed pipe (SIGPIPE) is ignored by the runtime itself.</summary>
internal sealed class SignalHandlers : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalHandlers(Interrupts interrupts)
    {
        Handle(PosixSignal.SIGINT, () => interrupts.Stop(ExitCode.Interrupted));
        Handle(PosixSignal.SIGTERM, () => interrupts.Stop(ExitCode.Terminated));
        Handle(PosixSignal.SIGHUP, interrupts.HangUp);
        if (!OperatingSystem.IsWindows())
        {
            Handle((PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30), interrupts.AskForSnapshot);
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));
}
