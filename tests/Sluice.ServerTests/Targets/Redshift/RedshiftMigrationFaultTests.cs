using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// Migrations with something wrong in the source, the target or on the way. What can be known is said before anything is done; nothing is ever left in the bucket.
/// The tests share a server and follow one another: faults are the server's.
/// </summary>
public sealed class RedshiftMigrationFaultTests(RedshiftServers servers)
{
    private const string Three =
        "CREATE TABLE one (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO one VALUES (1, 'a'), (2, NULL); CREATE TABLE two (v INT); INSERT INTO two VALUES (1); CREATE TABLE three (v INT); INSERT INTO three VALUES (1), (2);";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_that_exists_fails_alone_when_none_is_to_be_dropped()
    {
        using var migration = await OpenAsync(Three);
        await migration.Load.ExecuteAsync($"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.two (other INT)", Ct);
        await migration.MustAsync(ExitCode.LoadFailed, Ct, "WITH include no drop");
        Assert.Contains("already exists", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("2|0|2", await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.one), (SELECT count(*) FROM SCHEMA.two), (SELECT count(*) FROM SCHEMA.three)", Ct));
    }

    [Theory]
    [InlineData("CREATE TABLE \"É\" (a INT); CREATE TABLE \"é\" (b INT);", "", "table \"é\" would be a second ")]
    [InlineData("CREATE TABLE t (\"Größe\" INT, \"größe 2\" INT, \"GRÖßE\" INT);", "WITH quote identifiers", "columns \"Größe\" and \"GRÖßE\" of t would both be \"größe\"")]
    [InlineData("CREATE TABLE t (a INT, oid INT);", "", "column oid of t has the name of a column of the system")]
    [InlineData("CREATE TABLE \"#t\" (a INT);", "", "table \"#t\" would be a temporary one, as its name begins with #")]
    [InlineData("CREATE TABLE t (a INT);", "DISTRIBUTE nosuch USING a", "DISTRIBUTE names public.nosuch, which is not among the tables of the target")]
    [InlineData("CREATE TABLE t (a INT);", "DISTRIBUTE SCHEMA.t USING b", "has no column b to be distributed by")]
    public async Task What_Redshift_cannot_take_is_said_before_anything_is_done(string sql, string clauses, string message)
    {
        using var migration = await OpenAsync(sql);
        clauses = clauses.Replace("SCHEMA", migration.Schema, StringComparison.Ordinal);
        await migration.MustAsync(ExitCode.LoadFailed, Ct, clauses);
        Assert.Contains(message, migration.Load.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain(migration.Load.Statements, statement => statement.StartsWith("CREATE", StringComparison.Ordinal) && statement.Contains(migration.Schema, StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<SourceException>(() => migration.PlanAsync(Ct, clauses));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_columns_are_said_before_anything_is_done()
    {
        using var migration = await OpenAsync($"CREATE TABLE wide ({string.Join(", ", Enumerable.Range(0, 1601).Select(i => $"c{i} INT"))});");
        await migration.MustAsync(ExitCode.LoadFailed, Ct);
        Assert.Contains("table wide has 1601 columns, and a table can have 1600", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("", await migration.TablesAsync(Ct));
    }

    [Fact]
    public async Task A_schema_that_may_not_be_written_is_said()
    {
        using var migration = await OpenAsync(Three);
        var user = $"reader_{migration.Schema}";
        await migration.Load.ExecuteAsync($"CREATE USER {user} PASSWORD 'Anoth3rPassword'; CREATE SCHEMA {migration.Schema}; GRANT USAGE ON SCHEMA {migration.Schema} TO {user}", Ct);
        var uri = migration.Load.Uri.Replace($"{RedshiftServers.User}:{RedshiftServers.Password}", $"{user}:Anoth3rPassword", StringComparison.Ordinal);
        var result = await migration.Load.RunAsync(migration.Command("", uri), Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"may not create tables in schema {migration.Schema}", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("", await migration.TablesAsync(Ct));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }

    [Theory]
    [InlineData("put, denied", """{"point":"storeRequest","regex":"^PUT .*-two/.*csv","kind":"error","code":"AccessDenied"}""", false)]
    [InlineData("put, once", """{"point":"storeRequest","regex":"^PUT .*-two/.*csv","nth":1,"kind":"error","code":"SlowDown"}""", true)]
    [InlineData("manifest, denied", """{"point":"storeRequest","regex":"^PUT .*-two/.*manifest","kind":"error","code":"AccessDenied"}""", false)]
    [InlineData("copy, time limit", """{"point":"copy","contains":"\"two\"","kind":"error","code":"57014","message":"Query cancelled on user's request"}""", false)]
    [InlineData("copy, dropped", """{"point":"copy","contains":"\"two\"","nth":1,"kind":"drop"}""", true)]
    [InlineData("commit, dropped after", """{"point":"afterCommit","regex":"^COMMIT","nth":4,"kind":"drop"}""", true)]
    public async Task A_failure_in_mid_run_costs_no_more_than_its_table(string step, string fault, bool isLoaded)
    {
        using var migration = await OpenAsync(Three);
        await migration.Load.FaultAsync(fault, Ct);
        var result = await migration.MigrateAsync("WITH on error resume next, workers = 1", Ct);
        var fired = await migration.Load.ClearFaultsAsync(Ct);
        Assert.DoesNotContain("\"fired\":0", fired, StringComparison.Ordinal);
        Assert.True(result.ExitCode == (isLoaded ? ExitCode.Success : ExitCode.LoadFailed), $"{step}: {migration.Load.Everything}");
        Assert.Equal(
            isLoaded ? "2|1|2" : "2|0|2",
            await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.one), (SELECT count(*) FROM SCHEMA.two), (SELECT count(*) FROM SCHEMA.three)", Ct));
        Assert.Equal(isLoaded ? 1 : 0, result.Progress.Lines.Single(line => line.Label.EndsWith(".two", StringComparison.Ordinal)).Loaded);
        Assert.Empty(await migration.Load.StagedAsync(Ct));
        Assert.DoesNotContain(RedshiftServers.SecretKey, migration.Load.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_stop_finishes_the_table_and_begins_no_other()
    {
        using var migration = await OpenAsync(Three);
        await migration.Load.FaultAsync("""{"point":"copy","nth":1,"kind":"delay","delayMs":1000}""", Ct);
        using var drain = new CancellationTokenSource();
        var running = migration.MigrateAsync("WITH workers = 1", Ct, drain.Token);
        await CopyingAsync(migration);
        await drain.CancelAsync();
        var result = await running;
        await migration.Load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == ExitCode.Interrupted, migration.Load.Everything);
        var loaded = result.Progress.Lines.Where(line => line.Label.StartsWith(migration.Schema, StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, Assert.Single(loaded).Loaded);
        Assert.Equal("2", await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.one) + (SELECT count(*) FROM SCHEMA.two) + (SELECT count(*) FROM SCHEMA.three)", Ct));
        Assert.Contains(result.Notices, notice => notice.StartsWith("Stopped: the rows read until then are loaded", StringComparison.Ordinal));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }

    [Fact]
    public async Task A_second_request_to_stop_loads_nothing_of_the_table_and_leaves_nothing()
    {
        using var migration = await OpenAsync(Three);
        await migration.Load.FaultAsync("""{"point":"copy","kind":"delay","delayMs":20000}""", Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = migration.MigrateAsync("WITH workers = 1", stop.Token);
        await CopyingAsync(migration);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await migration.Load.ClearFaultsAsync(Ct);
        Assert.Equal("0", await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.one) + (SELECT count(*) FROM SCHEMA.two) + (SELECT count(*) FROM SCHEMA.three)", Ct));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }

    [Fact]
    public async Task Rows_that_do_not_fit_are_set_aside_and_the_plan_foretells_them()
    {
        using var migration = await OpenAsync(
            """
            CREATE TABLE bad (id INTEGER PRIMARY KEY, s SMALLINT, b BLOB, t TEXT, n NUMERIC(5,2), j JSON);
            INSERT INTO bad VALUES (1, 1, x'01', 'ok', 1, '{}'), (2, 70000, NULL, NULL, NULL, NULL), (3, 3, x'', NULL, NULL, NULL), (4, 4, NULL, hex(zeroblob(33000)), NULL, NULL),
                (5, 5, NULL, NULL, 1000, NULL), (6, 6, NULL, NULL, NULL, '{'), (7, 'x', NULL, NULL, NULL, NULL), (8, 8, x'ff', 'last', 1.005, '1');
            """);
        var plan = await migration.PlanAsync(Ct);
        Assert.Contains("column bad.b holds 1 values without a byte, which Redshift's COPY would make NULL: those rows are refused", plan, StringComparison.Ordinal);
        Assert.Contains("column bad.t holds text of 66000 bytes, Redshift 65535: longer values are refused", plan, StringComparison.Ordinal);
        var result = await migration.MustAsync(ExitCode.RowsRejected, Ct, "WITH on error resume next");
        Assert.Equal("1\n8", await migration.QueryAsync("SELECT id FROM SCHEMA.bad ORDER BY 1", Ct));
        var line = result.Progress.Lines.Single(line => line.Label.EndsWith(".bad", StringComparison.Ordinal));
        Assert.Equal((8, 2, 6), (line.Read, line.Loaded, line.Rejected));
        foreach (var row in new[] { 2, 3, 4, 5, 6, 7 })
        {
            Assert.Contains($"x.db:bad:{row} (id = {row}): ", migration.Load.Rejects("log"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keys_that_do_not_hold_are_not_declared()
    {
        using var migration = await OpenAsync(
            """
            CREATE TABLE p (id INTEGER PRIMARY KEY);
            INSERT INTO p VALUES (1);
            CREATE TABLE c (p INT REFERENCES p (id), q INT REFERENCES p (id));
            INSERT INTO c VALUES (1, 1), (77, 1), (78, NULL), (NULL, 1);
            CREATE TABLE rounded (n NUMERIC(5,1) UNIQUE, v INT);
            INSERT INTO rounded VALUES (1.01, 1), (1.02, 2), (5, 3);
            """);
        await migration.MustAsync(ExitCode.LoadFailed, Ct);
        Assert.Contains($"Foreign key c_p_fkey of {migration.Schema}.c does not hold: 2 rows with values (p) that {migration.Schema}.p does not have, for example (77), (78)", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains($"Unique key rounded_n_key of {migration.Schema}.rounded (n) does not hold and was not created", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains("for example (1.0) 2 times", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("c_q_fkey\np_pkey", await migration.QueryAsync(
            "SELECT k.conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = 'SCHEMA' ORDER BY 1", Ct));
        Assert.Equal("4|3", await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.c), (SELECT count(*) FROM SCHEMA.rounded)", Ct));
    }

    [Fact]
    public async Task Tables_that_do_not_fit_are_all_said_before_anything_is_done()
    {
        using var migration = await OpenAsync(Three);
        await migration.Load.ExecuteAsync($"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.one (id bigint, w varchar(10)); CREATE TABLE {migration.Schema}.two (v int, must int not null)", Ct);
        await migration.MustAsync(ExitCode.LoadFailed, Ct, "WITH data only, truncate");
        Assert.Contains($"{migration.Schema}.one has no column v", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains($"column must of {migration.Schema}.two is NOT NULL, has no default, and is not in the source", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains($"table {migration.Schema}.three does not exist", migration.Load.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain(migration.Load.Statements, statement => statement.StartsWith("TRUNCATE", StringComparison.Ordinal) && statement.Contains(migration.Schema, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_can_be_read_of_a_damaged_table_is_loaded_and_the_others_go_on()
    {
        using var migration = await OpenAsync(
            """
            CREATE TABLE many (a INTEGER PRIMARY KEY, b TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO many SELECT i, hex(randomblob(50)) FROM n;
            CREATE TABLE other (v INT);
            INSERT INTO other VALUES (1), (2);
            """);
        await using (var stream = new FileStream(migration.File, FileMode.Open))
        {
            stream.Position = stream.Length / 2 / 4096 * 4096;
            await stream.WriteAsync(new byte[4096], Ct);
        }

        var result = await migration.MustAsync(ExitCode.LoadFailed, Ct);
        Assert.Contains("table many: the database is damaged", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains(result.Notices, notice => notice.StartsWith("the columns of many have the largest sizes", StringComparison.Ordinal));
        Assert.Equal("2|t|t", await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.other), count(*) > 0, count(*) = max(a) FROM SCHEMA.many", Ct));
    }

    [Fact]
    public async Task A_bucket_that_may_not_be_written_is_said_before_anything_is_done()
    {
        using var migration = await OpenAsync(Three);
        migration.Load.Environment["AWS_S3_BUCKET_NAME"] = "nobodys-bucket";
        var result = await migration.MigrateAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.LoadFailed, migration.Load.Everything);
        Assert.Contains("nobodys-bucket", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("", await migration.TablesAsync(Ct));
    }

    private async Task<MigrationCase> OpenAsync(string sql) => new(await servers.OpenAsync(Ct, "migration-faults"), sql);

    private static async Task CopyingAsync(MigrationCase migration)
    {
        while (!migration.Load.Statements.Any(statement => statement.Contains($"COPY \"{migration.Schema}\"", StringComparison.Ordinal)))
        {
            await Task.Delay(20, Ct);
        }
    }
}
