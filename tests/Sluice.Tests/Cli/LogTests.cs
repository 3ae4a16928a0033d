using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sluice.Cli.Arguments;
using Sluice.Cli.Logging;
using Sluice.Cli.Output;
using Sluice.Diagnostics;

namespace Sluice.Tests.Cli;

public class LogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, 7, TimeSpan.FromHours(-3.5));

    [Theory]
    [InlineData("panic", LogLevel.Critical)]
    [InlineData("FATAL", LogLevel.Critical)]
    [InlineData("log", LogLevel.Critical)]
    [InlineData("error", LogLevel.Error)]
    [InlineData("Warning", LogLevel.Warning)]
    [InlineData("notice", LogLevel.Information)]
    [InlineData("sql", LogLevel.Debug)]
    [InlineData("info", LogLevel.Debug)]
    [InlineData("debug", LogLevel.Trace)]
    [InlineData("data", LogLevel.Trace)]
    [InlineData("loud", null)]
    public void Levels_have_pgloader_s_names(string name, LogLevel? level) => Assert.Equal(level, LogLevels.Parse(name));

    [Fact]
    public void Every_level_name_is_understood() => Assert.All(LogLevels.Names, name => Assert.NotNull(LogLevels.Parse(name)));

    [Theory]
    [InlineData(0, "2026-11-22T12:00:00.007Z")]
    [InlineData(5.5, "2026-11-22T12:00:00.007+05:30")]
    [InlineData(-3.5, "2026-11-22T12:00:00.007-03:30")]
    public void Times_are_rfc_3339(double zone, string text) =>
        Assert.Equal(text, LogFormat.Time(new DateTimeOffset(2026, 11, 22, 12, 0, 0, 7, TimeSpan.FromHours(zone))));

    [Fact]
    public void A_text_line_cannot_be_forged_by_a_value()
    {
        var entry = new LogEntry(Noon, "ERROR", "bad \x1b[2J\r\n2026-11-22T12:00:00.000Z NOTICE all is well\n");

        Assert.Equal(
            "2026-11-22T12:00:00.007-03:30 ERROR bad \\x1b[2J\n    2026-11-22T12:00:00.000Z NOTICE all is well\n",
            LogFormat.Text(entry, withTrace: false, withColor: false));
    }

    [Fact]
    public void Only_the_level_is_coloured() =>
        Assert.Equal(
            "2026-11-22T12:00:00.007-03:30 \x1b[33mWARNING\x1b[0m x\n",
            LogFormat.Text(new LogEntry(Noon, "WARNING", "x"), withTrace: false, withColor: true));

    [Fact]
    public void A_json_line_holds_the_message_and_its_parts()
    {
        using var program = new FakeProgram();
        var sink = new ConsoleSink(program.Host.Error, isJson: true, withTrace: false, withColor: false);

        Log.LoadStarts(new SluiceLogger(program.Time, (sink, LogLevel.Information)), "a\n\x1b", "b");

        Assert.EndsWith("}\n", program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', program.Error);
        var json = JsonDocument.Parse(program.Error).RootElement;
        Assert.Equal("2026-11-22T16:58:41.012Z", json.GetProperty("time").GetString());
        Assert.Equal("notice", json.GetProperty("level").GetString());
        Assert.Equal(600, json.GetProperty("event").GetInt32());
        Assert.Equal("Loading a\n\x1b into b", json.GetProperty("message").GetString());
        Assert.Equal("b", json.GetProperty("values").GetProperty("Target").GetString());
    }

    [Fact]
    public async Task Terminal_and_file_have_levels_of_their_own()
    {
        using var program = new FakeProgram();
        program.Runner.Runs.Enqueue((progress, options, _) =>
        {
            Log.LoadStarts(options.Logger, "x.csv", "db");
            return Task.FromResult(FakeRunner.Loaded(progress, 1));
        });

        await program.LoadAsync("a.load");

        Assert.DoesNotContain("Loading", program.Error, StringComparison.Ordinal);
        var log = await File.ReadAllTextAsync(Path.Combine(program.RootFolder, "sluice.log"), TestContext.Current.CancellationToken);
        Assert.Contains("2026-11-22T16:58:41.012Z NOTICE Loading x.csv into db\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_file_is_appended_to_and_only_its_owner_reads_it()
    {
        using var program = new FakeProgram();
        var path = Path.Combine(program.RootFolder, "my.log");

        await program.LoadAsync("--logfile", "my.log", "a.load");
        await program.LoadAsync("--logfile", "my.log", "a.load");

        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Count(line => line.Contains(" starts; ", StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task A_log_file_that_cannot_be_opened_is_told()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("--logfile", program.Folder, "a.load"));
        Assert.Contains("The log file", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_standard_error_is_no_reason_to_stop()
    {
        using var closed = new StringWriter();
        closed.Dispose();
        using var writer = new TerminalWriter(closed);

        writer.WriteLine("lost");
        writer.Write('x');
        writer.Flush();
    }

    [Theory]
    [InlineData(ColorMode.Auto, true, "xterm", "", true)]
    [InlineData(ColorMode.Auto, false, "xterm", "", false)]
    [InlineData(ColorMode.Auto, true, "dumb", "", false)]
    [InlineData(ColorMode.Auto, true, "", "", false)]
    [InlineData(ColorMode.Auto, true, "xterm", "NO_COLOR=1", false)]
    [InlineData(ColorMode.Auto, false, "xterm", "FORCE_COLOR=1", true)]
    [InlineData(ColorMode.Auto, false, "xterm", "CLICOLOR_FORCE=1", true)]
    [InlineData(ColorMode.Auto, false, "xterm", "FORCE_COLOR=0", false)]
    [InlineData(ColorMode.Auto, false, "xterm", "FORCE_COLOR=1 NO_COLOR=1", false)]
    [InlineData(ColorMode.Always, false, "dumb", "NO_COLOR=1", true)]
    [InlineData(ColorMode.Never, true, "xterm", "FORCE_COLOR=1", false)]
    public void Colours_follow_the_option_then_the_environment(object mode, bool isTerminal, string term, string environment, bool expected)
    {
        using var program = new FakeProgram { IsTerminal = isTerminal };
        program.Environment["TERM"] = term;
        foreach (var pair in environment.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            program.Environment[pair.Split('=')[0]] = pair.Split('=')[1];
        }

        Assert.Equal(expected, program.Host.UsesColor((ColorMode)mode));
    }

    [Fact]
    public void A_new_run_folder_is_for_its_owner_only_and_new_each_time()
    {
        var one = RunFolder.Create(null, "/", Noon);
        var other = RunFolder.Create(null, "/", Noon);
        try
        {
            Assert.NotEqual(one, other);
            Assert.StartsWith(Path.GetFullPath(Path.GetTempPath()), one, StringComparison.Ordinal);
            Assert.Contains("20261122T120000-", one, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(one));
            }
        }
        finally
        {
            Directory.Delete(one);
            Directory.Delete(other);
        }
    }
}
