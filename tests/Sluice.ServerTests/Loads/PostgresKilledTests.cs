using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Servers that are killed in the middle of a copy from PostgreSQL to PostgreSQL.</summary>
public sealed class PostgresKilledTests(PostgresServer server)
{
    private const int Rows = 60_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_that_is_killed_fails_the_run_and_its_rows_are_counted_truly()
    {
        await using var target = await server.CreateDatabaseAsync();
        await using var source = await PostgresInstance.StartAsync(Ct);
        await FillAsync(source);
        using var folder = new LoadFolder();
        using var process = folder.Start(["--root-dir", folder.Root, "--with", "batch rows = 1000", "--with", "batch size = 1 MB", Address(source), target.Uri], ("SLUICE_RECONNECT_SECONDS", "3"));
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        await UntilRowsAsync(() => target.ConnectionString, finished);
        await source.StopAsync("immediate", Ct);
        var result = (await finished).ExitsWith(1).Says("table public.t: ");
        var count = await target.ScalarAsync<long>("SELECT count(*) FROM t", Ct);
        Assert.InRange(count, 1, Rows - 1);
        Assert.Equal(count, await target.ScalarAsync<long>("SELECT count(DISTINCT i) FROM t", Ct));
        result.Says(count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture) + " rows loaded into");
    }

    [Fact]
    public async Task A_target_that_is_killed_and_comes_back_has_every_row_once()
    {
        await using var target = await PostgresInstance.StartAsync(Ct);
        await using var source = await server.CreateDatabaseAsync();
        await FillAsync(server.Admin(source.Name).ConnectionString);
        using var folder = new LoadFolder();
        using var process = folder.Start(["--root-dir", folder.Root, "--with", "batch rows = 1000", "--with", "batch size = 1 MB", source.Uri, Address(target)]);
        var finished = LoadFolder.FinishAsync(process, null, Ct);
        await UntilRowsAsync(() => target.Admin().ConnectionString, finished);
        await target.KillAsync(Ct);
        await target.StartAgainAsync(Ct);
        (await finished).ExitsWith(0);
        await using var connection = new NpgsqlConnection(target.Admin().ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT count(*) || '|' || count(DISTINCT i) FROM t", connection);
        Assert.Equal($"{Rows}|{Rows}", (string?)await command.ExecuteScalarAsync(Ct));
    }

    private static string Address(PostgresInstance instance) => $"postgresql://postgres@127.0.0.1:{instance.Port}/postgres?sslmode=disable";

    private static Task FillAsync(PostgresInstance instance) => FillAsync(instance.Admin().ConnectionString);

    private static async Task FillAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand($"CREATE TABLE t (i int, s text); INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, {Rows}) i", connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task UntilRowsAsync(Func<string> connectionString, Task<ProgramResult> finished)
    {
        await using var connection = new NpgsqlConnection(connectionString());
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_class WHERE oid = to_regclass('public.t') AND pg_relation_size(oid) > 0", connection);
        while (!finished.IsCompleted && (long)(await command.ExecuteScalarAsync(Ct))! == 0)
        {
            await Task.Delay(5, Ct);
        }
    }
}
