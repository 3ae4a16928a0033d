using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases into PostgreSQL: schemas, exactly or under other names.</summary>
public sealed class PostgresSchemaTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_arrives_exactly_as_it_was()
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0).Says("share one snapshot");
        Assert.Equal(await source.SchemaAsync(Ct), await target.SchemaAsync(Ct));
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Fact]
    public async Task Another_load_replaces_all_that_the_first_one_made()
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "schema only")).ExitsWith(0);
        await source.ExecuteAsync("DELETE FROM gen; ALTER TABLE gen ADD z int; SELECT nextval('set_back'), nextval('free_seq')", Ct);
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0);
        Assert.Equal(await source.SchemaAsync(Ct), await target.SchemaAsync(Ct));
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Fact]
    public async Task The_dumps_of_both_sides_are_the_same()
    {
        Assert.SkipWhen(server.Version / 10000 != 15 || !File.Exists("/usr/lib/postgresql/15/bin/pg_dump"), "needs pg_dump of the server's version");
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        await source.ExecuteAsync("DROP MATERIALIZED VIEW IF EXISTS mv", Ct);
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0);
        var expected = await DumpAsync(source);
        Assert.Contains("CREATE TABLE public.measurement", expected, StringComparison.Ordinal);
        Assert.Equal(expected, await DumpAsync(target));
    }

    [Fact]
    public async Task New_names_are_used_wherever_the_old_ones_stood()
    {
        Assert.SkipWhen(server.Version is > 0 and < 120000, "generated columns need PostgreSQL 12");
        await using var source = await server.CreateWithAsync(
            """
            CREATE TYPE "Colour" AS ENUM ('red');
            CREATE SEQUENCE "Numbers";
            CREATE TABLE "Parent" ("Id" serial PRIMARY KEY, "Colour" "Colour" DEFAULT 'red'::"Colour", "Year" int, CONSTRAINT "Year ok" CHECK ("Year" > 0 AND "Year"::text <> 'Year'),
              g int GENERATED ALWAYS AS ("Year" + 1) STORED, n int DEFAULT nextval('"Numbers"'));
            CREATE TABLE "Child" ("Parent" int REFERENCES "Parent" ("Id") ON DELETE CASCADE, "Note" text, at date, EXCLUDE USING btree (("Parent" + 1) WITH =));
            CREATE INDEX "By Note" ON "Child" (lower("Note"), date_part('year', at)) WHERE "Note" <> 'Note';
            CREATE INDEX "ByYear" ON "Parent" ("Year" DESC) INCLUDE ("Colour");
            INSERT INTO "Parent" ("Year") VALUES (2000), (2001);
            INSERT INTO "Child" VALUES (1, 'a', '2024-01-01');
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(
            source, target, "WITH downcase identifiers ALTER SCHEMA 'public' RENAME TO 'app' ALTER TABLE NAMES MATCHING 'Parent' RENAME TO 'eltern'", Ct)).ExitsWith(0);
        Assert.Equal(
            """
            CHECK (((year > 0) AND ((year)::text <> 'Year'::text)))
            EXCLUDE USING btree (((parent + 1)) WITH =)
            FOREIGN KEY (parent) REFERENCES app.eltern(id) ON DELETE CASCADE
            PRIMARY KEY (id)
            """,
            await target.QueryAsync("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid >= 16384 AND contype <> 'n' ORDER BY 1", Ct));
        Assert.Equal(
            """CREATE INDEX "By Note" ON app.child USING btree (lower(note), date_part('year'::text, at)) WHERE (note <> 'Note'::text)""",
            await target.QueryAsync("""SELECT pg_get_indexdef('app."By Note"'::regclass)""", Ct));
        Assert.Equal(
            """CREATE INDEX byyear ON app.eltern USING btree (year DESC) INCLUDE (colour)""",
            await target.QueryAsync("""SELECT pg_get_indexdef('app.byyear'::regclass)""", Ct));
        await target.ExecuteAsync("INSERT INTO app.eltern (year) VALUES (2002)", Ct);
        Assert.Equal("1|red|2000|2001|1\n2|red|2001|2002|2\n3|red|2002|2003|3", await target.QueryAsync("SELECT * FROM app.eltern ORDER BY 1", Ct));
        Assert.Equal(0, await target.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
    }

    [Fact]
    public async Task What_stays_behind_is_named_with_the_reason()
    {
        Assert.SkipWhen(server.Version is > 0 and < 120000, "generated columns need PostgreSQL 12");
        await using var source = await server.CreateWithAsync(
            """
            CREATE FUNCTION f(i int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT i';
            CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TABLE needs_f (a int DEFAULT f(1), CONSTRAINT c CHECK (f(a) > 0), b int GENERATED ALWAYS AS (f(a)) STORED);
            CREATE INDEX nf ON needs_f (f(a));
            INSERT INTO needs_f VALUES (3);
            CREATE TRIGGER tr BEFORE INSERT ON needs_f FOR EACH ROW EXECUTE FUNCTION t();
            CREATE RULE ru AS ON DELETE TO needs_f DO ALSO NOTHING;
            CREATE POLICY po ON needs_f;
            CREATE PUBLICATION pu;
            GRANT SELECT ON needs_f TO public;
            CREATE VIEW v AS SELECT 1 AS one;
            CREATE MATERIALIZED VIEW mv AS SELECT 1 AS one;
            CREATE TABLE up (a int);
            CREATE TABLE down (b int) INHERITS (up);
            INSERT INTO up VALUES (1);
            INSERT INTO down VALUES (2, 3);
            SELECT lo_create(4711);
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        var plan = await folder.RunAsync(["plan", source.Uri, target.Uri], Ct);
        plan.ExitsWith(0);
        foreach (var line in (string[])["function public.f(i integer): functions", "function public.t(): ", "default public.needs_f.a: it needs function public.f(integer), which is not copied",
            "check public.needs_f.c: it needs function public.f(integer)", "generated column public.needs_f.b: it needs", "index public.needs_f.nf: it needs", "trigger public.needs_f.tr", "rule public.needs_f.ru",
            "policy public.needs_f.po", "publication pu", "grant public.needs_f", "view public.v", "materialized view public.mv", "inheritance public.down", "large object 4711"])
        {
            plan.Says(line);
        }

        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0).Says("Not carried over: ");
        Assert.Equal("3|3", await target.QueryAsync("SELECT * FROM needs_f", Ct));
        Assert.Equal("1", await target.QueryAsync("SELECT * FROM up", Ct));
        Assert.Equal("2|3", await target.QueryAsync("SELECT * FROM down", Ct));
    }

    [Fact]
    public async Task Views_become_tables_when_they_are_asked_for()
    {
        Assert.SkipWhen(server.Version is > 0 and < 120000, "generated columns need PostgreSQL 12");
        await using var source = await server.CreateWithAsync(
            """
            CREATE SCHEMA s;
            CREATE TABLE t (a int, b numeric(5,2), g int GENERATED ALWAYS AS (a + 1) STORED);
            INSERT INTO t VALUES (1, 1.5), (2, NULL);
            CREATE VIEW s.v AS SELECT a AS "A", b, g, ARRAY[a] AS l FROM t;
            CREATE MATERIALIZED VIEW mv AS SELECT a FROM t;
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "MATERIALIZE VIEWS s.v, mv", Ct)).ExitsWith(0).DoesNotSay("1 view");
        Assert.Equal("1|1.50|2|{1}\n2|\\N|3|{2}", await target.QueryAsync("SELECT * FROM s.v ORDER BY 1", Ct));
        Assert.Equal("r|r", await target.QueryAsync("SELECT (SELECT relkind FROM pg_class WHERE oid = 's.v'::regclass), (SELECT relkind FROM pg_class WHERE oid = 'mv'::regclass)", Ct));
        (await folder.CopyAsync(source, target, "MATERIALIZE VIEWS nope", Ct)).ExitsWith(1).Says("There is no view nope");
    }

    private async Task<string> DumpAsync(TestDatabase database)
    {
        var admin = server.Admin(database.Name);
        var dump = await Shell.RunAsync(
            "/usr/lib/postgresql/15/bin/pg_dump", ["--schema-only", "--no-owner", "-h", admin.Host!, "-p", $"{admin.Port}", "-U", admin.Username!, database.Name], Ct);
        return string.Join('\n', dump.Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal)));
    }
}
