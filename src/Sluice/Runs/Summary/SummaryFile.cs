using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Runs.Summary;

/// <summary>The file that <c>--summary</c> names. It always holds all runs so far; a file of an earlier start is kept as <c>.bak</c>.</summary>
/// <param name="path">Absolute.</param>
/// <param name="format">Null takes the format from the extension: csv, copy, json, and text for all others.</param>
/// <param name="likePgloader">pgloader's text and JSON instead of Sluice's.</param>
/// <param name="version">Of the program that ran.</param>
public sealed class SummaryFile(string path, SummaryFormat? format, bool likePgloader, string version)
{
    public string Path { get; } = path;

    private bool IsDevice => Path.StartsWith("/dev/", StringComparison.Ordinal);

    private SummaryFormat Format => format ?? System.IO.Path.GetExtension(Path) switch
    {
        ".csv" => SummaryFormat.Csv,
        ".copy" => SummaryFormat.Copy,
        ".json" => SummaryFormat.Json,
        _ => SummaryFormat.Text,
    };

    /// <summary>Makes room before the load starts, so that a folder that cannot be written is known at once.</summary>
    /// <exception cref="LoadStoppedException">There can be no such file.</exception>
    public void Prepare() => Guard(() =>
    {
        if (Directory.Exists(Path))
        {
            throw new IOException("it is a folder");
        }

        if (IsDevice)
        {
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path) ?? "/");
        if (File.Exists(Path))
        {
            File.Move(Path, Path + ".bak", overwrite: true);
        }

        using var probe = File.Create(Path);
    });

    /// <summary>Writes all runs, in one step as seen by a reader.</summary>
    /// <exception cref="LoadStoppedException">The file cannot be written.</exception>
    public void Write(IReadOnlyList<SummaryReport> reports, ExitCode exitCode) => Guard(() =>
    {
        var bytes = Encoding.UTF8.GetBytes(Render(reports, exitCode));
        if (IsDevice)
        {
            using var device = new FileStream(Path, FileMode.Open, FileAccess.Write);
            device.Write(bytes);
            return;
        }

        var part = Path + ".part";
        File.WriteAllBytes(part, bytes);
        File.Move(part, Path, overwrite: true);
    });

    /// <summary>What the file would hold.</summary>
    public string Render(IReadOnlyList<SummaryReport> reports, ExitCode exitCode) => Format switch
    {
        SummaryFormat.Csv => DelimitedSummary.Csv(reports),
        SummaryFormat.Copy => DelimitedSummary.Copy(reports),
        SummaryFormat.Json when likePgloader => PgloaderJsonSummary.Write(reports),
        SummaryFormat.Json => JsonSummary.Write(reports, version, exitCode),
        _ => RenderText(reports),
    };

    private string RenderText(IReadOnlyList<SummaryReport> reports)
    {
        using var output = new StringWriter { NewLine = "\n" };
        foreach (var report in reports)
        {
            if (likePgloader)
            {
                PgloaderSummary.Write(report, output, verbose: false);
                continue;
            }

            if (reports.Count > 1)
            {
                output.Write($"{Printable.Escape(report.Command)}\n");
            }

            TextSummary.Write(report, output, verbose: false);
            output.Write(report == reports[^1] ? "" : "\n");
        }

        return output.ToString();
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadStoppedException($"The summary file {Path} cannot be written: {fault.Message}", inner: fault);
        }
    }
}
