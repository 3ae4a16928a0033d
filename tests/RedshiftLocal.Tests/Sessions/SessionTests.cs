namespace RedshiftLocal.Tests.Sessions;

public sealed class SessionTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_answered()
    {
        await using var connection = await server.ConnectAsync(Ct);

        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
    }

    [Fact]
    public async Task A_failed_block_refuses_statements_until_it_ends()
    {
        await using var connection = await server.ConnectAsync(Ct);
        await connection.ExecuteAsync("begin", Ct);
        await connection.ErrorAsync("select * from no_such_table", Ct);

        var error = await connection.ErrorAsync("select 1", Ct);

        Assert.Equal("25P02", error.SqlState);
        await connection.ExecuteAsync("rollback", Ct);
        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
    }
}
