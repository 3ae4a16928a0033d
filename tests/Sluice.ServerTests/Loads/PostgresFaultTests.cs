using System.Globalization;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases that cannot be read, or not to their end.</summary>
public sealed class PostgresFaultTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_session_that_is_ended_fails_its_table_and_says_what_is_in()
    {
        // The thousandth row takes until the session is ended.
        await using var source = await server.CreateWithAsync(
            "CREATE VIEW v AS SELECT i, CASE i WHEN 1000 THEN pg_sleep(600)::text ELSE repeat('x', 100) END AS t FROM generate_series(1, 2000) i", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("v.load", $"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} MATERIALIZE VIEWS v;");
        using var process = folder.Start(["--root-dir", folder.Root, "v.load"]);
        while (await target.ScalarAsync<bool>("SELECT to_regclass('v') IS NULL", Ct) || await target.CountAsync("v", Ct) == 0)
        {
            Assert.False(process.HasExited);
            await Task.Delay(20, Ct);
        }

        await source.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%' AND pid <> pg_backend_pid()", Ct);
        var result = await LoadFolder.FinishAsync(process, null, Ct);
        var count = await target.CountAsync("v", Ct);
        result.ExitsWith(1).Says("table public.v: terminating connection").Says("the point in time, is gone: load again")
            .Says($"{count.ToString("N0", CultureInfo.InvariantCulture)} rows loaded into");
    }

    [Fact]
    public async Task Tables_that_the_role_may_not_read_fail_alone()
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE TABLE open (i serial, t text); INSERT INTO open (t) VALUES ('a'), ('b');
            CREATE TABLE closed (i int); INSERT INTO closed VALUES (1);
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        var role = $"reader_{source.Name}";
        await source.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'pw'; GRANT SELECT ON open TO {role}", Ct);
        try
        {
            var admin = server.Admin(source.Name);
            var uri = $"postgresql://{role}:pw@{admin.Host}:{admin.Port}/{source.Name}?sslmode=prefer";
            using var folder = new LoadFolder();
            (await folder.RunAsync([uri, target.Uri], Ct)).ExitsWith(1)
                .Says("the role may not read public.closed").Says("table public.closed: permission denied for ").DoesNotSay("pw@");
            Assert.Equal("1|a\n2|b", await target.QueryAsync("SELECT * FROM open ORDER BY 1", Ct));
            (await folder.LoadAsync($"LOAD DATABASE FROM {uri} INTO {target.Uri} EXCLUDING TABLE NAMES MATCHING 'closed' IN SCHEMA 'public';", Ct)).ExitsWith(0)
                .Says("the role may not read sequence public.open_i_seq");
            await target.ExecuteAsync("INSERT INTO open (t) VALUES ('c')", Ct);
            Assert.Equal("3", await target.QueryAsync("SELECT max(i) FROM open", Ct));

            // Rows that a policy hides are not left out in silence.
            await source.ExecuteAsync($"ALTER TABLE open ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON open FOR SELECT TO {role} USING (i = 1)", Ct);
            (await folder.LoadAsync($"LOAD DATABASE FROM {uri} INTO {target.Uri} INCLUDING ONLY TABLE NAMES MATCHING 'open' IN SCHEMA 'public';", Ct)).ExitsWith(1)
                .Says("row-level security policy for ");
        }
        finally
        {
            await source.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}", CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_is_said()
    {
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.RunAsync(["postgresql://nobody@127.0.0.1:1/none", target.Uri], Ct)).ExitsWith(1).Says("The source: ").Says("127.0.0.1:1");
        (await folder.RunAsync([target.Uri.Replace(target.Name, "no_such_database", StringComparison.Ordinal), target.Uri], Ct)).ExitsWith(1).Says("The source: ").Says("no_such_database");
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_on_either_side()
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        var before = await source.SchemaAsync(Ct);
        (await folder.CopyAsync(source, target, Ct, "--dry-run")).ExitsWith(0).Says("CREATE TYPE \"public\".\"mood\" AS ENUM").Says("share one snapshot");
        Assert.Equal(before, await source.SchemaAsync(Ct));
        Assert.Equal("", await target.SchemaAsync(Ct) is var schema && schema.StartsWith("extension", StringComparison.Ordinal) ? "" : schema);
    }

    [Fact]
    public async Task A_database_is_copied_into_itself_under_other_names_only()
    {
        await using var source = await server.CreateWithAsync("CREATE TABLE t (i serial PRIMARY KEY); INSERT INTO t SELECT FROM generate_series(1, 5)", Ct);
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, source, Ct)).ExitsWith(1).Says("Source and target are the same database: public.t would be read while it is written");
        (await folder.CopyAsync(source, source, "ALTER SCHEMA 'public' RENAME TO 'copy'", Ct)).ExitsWith(0);
        Assert.Equal("5|5", await source.QueryAsync("SELECT (SELECT count(*) FROM public.t), (SELECT count(*) FROM copy.t)", Ct));
    }

    [Fact]
    public async Task On_error_stop_is_the_default_and_keeps_what_precedes()
    {
        await using var source = await server.CreateWithAsync("CREATE TABLE t (i int); INSERT INTO t SELECT generate_series(1, 10)", Ct);
        await using var target = await server.CreateWithAsync("CREATE TABLE t (i int CHECK (i <> 8))", Ct);
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "data only")).ExitsWith(1).Says("Stopped at the first rejected row").Says(":t:8)");
        Assert.Equal("1,2,3,4,5,6,7", await target.QueryAsync("SELECT string_agg(i::text, ',' ORDER BY i) FROM t", Ct));
    }

    [Fact]
    public async Task An_interrupt_keeps_what_was_read()
    {
        await using var source = await server.CreateWithAsync("CREATE TABLE t (a int PRIMARY KEY, b text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 200000) i", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        using var process = folder.Start(["--root-dir", folder.Root, "--with", "batch rows = 10", source.Uri, target.Uri]);
        while (await target.ScalarAsync<bool>("SELECT to_regclass('t') IS NULL", Ct) || await target.CountAsync("t", Ct) == 0)
        {
            Assert.False(process.HasExited);
            await Task.Delay(20, Ct);
        }

        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Ct);
        }

        var result = await LoadFolder.FinishAsync(process, null, Ct);
        result.ExitsWith(130).Says("the rows read until then are loaded");
        Assert.Equal("t", await target.QueryAsync("SELECT count(*) < 200000 FROM t", Ct));
    }
}
