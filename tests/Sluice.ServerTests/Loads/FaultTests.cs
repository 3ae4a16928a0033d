using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Servers that go away, disks that fill up, people who press Ctrl-C: every row exactly once, or a clear failure.</summary>
public sealed class FaultTests(PostgresServer server)
{
    private const int Rows = 400_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_sessions_are_replaced_and_no_row_is_lost_or_doubled()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", Numbers(Rows));
        folder.With("test.load", Command(database.Uri, "batch rows = 2000"));
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        var killed = 0;
        while (!finished.IsCompleted)
        {
            killed += await database.ScalarAsync<int>(
                "SELECT count(pg_terminate_backend(pid))::int FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                + "AND application_name = 'sluice' AND query LIKE 'COPY%' LIMIT 1) x", Ct);
            await Task.Delay(60, Ct);
        }

        (await finished).ExitsWith(0);
        Assert.True(killed > 0, "the load was over before a session was killed");
        Assert.Equal($"{Rows}|{Rows}", await database.QueryAsync("SELECT count(*), count(DISTINCT a) FROM t", Ct));
    }

    [Fact]
    public async Task A_session_that_broke_while_idle_does_not_keep_after_load_from_running()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder();
        folder.With("test.load", $"LOAD CSV FROM stdin INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',' AFTER LOAD DO $$ insert into t values (2) $$;");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        while (await database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice' AND state = 'idle' "
            + "AND state_change < clock_timestamp() - interval '1 second'", Ct) == 0)
        {
            await Task.Delay(20, Ct);
        }

        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'", Ct);
        (await LoadFolder.FinishAsync(process, "1\n", Ct)).ExitsWith(0);
        Assert.Equal("1\n2", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task A_server_killed_in_mid_load_and_started_again_has_every_row_once()
    {
        await using var instance = await PostgresInstance.StartAsync(Ct);
        await ExecuteAsync(instance, "CREATE TABLE t (a int, b text)");
        using var folder = new LoadFolder().With("data.csv", Numbers(Rows));
        folder.With("test.load", Command($"postgresql://postgres@127.0.0.1:{instance.Port}/postgres?sslmode=disable", "batch rows = 1000"));
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        await UntilRowsAsync(instance, finished);
        await instance.KillAsync(Ct);
        await instance.StartAgainAsync(Ct);
        (await finished).ExitsWith(0);
        await using var connection = new NpgsqlConnection(instance.Admin().ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT count(*) || '|' || count(DISTINCT a) FROM t", connection);
        Assert.Equal($"{Rows}|{Rows}", (string?)await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task A_server_that_stays_away_fails_the_load_in_bounded_time()
    {
        await using var instance = await PostgresInstance.StartAsync(Ct);
        await ExecuteAsync(instance, "CREATE TABLE t (a int, b text)");
        using var folder = new LoadFolder().With("data.csv", Numbers(Rows));
        folder.With("test.load", Command($"postgresql://postgres@127.0.0.1:{instance.Port}/postgres?sslmode=disable", "batch rows = 1000"));
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"], ("SLUICE_RECONNECT_SECONDS", "3"));
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        await UntilRowsAsync(instance, finished);
        await instance.StopAsync("immediate", Ct);
        (await finished).ExitsWith(1).Says($"127.0.0.1:{instance.Port}");
    }

    [Fact]
    public async Task An_unlogged_table_is_not_trusted_after_a_lost_connection()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE UNLOGGED TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", Numbers(Rows));
        folder.With("test.load", Command(database.Uri, "batch rows = 2000"));
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        var killed = 0;
        while (!finished.IsCompleted && killed == 0)
        {
            killed = await database.ScalarAsync<int>(
                "SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice' AND query LIKE 'COPY%'", Ct);
        }

        (await finished).ExitsWith(1).Says("unlogged");
    }

    [Fact]
    public async Task The_first_ctrl_c_finishes_what_is_in_flight_and_the_summary_is_true()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", Numbers(Rows * 4));
        folder.With("test.load", Command(database.Uri, "batch rows = 5000, concurrency = 1"));
        using var process = folder.Start(["--root-dir", folder.Root, "--summary", "s.json", "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        while (await database.CountAsync("t", Ct) == 0 && !finished.IsCompleted)
        {
            await Task.Delay(5, Ct);
        }

        Signal(process, "INT");
        (await finished).ExitsWith(130);
        var loaded = await database.CountAsync("t", Ct);
        Assert.InRange(loaded, 1, (Rows * 4) - 1);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(folder["s.json"], Ct));
        Assert.Contains($"\"loaded\":{loaded}", summary.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_ends_with_143_and_a_second_ctrl_c_stops_at_once()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, b text)", Ct);
        using var folder = new LoadFolder();
        folder.With("test.load", $"LOAD CSV FROM stdin INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',', batch rows = 1;");
        foreach (var (signals, code) in new[] { (new[] { "TERM", "TERM" }, 143), (["INT", "INT"], 130) })
        {
            using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
            await process.StandardInput.WriteAsync("1,x\n2,y\n3,z\n");
            await process.StandardInput.FlushAsync(Ct);
            while (await ActiveAsync(database) == 0)
            {
                await Task.Delay(20, Ct);
            }

            foreach (var signal in signals)
            {
                Signal(process, signal);
                await Task.Delay(300, Ct);
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            limit.CancelAfter(TimeSpan.FromSeconds(20));
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(code, process.ExitCode);
        }
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
        folder.With("test.load", Command(database.Uri, "truncate").Replace(";", $" {clauses};", StringComparison.Ordinal));
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        while (await ActiveAsync(database) == 0)
        {
            await Task.Delay(20, Ct);
        }

        await Task.Delay(1000, Ct);
        Signal(process, "INT");
        (await finished).ExitsWith(130).Says("0 rows loaded");
        await blocking;
        Assert.Equal("7|old", await database.QueryAsync("SELECT * FROM t", Ct));
    }

    [Fact]
    public async Task Reject_files_that_cannot_be_written_stop_the_load()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\nx\n3\n");
        Directory.CreateDirectory(folder.Root);
        // A file where the folder of the database belongs.
        File.WriteAllText(Path.Combine(folder.Root, database.Name), "");
        folder.With("test.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t WITH fields terminated by ',';");
        (await folder.RunAsync(["test.load"], Ct)).ExitsWith(1).Says("reject file");
        Assert.DoesNotContain("2", await database.QueryAsync("SELECT a FROM t", Ct), StringComparison.Ordinal);
    }

    private static string Numbers(int rows)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},row number {i}\n");
        }

        return text.ToString();
    }

    private static string Command(string uri, string options) =>
        $"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE t WITH fields terminated by ',', {options};";

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task ExecuteAsync(PostgresInstance instance, string sql)
    {
        await using var connection = new NpgsqlConnection(instance.Admin().ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task UntilRowsAsync(PostgresInstance instance, Task finished)
    {
        await using var connection = new NpgsqlConnection(instance.Admin().ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM (SELECT 1 FROM t LIMIT 5000) x", connection);
        while ((long)(await command.ExecuteScalarAsync(Ct))! < 5000 && !finished.IsCompleted)
        {
            await Task.Delay(5, Ct);
        }
    }

    private static async Task<long> ActiveAsync(TestDatabase database) => await database.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice'", Ct);
}
