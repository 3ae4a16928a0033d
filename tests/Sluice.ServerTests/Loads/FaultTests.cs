using System.Globalization;
using System.Text;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Servers that go away, disks that fill up: every row exactly once, or a clear failure.</summary>
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

    internal static string Numbers(int rows)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},row number {i}\n");
        }

        return text.ToString();
    }

    internal static string Command(string uri, string options) =>
        $"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE t WITH fields terminated by ',', {options};";

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
}
