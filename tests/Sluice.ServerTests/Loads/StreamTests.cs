using System.Diagnostics;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Standard streams that are closed, full, or read by nobody: the load goes on.</summary>
public sealed class StreamTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(">&-", 0)]
    [InlineData("2>&-", 0)]
    [InlineData(">&- 2>&- <&-", 0)]
    [InlineData("2>/dev/full", 0)]
    [InlineData("| head -1", 0)]
    [InlineData("--summary - | true", 0)]
    [InlineData(">/dev/full 2>/dev/full", 1)]
    [InlineData("--summary - >/dev/full", 1)]
    [InlineData("--summary - >&-", 1)]
    [InlineData("--summary-format json >/dev/full", 1)]
    public async Task A_load_does_not_depend_on_who_reads_what_it_prints_but_says_that_nobody_can(string redirection, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a shell and /dev/full are needed");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n2\n");
        folder.With("test.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';");
        Assert.Equal(exitCode, await ShellAsync(folder, $"--debug --root-dir r test.load {redirection}"));
        Assert.Equal(2, await database.CountAsync("t", Ct));
    }

    [Theory]
    [InlineData("--help >/dev/full", 1)]
    [InlineData("--version >&-", 1)]
    [InlineData("help >/dev/full", 1)]
    [InlineData("--list-encodings >/dev/full", 1)]
    [InlineData("--list-encodings | true", 0)]
    public async Task Lists_that_cannot_be_printed_are_a_failure(string command, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a shell and /dev/full are needed");
        using var folder = new LoadFolder();
        Assert.Equal(exitCode, await ShellAsync(folder, command));
    }

    [Theory]
    [InlineData("check test.load")]
    [InlineData("--dry-run test.load")]
    [InlineData("--summary - test.load")]
    public async Task A_result_that_cannot_be_printed_is_told(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a shell and /dev/full are needed");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        folder.With("test.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';");
        Assert.Equal(1, await ShellAsync(folder, $"{command} >/dev/full 2>error.txt"));
        Assert.StartsWith("sluice: Standard output cannot be written: No space left on device", await File.ReadAllTextAsync(folder["error.txt"], Ct), StringComparison.Ordinal);
    }

    private static async Task<int> ShellAsync(LoadFolder folder, string command)
    {
        var program = LoadFolder.Program;
        var start = new ProcessStartInfo("sh", ["-c", $"{program} {command}"]) { WorkingDirectory = folder.Path };
        using var process = Process.Start(start)!; // null only for shell execution
        await process.WaitForExitAsync(Ct);
        return process.ExitCode;
    }
}
