using Npgsql;
using RedshiftLocal.Tests.Copy;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERY.html, r_STL_QUERYTEXT.html, r_SVL_QLOG.html, SYS_QUERY_HISTORY.html, PG_LAST_QUERY_ID.html.</summary>
public sealed class QueryHistoryTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_query_that_needs_compute_nodes_has_an_id_and_a_row()
    {
        await using var copy = await CopyAsync();
        await copy.Connection.ExecuteAsync($"insert into {copy.Table} values (1), (2)", Ct);
        var insert = await IdAsync(copy.Connection);
        await copy.Connection.ExecuteAsync("set query_group to 'nightly'", Ct);
        await copy.Connection.ExecuteAsync($"select * from {copy.Table}", Ct);
        var select = await IdAsync(copy.Connection);

        Assert.True(select > insert);
        var rows = await copy.Connection.RowsAsync(
            $"select query, trim(label), trim(database), trim(querytxt), aborted, endtime >= starttime, xid > 0, pid = {copy.Connection.ProcessID} from stl_query where query in ({insert}, {select}) order by query",
            Ct);
        Assert.Equal(
            [$"{insert}|default|dev|insert into {copy.Table} values (1), (2)|0|t|t|t", $"{select}|nightly|dev|select * from {copy.Table}|0|t|t|t"],
            rows.Select(row => string.Join('|', row)));
        Assert.Equal(
            [$"{insert}|INSERT|success|2|default", $"{select}|SELECT|success|2|nightly"],
            (await copy.Connection.RowsAsync(
                $"select query_id, trim(query_type), trim(status), returned_rows, trim(query_label) from sys_query_history where query_id in ({insert}, {select}) order by 1", Ct))
            .Select(row => string.Join('|', row)));
        Assert.Equal("0", await copy.Connection.ScalarAsync($"select aborted from svl_qlog where query = {select} and substring like 'select%'", Ct));
    }

    [Theory]
    [InlineData("select 1")]
    [InlineData("select relname from pg_class limit 1")]
    [InlineData("set query_group to 'x'")]
    [InlineData("begin")]
    [InlineData("create table TABLE_2 (a int)")]
    public async Task What_the_leader_node_does_alone_has_no_id(string sql)
    {
        await using var copy = await CopyAsync();
        await copy.Connection.ExecuteAsync($"select * from {copy.Table}", Ct);
        var before = await IdAsync(copy.Connection);
        await copy.Connection.ExecuteAsync(sql.Replace("TABLE", copy.Table, StringComparison.Ordinal), Ct);

        Assert.Equal(before, await IdAsync(copy.Connection));
    }

    [Fact]
    public async Task A_query_that_fails_is_aborted_and_one_that_cannot_be_planned_is_not_there()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("f", "1\n");
        await copy.CopyAsync("f", "csv");
        Assert.Equal("22012", (await copy.Connection.ErrorAsync($"insert into {copy.Table} select 1 / (a - a) from {copy.Table}", Ct)).SqlState);
        Assert.Equal("42703", (await copy.Connection.ErrorAsync($"select no_such_column from {copy.Table}", Ct)).SqlState);

        Assert.Equal(
            ["1|insert"], (await copy.Connection.RowsAsync($"select aborted, substring(querytxt, 1, 6) from stl_query where querytxt like '%{copy.Table}%' and querytxt like 'insert%'", Ct))
            .Select(row => string.Join('|', row)));
        Assert.Equal("failed|division by zero", string.Join('|', (await copy.Connection.RowsAsync(
            $"select trim(status), trim(error_message) from sys_query_history where query_text like 'insert into {copy.Table}%'", Ct))[0]));
    }

    [Fact]
    public async Task Copy_and_unload_are_there_with_their_secrets_masked()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("f", "1\nx\n");
        await copy.CopyAsync("f", "csv maxerror 3");
        await copy.Connection.ExecuteAsync($"unload ('select * from {copy.Table}') to '{copy.Url("u_")}' {CopyTester.Keys}", Ct);
        await copy.FailAsync("f", "csv");

        var rows = await copy.Connection.RowsAsync(
            $"select querytxt, aborted, query from stl_query where querytxt like '%{copy.Prefix}%' and querytxt not like 'select%' order by query", Ct);
        Assert.Equal(["copy|0", "unload|0", "copy|1"], rows.Select(row => row[0]!.Split(' ')[0] + "|" + row[1]));
        Assert.All(rows, row => Assert.Contains("access_key_id '''' secret_access_key ''''", row[0], StringComparison.Ordinal));
        Assert.Equal("1", await copy.Connection.ScalarAsync($"select count(*) from sys_unload_history where query_id = {rows[1][2]}", Ct));
        Assert.Equal("2", await copy.Connection.ScalarAsync($"select count(*) from sys_load_history where query_id in ({rows[0][2]}, {rows[2][2]})", Ct));
        Assert.Equal("1", await copy.Connection.ScalarAsync($"select count(*) from stl_load_errors where query = {rows[2][2]}", Ct));
        Assert.Equal("1", await copy.Connection.ScalarAsync(
            $"select count(*) from sys_query_history as q join sys_unload_history as u on u.query_id = q.query_id and u.transaction_id = q.transaction_id where q.query_id = {rows[1][2]}", Ct));
    }

    [Fact]
    public async Task A_long_text_is_in_pieces_of_200_bytes()
    {
        await using var copy = await CopyAsync();
        var sql = $"select a from {copy.Table} where {string.Join(" and ", Enumerable.Range(0, 60).Select(i => $"a <> {i}"))} -- é";
        await copy.Connection.ExecuteAsync(sql + "\n", Ct);
        var id = await IdAsync(copy.Connection);

        var pieces = await copy.Connection.RowsAsync($"select sequence, text, len(text), octet_length(text) from stl_querytext where query = {id} order by sequence", Ct);
        Assert.Equal(sql.Split(" --")[0], string.Concat(pieces.Select(piece => piece[1]!.PadRight(200))).TrimEnd());
        Assert.Equal(Enumerable.Range(0, pieces.Count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), pieces.Select(piece => piece[0]));
        Assert.All(pieces, piece => Assert.Equal("200", piece[3]));
    }

    [Fact]
    public async Task Others_see_nothing_of_it()
    {
        await using var copy = await CopyAsync();
        await copy.Connection.ExecuteAsync($"select * from {copy.Table}", Ct);
        var user = "q_" + Guid.NewGuid().ToString("N")[..10];
        await copy.Connection.ExecuteAsync($"create user {user} password 'Reader-Passw0rd'", Ct);
        await using var other = new NpgsqlConnection(RedshiftLocalServer.ConnectionString((await server.StartAsync(Ct)).EndPoint, user, "Reader-Passw0rd"));
        await other.OpenAsync(Ct);
        Assert.Equal("-1", await other.ScalarAsync("select pg_last_query_id()", Ct));
        foreach (var view in (string[])["stl_query", "stl_querytext", "svl_qlog", "sys_query_history", "sys_query_text"])
        {
            var column = view is "sys_query_history" or "sys_query_text" ? "user_id" : "userid";
            Assert.Equal("0", await other.ScalarAsync($"select count(*) from {view} where {column} <> (select usesysid from pg_user where usename = '{user}')", Ct));
        }
    }

    [Fact]
    public async Task Many_queries_are_written_down_before_anyone_asks()
    {
        await using var copy = await CopyAsync();
        var sql = string.Concat(Enumerable.Range(0, 600).Select(i => $"insert into {copy.Table} values ({i});"));
        await copy.Connection.ExecuteAsync(sql, Ct);
        await copy.Connection.ExecuteAsync(sql, Ct);

        Assert.Equal("1200|1200", string.Join('|', (await copy.Connection.RowsAsync(
            $"select count(*), count(distinct query) from stl_query where querytxt like 'insert into {copy.Table}%'", Ct))[0]));
    }

    [Fact]
    public async Task A_database_is_dropped_although_it_has_a_history()
    {
        var name = "d_" + Guid.NewGuid().ToString("N")[..10];
        await using var connection = await server.ConnectAsync(Ct);
        for (var round = 0; round < 2; round++)
        {
            await connection.ExecuteAsync($"create database {name}", Ct);
            await using (var other = new NpgsqlConnection(RedshiftLocalServer.ConnectionString((await server.StartAsync(Ct)).EndPoint, database: name)))
            {
                await other.OpenAsync(Ct);
                await other.ExecuteAsync("create table t (a int); insert into t values (1)", Ct);
                Assert.Equal("1", await other.ScalarAsync("select count(*) from stl_query where querytxt like 'insert%'", Ct));
            }

            var left = DateTime.UtcNow.AddSeconds(20);
            while (true)
            {
                try
                {
                    await connection.ExecuteAsync($"drop database {name}", Ct);
                    break;
                }
                catch (PostgresException exception) when (exception.SqlState == "55006" && DateTime.UtcNow < left)
                {
                    // The other session is still on its way out.
                }
            }
        }
    }

    private static async Task<long> IdAsync(NpgsqlConnection connection) =>
        long.Parse((await connection.ScalarAsync("select pg_last_query_id()", Ct))!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<CopyTester> CopyAsync() => await CopyTester.CreateAsync(await server.StartAsync(Ct), "a int", Ct);
}
