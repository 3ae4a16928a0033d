using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>The program itself: what it prints, how it ends.</summary>
public sealed partial class ProgramTests(RedshiftLocalServer fixture)
{
    private const string Secret = "Pr0gram-Secret";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_ready_with_its_addresses_and_ends_with_its_PostgreSQL_when_told_to()
    {
        RedshiftLocalServer.RequirePostgres();
        var folder = fixture.NewFolder();
        using var process = Start("--data", folder, "--port", "0", "--s3-port", "0", "--fault-port", "0", "--password", Secret, "--access-key", "AKIA1", "--secret-key", Secret);

        var line = await process.StandardOutput.ReadLineAsync(Ct);
        Assert.Matches(Ready(), line);
        var postmaster = int.Parse(
            (await File.ReadAllLinesAsync(Path.Combine(folder, "postgres", "data", "postmaster.pid"), Ct))[0], System.Globalization.CultureInfo.InvariantCulture);
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(Ct);
        }

        await process.WaitForExitAsync(Ct);
        Assert.Equal(0, process.ExitCode);
        // A zombie that nobody has reaped has no command line.
        Assert.False(File.Exists($"/proc/{postmaster}/cmdline") && (await File.ReadAllTextAsync($"/proc/{postmaster}/cmdline", Ct)).Length > 0);
        Assert.False(File.Exists(Path.Combine(folder, "postgres", "data", "postmaster.pid")));
        Assert.DoesNotContain(Secret, line + await process.StandardOutput.ReadToEndAsync(Ct) + await process.StandardError.ReadToEndAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_PostgreSQL_does_not_outlive_it_when_it_is_killed()
    {
        RedshiftLocalServer.RequirePostgres();
        var folder = fixture.NewFolder();
        using var process = Start("--data", folder, "--port", "0", "--s3-port", "0", "--password", Secret);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(Ct));

        process.Kill();
        await process.WaitForExitAsync(Ct);

        var pidFile = Path.Combine(folder, "postgres", "data", "postmaster.pid");
        for (var attempt = 0; File.Exists(pidFile); attempt++)
        {
            Assert.True(attempt < 300, "PostgreSQL still runs");
            await Task.Delay(100, Ct);
        }
    }

    [Fact]
    public async Task Assumptions_are_printed_one_a_line()
    {
        var (code, output, _) = await RunAsync("--assumptions");

        Assert.Equal(0, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 20);
        Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("redshift-local: A data folder is needed: name one with --data")]
    [InlineData("redshift-local: --port takes a port from 0 to 65535, not 70000", "--data", "/tmp/never", "--port", "70000")]
    [InlineData("redshift-local: --listen takes an IP address, not nowhere", "--data", "/tmp/never", "--listen", "nowhere")]
    [InlineData("redshift-local: --slices takes a number above zero, not 0", "--data", "/tmp/never", "--slices", "0")]
    public async Task What_is_wrong_with_an_option_is_said_in_one_line(string message, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.Equal((1, "", message + "\n"), (code, output, errors));
    }

    [Fact]
    public async Task A_wrong_secret_key_is_not_repeated_in_the_message()
    {
        var (code, _, errors) = await RunAsync("--data", fixture.NewFolder(), "--password", Secret, "--secret-key", Secret);

        Assert.Equal(1, code);
        Assert.DoesNotContain(Secret, errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await errors);
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LocalRedshift).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("REDSHIFT_LOCAL_PASSWORD");
        start.Environment.Remove("REDSHIFT_LOCAL_SECRET_KEY");
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"^ready sql=127\.0\.0\.1:\d+ s3=http://127\.0\.0\.1:\d+/ faults=http://127\.0\.0\.1:\d+/faults$")]
    private static partial Regex Ready();
}
