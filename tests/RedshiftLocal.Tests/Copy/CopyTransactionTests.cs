using Npgsql;

namespace RedshiftLocal.Tests.Copy;

/// <summary>Rights, transactions, identity columns, history: https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html and its usage notes.</summary>
public sealed class CopyTransactionTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_rolled_back_with_its_block()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.PutAsync("f.csv", "1,a\n");
        await copy.Connection.ExecuteAsync("begin", Ct);
        await copy.CopyAsync("f.csv", "csv");
        Assert.Equal("1|a", await copy.RowsAsync());
        await copy.Connection.ExecuteAsync("rollback", Ct);

        Assert.Equal("", await copy.RowsAsync());
    }

    [Fact]
    public async Task One_bad_file_keeps_all_others_out_and_the_error_rows_in()
    {
        // awsdocs: COPY is all or nothing, also outside a block.
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.PutAsync("f.1", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},a\n")));
        await copy.PutAsync("f.2", "1,a\n2,b\nx,c\n");
        await copy.FailAsync("f.", "csv");

        Assert.Equal("", await copy.RowsAsync());
        Assert.Equal("3|id|1207", await copy.ErrorsAsync());
        Assert.Equal(
            "aborted", await copy.Connection.ScalarAsync($"select trim(status) from sys_load_history where data_source = '{copy.Url("f.")}'", Ct));
    }

    [Fact]
    public async Task History_tells_rows_and_files()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.PutAsync("f.1", "1,a\n");
        await copy.PutAsync("f.2", "2,b\n3,c\n");
        await copy.CopyAsync("f.", "csv");

        var row = (await copy.Connection.RowsAsync(
            $"select trim(status), trim(table_name), loaded_rows, source_file_count, source_file_bytes, error_count from sys_load_history where query_id = pg_last_copy_id()", Ct))[0];
        Assert.Equal($"completed|{copy.Table}|3|2|12|0", string.Join('|', row));
        var files = await copy.Connection.RowsAsync(
            "select trim(filename), lines_scanned, errors from stl_load_commits where query = pg_last_copy_id() order by filename", Ct);
        Assert.Equal([$"{copy.Url("f.1")}|1|0", $"{copy.Url("f.2")}|2|0"], files.Select(file => string.Join('|', file)));
    }

    [Theory]
    [InlineData("commit", "committed", "0")]
    [InlineData("rollback", "rolledback", "1")]
    public async Task The_end_of_its_transaction_is_written_down(string end, string status, string undone)
    {
        // SYS_QUERY_HISTORY's page: the status of a query does not tell whether its transaction was committed, sys_transaction_history does.
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.PutAsync("f.csv", "1,a\n");
        await copy.Connection.ExecuteAsync("begin", Ct);
        await copy.CopyAsync("f.csv", "csv");
        await copy.Connection.ExecuteAsync(end, Ct);
        var history = await copy.Connection.RowsAsync($"select trim(status), transaction_id from sys_load_history where data_source = '{copy.Url("f.csv")}'", Ct);

        var row = Assert.Single(history);
        Assert.Equal("completed", row[0]);
        var transaction = row[1];
        Assert.Equal(status, await copy.Connection.ScalarAsync($"select status from sys_transaction_history where transaction_id = {transaction}", Ct));
        Assert.Equal(undone, await copy.Connection.ScalarAsync($"select count(*) from stl_undone where xact_id_undone = {transaction}", Ct));
    }

    [Fact]
    public async Task Copies_into_one_table_wait_for_each_other()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await using var other = await CopyTester.CreateAsync(await server.StartAsync(Ct), null, Ct);
        await copy.PutAsync("f.csv", "1,a\n");
        await copy.Connection.ExecuteAsync("begin", Ct);
        await copy.CopyAsync("f.csv", "csv");
        var second = other.Connection.ExecuteAsync(copy.CopySql("f.csv", "csv"), Ct);
        var early = await Task.WhenAny(second, Task.Delay(700, Ct)) == second;
        await copy.Connection.ExecuteAsync("commit", Ct);
        await second;

        Assert.False(early);
        Assert.Equal("1|a;1|a", await copy.RowsAsync());
    }

    [Fact]
    public async Task A_copy_that_waits_can_be_canceled()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await using var other = await CopyTester.CreateAsync(await server.StartAsync(Ct), null, Ct);
        await copy.PutAsync("f.csv", "1,a\n");
        await copy.Connection.ExecuteAsync("begin", Ct);
        await copy.CopyAsync("f.csv", "csv");
        await other.Connection.ExecuteAsync("set statement_timeout to 500", Ct);
        var error = await other.Connection.ErrorAsync(copy.CopySql("f.csv", "csv"), Ct);
        await copy.Connection.ExecuteAsync("commit", Ct);

        Assert.Equal("57014", error.SqlState);
        Assert.Equal("1|a", await copy.RowsAsync());
    }

    [Fact]
    public async Task A_table_made_in_the_same_block_and_a_temporary_one_can_be_loaded()
    {
        await using var copy = await CopyAsync(null);
        await copy.PutAsync("f.csv", "1,a\n");
        await copy.Connection.ExecuteAsync("begin", Ct);
        await copy.Connection.ExecuteAsync($"create table {copy.Table} (id int, a varchar(5))", Ct);
        await copy.CopyAsync("f.csv", "csv");
        await copy.Connection.ExecuteAsync("commit", Ct);
        await copy.Connection.ExecuteAsync($"create temp table tmp_{copy.Table} (id int, a varchar(5))", Ct);
        await copy.CopyAsync("f.csv", "csv", target: "tmp_" + copy.Table);

        Assert.Equal("1|a", await copy.RowsAsync());
        Assert.Equal("1", await copy.Connection.ScalarAsync($"select count(*) from tmp_{copy.Table}", Ct));
    }

    [Fact]
    public async Task A_table_that_does_not_exist_is_refused_before_s3_is_asked()
    {
        // estuary/connectors#918
        await using var copy = await CopyAsync(null);
        var error = await copy.FailAsync("f.csv", "csv", "access_key_id 'x' secret_access_key 'y'");

        Assert.Equal(("XX000", $"Cannot COPY into nonexistent table {copy.Table}"), (error.SqlState, error.MessageText));
        Assert.Equal("-1", await copy.Connection.ScalarAsync("select pg_last_copy_id()", Ct));
    }

    [Fact]
    public async Task Views_catalogs_and_unknown_columns_are_refused()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.Connection.ExecuteAsync($"create view v_{copy.Table} as select id from {copy.Table}", Ct);

        Assert.Equal("42809", (await copy.FailAsync("f", "csv", target: "v_" + copy.Table)).SqlState);
        Assert.Equal("42703", (await copy.FailAsync("f", "csv", target: copy.Table + " (id, b)")).SqlState);
        Assert.Equal("42701", (await copy.FailAsync("f", "csv", target: copy.Table + " (id, id)")).SqlState);
        Assert.Contains((await copy.FailAsync("f", "csv", target: "pg_class")).SqlState, (string[])["42809", "42501", "XX000"]);
        Assert.Contains((await copy.FailAsync("f", "csv", target: "rs_internal.loads")).SqlState, (string[])["3F000", "XX000"]);
    }

    [Fact]
    public async Task Identity_columns_are_loaded_with_explicit_ids_only()
    {
        await using var copy = await CopyAsync("id bigint identity(5,1), a varchar(5)");
        await copy.PutAsync("a", "x\n");
        await copy.PutAsync("b", "70,y\n");
        await copy.PutAsync("c", ",z\n");
        await copy.CopyAsync("a", "csv");
        await copy.CopyAsync("a", "csv", target: copy.Table + " (a)");
        await copy.CopyAsync("b", "csv explicit_ids");
        await copy.CopyAsync("b", "csv explicit_ids", target: copy.Table + " (id, a)");

        Assert.Equal("x;x;y;y", string.Join(';', (await copy.Connection.RowsAsync($"select a from {copy.Table} order by a", Ct)).Select(row => row[0])));
        Assert.Equal("2", await copy.Connection.ScalarAsync($"select count(*) from {copy.Table} where id = 70", Ct));
        Assert.Equal("0A000", (await copy.FailAsync("b", "csv", target: copy.Table + " (id, a)")).SqlState);
        Assert.Equal("0A000", (await copy.FailAsync("a", "csv explicit_ids", target: copy.Table + " (a)")).SqlState);
        await copy.FailAsync("c", "csv explicit_ids");
        Assert.Equal("1|id|1217", await copy.ErrorsAsync());
    }

    [Fact]
    public async Task Identity_by_default_takes_the_files_values_and_does_not_advance()
    {
        await using var copy = await CopyAsync("id bigint generated by default as identity(1,1), a varchar(5)");
        await copy.PutAsync("f", "1,y\n");
        await copy.CopyAsync("f", "csv");
        await copy.CopyAsync("f", "csv", target: copy.Table + " (id, a)");
        await copy.Connection.ExecuteAsync($"insert into {copy.Table} (a) values ('z')", Ct);

        Assert.Equal("1|y;1|y;1|z", string.Join(';', (await copy.Connection.RowsAsync($"select id, a from {copy.Table} order by a", Ct)).Select(row => string.Join('|', row))));
    }

    [Fact]
    public async Task A_user_needs_insert_and_sees_his_own_errors_only()
    {
        var running = await server.StartAsync(Ct);
        await using var copy = await CopyAsync("id int, a varchar(5)");
        var user = "u_" + copy.Table;
        await copy.Connection.ExecuteAsync($"create user {user} password 'Passw0rdOfOther'", Ct);
        await copy.PutAsync("f.csv", "x,a\n");
        await copy.FailAsync("f.csv", "csv");
        await using var other = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(running.EndPoint, user, "Passw0rdOfOther"));
        await other.OpenAsync(Ct);

        Assert.Equal("42501", (await other.ErrorAsync(copy.CopySql("f.csv", "csv"), Ct)).SqlState);
        Assert.Equal("0", await other.ScalarAsync($"select count(*) from stl_load_errors where {copy.Mine}", Ct));
        await copy.Connection.ExecuteAsync($"grant insert on {copy.Table} to {user}", Ct);
        Assert.Equal("42501", (await other.ErrorAsync(copy.CopySql("f.csv", "csv statupdate off"), Ct)).SqlState);
        await copy.PutAsync("f.csv", "1,a\n");
        await other.ExecuteAsync(copy.CopySql("f.csv", "csv compupdate off"), Ct);
        Assert.Equal("1|a", await copy.RowsAsync());
    }

    [Fact]
    public async Task Lengths_checked_by_copy_are_not_checked_again_and_later_inserts_are()
    {
        await using var copy = await CopyAsync("id int, a varchar(4)");
        await copy.PutAsync("f.csv", "1,éé\n");
        await copy.Connection.ExecuteAsync("begin", Ct);
        await copy.CopyAsync("f.csv", "csv");
        var error = await copy.Connection.ErrorAsync($"insert into {copy.Table} values (2, 'ééé')", Ct);

        Assert.Equal("22001", error.SqlState);
    }

    [Fact]
    public async Task Keys_are_not_enforced()
    {
        await using var copy = await CopyAsync("id int not null primary key, a varchar(5)");

        Assert.Equal("1|a;1|b", await copy.LoadAsync("1,a\n1,b\n"));
    }

    [Fact]
    public async Task The_secret_is_in_no_report_of_the_statements()
    {
        var running = await server.StartAsync(Ct);
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.FailAsync("f.csv", "csv", "credentials 'aws_access_key_id=AKIANOBODY;aws_secret_access_key=VerySecretKey0987'");

        Assert.DoesNotContain(running.MaskedStatements(), statement => statement.Contains("VerySecretKey0987", StringComparison.Ordinal));
        Assert.Contains(running.MaskedStatements(), statement => statement.Contains($"copy {copy.Table} from", StringComparison.Ordinal));
    }

    private async Task<CopyTester> CopyAsync(string? columns) => await CopyTester.CreateAsync(await server.StartAsync(Ct), columns, Ct);
}
