using Npgsql;
using RedshiftLocal.Tests.Copy;

namespace RedshiftLocal.Tests.Unload;

/// <summary>What can be unloaded by whom, what UNLOAD answers, and what a failed one leaves: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html.</summary>
public sealed class UnloadStatementTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("select a from T limit 1")]
    [InlineData("select a from T order by 1 limit all")]
    [InlineData("(select a from T limit 1)")]
    [InlineData("((select a from T offset 1))")]
    [InlineData("select top 1 a from T")]
    [InlineData("select distinct top (1) a from T")]
    [InlineData("select a from T union all select a from T limit 1")]
    [InlineData("with w as (select 1) select a from T limit 1")]
    public async Task A_limit_of_the_outer_query_is_refused(string query)
    {
        await using var unload = await CreateAsync();
        var error = await unload.FailAsync("", query.Replace("T", unload.Table, StringComparison.Ordinal));

        Assert.Equal(("0A000", "Limit clause is not supported"), (error.SqlState, error.MessageText));
        Assert.Empty(await unload.KeysAsync());
    }

    [Theory]
    [InlineData("select a from T where a in (select a from T order by a desc limit 10)")]
    [InlineData("select a from (select top 2 a from T order by 1) as s")]
    [InlineData("(select a from T) union all (select a from T limit 0)")]
    public async Task A_limit_further_in_is_taken(string query)
    {
        await using var unload = await CreateAsync();

        Assert.Equal("1\n2\n", await unload.TextAsync("", query.Replace("T", unload.Table, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("select 'it''s', 'a\\\\b'", "it's|a\\b\n")]
    [InlineData("select 1 as x;", "1\n")]
    public async Task A_query_in_dollar_quotes_is_taken_as_it_stands(string query, string text)
    {
        await using var unload = await CreateAsync();

        Assert.Equal(text, await unload.TextAsync("", query));
    }

    [Fact]
    public async Task In_a_literal_quotes_and_backslashes_are_doubled()
    {
        await using var unload = await CreateAsync();
        await unload.Connection.ExecuteAsync($"unload ('select ''it''''s'', ''a\\\\\\\\b'', \\'x\\'') to '{unload.Copy.Url("u_")}' {CopyTester.Keys} parallel off", Ct);

        Assert.Equal("it's|a\\b|x\n", await unload.GetAsync("u_000"));
    }

    [Theory]
    [InlineData("delete from t", "42601", "syntax error at or near \"delete\"")]
    [InlineData("select 1; select 2", "42601", "syntax error at or near \";\"")]
    [InlineData("", "42601", "syntax error at end of input")]
    [InlineData("select * into x from t", "42601", "syntax error at or near \"INTO\"")]
    [InlineData("select * from no_such_table", "42P01", "relation \"no_such_table\" does not exist")]
    [InlineData("select current_schema()", "0A000", "Specified types or functions (one per INFO message) not supported on Redshift tables.")]
    [InlineData("select relname from pg_class", "0A000", "Specified types or functions (one per INFO message) not supported on Redshift tables.")]
    [InlineData("select array[1]", "0A000", "ARRAY constructors are not supported")]
    [InlineData("select a from t for update", "0A000", "SELECT FOR UPDATE is not supported")]
    public async Task A_query_that_compute_nodes_cannot_run_is_refused(string query, string state, string message)
    {
        await using var unload = await CreateAsync();
        var error = await unload.FailAsync("", query);

        Assert.Equal((state, message), (error.SqlState, error.MessageText));
    }

    [Theory]
    [InlineData("unload select 1 to 's3://b/k'", "syntax error at or near \"select\"")]
    [InlineData("unload ('select 1')", "syntax error at end of input")]
    [InlineData("unload ('select 1') to x", "syntax error at or near \"x\"")]
    public async Task A_statement_without_query_and_target_is_no_syntax(string sql, string message)
    {
        await using var connection = await server.ConnectAsync(Ct);
        var error = await connection.ErrorAsync(sql, Ct);

        Assert.Equal(("42601", message), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task An_unload_tells_its_rows_and_leaves_its_history()
    {
        await using var unload = await CreateAsync();
        Assert.Equal("-1", await unload.Connection.ScalarAsync("select pg_last_unload_id()", Ct));
        await unload.UnloadAsync("csv gzip manifest header");
        var id = await unload.Connection.ScalarAsync("select pg_last_unload_id()", Ct);

        Assert.Equal(["UNLOAD completed, 2 record(s) unloaded successfully."], unload.Copy.Notices);
        Assert.Equal("2", await unload.Connection.ScalarAsync("select pg_last_unload_count()", Ct));
        var log = await unload.Connection.RowsAsync(
            $"select slice, trim(path), line_count, trim(file_format), len(path) from stl_unload_log where query = pg_last_unload_id() order by path", Ct);
        Assert.Equal(["0000_part_00.gz|2", "0001_part_00.gz|2", "0002_part_00.gz|1", "0003_part_00.gz|1"], log.Select(row => $"{row[1]!.Split("u_")[1]}|{row[2]}"));
        Assert.All(log, row => Assert.Equal("CSV", row[3]));
        var history = await unload.Connection.RowsAsync(
            $"select status, file_format, compression_type, unloaded_location, unloaded_rows, unloaded_files_count, transaction_id > 0 from sys_unload_history where query_id = {id}", Ct);
        Assert.Equal($"completed|CSV|GZIP|{unload.Copy.Url("u_")}|2|4|t", string.Join("|", Assert.Single(history)));
        Assert.Equal("4", await unload.Connection.ScalarAsync($"select count(*) from sys_unload_detail where query_id = {id} and transfer_size > 0", Ct));
    }

    [Fact]
    public async Task A_failed_query_leaves_the_files_it_had_begun_and_no_manifest()
    {
        await using var unload = await CreateAsync();
        var error = await unload.FailAsync("manifest parallel off", $"select 10 / (2 - a) from {unload.Table}");

        Assert.Equal("22012", error.SqlState);
        Assert.Equal(["u_000"], await unload.KeysAsync());
        Assert.Equal("10\n", await unload.GetAsync("u_000"));
        var history = await unload.Connection.RowsAsync(
            $"select status, unloaded_rows, unloaded_files_count from sys_unload_history where unloaded_location = '{unload.Copy.Url("u_")}'", Ct);
        Assert.Equal("aborted|1|1", string.Join("|", Assert.Single(history)));
    }

    [Fact]
    public async Task An_unload_that_is_rolled_back_leaves_its_files()
    {
        await using var unload = await CreateAsync();
        await unload.Connection.ExecuteAsync("begin", Ct);
        await unload.Connection.ExecuteAsync($"insert into {unload.Table} values (3)", Ct);
        await unload.UnloadAsync("parallel off");
        await unload.Connection.ExecuteAsync("rollback", Ct);

        Assert.Equal("1\n2\n3\n", await unload.GetAsync("u_000"));
        Assert.Equal("2", await unload.Connection.ScalarAsync($"select count(*) from {unload.Table}", Ct));
        Assert.Equal("3", await unload.Connection.ScalarAsync("select pg_last_unload_count()", Ct));
    }

    [Fact]
    public async Task A_failed_unload_fails_its_block()
    {
        await using var unload = await CreateAsync();
        await unload.Connection.ExecuteAsync("begin", Ct);
        Assert.Equal("0A000", (await unload.Connection.ErrorAsync(unload.Sql("parquet"), Ct)).SqlState);

        Assert.Equal("25P02", (await unload.Connection.ErrorAsync(unload.Sql(""), Ct)).SqlState);
        await unload.Connection.ExecuteAsync("rollback", Ct);
        await unload.UnloadAsync("");
    }

    [Theory]
    [InlineData("access_key_id 'AKIAWRONG' secret_access_key 'x'", "InvalidAccessKeyId")]
    [InlineData("access_key_id 'AKIAREDSHIFTLOCAL000' secret_access_key 'wrong'", "SignatureDoesNotMatch")]
    [InlineData("iam_role 'arn:aws:iam::123456789012:role/other'", "is not authorized to assume IAM Role")]
    [InlineData("credentials 'aws_access_key_id=AKIAREDSHIFTLOCAL000'", "Invalid credentials")]
    public async Task Credentials_are_really_used(string authorization, string message)
    {
        await using var unload = await CreateAsync();
        var error = await unload.FailAsync("", authorization: authorization);

        Assert.Equal("XX000", error.SqlState);
        Assert.Contains(message, error.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iam_role default")]
    [InlineData("iam_role '" + RedshiftLocalServer.RoleArn + "'")]
    [InlineData("credentials 'aws_iam_role=" + RedshiftLocalServer.RoleArn + "'")]
    [InlineData("with credentials as 'aws_access_key_id=" + RedshiftLocalServer.AccessKey + ";aws_secret_access_key=" + RedshiftLocalServer.SecretKey + "'")]
    public async Task Each_form_of_authorization_is_taken(string authorization)
    {
        await using var unload = await CreateAsync();
        await unload.Connection.ExecuteAsync(unload.Sql("parallel off", authorization: authorization), Ct);

        Assert.Equal("1\n2\n", await unload.GetAsync("u_000"));
    }

    [Fact]
    public async Task A_user_needs_the_right_to_read_and_sees_only_own_history()
    {
        await using var unload = await CreateAsync();
        await unload.UnloadAsync("");
        var user = "u_" + Guid.NewGuid().ToString("N")[..10];
        await unload.Connection.ExecuteAsync($"create user {user} password 'Reader-Passw0rd'", Ct);
        await using var other = new NpgsqlConnection(RedshiftLocalServer.ConnectionString((await server.StartAsync(Ct)).EndPoint, user, "Reader-Passw0rd"));
        await other.OpenAsync(Ct);

        var error = await other.ErrorAsync(unload.Sql("allowoverwrite"), Ct);
        Assert.Equal(("42501", $"permission denied for relation {unload.Table}"), (error.SqlState, error.MessageText));
        Assert.Equal("0", await other.ScalarAsync("select count(*) from stl_unload_log", Ct));
    }

    [Fact]
    public async Task Rights_regions_and_views_are_those_of_the_cluster()
    {
        var credentials = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            credentials,
            """{"credentials": [{"accessKey": "AKIAREADER", "secretKey": "reader", "rights": {"sample-bucket": ["read", "list"]}}, {"accessKey": "AKIAWRITER", "secretKey": "writer", "rights": {"*": ["write", "list"]}}]}""",
            Ct);
        try
        {
            await using var own = await server.StartOwnAsync(
                options => options with { CredentialsFile = credentials, Buckets = [RedshiftLocalServer.Bucket, "far-bucket:eu-west-1"], Serverless = true }, Ct);
            Assert.Contains("Error AccessDenied", await RunAsync(own, "sample-bucket", "access_key_id 'AKIAREADER' secret_access_key 'reader'"), StringComparison.Ordinal);
            Assert.Equal("", await RunAsync(own, "sample-bucket", "access_key_id 'AKIAWRITER' secret_access_key 'writer'"));
            Assert.Contains("Error AccessDenied", await RunAsync(own, "sample-bucket", "access_key_id 'AKIAWRITER' secret_access_key 'writer' cleanpath"), StringComparison.Ordinal);
            Assert.Contains("Error PermanentRedirect", await RunAsync(own, "far-bucket", "access_key_id 'AKIAWRITER' secret_access_key 'writer'"), StringComparison.Ordinal);
            Assert.Equal("", await RunAsync(own, "far-bucket", "access_key_id 'AKIAWRITER' secret_access_key 'writer' region 'eu-west-1'"));

            await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(own.EndPoint));
            await connection.OpenAsync(Ct);
            Assert.Equal("2", await connection.ScalarAsync("select count(*) from sys_unload_history where status = 'completed'", Ct));
            Assert.Equal("42501", (await connection.ErrorAsync("select * from stl_unload_log", Ct)).SqlState);
        }
        finally
        {
            File.Delete(credentials);
        }
    }

    [Fact]
    public async Task Faults_can_be_ordered_and_busy_answers_of_the_store_are_passed_over()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            """
            {"faults": [
                {"point": "unload", "contains": "/conflict", "kind": "error", "code": "1023"},
                {"point": "storeRequest", "contains": "/denied0002", "kind": "error", "code": "AccessDenied"},
                {"point": "storeRequest", "contains": "/busy", "every": 2, "kind": "error", "code": "SlowDown"}
            ]}
            """,
            Ct);
        try
        {
            await using var own = await server.StartOwnAsync(options => options with { FaultsFile = file }, Ct);
            Assert.Equal("1023", await RunAsync(own, "sample-bucket/conflict", CopyTester.Keys + " manifest"));
            Assert.Contains("AccessDenied", await RunAsync(own, "sample-bucket/denied", CopyTester.Keys + " manifest"), StringComparison.Ordinal);
            Assert.Equal("", await RunAsync(own, "sample-bucket/busy", CopyTester.Keys + " manifest"));

            await using var unload = await UnloadTester.CreateAsync(own, "a int", "", Ct);
            var page = await unload.Copy.Store.ListObjectsAsync(RedshiftLocalServer.Bucket, Ct);
            Assert.Equal(
                "busy0000_part_00 busy0001_part_00 busy0002_part_00 busy0003_part_00 busymanifest denied0000_part_00 denied0001_part_00",
                string.Join(' ', page.S3Objects.Select(item => item.Key)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_cancel_request_ends_an_unload()
    {
        await using var unload = await CreateAsync();
        await using var command = new NpgsqlCommand(
            unload.Sql("", $"select a.a from {unload.Table} a, {unload.Table} b where {string.Join(" and ", Enumerable.Range(0, 24).Select(i => $"a.a in (select x{i}.a from {unload.Table} x{i})"))}"
                .Replace("where", ", " + string.Join(", ", Enumerable.Range(0, 26).Select(i => $"{unload.Table} c{i}")) + " where", StringComparison.Ordinal)),
            unload.Connection);
        var running = command.ExecuteNonQueryAsync(Ct);
        while (!running.IsCompleted)
        {
            command.Cancel();
            await Task.WhenAny(running, Task.Delay(50, Ct));
        }

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        Assert.Equal("57014", Assert.IsType<PostgresException>(error.InnerException).SqlState);
        Assert.Equal("1", await unload.Connection.ScalarAsync("select 1", Ct));
    }

    /// <summary>The message of the failure, or nothing.</summary>
    private static async Task<string> RunAsync(LocalRedshift own, string target, string options)
    {
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(own.EndPoint));
        await connection.OpenAsync(Ct);
        try
        {
            await connection.ExecuteAsync($"unload ('select 1') to 's3://{target}' {options}", Ct);
            return "";
        }
        catch (PostgresException exception)
        {
            return exception.MessageText;
        }
    }

    private async Task<UnloadTester> CreateAsync() => await UnloadTester.CreateAsync(await server.StartAsync(Ct), "a int", "(1), (2)", Ct);
}
