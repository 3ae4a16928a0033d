using System.Net;
using RedshiftLocal.Sessions;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What goes wrong is said in a way that helps, changes nothing in the table and leaves nothing in the bucket; what has no use is a notice.</summary>
public sealed class RedshiftMessagesTests(RedshiftServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_that_is_missing_is_named_with_the_nearest_one()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var result = await load.With("data.csv", "1\n").RunAsync($"LOAD CSV FROM 'data.csv' INTO {load.Uri} TARGET TABLE {load.Table}x WITH fields terminated by ',';", Ct);
        await FailsAsync(load, result, $"Table {load.Table}x does not exist in the search_path of database dev | Did you mean {load.Table}?");
    }

    [Fact]
    public async Task A_column_that_is_missing_is_named_with_the_nearest_one()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (quantity integer)", Ct);
        await FailsAsync(load, await load.With("data.csv", "1\n").LoadAsync("", Ct, columns: "(quantiti)"), $"Table public.{load.Table} has no column quantiti | Did you mean quantity?");
    }

    [Fact]
    public async Task A_view_is_no_table()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE base_{load.Table} (id integer)", Ct);
        await load.ExecuteAsync($"CREATE VIEW {load.Table} AS SELECT id FROM base_{load.Table}", Ct);
        await FailsAsync(load, await load.With("data.csv", "1\n").LoadAsync("", Ct), $"public.{load.Table} is a view: COPY loads tables only");
    }

    [Fact]
    public async Task Expected_rows_cannot_be_compared()
    {
        using var load = await servers.OpenAsync(Ct);
        var failure = await Assert.ThrowsAsync<TargetException>(() => load.CompareAsync(Ct));
        Assert.StartsWith("--regress is not possible on Redshift", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"compare {load.Table} with a query", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_be_assumed_is_named()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var result = await load.With("data.csv", "1\n").LoadAsync("iam role = 'arn:aws:iam::123456789012:role/other'", Ct);
        await FailsAsync(load, result, "is not authorized to assume IAM Role arn:aws:iam::123456789012:role/other");
        Assert.Contains("Attach the role to the cluster", load.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_takes_the_place_of_keys()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var result = await load.With("data.csv", "1\n").LoadAsync($"iam role = '{RedshiftServers.RoleArn}'", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Contains(load.Statements, statement => statement.Contains($"\"{load.Table}\"", StringComparison.Ordinal)
            && statement.Contains("COPY", StringComparison.Ordinal) && !statement.Contains("ACCESS_KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parameters_that_Redshift_lacks_are_notices()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var result = await load.With("data.csv", "1\n").LoadAsync("", Ct, "SET work_mem to '64MB', maintenance_work_mem to '1GB', statement_timeout to '600000', search_path to 'public, pg_catalog'");
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Contains("SET work_mem to '64MB' has no effect: Redshift does not know this parameter, or does not let it be set", result.Notices);
        Assert.Contains(result.Notices, notice => notice.Contains("maintenance_work_mem", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Notices, notice => notice.Contains("search_path", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_parameter_with_a_wrong_value_ends_the_load()
    {
        using var load = await servers.OpenAsync(Ct);
        var result = await load.With("data.csv", "1\n").LoadAsync("", Ct, "SET statement_timeout to 'soon'");
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("The server refuses SET statement_timeout to 'soon'", load.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Redshift_does_not_have_is_a_notice_and_a_single_transaction_empties_with_DELETE()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        await load.ExecuteAsync($"INSERT INTO {load.Table} VALUES (7)", Ct);
        var result = await load.With("data.csv", "1\n2\n").LoadAsync("single transaction, truncate, drop indexes, disable triggers", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("2", await load.CountAsync(Ct));
        Assert.Contains("drop indexes has no effect: Redshift has no indexes", result.Notices);
        Assert.Contains("disable triggers has no effect: Redshift has no triggers", result.Notices);
        Assert.Contains("the table is emptied with DELETE: TRUNCATE commits on Redshift, and this is a single transaction", result.Notices);
    }

    [Fact]
    public async Task Truncate_and_what_follows_it_end_their_transactions_without_a_warning()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer); INSERT INTO {load.Table} VALUES (7)", Ct);
        var result = await load.With("data.csv", "1\n").LoadAsync("truncate", Ct, $"BEFORE LOAD DO $$ INSERT INTO {load.Table} VALUES (8) $$, $$ TRUNCATE {load.Table} $$, $$ INSERT INTO {load.Table} VALUES (9) $$");
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.DoesNotContain("transaction in progress", load.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("PostgreSQL", load.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_single_transaction_changes_nothing()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        await load.ExecuteAsync($"INSERT INTO {load.Table} VALUES (7)", Ct);
        var result = await load.With("data.csv", "1\nx\n").LoadAsync(
            "single transaction, truncate, on error stop", Ct, $"BEFORE LOAD DO $$ INSERT INTO {load.Table} VALUES (8) $$");
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Equal("7", await load.QueryAsync($"SELECT id FROM {load.Table}", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task Sql_before_and_after_is_run_and_a_mistake_in_it_is_shown()
    {
        using var load = await servers.OpenAsync(Ct);
        load.With("data.csv", "1\n");
        var result = await load.LoadAsync(
            "", Ct, $"BEFORE LOAD DO $$ CREATE TABLE {load.Table} (id integer) $$ AFTER LOAD DO $$ INSERT INTO {load.Table} VALUES (2) $$");
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("2", await load.CountAsync(Ct));
        result = await load.LoadAsync("", Ct, $"BEFORE LOAD DO $$ CREATE INDEX i ON {load.Table} (id) $$");
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains($"not supported on Redshift tables. [0A000] in: CREATE INDEX i ON {load.Table} (id)", load.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_insert_is_told_before_anything_is_staged()
    {
        using var load = await servers.OpenAsync(Ct);
        var user = $"user_{load.Table}";
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        await load.ExecuteAsync($"CREATE USER {user} PASSWORD 'Anoth3rPassword'", Ct);
        await load.ExecuteAsync($"GRANT SELECT ON {load.Table} TO {user}", Ct);
        var uri = load.Uri.Replace($"{RedshiftServers.User}:{RedshiftServers.Password}", $"{user}:Anoth3rPassword", StringComparison.Ordinal);
        load.With("data.csv", "1\nx\n");
        await FailsAsync(load, await RunAsync(load, uri), $"Role {user} may not insert into table public.{load.Table}");
        await load.ExecuteAsync($"GRANT INSERT ON {load.Table} TO {user}", Ct);
        var result = await RunAsync(load, uri);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Everything);
        Assert.Equal("1", await load.CountAsync(Ct));
    }

    [Fact]
    public async Task A_login_that_the_driver_does_not_know_has_a_way_out()
    {
        using var load = await servers.OpenAsync(Ct, "sha256", options => options with { Authentication = AuthenticationMethod.Sha256 });
        var result = await load.With("data.csv", "1\n").LoadAsync("", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("the server asks for a way to log in that this program does not know", load.Shown, StringComparison.Ordinal);
        Assert.Contains("Type 13 means that the password is stored as a SHA-256 digest: set it anew in clear text or as MD5", load.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_not_sent_over_a_network_in_the_clear()
    {
        using var load = await servers.OpenAsync(Ct, "anywhere", options => options with { Listen = IPAddress.Any });
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var uri = load.Uri.Replace("127.0.0.1", Dns.GetHostName(), StringComparison.Ordinal);
        load.With("data.csv", "1\n");
        await FailsAsync(load, await RunAsync(load, uri.Replace("sslmode=disable", "sslmode=prefer", StringComparison.Ordinal)), "is not encrypted, and COPY would send AWS keys over it");
        Assert.DoesNotContain(load.Statements, statement => statement.Contains($"COPY \"public\".\"{load.Table}\"", StringComparison.Ordinal));
        var result = await RunAsync(load, uri);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal(ExitCode.Success, (await RunAsync(load, uri.Replace("sslmode=disable", "sslmode=prefer", StringComparison.Ordinal), "iam role = 'arn:aws:iam::123456789012:role/loader'")).ExitCode);
    }

    [Fact]
    public async Task Keys_are_sent_through_TLS()
    {
        using var folder = new Loads.LoadFolder();
        var certificates = Servers.TestCertificates.Create(folder.Path);
        using var load = await servers.OpenAsync(Ct, "tls", options => options with
        {
            Listen = IPAddress.Any,
            TlsCertificateFile = certificates.ServerCertificate,
            TlsKeyFile = certificates.ServerKey,
        });
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        var uri = load.Uri.Replace("127.0.0.1", Dns.GetHostName(), StringComparison.Ordinal).Replace("sslmode=disable", "sslmode=prefer", StringComparison.Ordinal);
        var result = await RunAsync(load.With("data.csv", "1\n"), uri);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
    }

    [Fact]
    public async Task The_plan_says_how_rows_travel_without_any_key()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, name varchar(10))", Ct);
        var plan = await load.With("data.csv", "1,a\n").ExplainAsync("drop indexes", Ct);
        Assert.Contains($"  COPY \"public\".\"{load.Table}\" (\"id\", \"name\") FROM 's3://{load.Bucket}/…/manifest' ACCESS_KEY_ID … SECRET_ACCESS_KEY … MANIFEST FORMAT AS CSV", plan, StringComparison.Ordinal);
        Assert.Contains("    one COPY at the end, of all staged files\n", plan, StringComparison.Ordinal);
        Assert.Contains("all in one transaction at the end", plan, StringComparison.Ordinal);
        Assert.Contains("note: drop indexes has no effect", plan, StringComparison.Ordinal);
        plan = await load.ExplainAsync("copy per batch, iam role = default, keep staged files", Ct);
        Assert.Contains($"  COPY \"public\".\"{load.Table}\" FROM 's3://{load.Bucket}/…/000001.csv' FORMAT CSV TIMEFORMAT 'auto' IAM_ROLE default\n", plan, StringComparison.Ordinal);
        Assert.Contains($"staged as CSV in s3://{load.Bucket}, where they stay", plan, StringComparison.Ordinal);
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task Staged_files_can_be_kept()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        Assert.Equal(ExitCode.Success, (await load.With("data.csv", "1\n2\n").LoadAsync("keep staged files, staging prefix 'kept'", Ct)).ExitCode);
        var staged = await load.StagedAsync(Ct);
        Assert.All(staged, key => Assert.StartsWith("kept/", key, StringComparison.Ordinal));
        Assert.Contains(staged, key => key.EndsWith(".manifest", StringComparison.Ordinal));
        Assert.Contains(staged, key => key.EndsWith(".csv.gz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_time_limit_is_explained()
    {
        using var load = await servers.OpenAsync(Ct, "limits");
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer)", Ct);
        await load.FaultAsync($$"""{"point":"copy","contains":"{{load.Table}}","kind":"error","code":"57014","message":"Query cancelled on user's request"}""", Ct);
        await FailsAsync(load, await load.With("data.csv", "1\n").LoadAsync("", Ct), "Query cancelled on user's request [57014] | A time limit of the user or the cluster ended it");
    }

    private static Task<RunResult> RunAsync(RedshiftCase load, string uri, string options = "") => load.RunAsync(
        $"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE {load.Table} WITH fields terminated by ','{(options.Length > 0 ? ", " + options : "")};", Ct);

    private static async Task FailsAsync(RedshiftCase load, RunResult result, string message)
    {
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Everything);
        Assert.Contains(message, load.Shown, StringComparison.Ordinal);
        Assert.Empty(await load.StagedAsync(Ct));
        Assert.DoesNotContain(RedshiftServers.SecretKey, load.Everything, StringComparison.Ordinal);
    }
}
