namespace RedshiftLocal.Tests.Catalog;

/// <summary>The error and history views of COPY: docs of STL_LOAD_ERRORS, SYS_LOAD_ERROR_DETAIL, SYS_LOAD_HISTORY; visibility of data in system tables and views.</summary>
public sealed class LoadViewsTests(CatalogServer server)
{
    private const string ErrorOf =
        """
        INSERT INTO rs_internal.load_errors (userid, slice, tbl, starttime, session, query, transaction_id, database_name, filename, line_number, colname, type,
            col_length, position, raw_line, raw_field_value, err_code, err_reason, is_partial, start_offset)
        VALUES ('{0}'::regrole::oid::integer, 0, 100, '2024-01-01 00:00:00', 7, 42, 9, 'dev', 's3://b/k', 3, 'a', 'varchar', '3', 1, 'x\303\244y,\\101', '\303\244', 1204,
            'String length exceeds DDL length', 0, 0)
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("stl_load_errors", "filename", 256)]
    [InlineData("stl_load_errors", "colname", 127)]
    [InlineData("stl_load_errors", "type", 10)]
    [InlineData("stl_load_errors", "col_length", 10)]
    [InlineData("stl_load_errors", "raw_line", 1024)]
    [InlineData("stl_load_errors", "raw_field_value", 1024)]
    [InlineData("stl_load_errors", "err_reason", 100)]
    [InlineData("sys_load_error_detail", "database_name", 64)]
    [InlineData("sys_load_error_detail", "file_name", 256)]
    [InlineData("sys_load_error_detail", "column_name", 127)]
    [InlineData("sys_load_error_detail", "column_type", 10)]
    [InlineData("sys_load_error_detail", "error_message", 512)]
    public async Task Text_of_the_error_views_is_blank_padded(string view, string column, int length)
    {
        var database = await WithErrorOfAsync(CatalogServer.Alice);

        Assert.Equal([$"{length}"], await database.RowsAsync(CatalogServer.Alice, $"SELECT octet_length({column}) FROM {view}", Ct));
    }

    [Fact]
    public async Task Bytes_beyond_ascii_show_as_dots_one_a_byte()
    {
        var database = await WithErrorOfAsync(CatalogServer.Alice);

        Assert.Equal(
            ["x..y,\\101|.."],
            await database.RowsAsync(CatalogServer.Alice, "SELECT trim(raw_line), trim(raw_field_value) FROM stl_load_errors", Ct));
    }

    [Theory]
    [InlineData(CatalogServer.Alice, "1")]
    [InlineData(CatalogServer.Bob, "0")]
    [InlineData(CatalogServer.Master, "1")]
    public async Task Rows_are_seen_by_their_owner_and_by_superusers(string user, string count)
    {
        var database = await WithErrorOfAsync(CatalogServer.Alice);

        Assert.Equal([count], await database.RowsAsync(user, "SELECT count(*) FROM stl_load_errors", Ct));
        Assert.Equal([count], await database.RowsAsync(user, "SELECT count(*) FROM sys_load_error_detail", Ct));
    }

    [Fact]
    public async Task The_row_of_the_last_copy_is_found_by_its_id()
    {
        var database = await WithErrorOfAsync(CatalogServer.Alice);
        await using var session = await database.ConnectAsync(CatalogServer.Alice, Ct);
        await session.QueryAsync("SELECT set_config('redshift_local.last_copy_id', '42', false)", Ct);

        Assert.Equal(
            ["3|1204|String length exceeds DDL length"],
            await CatalogDatabase.RowsAsync(session, "SELECT line_number, err_code, rtrim(err_reason) FROM stl_load_errors WHERE query = pg_last_copy_id()", Ct));
    }

    [Fact]
    public async Task A_late_row_is_not_seen_before_its_time()
    {
        var database = await WithErrorOfAsync(CatalogServer.Alice);
        await database.RowsAsync(null, "UPDATE rs_internal.load_errors SET visible_at = now() + interval '1 hour'", Ct);

        Assert.Equal(["0"], await database.RowsAsync(CatalogServer.Alice, "SELECT count(*) FROM sys_load_error_detail", Ct));
    }

    [Theory]
    [InlineData("stl_load_errors")]
    [InlineData("stl_loaderror_detail")]
    [InlineData("stl_load_commits")]
    [InlineData("stl_replacements")]
    [InlineData("stl_undone")]
    [InlineData("stv_slices")]
    public async Task Serverless_has_no_stl_views(string view)
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.Equal(
            $"42501 permission denied for relation {view}",
            await database.ErrorAsync(CatalogServer.Master, $"SET redshift_local.serverless = 'on'; SELECT count(*) FROM {view}", Ct));
    }

    [Theory]
    [InlineData("sys_load_error_detail")]
    [InlineData("sys_load_history")]
    [InlineData("sys_load_detail")]
    public async Task Serverless_has_the_sys_views(string view)
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.Equal(["0"], await database.RowsAsync(CatalogServer.Master, $"SET redshift_local.serverless = 'on'; SELECT count(*) FROM {view}", Ct));
    }

    [Theory]
    [InlineData("stl_load_errors", "userid slice tbl starttime session query filename line_number colname type col_length position raw_line raw_field_value err_code err_reason is_partial start_offset copy_job_id")]
    [InlineData("stl_loaderror_detail", "userid slice session query filename line_number field colname value is_null type col_length")]
    [InlineData("sys_load_error_detail", "user_id query_id transaction_id session_id database_name table_id start_time file_name line_number column_name column_type column_length position error_code error_message copy_job_id")]
    [InlineData("stl_load_commits", "userid query slice name filename byte_offset lines_scanned errors curtime status file_format is_partial start_offset copy_job_id")]
    [InlineData("sys_load_history", "user_id query_id transaction_id session_id database_name status table_name start_time end_time duration data_source file_format loaded_rows loaded_bytes source_file_count source_file_bytes file_count_scanned file_bytes_scanned error_count copy_job_id")]
    [InlineData("stl_undone", "userid xact_id xact_id_undone undo_start_ts undo_end_ts table_id")]
    [InlineData("sys_load_detail", "user_id query_id file_name bytes_scanned lines_scanned record_time splits_scanned start_time end_time")]
    public async Task Columns_are_those_of_the_documentation(string view, string columns)
    {
        var database = await server.SharedDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Alice, Ct);

        var result = await session.QueryAsync($"SELECT * FROM {view}", Ct);

        Assert.Equal(columns, string.Join(' ', result.Columns));
    }

    [Fact]
    public async Task The_ends_of_transactions_are_for_superusers_only()
    {
        var database = await server.SharedDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);

        Assert.Equal(
            "user_id transaction_id isolation_level status transaction_start_time commit_start_time commit_end_time blocks_committed undo_transaction_id",
            string.Join(' ', (await session.QueryAsync("SELECT * FROM sys_transaction_history", Ct)).Columns));
        Assert.Equal(
            "42501 permission denied for relation sys_transaction_history",
            await database.ErrorAsync(CatalogServer.Alice, "SELECT count(*) FROM sys_transaction_history", Ct));
    }

    private async Task<CatalogDatabase> WithErrorOfAsync(string user)
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await database.RowsAsync(null, ErrorOf.Replace("{0}", user, StringComparison.Ordinal), Ct);
        return database;
    }
}
