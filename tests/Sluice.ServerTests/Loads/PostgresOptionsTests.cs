using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases into PostgreSQL: what the options of a command do.</summary>
public sealed class PostgresOptionsTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("single transaction")]
    [InlineData("single transaction, drop schema, max parallel create index = 4")]
    [InlineData("drop schema")]
    public async Task All_arrives_in_one_transaction_or_into_schemas_that_are_new(string options)
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        await target.ExecuteAsync("CREATE TABLE public.measurement (v int); CREATE SEQUENCE public.left_over; CREATE SCHEMA stays; CREATE TABLE stays.t (v int)", Ct);
        (await folder.CopyAsync(source, target, Ct, "--with", options)).ExitsWith(0);
        var left = options.Contains("drop", StringComparison.Ordinal) ? 0 : 1;
        Assert.Equal(left, await target.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'left_over'", Ct));
        await target.ExecuteAsync("DROP SCHEMA stays CASCADE; DROP SEQUENCE IF EXISTS public.left_over", Ct);
        Assert.Equal(await source.SchemaAsync(Ct), await target.SchemaAsync(Ct));
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Theory]
    [InlineData("single transaction")]
    [InlineData("single transaction, drop schema")]
    [InlineData("single transaction, data only, truncate")]
    public async Task A_single_transaction_that_fails_leaves_the_target_as_it_was(string options)
    {
        await using var source = await server.CreateWithAsync("CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (i serial PRIMARY KEY, m mood); INSERT INTO t (m) VALUES ('a'), ('a'); CREATE TABLE u (t int REFERENCES t)", Ct);
        await using var target = await server.CreateWithAsync("CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (i int PRIMARY KEY, m mood); INSERT INTO t VALUES (9, 'a'); CREATE TABLE u (t int)", Ct);
        var before = (await target.SchemaAsync(Ct), await target.RowsAsync(Ct));
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, $"WITH {options} AFTER LOAD DO $$ SELECT 1 / 0 $$", Ct)).ExitsWith(1)
            .Says("division by zero").Says("The single transaction was rolled back: nothing was loaded");
        Assert.Equal(before, (await target.SchemaAsync(Ct), await target.RowsAsync(Ct)));
    }

    [Fact]
    public async Task What_would_be_dropped_is_listed_and_what_depends_on_it()
    {
        await using var source = await server.CreateWithAsync("CREATE TYPE mood AS ENUM ('a'); CREATE SEQUENCE free; CREATE TABLE t (i int PRIMARY KEY, m mood)", Ct);
        await using var target = await server.CreateWithAsync(
            "CREATE TYPE mood AS ENUM ('b'); CREATE SEQUENCE free; CREATE TABLE t (i int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t; CREATE SCHEMA far; CREATE TABLE far.u (t int CONSTRAINT to_t REFERENCES public.t)", Ct);
        using var folder = new LoadFolder();
        Assert.Contains(
            """
              dropped
                table public.t
                sequence public.free
                type public.mood
              dropped because it depends on that
                foreign key to_t of far.u
                view public.v
            """.ReplaceLineEndings("\n"),
            string.Join('\n', (await folder.RunAsync(["plan", source.Uri, target.Uri], Ct)).ExitsWith(0).Output.Split('\n')), StringComparison.Ordinal);
        (await folder.RunAsync(["plan", "--with", "drop schema", source.Uri, target.Uri], Ct)).ExitsWith(0)
            .Says("DROP SCHEMA IF EXISTS \"public\" CASCADE").Says("    view public.v").Says("foreign key to_t of far.u");
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0).Says("Dropped along with what they depend on: foreign key to_t of far.u, view public.v");
        Assert.Equal("", await target.QueryAsync("SELECT conname FROM pg_constraint WHERE contype = 'f'", Ct));
    }

    [Fact]
    public async Task What_the_target_lacks_is_said_before_anything_is_done()
    {
        await using var source = await server.CreateWithAsync("CREATE SCHEMA app; CREATE TABLE app.t (i int); CREATE TABLE t (i int); CREATE TABLE n (i int)", Ct);
        await using var target = await server.CreateWithAsync("REVOKE ALL ON SCHEMA public FROM public; CREATE TABLE t (was int); CREATE VIEW n AS SELECT 1 AS one", Ct);
        var role = $"limited_{target.Name}";
        await target.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'limited'", Ct);
        try
        {
            var uri = System.Text.RegularExpressions.Regex.Replace(target.Uri, "//[^@]*@", $"//{role}:limited@");
            using var folder = new LoadFolder();
            (await folder.RunAsync([source.Uri, uri], Ct)).ExitsWith(1).Says("The target is not ready: ")
                .Says($"role {role} may not create schema app: GRANT CREATE ON DATABASE")
                .Says($"role {role} may not create tables in schema public: GRANT USAGE, CREATE ON SCHEMA \"public\"")
                .Says($"role {role} does not own table public.t and cannot drop it")
                .Says("public.n is a view, which include drop leaves in place");
            (await folder.RunAsync(["--cast", "column t.i to nonsense", source.Uri, target.Uri], Ct)).ExitsWith(1).Says("type nonsense is unknown: create it in BEFORE LOAD");
            Assert.Equal("n\nt", await target.QueryAsync("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1", Ct));
        }
        finally
        {
            await target.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Drop_schema_never_takes_what_is_being_read()
    {
        await using var source = await server.CreateWithAsync("CREATE SCHEMA a; CREATE TABLE a.t (i int); CREATE SCHEMA b; CREATE TABLE b.u (i int)", Ct);
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, source, "WITH drop schema ALTER SCHEMA 'a' RENAME TO 'b'", Ct)).ExitsWith(1)
            .Says("Source and target are the same database: drop schema would take away b.u, which is read");
        Assert.Equal("0|0", await source.QueryAsync("SELECT (SELECT count(*) FROM a.t), (SELECT count(*) FROM b.u)", Ct));
    }

    [Fact]
    public async Task Comments_of_schemas_come_along_where_the_role_may_write_them()
    {
        await using var source = await server.CreateWithAsync("CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'it''s the app'; COMMENT ON SCHEMA public IS 'ours'; CREATE TABLE app.t (i int); CREATE TABLE p (i int); CREATE SCHEMA other; COMMENT ON SCHEMA other IS 'none'", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "ALTER SCHEMA 'app' RENAME TO 'shop'", Ct)).ExitsWith(0);
        Assert.Equal("public|ours\nshop|it's the app", await target.QueryAsync("SELECT nspname, obj_description(oid) FROM pg_namespace WHERE nspname IN ('shop', 'public', 'other') ORDER BY 1", Ct));
        var role = $"writer_{target.Name}";
        await target.ExecuteAsync($"DROP SCHEMA shop CASCADE; DROP TABLE p; COMMENT ON SCHEMA public IS NULL; CREATE ROLE {role} LOGIN PASSWORD 'limited'; GRANT CREATE ON DATABASE {target.Name} TO {role}; GRANT ALL ON SCHEMA public TO {role}", Ct);
        try
        {
            (await folder.RunAsync([source.Uri, System.Text.RegularExpressions.Regex.Replace(target.Uri, "//[^@]*@", $"//{role}:limited@")], Ct)).ExitsWith(0)
                .Says($"the comment of schema public is left out: role {role} does not own the schema");
            Assert.Equal("app|it's the app\npublic|\\N", await target.QueryAsync("SELECT nspname, obj_description(oid) FROM pg_namespace WHERE nspname IN ('app', 'public') ORDER BY 1", Ct));
        }
        finally
        {
            await target.ExecuteAsync($"DROP OWNED BY {role} CASCADE; DROP ROLE {role}", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Tables_go_into_the_same_tablespace_where_there_is_one()
    {
        Assert.SkipWhen(server.Version is > 0 and < 150000, "tablespaces in place need PostgreSQL 15");
        await using var source = await server.CreateDatabaseAsync();
        await using var target = await server.CreateDatabaseAsync();
        var (space, role) = ($"space_{source.Name}", $"poor_{source.Name}");
        await using var connection = await source.OpenAsync(Ct);
        await ExecuteAsync("SET allow_in_place_tablespaces = on");
        await ExecuteAsync($"CREATE TABLESPACE {space} LOCATION ''");
        try
        {
            await ExecuteAsync($"CREATE TABLE t (i int) TABLESPACE {space}; CREATE INDEX ix ON t (i) TABLESPACE {space}; INSERT INTO t VALUES (1)");
            using var folder = new LoadFolder();
            (await folder.CopyAsync(source, target, Ct)).ExitsWith(0).Says($"indexes are made in the target's own tablespace, whatever they were in: ix ({space})");
            Assert.Equal(space, await target.QueryAsync("SELECT spcname FROM pg_tablespace s JOIN pg_class c ON c.reltablespace = s.oid WHERE relname = 't'", Ct));
            await target.ExecuteAsync($"DROP TABLE t; CREATE ROLE {role} LOGIN PASSWORD 'limited'; GRANT ALL ON SCHEMA public TO {role}", Ct);
            (await folder.RunAsync([source.Uri, System.Text.RegularExpressions.Regex.Replace(target.Uri, "//[^@]*@", $"//{role}:limited@")], Ct)).ExitsWith(0)
                .Says($"table public.t is made in the target's own tablespace: the target has no tablespace {space} that the role may use");
            Assert.Equal("1", await target.QueryAsync("SELECT * FROM t", Ct));
        }
        finally
        {
            await target.ExecuteAsync($"DROP TABLE IF EXISTS t; DO $$ BEGIN IF to_regrole('{role}') IS NOT NULL THEN DROP OWNED BY {role}; DROP ROLE {role}; END IF; END $$", CancellationToken.None);
            await ExecuteAsync("DROP TABLE IF EXISTS t");
            await ExecuteAsync($"DROP TABLESPACE {space}");
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
