using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Targets that are missing, of another kind, or not to be written.</summary>
public sealed class BadTargetsTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_table_is_named_with_its_nearest_neighbour()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE orders (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadCsvAsync(database, "order", "", Ct)).ExitsWith(1).Says("order").Says("orders");
        (await folder.LoadCsvAsync(database, "public.ordres", "", Ct)).ExitsWith(1).Says("public.ordres");
    }

    [Fact]
    public async Task A_missing_column_is_named_with_its_nearest_neighbour()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (customer text)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadAsync($"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t (custmer) WITH fields terminated by ',';", Ct))
            .ExitsWith(1).Says("custmer").Says("customer");
    }

    [Fact]
    public async Task A_view_is_refused_as_a_target()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE VIEW v AS SELECT 1 AS a", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadCsvAsync(database, "v", "", Ct)).ExitsWith(1).Says("view");
    }

    [Theory]
    [InlineData("", ", iam role = default", "test.load:1:")]
    [InlineData("&copy_per=batch", "", "test.load:1:")]
    public async Task An_option_that_only_another_kind_of_server_understands_is_an_error_before_anything_is_done(string parameter, string option, string place)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        var uri = database.Uri + (database.Uri.ToString().Contains('?', StringComparison.Ordinal) ? "" : "?") + parameter;
        var command = $"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE t WITH fields terminated by ','{option} BEFORE LOAD DO $$ DROP TABLE t $$;";
        var words = option.Length > 0 ? "iam role" : "copy per";
        folder.With("test.load", command);
        (await folder.RunAsync(["check", "test.load"], Ct)).ExitsWith(0);
        (await folder.RunAsync(["--dry-run", "test.load"], Ct)).ExitsWith(1).Says($"The option {words} has no use here: the server is PostgreSQL");
        (await folder.LoadAsync(command, Ct)).ExitsWith(1).Says(place).Says($"The option {words} has no use here: the server is PostgreSQL; nothing was done");
        Assert.Equal(0, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_table_without_the_right_to_insert_is_refused()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int); GRANT SELECT ON t TO PUBLIC", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await LoadAsPasswordUserAsync(folder, database, "t", "")).ExitsWith(1).Says("may not insert").Says(PostgresInstance.PasswordUser)
            .DoesNotSay(PostgresInstance.Password);
    }

    [Fact]
    public async Task A_table_with_row_level_security_gets_a_message()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int); GRANT ALL ON t TO PUBLIC; ALTER TABLE t ENABLE ROW LEVEL SECURITY", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await LoadAsPasswordUserAsync(folder, database, "t", "")).ExitsWith(1).Says("row-level security");
    }

    [Fact]
    public async Task Generated_columns_are_left_out_of_the_default_list()
    {
        Assert.SkipWhen(server.Version is > 0 and < 120000, "generated columns came with PostgreSQL 12");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a * 2) STORED, b text)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(0);
        Assert.Equal("1|2|x", await database.QueryAsync("SELECT * FROM t", Ct));
    }

    [Fact]
    public async Task A_header_that_names_fewer_columns_leaves_the_others_to_their_defaults()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (id serial, a int, b text DEFAULT 'dflt', \"Odd Name\" text)", Ct);
        using var folder = new LoadFolder().With("data.csv", "odd name,A\nx,1\ny,2\n");
        (await folder.LoadCsvAsync(database, "t", "csv header", Ct)).ExitsWith(0);
        Assert.Equal("1|1|dflt|x\n2|2|dflt|y", await database.QueryAsync("SELECT * FROM t ORDER BY id", Ct));
    }

    [Fact]
    public async Task A_wrong_password_says_who_and_where_from_but_never_what()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("data.csv", "1\n");
        var uri = $"postgresql://{PostgresInstance.PasswordUser}:wr0ng-pass@127.0.0.1:{server.Private.Port}/{database.Name}";
        (await folder.LoadAsync($"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE t;", Ct))
            .ExitsWith(1).Says(PostgresInstance.PasswordUser).Says("127.0.0.1").Says("URI").DoesNotSay("wr0ng-pass");
        var bare = $"postgresql://{PostgresInstance.PasswordUser}@127.0.0.1:{server.Private.Port}/{database.Name}";
        folder.With("env.load", $"LOAD CSV FROM 'data.csv' INTO {bare} TARGET TABLE t;");
        (await folder.RunAsync(["--debug", "env.load"], Ct, null, ("PGPASSWORD", "wr0ng-env"))).ExitsWith(1).Says("PGPASSWORD").DoesNotSay("wr0ng-env");
    }

    [Fact]
    public async Task Refused_tls_and_a_refused_connection_are_said()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("data.csv", "1\n");
        await using var plain = await PostgresInstance.StartAsync(Ct, tls: false);
        (await folder.LoadAsync($"LOAD CSV FROM 'data.csv' INTO postgresql://postgres@127.0.0.1:{plain.Port}/postgres?sslmode=require TARGET TABLE t;", Ct))
            .ExitsWith(1).Says("TLS");
        (await folder.LoadAsync("LOAD CSV FROM 'data.csv' INTO postgresql://postgres@127.0.0.1:1/postgres TARGET TABLE t;", Ct))
            .ExitsWith(1).Says("127.0.0.1:1");
    }

    [Fact]
    public async Task A_refused_setting_is_named()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct, "SET nope_such to '1'")).ExitsWith(1).Says("nope_such");
    }

    [Fact]
    public async Task Failing_sql_before_the_load_ends_it_and_the_statement_is_named()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct, "BEFORE LOAD DO $$ insert into t values (8); $$, $$ select nosuch(); $$ AFTER LOAD DO $$ insert into t values (9); $$"))
            .ExitsWith(1).Says("before load").Says("nosuch");
        Assert.Equal(0, await database.CountAsync("t", Ct));
    }

    private async Task<ProgramResult> LoadAsPasswordUserAsync(LoadFolder folder, TestDatabase database, string table, string options)
    {
        var uri = $"postgresql://{PostgresInstance.PasswordUser}:{Uri.EscapeDataString(PostgresInstance.Password)}@127.0.0.1:{server.Private.Port}/{database.Name}";
        return await folder.LoadAsync(
            $"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE {table} WITH fields terminated by ','{options};", Ct);
    }
}
