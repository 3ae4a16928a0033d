namespace RedshiftLocal.Tests.Sessions;

/// <summary>SET, RESET and SHOW: sql-dialect of the guide's pages "SET", "SHOW" and "Configuration reference"; Borvik/vscode-postgres#107.</summary>
public sealed class SettingTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("query_group", "'etl'", "etl")]
    [InlineData("statement_timeout", "90000", "90000")]
    [InlineData("extra_float_digits", "2", "2")]
    [InlineData("timezone", "'Europe/Berlin'", "Europe/Berlin")]
    [InlineData("datestyle", "'SQL, DMY'", "SQL, DMY")]
    [InlineData("wlm_query_slot_count", "3", "3")]
    [InlineData("enable_case_sensitive_identifier", "true", "on")]
    [InlineData("enable_result_cache_for_session", "off", "off")]
    [InlineData("search_path", "a, b", "a, b")]
    [InlineData("application_name", "'loader'", "loader")]
    [InlineData("my.own", "'x'", "x")]
    [InlineData("client_encoding", "'UNICODE'", "UTF8")]
    public async Task A_known_setting_is_shown_as_it_was_set(string name, string value, string shown)
    {
        await using var connection = await fixture.ConnectAsync(Ct);

        await connection.ExecuteAsync($"set {name} to {value}", Ct);

        Assert.Equal(shown, await connection.ScalarAsync($"show {name}", Ct));
    }

    [Theory]
    [InlineData("search_path", "\"$user\", public")]
    [InlineData("statement_timeout", "0")]
    [InlineData("query_group", "")]
    [InlineData("timezone", "UTC")]
    [InlineData("datestyle", "ISO, MDY")]
    public async Task Defaults_are_Redshifts(string name, string shown)
    {
        await using var connection = await fixture.ConnectAsync(Ct);

        Assert.Equal(shown, await connection.ScalarAsync($"show {name}", Ct));
    }

    [Theory]
    [InlineData("set standard_conforming_strings to on", "42704", "unrecognized configuration parameter \"standard_conforming_strings\"")]
    [InlineData("set session_replication_role to replica", "42704", "unrecognized configuration parameter \"session_replication_role\"")]
    [InlineData("set synchronous_commit to off", "42704", "unrecognized configuration parameter \"synchronous_commit\"")]
    [InlineData("show server_version_num", "42704", "unrecognized configuration parameter \"server_version_num\"")]
    [InlineData("show server_version", "42501", "must be superuser to examine \"server_version\"")]
    [InlineData("set lc_monetary to 'C'", "42501", "permission denied to set parameter \"lc_monetary\" to \"C\"")]
    [InlineData("set extra_float_digits to 16", "22023", "invalid value for parameter \"extra_float_digits\": \"16\"")]
    [InlineData("set enable_case_sensitive_identifier to maybe", "22023", "invalid value for parameter \"enable_case_sensitive_identifier\": \"maybe\"")]
    [InlineData("set client_encoding to 'LATIN1'", "22023", "invalid value for parameter \"client_encoding\": \"LATIN1\"")]
    [InlineData("set redshift_local.last_copy_id to 5", "42704", "unrecognized configuration parameter \"redshift_local.last_copy_id\"")]
    public async Task Other_settings_are_refused(string sql, string state, string message)
    {
        await using var connection = await fixture.ConnectAsync(Ct);

        var error = await connection.ErrorAsync(sql, Ct);

        Assert.Equal((state, message), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task A_rollback_takes_settings_back()
    {
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("create table \"Cased_Setting\" (a int)", Ct);
        await connection.ExecuteAsync("begin", Ct);
        await connection.ExecuteAsync("set query_group to 'undone'", Ct);
        await connection.ExecuteAsync("set enable_case_sensitive_identifier to on", Ct);
        await connection.ErrorAsync("select * from \"Cased_Setting\"", Ct);
        await connection.ExecuteAsync("rollback", Ct);

        Assert.Equal("", await connection.ScalarAsync("show query_group", Ct));
        Assert.Equal("off", await connection.ScalarAsync("show enable_case_sensitive_identifier", Ct));
        Assert.Equal("0", await connection.ScalarAsync("select count(*) from \"Cased_Setting\"", Ct));
        await connection.ExecuteAsync("drop table cased_setting", Ct);
    }

    [Fact]
    public async Task Reset_all_brings_the_defaults_back()
    {
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("set timezone to 'Asia/Tokyo'", Ct);
        await connection.ExecuteAsync("set search_path to nowhere", Ct);

        await connection.ExecuteAsync("reset all", Ct);

        Assert.Equal("UTC", await connection.ScalarAsync("show timezone", Ct));
        Assert.Equal("\"$user\", public", await connection.ScalarAsync("show search_path", Ct));
    }

    [Fact]
    public async Task The_search_path_decides_where_a_table_is_made()
    {
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("create schema path_schema", Ct);
        await connection.ExecuteAsync("set search_path to path_schema", Ct);
        await connection.ExecuteAsync("create table here (a int)", Ct);

        Assert.Equal("0", await connection.ScalarAsync("select count(*) from path_schema.here", Ct));
        await connection.ExecuteAsync("drop schema path_schema cascade", Ct);
    }

    [Fact]
    public async Task The_client_is_told_when_its_time_zone_changes()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        var answers = await client.QueryAsync("set timezone to 'Asia/Tokyo'", Ct);

        Assert.Contains(answers, answer => answer.Type == 'S');
    }

    [Fact]
    public async Task A_statement_that_takes_longer_than_its_timeout_is_cancelled()
    {
        await using var connection = await fixture.ConnectAsync(Ct);
        await connection.ExecuteAsync("create table slow_numbers as select 1 as a union all select 2", Ct);
        for (var i = 0; i < 11; i++)
        {
            await connection.ExecuteAsync("insert into slow_numbers select a from slow_numbers", Ct);
        }

        await connection.ExecuteAsync("set statement_timeout to 100", Ct);

        var error = await connection.ErrorAsync("select count(*) from slow_numbers a, slow_numbers b, slow_numbers c", Ct);

        Assert.Equal("57014", error.SqlState);
        Assert.Matches(@"^Query \(\d+\) cancelled on user's request$", error.MessageText);
        await connection.ExecuteAsync("drop table slow_numbers", Ct);
    }
}
