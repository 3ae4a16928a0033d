using System.Globalization;
using System.Text;
using Sluice.Cli.Arguments;
using Sluice.Cli.Output;
using Sluice.Cli.Sessions;
using Sluice.Diagnostics;

namespace Sluice.Cli;

/// <summary>From arguments to exit code.</summary>
internal static class CommandLine
{
    /// <summary>The process's own streams, environment and signals around <see cref="RunAsync"/>.</summary>
    public static int Run(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        using var interrupts = new Interrupts();
        using var signals = new SignalHandlers(interrupts);
        return (int)RunAsync(args, Host(), Engine.Create, interrupts).GetAwaiter().GetResult();
    }

    /// <summary>Everything a user can meet ends as a message and an exit code here; what is left over is a bug and says so.</summary>
    public static async Task<ExitCode> RunAsync(
        IReadOnlyList<string> args, CommandHost host, Func<EngineServices> engine, Interrupts interrupts)
    {
        var reporter = Reporter.Plain(host);
        try
        {
            var arguments = ArgumentParser.Parse(args, host.IsPgloader);
            reporter = Reporter.For(host, arguments);
            return await new Session(arguments, host, engine, interrupts).RunAsync();
        }
        catch (SluiceException fault)
        {
            reporter.Report(fault);
            return fault.ExitCode;
        }
        catch (Exception fault)
        {
            reporter.ReportBug(fault);
            return ExitCode.LoadFailed;
        }
    }

    private static CommandHost Host()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = utf8;
        }

        var error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true };
        return new CommandHost
        {
            ProgramName = ProgramName.Get(),
            Out = new TerminalWriter(new StreamWriter(Console.OpenStandardOutput(), utf8)),
            Error = new TerminalWriter(error),
            RawError = error,
            IsErrorTerminal = !Console.IsErrorRedirected,
            TerminalWidth = () => Math.Max(40, Console.WindowWidth),
            OpenStandardInput = Console.OpenStandardInput,
            Environment = Environment.GetEnvironmentVariable,
            CurrentDirectory = Directory.GetCurrentDirectory(),
        };
    }
}
