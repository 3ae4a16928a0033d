using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>People who press Ctrl-C: what was read is loaded, what waits is given up, the numbers are true.</summary>
public sealed class StoppingTests(PostgresServer server)
{
    private const int Rows = 1_600_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_ctrl_c_finishes_what_is_in_flight_and_the_summary_is_true()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", FaultTests.Numbers(Rows));
        folder.With("test.load", FaultTests.Command(database.Uri, "batch rows = 5000, concurrency = 1"));
        using var process = folder.Start(["--root-dir", folder.Root, "--summary", "s.json", "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        while (await database.CountAsync("t", Ct) == 0 && !finished.IsCompleted)
        {
            await Task.Delay(5, Ct);
        }

        Signal(process, "INT");
        (await finished).ExitsWith(130);
        var loaded = await database.CountAsync("t", Ct);
        Assert.InRange(loaded, 1, Rows - 1);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(folder["s.json"], Ct));
        Assert.Contains($"\"loaded\":{loaded}", summary.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_stop_does_not_wait_for_standard_input(string signal, int code)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder();
        folder.With("test.load", $"LOAD CSV FROM stdin INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        await process.StandardInput.WriteAsync("1,x\n2,y\n3,");
        await process.StandardInput.FlushAsync(Ct);
        await UntilConnectedAsync(database);
        (await StopAsync(process, signal)).ExitsWith(code).Says("2 rows").Says("Stopped on request");
        Assert.Equal("1|x\n2|y", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Theory]
    [InlineData("csv header, fields terminated by ','")]
    [InlineData("drop indexes")]
    public async Task A_stop_does_not_wait_for_the_beginning_of_standard_input(string options)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (7)", Ct);
        using var folder = new LoadFolder();
        folder.With("test.load", $"LOAD CSV FROM stdin INTO {database.Uri} TARGET TABLE t WITH {options}, truncate;");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        await UntilConnectedAsync(database);
        (await StopAsync(process, "INT")).ExitsWith(130).Says("0 rows");
        Assert.Equal("7", await database.QueryAsync("SELECT a FROM t", Ct));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n1,x\n2,y\n3,", 2)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 0)]
    [InlineData("", 0)]
    public async Task A_stop_does_not_wait_for_a_download(string answer, int rows)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var folder = new LoadFolder();
        folder.With("test.load", $"LOAD CSV FROM http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x.csv INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        using var client = await listener.AcceptTcpClientAsync(Ct);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Ct);
        (await StopAsync(process, "INT")).ExitsWith(130).Says($"{rows} rows");
        Assert.Equal(rows, await database.CountAsync("t", Ct));
    }

    [Theory]
    [InlineData("1,x\n2,y\n3,", 2)]
    [InlineData(null, 0)]
    public async Task A_stop_does_not_wait_for_a_named_pipe(string? bytes, int rows)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "mkfifo is needed");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder();
        await Shell.RunAsync("mkfifo", [folder["data.csv"]], Ct);
        folder.With("test.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        await using var writer = bytes is null ? null : new FileStream(folder["data.csv"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        if (writer is not null)
        {
            await writer.WriteAsync(Encoding.ASCII.GetBytes(bytes!), Ct); // there is a writer only for bytes
            await UntilConnectedAsync(database);
        }

        (await StopAsync(process, "INT")).ExitsWith(130).Says($"{rows} rows");
        Assert.Equal(rows, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_second_ctrl_c_stops_at_once()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\n");
        folder.With("test.load", FaultTests.Command(database.Uri, "batch rows = 1"));
        await using var blocker = new NpgsqlConnection(database.ConnectionString);
        await blocker.OpenAsync(Ct);
        await using var transaction = await blocker.BeginTransactionAsync(Ct);
        await using var locking = new NpgsqlCommand("LOCK TABLE t IN SHARE MODE", blocker);
        await locking.ExecuteNonQueryAsync(Ct);
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        while (await database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", Ct) == 0)
        {
            await Task.Delay(20, Ct);
        }

        Signal(process, "INT");
        await Task.Delay(1000, Ct);
        Assert.False(process.HasExited);
        (await StopAsync(process, "INT", wait: 0)).ExitsWith(130);
        await transaction.RollbackAsync(Ct);
        Assert.Equal(0, await database.CountAsync("t", Ct));
    }

    [Theory]
    [InlineData("BEFORE LOAD DO $$ SELECT pg_sleep(3) $$", "")]
    [InlineData("", "BEGIN; LOCK TABLE t IN SHARE MODE; SELECT pg_sleep(4); COMMIT")]
    public async Task A_stop_before_the_first_row_leaves_the_table_as_it_was(string clauses, string blocker)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text); CREATE INDEX t_a ON t (a); INSERT INTO t VALUES (7, 'old')", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\n");
        var blocking = blocker.Length > 0 ? database.ExecuteAsync(blocker, Ct) : Task.CompletedTask;
        folder.With("test.load", FaultTests.Command(database.Uri, "truncate").Replace(";", $" {clauses};", StringComparison.Ordinal));
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        await UntilConnectedAsync(database);

        await Task.Delay(1000, Ct);
        Signal(process, "INT");
        (await finished).ExitsWith(130).Says("0 rows loaded");
        await blocking;
        Assert.Equal("7|old", await database.QueryAsync("SELECT * FROM t", Ct));
    }

    // What was written before reaches the program first: it has a moment for it.
    private static async Task<ProgramResult> StopAsync(Process process, string signal, int wait = 1500)
    {
        await Task.Delay(wait, Ct);
        Assert.False(process.HasExited, "the load ended before it was stopped");
        Signal(process, signal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Soon);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task UntilConnectedAsync(TestDatabase database)
    {
        while (await database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'", Ct) == 0)
        {
            await Task.Delay(20, Ct);
        }
    }
}
