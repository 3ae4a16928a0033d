using Microsoft.Extensions.Logging;
using Sluice.Cli.Arguments;
using Sluice.Cli.Output;
using Sluice.Diagnostics;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Sessions;

/// <summary>Shows each command's summary as it ends, and keeps the summary file up to date.</summary>
internal sealed class SummaryPrinter
{
    /// <summary>What <c>--summary</c> calls it.</summary>
    public const string StandardOutput = "-";

    private readonly CommandArguments _arguments;
    private readonly CommandHost _host;
    private readonly SummaryFile? _file;
    private readonly List<SummaryReport> _reports = [];

    public SummaryPrinter(CommandArguments arguments, CommandHost host)
    {
        _arguments = arguments;
        _host = host;
        var isMachineReadable = arguments.SummaryFormat is { } format && format != SummaryFormat.Text;
        if ((arguments.SummaryFile ?? (isMachineReadable ? StandardOutput : null)) is { } path)
        {
            _file = new SummaryFile(
                path == StandardOutput ? path : Path.GetFullPath(path, host.CurrentDirectory),
                arguments.SummaryFormat, arguments.IsSummaryLikePgloader, VersionText.Number);
        }
    }

    private bool IsToFile => _file is not null && _arguments.SummaryFile is not (null or StandardOutput);

    /// <exception cref="LoadStoppedException">The summary file cannot be written.</exception>
    public void Prepare()
    {
        if (IsToFile)
        {
            _file?.Prepare();
        }
    }

    /// <param name="report">Of the command that ended.</param>
    /// <param name="commands">How many commands the session has.</param>
    /// <param name="exitCode">What the process would return if this was the last one.</param>
    /// <exception cref="LoadStoppedException">The summary file cannot be written.</exception>
    public void Add(SummaryReport report, int commands, ExitCode exitCode)
    {
        _reports.Add(report);
        if (_file is null)
        {
            Print(report, commands);
        }
        else if (IsToFile)
        {
            if (!_arguments.IsSummaryLikePgloader)
            {
                TextSummary.WriteOutcome(report, _host.Out);
            }

            _file.Write(_reports, exitCode);
        }
    }

    /// <summary>At the end of the session, for a summary that goes to standard output as one document.</summary>
    public void Complete(ExitCode exitCode, ILogger logger)
    {
        if (_file is null)
        {
            return;
        }

        if (IsToFile)
        {
            Log.SummaryWritten(logger, _file.Path);
        }
        else
        {
            _host.Out.Write(_file.Render(_reports, exitCode));
        }
    }

    private void Print(SummaryReport report, int commands)
    {
        var isVerbose = _arguments.ConsoleLevel <= LogLevel.Information;
        if (_arguments.IsSummaryLikePgloader)
        {
            PgloaderSummary.Write(report, _host.Out, isVerbose);
            return;
        }

        if (commands > 1)
        {
            _host.Out.Write($"{(_reports.Count > 1 ? "\n" : "")}{report.Command}\n");
        }

        TextSummary.Write(report, _host.Out, isVerbose);
    }
}
