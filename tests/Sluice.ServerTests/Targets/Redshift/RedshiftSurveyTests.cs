using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What Redshift is asked before a database is created in it, and what single transactions and dropped schemas do there.</summary>
public sealed class RedshiftSurveyTests(RedshiftServers servers)
{
    private const string Two = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, NULL); CREATE TABLE u (t INT); INSERT INTO u VALUES (1);";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_goes_with_the_dropped_tables_is_listed_in_the_plan_and_said_in_the_run()
    {
        using var migration = await OpenAsync(Two);
        var (schema, far) = (migration.Schema, migration.Schema + "_far");
        await migration.Load.ExecuteAsync(
            $"""
            CREATE SCHEMA {schema}; CREATE SCHEMA {far};
            CREATE TABLE {schema}.t (id int NOT NULL PRIMARY KEY, v int); CREATE TABLE {schema}.stays (v int);
            CREATE VIEW {schema}.v1 AS SELECT id, v FROM {schema}.t;
            CREATE VIEW {far}.v2 AS SELECT id FROM {schema}.v1;
            CREATE VIEW {far}.late AS SELECT id FROM {schema}.t WITH NO SCHEMA BINDING;
            CREATE VIEW {far}.other AS SELECT v FROM {schema}.stays;
            CREATE TABLE {far}.child (t int, CONSTRAINT to_t FOREIGN KEY (t) REFERENCES {schema}.t (id));
            """, Ct);
        var plan = await migration.PlanAsync(Ct);
        Assert.Equal(
            ["  dropped", $"    table {schema}.t", "  dropped because it depends on that", $"    foreign key to_t of {far}.child", $"    view {schema}.v1", $"    view {far}.v2"],
            plan.Split('\n').SkipWhile(line => line != "  dropped").TakeWhile(line => line.Contains("dropped", StringComparison.Ordinal) || line.StartsWith("    ", StringComparison.Ordinal)));
        Assert.DoesNotContain("late", plan, StringComparison.Ordinal);
        var result = await migration.MustAsync(ExitCode.Success, Ct);
        Assert.Contains($"Dropped along with what they depend on: foreign key to_t of {far}.child, view {schema}.v1, view {far}.v2", result.Notices);
        Assert.Equal("stays\nt\nu", await migration.TablesAsync(Ct));
        Assert.DoesNotContain("dropped because", await migration.PlanAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_that_are_missing_and_views_in_the_way_are_all_said_before_anything_is_done()
    {
        using var migration = await OpenAsync(Two);
        var user = $"reader_{migration.Schema}";
        await migration.Load.ExecuteAsync(
            $"""
            CREATE USER {user} PASSWORD 'Anoth3rPassword'; CREATE SCHEMA {migration.Schema}; GRANT USAGE ON SCHEMA {migration.Schema} TO {user};
            CREATE TABLE {migration.Schema}.t (was int); CREATE VIEW {migration.Schema}.u AS SELECT 1 AS one;
            """, Ct);
        var uri = migration.Load.Uri.Replace($"{RedshiftServers.User}:{RedshiftServers.Password}", $"{user}:Anoth3rPassword", StringComparison.Ordinal);
        var result = await migration.Load.RunAsync(migration.Command("", uri), Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"The target is not ready: role {user} may not create tables in schema {migration.Schema}: GRANT CREATE ON SCHEMA \"{migration.Schema}\" TO \"{user}\"", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains($"role {user} does not own table {migration.Schema}.t and cannot drop it", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Contains($"{migration.Schema}.u is a view, which include drop leaves in place", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("t", await migration.TablesAsync(Ct));
        result = await migration.Load.RunAsync(migration.Command("", uri).Replace($"RENAME TO '{migration.Schema}'", $"RENAME TO 'new_{migration.Schema}'", StringComparison.Ordinal), Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"role {user} may not create schema new_{migration.Schema}: GRANT CREATE ON DATABASE \"dev\" TO \"{user}\"", migration.Load.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_stays_is_said_in_the_plan()
    {
        using var migration = await OpenAsync(Two);
        await migration.Load.ExecuteAsync($"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.u (was int)", Ct);
        Assert.Contains($"{migration.Schema}.u is there already (a table) and stays as it is", await migration.PlanAsync(Ct, "WITH include no drop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_schema_takes_all_of_it_and_the_plan_lists_it()
    {
        using var migration = await OpenAsync(Two);
        await migration.Load.ExecuteAsync(
            $"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.former (v int); CREATE VIEW {migration.Schema}.seen AS SELECT v FROM {migration.Schema}.former; "
            + $"CREATE SCHEMA {migration.Schema}_far; CREATE VIEW {migration.Schema}_far.v AS SELECT v FROM {migration.Schema}.former", Ct);
        var plan = await migration.PlanAsync(Ct, "WITH drop schema");
        Assert.Contains($"DROP SCHEMA IF EXISTS \"{migration.Schema}\" CASCADE", plan, StringComparison.Ordinal);
        Assert.Contains($"  dropped\n    table {migration.Schema}.former\n    view {migration.Schema}.seen\n  dropped because it depends on that\n    view {migration.Schema}_far.v\n", plan, StringComparison.Ordinal);
        await migration.MustAsync(ExitCode.Success, Ct, "WITH drop schema");
        Assert.Equal("t\nu", await migration.TablesAsync(Ct));
        Assert.Equal(3, await migration.CompareAsync(Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData(", drop schema, workers = 4")]
    public async Task A_single_transaction_brings_all_of_it(string options)
    {
        using var migration = await OpenAsync(Two);
        await migration.Load.ExecuteAsync($"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.t (was int)", Ct);
        await migration.MustAsync(ExitCode.Success, Ct, "WITH single transaction" + options);
        Assert.Equal(3, await migration.CompareAsync(Ct));
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData(", drop schema", "a")]
    [InlineData(", data only, truncate", "1")]
    public async Task A_single_transaction_that_fails_leaves_the_target_as_it_was(string options, string before)
    {
        using var migration = await OpenAsync(Two);
        var type = before == "1" ? "int" : "varchar(3)";
        await migration.Load.ExecuteAsync(
            $"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.t (id bigint, v varchar(9)); CREATE TABLE {migration.Schema}.u (t {type}); INSERT INTO {migration.Schema}.u VALUES ('{before}')", Ct);
        var result = await migration.MigrateAsync($"WITH single transaction{options} AFTER LOAD DO $$ select 1 from public.nowhere $$", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("The single transaction was rolled back: nothing was loaded", result.Notices);
        Assert.Equal($"0|{before}", await migration.QueryAsync("SELECT (SELECT count(*) FROM SCHEMA.t), (SELECT t FROM SCHEMA.u)", Ct));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }

    [Fact]
    public async Task Tables_that_exist_are_emptied_within_the_single_transaction()
    {
        using var migration = await OpenAsync(Two);
        await migration.Load.ExecuteAsync(
            $"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.t (id bigint, v varchar(9)); CREATE TABLE {migration.Schema}.u (t int); INSERT INTO {migration.Schema}.u VALUES (9)", Ct);
        var result = await migration.MustAsync(ExitCode.Success, Ct, "WITH data only, truncate, single transaction");
        Assert.Contains("the tables are emptied with DELETE: TRUNCATE commits on Redshift, and this is a single transaction", result.Notices);
        Assert.Equal(3, await migration.CompareAsync(Ct));
        Assert.DoesNotContain(migration.Load.Statements, statement => statement.StartsWith("TRUNCATE", StringComparison.Ordinal) && statement.Contains(migration.Schema, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("BEFORE LOAD DO $$ truncate SCHEMA.t $$", "BEFORE LOAD")]
    [InlineData("AFTER LOAD DO $$ /* all */ TRUNCATE SCHEMA.t $$", "AFTER LOAD")]
    [InlineData("AFTER CREATE SCHEMA DO $$ TRUNCATE TABLE SCHEMA.t $$", "AFTER CREATE SCHEMA")]
    public async Task A_truncate_of_the_users_cannot_be_part_of_a_single_transaction(string clause, string name)
    {
        using var migration = await OpenAsync(Two);
        var result = await migration.MigrateAsync($"WITH single transaction {clause.Replace(" SCHEMA.t", $" {migration.Schema}.t", StringComparison.Ordinal)}", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"TRUNCATE in {name} cannot be part of a single transaction: on Redshift it commits what came before it", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("", await migration.TablesAsync(Ct));
    }

    [Fact]
    public async Task Texts_of_another_encoding_arrive_as_what_they_mean()
    {
        using var migration = await OpenAsync("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, CAST(x'80e9' AS TEXT)), (2, 'plain');");
        await migration.MustAsync(ExitCode.Success, Ct, "WITH encoding 'windows-1252'");
        Assert.Equal("1|€é\n2|plain", await migration.QueryAsync("SELECT id, v FROM SCHEMA.t ORDER BY id", Ct));
    }

    private async Task<MigrationCase> OpenAsync(string sql) => new(await servers.OpenAsync(Ct), sql);
}
