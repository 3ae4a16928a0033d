using RedshiftLocal.Tests.Store.Clients;

namespace RedshiftLocal.Tests.Sessions.Clients;

/// <summary>Clients that nobody here wrote: psql, npm's pg, Debian's psycopg2 and pgloader.</summary>
public sealed class DriverTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Psql_lists_tables_and_shows_refusals()
    {
        var result = await PsqlAsync(
            """
            \set ON_ERROR_STOP off
            create table psql_listed (a int not null, b varchar(10)) distkey (a);
            insert into psql_listed values (1, 'x'), (2, null);
            select * from psql_listed order by a;
            \dt psql_*
            \d
            create index ix on psql_listed (a);
            drop table if exists psql_never;
            drop table psql_listed;
            """);

        Assert.Contains(" 1 | x\n 2 | \n(2 rows)", result.Output, StringComparison.Ordinal);
        Assert.Contains("psql_listed | table | awsuser", result.Output, StringComparison.Ordinal);
        Assert.Contains("ERROR:  SQL command \"create index ix on psql_listed (a)\" not supported on Redshift tables.", result.Errors, StringComparison.Ordinal);
        Assert.Contains("INFO:  Table \"psql_never\" does not exist and will be skipped", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task The_commands_of_a_psql_that_no_longer_knows_8_0_fail_as_they_do_on_Redshift()
    {
        var result = await PsqlAsync(
            """
            create table psql_described (a int);
            \d psql_described
            drop table psql_described;
            select 1 as goes_on;
            """);

        Assert.Contains("ERROR:", result.Errors, StringComparison.Ordinal);
        Assert.Contains("goes_on", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Psql_with_a_wrong_password_is_told_so()
    {
        var result = await PsqlAsync("select 1", "wrong");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("FATAL:  password authentication failed for user \"awsuser\"", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npm_pg_runs_queries_with_parameters_and_named_statements()
    {
        var node = ClientProgram.RequireNode("pg");

        var result = await RunScriptAsync(node, ["-e", NodeScript]);

        Assert.Equal("", result.Errors);
        Assert.Equal(
            """
            INSERT 2
            [{"a":1,"b":"x\\y","n":"1.50"}] SELECT null 23,1043,1700
            [{"x":42}]
            [{"x":43}]
            0A000 ERROR
            INFO Table "npm_never" does not exist and will be skipped
            57014

            """,
            result.Output);
    }

    [Fact]
    public async Task Psycopg2_reads_writes_and_fetches_from_a_named_cursor()
    {
        var python = await ClientProgram.RequirePythonAsync("psycopg2");

        var result = await RunScriptAsync(python, ["-c", PythonScript]);

        Assert.Equal("", result.Errors);
        Assert.Equal(
            """
            UNICODE 80002 ISO, MDY
            [(1, "x\\y'z", Decimal('1.50'), datetime.datetime(2024, 1, 2, 3, 4, 5)), (2, None, None, None)]
            42601
            [(1,), (2,)]
            25P02

            """,
            result.Output);
    }

    [Fact]
    public async Task Pgloader_recognises_Redshift_and_takes_the_way_through_S3()
    {
        var pgloader = ClientProgram.RequireProgram("pgloader");
        var server = await fixture.StartAsync(Ct);
        await using (var connection = await fixture.ConnectAsync(Ct))
        {
            await connection.ExecuteAsync("create table pgloader_rows (a int, b varchar(20))", Ct);
        }

        var folder = Directory.CreateDirectory(fixture.NewFolder()).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "rows.csv"), "1,x\n2,y\n", Ct);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "rows.load"),
            $"""
            LOAD CSV FROM '{folder}/rows.csv' (a, b)
                INTO postgresql://{RedshiftLocalServer.User}:{RedshiftLocalServer.Password}@{server.EndPoint}/dev?public.pgloader_rows (a, b)
                WITH fields terminated by ',';
            """,
            Ct);

        // It knows AWS's own hosts only, so that the upload itself cannot succeed here: a closed port stands for them.
        var result = await ClientProgram.RunAsync(
            pgloader,
            ["--debug", "--root-dir", folder, Path.Combine(folder, "rows.load")],
            new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = RedshiftLocalServer.AccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = RedshiftLocalServer.SecretKey,
                ["AWS_S3_BUCKET_NAME"] = RedshiftLocalServer.Bucket,
                ["AWS_DEFAULT_REGION"] = "us-east-1",
                ["http_proxy"] = "http://127.0.0.1:9",
            });

        Assert.Contains("copy-rows-from-queue REDSHIFT", result.Output, StringComparison.Ordinal);
        Assert.Contains($"Uploading a batch of 2 rows [  0.0 kB] to s3://{RedshiftLocalServer.Bucket}/", result.Output, StringComparison.Ordinal);
    }

    private const string NodeScript =
        """
        const { Client } = require('pg');
        (async () => {
          const c = new Client();
          const notices = [];
          c.on('notice', n => notices.push(n.severity + ' ' + n.message));
          await c.connect();
          await c.query('create temp table npm_rows (a int, b varchar(20), n numeric(10,2))');
          let r = await c.query('insert into npm_rows values ($1, $2, $3), (2, null, null)', [1, 'x\\y', '1.5']);
          console.log(r.command, r.rowCount);
          r = await c.query('select * from npm_rows where a = $1', [1]);
          console.log(JSON.stringify(r.rows), r.command, r.rowCount, r.fields.map(f => f.dataTypeID).join());
          for (const x of [41, 42]) console.log(JSON.stringify((await c.query({ name: 'plus', text: 'select $1::int + 1 as x', values: [x] })).rows));
          try { await c.query('create index i on npm_rows (a)'); } catch (e) { console.log(e.code, e.severity); }
          await c.query('drop table if exists npm_never');
          console.log(notices.join());
          await c.query('set statement_timeout to 50');
          try {
            await c.query('with t as (select 1 as a union all select 2), u as (select a.a from t a, t b, t c, t d, t e, t f, t g, t h) select count(*) from u a, u b, u c, u d');
          } catch (e) { console.log(e.code); }
          await c.end();
        })().catch(e => { console.error(e); process.exit(1); });
        """;

    private const string PythonScript =
        """
        import psycopg2
        c = psycopg2.connect('')
        print(c.encoding, c.server_version, c.get_parameter_status('datestyle'))
        cur = c.cursor()
        cur.execute("create temp table py_rows (a int, b varchar(20), n numeric(10,2), t timestamp)")
        cur.executemany("insert into py_rows values (%s, %s, %s, %s)", [(1, "x\\y'z", 1.5, '2024-01-02 03:04:05'), (2, None, None, None)])
        c.commit()
        cur.execute("select * from py_rows order by a")
        print(cur.fetchall())
        try:
            cur.execute("insert into py_rows values (1) on conflict do nothing")
        except psycopg2.Error as e:
            print(e.pgcode)
        c.rollback()
        named = c.cursor('named')
        named.itersize = 1
        named.execute("select a from py_rows order by a")
        print(named.fetchmany(10))
        named.close()
        try:
            cur.execute("select * from py_never")
        except psycopg2.Error:
            pass
        try:
            cur.execute("select 1")
        except psycopg2.Error as e:
            print(e.pgcode)
        c.rollback()
        c.close()
        """;

    private async Task<ClientResult> PsqlAsync(string script, string password = RedshiftLocalServer.Password)
    {
        var psql = ClientProgram.RequireProgram("psql");
        var file = fixture.NewFolder();
        await File.WriteAllTextAsync(file, script, Ct);
        return await RunScriptAsync(psql, ["-X", "-f", file], password);
    }

    /// <summary>All three take the place and the user from libpq's variables.</summary>
    private async Task<ClientResult> RunScriptAsync(string program, string[] arguments, string password = RedshiftLocalServer.Password)
    {
        var server = await fixture.StartAsync(Ct);
        return await ClientProgram.RunAsync(
            program,
            arguments,
            new Dictionary<string, string>
            {
                ["PGHOST"] = server.EndPoint.Address.ToString(),
                ["PGPORT"] = $"{server.EndPoint.Port}",
                ["PGUSER"] = RedshiftLocalServer.User,
                ["PGPASSWORD"] = password,
                ["PGDATABASE"] = "dev",
                ["PGCLIENTENCODING"] = "",
                ["NODE_PATH"] = ClientProgram.NodeModules(),
            });
    }
}
