using System.Globalization;
using MySqlConnector;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Who may not come in, what may not be read, and connections that end in between.</summary>
public sealed class MySqlFaultTests(PostgresServer server, MySqlServer mysql)
{
    private const string Many =
        "CREATE TABLE seqs (n INT PRIMARY KEY); INSERT INTO seqs WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < 1000) SELECT n FROM s;"
        + "CREATE TABLE big (id INT PRIMARY KEY, v VARCHAR(2000)); INSERT INTO big SELECT 1000 * a.n + b.n, REPEAT('x', 1500) FROM seqs a, seqs b WHERE a.n <= 12;";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_said_with_user_plugin_and_where_it_came_from()
    {
        await using var source = await mysql.CreateDatabaseAsync("", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        var result = (await folder.RunAsync([source.UriOf(MySqlInstance.AdminUser, "wrong-Pa55"), target.Uri], Ct)).ExitsWith(1)
            .Says($"the server refuses user {MySqlInstance.AdminUser} (authentication plugin {(source.IsMariaDb ? "mysql_native_password" : "caching_sha2_password")})").Says("the password was taken from the URI");
        Assert.DoesNotContain("wrong-Pa55", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_keys_come_along_for_an_account_that_may_only_read()
    {
        await using var source = await mysql.CreateDatabaseAsync(
            """
            CREATE TABLE p (id INT PRIMARY KEY);
            CREATE TABLE c (id INT PRIMARY KEY, a INT, b INT, CONSTRAINT ca FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT cb FOREIGN KEY (b) REFERENCES p (id));
            INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1, NULL);
            """, Ct);
        var reader = $"r_{source.Name}";
        await source.ExecuteAsync($"CREATE USER {reader} IDENTIFIED BY 'pw-1'; GRANT SELECT ON {source.Name}.* TO {reader}", Ct);
        try
        {
            await using var target = await server.CreateDatabaseAsync();
            using var folder = new LoadFolder();
            (await folder.RunAsync([source.UriOf(reader, "pw-1"), target.Uri], Ct)).ExitsWith(0);
            Assert.Equal("ca|c|n\ncb|r|r", await target.QueryAsync("SELECT conname, confupdtype, confdeltype FROM pg_constraint WHERE contype = 'f' ORDER BY 1", Ct));
        }
        finally
        {
            await source.ExecuteAsync($"DROP USER {reader}", CancellationToken.None);
        }
    }

    [Fact]
    public async Task An_unknown_database_and_a_server_that_is_not_there_are_said()
    {
        await using var source = await mysql.CreateDatabaseAsync("", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.RunAsync([source.Uri.Replace(source.Name, "nosuch", StringComparison.Ordinal), target.Uri], Ct)).ExitsWith(1).Says("there is no database nosuch");
        (await folder.RunAsync(["mysql://u@127.0.0.1:1/db", target.Uri], Ct)).ExitsWith(1).Says("u@127.0.0.1:1/db: connection refused");
    }

    [Fact]
    public async Task Tls_that_cannot_be_had_is_an_error_only_where_it_is_insisted_on()
    {
        await using var source = await mysql.CreateDatabaseAsync("CREATE TABLE t (a INT)", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.RunAsync([source.UriOf(MySqlInstance.AdminUser, MySqlInstance.Password, ""), target.Uri], Ct)).ExitsWith(0);
        var required = await folder.RunAsync([source.UriOf(MySqlInstance.AdminUser, MySqlInstance.Password, "?useSSL=true"), target.Uri], Ct);
        if (source.IsMariaDb)
        {
            required.ExitsWith(1).Says("the server does not offer TLS, and sslmode=require insists on it");
        }
        else
        {
            required.ExitsWith(0);
        }
    }

    [Fact]
    public async Task Option_files_variables_and_the_socket_complete_an_address()
    {
        await using var source = await mysql.CreateDatabaseAsync("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        folder.With(".my.cnf", $"[client]\nuser = nobody\npassword = \"{MySqlInstance.Password}\"\nsocket={source.Instance.Socket} # here\n[sluice]\nuser={MySqlInstance.AdminUser}\n");
        (await folder.RunAsync([$"mysql:///{source.Name}", target.Uri], Ct, null, ("HOME", folder.Path))).ExitsWith(0).Says("1 + rejected 0");
        (await folder.RunAsync(
            [$"mysql://{MySqlInstance.AdminUser}@/{source.Name}?sslmode=disable", target.Uri], Ct, null,
            ("HOME", "/nonexistent"), ("MYSQL_PWD", MySqlInstance.Password), ("MYSQL_HOST", "127.0.0.1"), ("MYSQL_TCP_PORT", source.Instance.Port.ToString(CultureInfo.InvariantCulture)))).ExitsWith(0);
    }

    [Fact]
    public async Task Settings_of_the_command_are_set_and_wrong_ones_named()
    {
        await using var source = await mysql.CreateDatabaseAsync("CREATE TABLE t (a TIMESTAMP); INSERT INTO t VALUES ('2024-07-01 12:00:00')", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "SET MySQL PARAMETERS net_read_timeout = '90', sql_mode = '', time_zone = '+05:00'", Ct)).ExitsWith(0);
        (await folder.CopyAsync(source, target, "SET MySQL PARAMETERS nosuch = 'x'", Ct)).ExitsWith(1).Says("refuses SET nosuch = 'x'").Says("mend SET MySQL PARAMETERS");
    }

    [Fact]
    public async Task A_table_that_may_not_be_read_fails_alone()
    {
        await using var source = await mysql.CreateDatabaseAsync("CREATE TABLE open_ (a INT); INSERT INTO open_ VALUES (1), (2); CREATE TABLE closed (a INT); INSERT INTO closed VALUES (1)", Ct);
        await source.ExecuteAsync($"CREATE USER guest_{source.Name}@'127.0.0.1' IDENTIFIED BY 'Gu3st-pass'; GRANT SELECT ON {source.Name}.open_ TO guest_{source.Name}@'127.0.0.1'; GRANT INSERT ON {source.Name}.closed TO guest_{source.Name}@'127.0.0.1'", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.RunAsync([source.UriOf($"guest_{source.Name}", "Gu3st-pass"), target.Uri], Ct)).ExitsWith(1).Says("table closed: ").Says("grant the user SELECT");
        Assert.Equal(2, await target.CountAsync($"{source.Name}.open_", Ct));

        // MySQL has GTIDs without being told to, MariaDB no binary log.
        (await folder.RunAsync(["--require-consistent", source.UriOf($"guest_{source.Name}", "Gu3st-pass"), target.Uri], Ct)).ExitsWith(1).Says(
            source.IsMariaDb ? "cannot be read at one point in time" : "table closed: ");
    }

    [Theory]
    [InlineData("big")]
    [InlineData("unkeyed")]
    public async Task A_killed_connection_loses_and_doubles_nothing(string table)
    {
        await using var source = await mysql.CreateDatabaseAsync(Many + (table == "big" ? "" : "CREATE TABLE unkeyed AS SELECT * FROM big;"), Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        using var process = folder.Start(["--root-dir", folder.Root, "--with", "workers = 1, batch rows = 500, batch size = 64 kB", source.Uri, target.Uri]);
        await KillReaderAsync(source, target, table);
        var result = await LoadFolder.FinishAsync(process, null, Ct);
        if (table == "big")
        {
            result.ExitsWith(0).Says("the connection that read table big was lost; another one went on behind row");
            Assert.Equal("12000|12000", await target.QueryAsync($"SELECT count(*), count(DISTINCT id) FROM {source.Name}.big", Ct));
        }
        else
        {
            result.ExitsWith(1).Says("the table has no key to go on by");
            Assert.Equal("12000", await target.QueryAsync($"SELECT count(*) FROM {source.Name}.big", Ct));
        }
    }

    // Once rows of the table have arrived.
    private static async Task KillReaderAsync(MySqlDatabase source, TestDatabase target, string table)
    {
        await using var admin = await source.OpenAsync(Ct);
        while (true)
        {
            var arrived = await target.QueryAsync($"SELECT to_regclass('{source.Name}.{table}') IS NOT NULL", Ct) == "t" && await target.CountAsync($"{source.Name}.{table}", Ct) > 0;
            await using var find = new MySqlCommand($"SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{source.Name}' AND INFO LIKE 'SELECT %FROM `{table}`%' AND ID <> CONNECTION_ID()", admin);
            if (arrived && await find.ExecuteScalarAsync(Ct) is { } id)
            {
                await using var kill = new MySqlCommand($"KILL CONNECTION {Convert.ToInt64(id, CultureInfo.InvariantCulture)}", admin);
                await kill.ExecuteNonQueryAsync(Ct);
                return;
            }

            await Task.Delay(10, Ct);
        }
    }
}
