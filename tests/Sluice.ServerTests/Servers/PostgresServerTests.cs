namespace Sluice.ServerTests.Servers;

public sealed class PostgresServerTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_database_takes_a_table_and_shows_it()
    {
        await using var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, NULL)", Ct);
        Assert.Equal("1|x\n2|\\N", await db.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
        Assert.Equal(2, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_killed_postmaster_can_be_started_again()
    {
        _ = server.Private;
        await using var instance = await PostgresInstance.StartAsync(Ct);
        await instance.KillAsync(Ct);
        await instance.StartAgainAsync(Ct);
        await using var connection = new Npgsql.NpgsqlConnection(instance.Admin().ConnectionString);
        await connection.OpenAsync(Ct);
    }
}
