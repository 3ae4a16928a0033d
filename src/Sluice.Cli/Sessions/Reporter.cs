using Microsoft.Extensions.Logging;
using Sluice.Cli.Arguments;
using Sluice.Cli.Logging;
using Sluice.Cli.Output;
using Sluice.Diagnostics;

namespace Sluice.Cli.Sessions;

/// <summary>Tells a user what is wrong before there is a log: on standard error, as text or in the log's JSON.</summary>
internal sealed class Reporter(CommandHost host, bool isJson, LogLevel least)
{
    /// <summary>For a command line that could not be understood.</summary>
    public static Reporter Plain(CommandHost host) => new(host, isJson: false, LogLevel.Warning);

    /// <summary>Who only checks a command wants its notes too; a load has them in its summary.</summary>
    public static Reporter For(CommandHost host, CommandArguments arguments) => new(host, arguments.IsLogJson,
        arguments is { Verb: CommandVerb.Check, ConsoleLevel: LogLevel.Warning } ? LogLevel.Information : arguments.ConsoleLevel);

    public void Report(SluiceException fault)
    {
        if (fault is CommandException command)
        {
            Write("ERROR", command.Diagnostic.ToString(), () => command.Diagnostic.Render(host.Error));
            return;
        }

        var hint = fault.Hint is null ? "" : $"\n  hint: {fault.Hint}";
        Write("ERROR", fault.Message + hint, () => host.Error.WriteLine($"{host.ProgramName}: {fault.Message}{hint}"));
    }

    /// <summary>A warning or note of the binder, when the user wants to see such.</summary>
    public void Report(Diagnostic diagnostic)
    {
        var isWarning = diagnostic.Severity != DiagnosticSeverity.Note;
        if (least <= (isWarning ? LogLevel.Warning : LogLevel.Information))
        {
            Write(isWarning ? "WARNING" : "NOTICE", diagnostic.ToString(), () => diagnostic.Render(host.Error));
        }
    }

    /// <summary>An exception that is no one's fault but ours; the stack trace only for those who ask for it.</summary>
    public void ReportBug(Exception fault)
    {
        var message = $"This is a bug in Sluice: {fault.GetType().Name}: {fault.Message}\n"
            + "  hint: please report it; --debug shows where it happened";
        var trace = least <= LogLevel.Debug ? $"\n{fault.StackTrace}" : "";
        Write("FATAL", message + trace, () => host.Error.WriteLine($"{host.ProgramName}: {message}{trace}"));
    }

    private void Write(string level, string message, Action asText)
    {
        if (isJson)
        {
            host.Error.WriteRaw(LogFormat.Json(new LogEntry(host.Time.GetLocalNow(), level, message.TrimEnd()), withTrace: false));
        }
        else
        {
            asText();
        }
    }
}
