using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>What a target lacks, and what would go: found and named before any table is touched.</summary>
public sealed class SqliteTargetChecksTests(PostgresServer server)
{
    private const string Source = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'); CREATE TABLE u (t INT REFERENCES t); INSERT INTO u VALUES (1);";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_that_may_not_create_tables_or_schemas_is_told_what_to_grant()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var role = await RoleAsync(database);
        await database.ExecuteAsync($"REVOKE ALL ON SCHEMA public FROM public; CREATE TABLE public.t (old int); GRANT CONNECT ON DATABASE {database.Name} TO {role.Name};", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        string[] load = ["s.db", role.Uri];
        foreach (var arguments in new[] { load, ["plan", .. load] })
        {
            (await folder.RunAsync(arguments, Ct)).ExitsWith(1)
                .Says($"role {role.Name} may not create tables in schema public: GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"{role.Name}\"")
                .Says($"role {role.Name} does not own table public.t and cannot drop it");
        }

        (await folder.LoadAsync($"LOAD DATABASE FROM 's.db' INTO {role.Uri} ALTER SCHEMA 'public' RENAME TO 'other';", Ct)).ExitsWith(1)
            .Says($"role {role.Name} may not create schema other: GRANT CREATE ON DATABASE \"{database.Name}\" TO \"{role.Name}\"");
        await database.ExecuteAsync($"GRANT USAGE, CREATE ON SCHEMA public TO {role.Name}; ALTER TABLE t OWNER TO {role.Name};", Ct);
        (await folder.RunAsync(load, Ct)).ExitsWith(0);
        Assert.Equal("1|a", await database.QueryAsync("SELECT * FROM t", Ct));
    }

    [Fact]
    public async Task A_role_that_may_not_load_existing_tables_is_told_all_of_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var role = await RoleAsync(database);
        await database.ExecuteAsync($"CREATE TABLE t (id bigint PRIMARY KEY, v text); CREATE TABLE u (t int REFERENCES t); GRANT USAGE ON SCHEMA public TO {role.Name}; GRANT INSERT ON t TO {role.Name};", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["--with", "data only, truncate, drop indexes", "s.db", role.Uri], Ct)).ExitsWith(1)
            .Says($"role {role.Name} may not truncate public.t").Says("drop indexes needs the owner of table public.t")
            .Says($"Role {role.Name} may not insert into table public.u").Says($"role {role.Name} does not own public.u and cannot drop its foreign keys");
        Assert.Equal(0, await database.CountAsync("t", Ct));
    }

    [Theory]
    [InlineData("type text to citext", "type citext is unknown: ")]
    [InlineData("type text to \"geometry(Point,4326)\"", "type geometry is unknown: ")]
    [InlineData("type text to nonsense", "type nonsense is unknown: create it in BEFORE LOAD, or CAST to another type")]
    [InlineData("type text to \"no such (type\"", "type no such (type is unknown: ")]
    public async Task A_type_that_the_server_does_not_know_is_named_with_its_extension(string cast, string message)
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["--cast", cast, "s.db", database.Uri], Ct)).ExitsWith(1).Says("The target is not ready: " + message);
        Assert.Equal(0, await database.CountAsync("pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
    }

    [Fact]
    public async Task What_before_load_makes_is_there_when_it_is_looked_for()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", Source).With("make.sql", "CREATE DOMAIN short AS text CHECK (length(value) < 9); CREATE TABLE u (t int);");
        (await folder.RunAsync(["plan", "--before", "make.sql", "--cast", "type text to short", "s.db", database.Uri], Ct)).ExitsWith(0).Says("missing: type short is unknown");
        (await folder.RunAsync(["--before", "make.sql", "--cast", "type text to short", "s.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal("short", await database.QueryAsync("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'v'", Ct));
        folder.With("again.sql", "DROP TABLE t, u; CREATE TABLE t (id int, v text); CREATE TABLE u (t int);");
        (await folder.RunAsync(["--with", "data only", "--before", "again.sql", "s.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal("1|a", await database.QueryAsync("SELECT * FROM t", Ct));
    }

    [Fact]
    public async Task What_goes_with_the_dropped_tables_is_listed_in_the_plan_and_said_in_the_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 50) i; ANALYZE t;
            CREATE TABLE u (t int REFERENCES t);
            CREATE VIEW v1 AS SELECT * FROM t; CREATE VIEW v2 AS SELECT * FROM v1; CREATE MATERIALIZED VIEW "M 1" AS SELECT * FROM v2;
            CREATE SCHEMA s; CREATE TABLE s.far (k int CONSTRAINT "to t" REFERENCES t, r t); CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE stays (v int);
            """, Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        var plan = (await folder.RunAsync(["plan", "s.db", database.Uri], Ct)).ExitsWith(0).Output;
        Assert.Contains(
            """
              dropped
                table public.t, about 50 rows
                table public.u
              dropped because it depends on that
                column s.far.r
                foreign key "to t" of s.far
                function public.f(public.t)
                materialized view public."M 1"
                view public.v1
                view public.v2
            """.ReplaceLineEndings("\n"), plan.Replace("public.f(t)", "public.f(public.t)", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(50, await database.CountAsync("v2", Ct));
        (await folder.RunAsync(["s.db", database.Uri], Ct)).ExitsWith(0).Says("Dropped along with what they depend on: column s.far.r, foreign key \"to t\" of s.far");
        Assert.Equal("far\nstays\nt\nu", await database.QueryAsync("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm') AND relnamespace IN ('public'::regnamespace, 's'::regnamespace) ORDER BY 1", Ct));
        Assert.Equal("k", await database.QueryAsync("SELECT attname FROM pg_attribute WHERE attrelid = 's.far'::regclass AND attnum > 0 AND NOT attisdropped", Ct));
        (await folder.RunAsync(["plan", "s.db", database.Uri], Ct)).ExitsWith(0).DoesNotSay("dropped because");
    }

    [Fact]
    public async Task Drop_schema_takes_all_of_it_and_the_plan_lists_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            "CREATE TABLE old (v int); CREATE TYPE mood AS ENUM ('a'); CREATE SEQUENCE alone; CREATE SCHEMA s; CREATE TABLE s.far (m public.mood); CREATE VIEW s.v AS SELECT * FROM public.old;", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["plan", "--with", "drop schema", "s.db", database.Uri], Ct)).ExitsWith(0).Says("DROP SCHEMA IF EXISTS \"public\" CASCADE")
            .Says("table public.old").Says("type public.mood").Says("sequence public.alone").Says("column s.far.m").Says("view s.v");
        (await folder.RunAsync(["--with", "drop schema", "s.db", database.Uri], Ct)).ExitsWith(0).Says("Drop Schemas");
        Assert.Equal("t\nu", await database.QueryAsync("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1", Ct));
        Assert.Equal(0, await database.CountAsync("pg_class WHERE relname = 'v'", Ct));
        (await folder.RunAsync(["--with", "drop schema, create no schemas", "s.db", database.Uri], Ct)).ExitsWith(0).Says("drop schema has no effect: schemas are not created");
    }

    [Fact]
    public async Task A_view_in_the_place_of_a_table_is_not_dropped()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE VIEW t AS SELECT 1 AS one", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["s.db", database.Uri], Ct)).ExitsWith(1).Says("public.t is a view, which include drop leaves in place: drop it, or leave the table out");
        (await folder.RunAsync(["plan", "--with", "include no drop", "s.db", database.Uri], Ct)).ExitsWith(0)
            .Says("public.t is there already (a view) and stays as it is: the table is not created, its rows are not loaded");
    }

    private static async Task<Role> RoleAsync(TestDatabase database)
    {
        var name = $"limited_{database.Name}";
        await database.ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD 'limited'", Ct);
        return new Role(database, name);
    }

    private sealed class Role(TestDatabase database, string name) : IAsyncDisposable
    {
        public string Name => name;

        public string Uri => System.Text.RegularExpressions.Regex.Replace(database.Uri, "//[^@]*@", $"//{name}:limited@");

        public async ValueTask DisposeAsync() => await database.ExecuteAsync($"DROP OWNED BY {name} CASCADE; DROP ROLE {name};", CancellationToken.None);
    }
}
