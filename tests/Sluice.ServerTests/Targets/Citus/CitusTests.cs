using Sluice.ServerTests.Loads;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Citus;

/// <summary>
/// DISTRIBUTE into a PostgreSQL that says it has Citus: functions of the same names check what the real ones would refuse and write down their calls.
/// </summary>
public sealed class CitusTests(PostgresServer server)
{
    private const string Schema =
        """
        CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, country TEXT REFERENCES countries (code));
        CREATE TABLE campaigns (id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL REFERENCES companies (id), name TEXT, UNIQUE (company_id, name));
        CREATE TABLE ads (id INTEGER PRIMARY KEY, campaign_id INTEGER NOT NULL REFERENCES campaigns (id), title TEXT);
        CREATE TABLE clicks (id INTEGER PRIMARY KEY, ad_id INTEGER NOT NULL REFERENCES ads (id), at TEXT);
        CREATE TABLE plain (id INTEGER PRIMARY KEY, company_id INTEGER);
        """;

    private const string Rows =
        """
        INSERT INTO countries VALUES ('de'), ('fr');
        INSERT INTO companies VALUES (1, 'a', 'de'), (2, 'b', 'fr');
        INSERT INTO campaigns VALUES (10, 1, 'x'), (20, 2, 'y'), (21, 2, NULL);
        INSERT INTO ads VALUES (100, 10, 't'), (200, 20, 'u'), (210, 21, 'v');
        INSERT INTO clicks VALUES (1, 100, 'now'), (2, 210, 'then'), (3, 210, NULL);
        INSERT INTO plain VALUES (1, 1);
        """;

    private const string Countries = "CREATE TABLE countries (code TEXT PRIMARY KEY);";

    private const string Distribute =
        """
        DISTRIBUTE companies USING id
        DISTRIBUTE countries AS REFERENCE TABLE
        DISTRIBUTE ads USING company_id FROM campaigns
        DISTRIBUTE clicks USING company_id FROM ads, campaigns
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(true, "WITH single transaction")]
    [InlineData(false, "WITH single transaction, drop schema")]
    public async Task Tables_are_spread_before_they_are_filled_and_keys_hold_their_columns(bool isSqlite, string options)
    {
        await using var source = isSqlite ? null : await SourceAsync();
        await using var target = await CitusAsync();
        using var folder = Folder(isSqlite);
        (await folder.LoadAsync($"LOAD DATABASE FROM {Address(source)} INTO {target.Uri} {options} {Distribute};", Ct)).ExitsWith(0)
            .Says("public.campaigns is distributed by company_id, which refers to public.companies")
            .Says("Citus Distribute Tables").Says("read 14 = loaded 14 + rejected 0 + skipped 0");
        Assert.Equal(
            "public.ads|company_id|0\npublic.campaigns|company_id|0\npublic.clicks|company_id|0\npublic.companies|id|0\npublic.countries|\\N|0",
            await target.QueryAsync("SELECT * FROM citus_calls.calls ORDER BY 1", Ct));
        Assert.Equal("1|100|10|t\n2|200|20|u\n2|210|21|v", await target.QueryAsync("SELECT company_id, id, campaign_id, title FROM ads ORDER BY id", Ct));
        Assert.Equal("1|1|100|now\n2|2|210|then\n2|3|210|\\N", await target.QueryAsync("SELECT * FROM clicks ORDER BY id", Ct));
        Assert.Equal(
            """
            ads|FOREIGN KEY (company_id, campaign_id) REFERENCES campaigns(company_id, id)
            ads|PRIMARY KEY (company_id, id)
            campaigns|FOREIGN KEY (company_id) REFERENCES companies(id)
            campaigns|PRIMARY KEY (company_id, id)
            campaigns|UNIQUE (company_id, name)
            clicks|FOREIGN KEY (company_id, ad_id) REFERENCES ads(company_id, id)
            clicks|PRIMARY KEY (company_id, id)
            companies|FOREIGN KEY (country) REFERENCES countries(code)
            companies|PRIMARY KEY (id)
            countries|PRIMARY KEY (code)
            plain|PRIMARY KEY (id)
            """,
            await target.QueryAsync("SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace ORDER BY conrelid::regclass::text, 2", Ct));
    }

    [Fact]
    public async Task What_cannot_hold_across_nodes_is_listed()
    {
        await using var source = await SourceAsync();
        await source.ExecuteAsync("CREATE UNIQUE INDEX only_title ON ads (title); CREATE TABLE logs (company int REFERENCES companies (id), campaign int REFERENCES campaigns (id)); CREATE TABLE refers (ad int REFERENCES ads (id))", Ct);
        await using var target = await CitusAsync();
        using var folder = new LoadFolder();
        var command = $"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} {Distribute} DISTRIBUTE plain USING company_id;";
        var plan = (await folder.With("p.load", command).RunAsync(["plan", "p.load"], Ct)).ExitsWith(0).Output;
        foreach (var line in new[]
        {
            "SELECT create_distributed_table('\"public\".\"companies\"', 'id')",
            "SELECT create_reference_table('\"public\".\"countries\"')",
            "unique key companies.companies_name_key: it does not hold id, by which the table is distributed",
            "unique index ads.only_title: it does not hold company_id, by which the table is distributed",
            "foreign key refers.refers_ad_fkey: public.ads is distributed, and public.refers is not",
            "the primary key of public.ads begins with company_id, by which the table is distributed",
            "public.clicks gets the column company_id of public.campaigns, by public.ads, public.campaigns; a row that leads to none has no value there, and is refused",
            "public.logs is distributed by company, which refers to public.companies",
        })
        {
            Assert.Contains(line, plan, StringComparison.Ordinal);
        }

        (await folder.LoadAsync(command, Ct)).ExitsWith(0);
        Assert.Equal("logs|company\nplain|company_id", await target.QueryAsync("SELECT split_part(name, '.', 2), column_name FROM citus_calls.calls WHERE name ~ 'logs|plain' ORDER BY 1", Ct));
        Assert.Equal("FOREIGN KEY (company) REFERENCES companies(id)\nFOREIGN KEY (company, campaign) REFERENCES campaigns(company_id, id)", await target.QueryAsync(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'logs'::regclass ORDER BY 1", Ct));
    }

    [Theory]
    [InlineData("DISTRIBUTE nosuch USING id", "DISTRIBUTE names public.nosuch, which is not among the tables of the target")]
    [InlineData("DISTRIBUTE ads USING company_id", "table public.ads has no column company_id to be distributed by; FROM says which tables lead to it")]
    [InlineData("DISTRIBUTE ads USING company_id FROM clicks", "public.ads has no foreign key to public.clicks")]
    [InlineData("DISTRIBUTE ads USING company_id FROM nosuch", "DISTRIBUTE public.ads names public.nosuch in FROM, which is not among the tables")]
    [InlineData("DISTRIBUTE ads USING nosuch FROM campaigns", "public.campaigns at the end of FROM has no such column")]
    [InlineData("DISTRIBUTE ads USING id DISTRIBUTE ads AS REFERENCE TABLE", "DISTRIBUTE names public.ads twice")]
    public async Task A_distribution_that_cannot_be_is_said_before_anything_is_done(string clause, string message)
    {
        await using var target = await CitusAsync();
        using var folder = Folder(isSqlite: true);
        (await folder.LoadAsync($"LOAD DATABASE FROM 's.db' INTO {target.Uri} {clause};", Ct)).ExitsWith(1).Says(message);
        Assert.Equal(0, await target.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
    }

    [Fact]
    public async Task A_table_that_the_cluster_refuses_is_not_filled_and_the_others_are()
    {
        await using var target = await CitusAsync();
        await target.ExecuteAsync("ALTER TABLE citus_calls.calls ADD CHECK (name <> 'public.plain')", Ct);
        using var folder = Folder(isSqlite: true);
        (await folder.LoadAsync($"LOAD DATABASE FROM 's.db' INTO {target.Uri} {Distribute} DISTRIBUTE plain USING id;", Ct)).ExitsWith(1).Says("Citus Distribute Tables: ");
        Assert.Equal("0|3", await target.QueryAsync("SELECT (SELECT count(*) FROM plain), (SELECT count(*) FROM clicks)", Ct));
    }

    [Fact]
    public async Task Without_the_extension_nothing_can_be_spread()
    {
        await using var target = await server.CreateDatabaseAsync();
        using var folder = Folder(isSqlite: true);
        (await folder.LoadAsync($"LOAD DATABASE FROM 's.db' INTO {target.Uri} {Distribute};", Ct)).ExitsWith(1)
            .Says("DISTRIBUTE is of no use here: PostgreSQL does not spread tables over a cluster");
    }

    [Fact]
    public async Task Partitions_are_spread_with_their_table()
    {
        await using var target = await CitusAsync();
        await using var source = await server.CreateWithAsync(
            "CREATE TABLE m (tenant int, day date, v int, PRIMARY KEY (day, v)) PARTITION BY RANGE (day); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); INSERT INTO m VALUES (1, '2024-05-05', 7)", Ct);
        using var folder = new LoadFolder();
        (await folder.LoadAsync($"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} DISTRIBUTE m1 USING day;", Ct)).ExitsWith(1).Says("public.m1 is a partition of public.m and is spread with it");
        (await folder.LoadAsync($"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} DISTRIBUTE m USING day;", Ct)).ExitsWith(0);
        Assert.Equal("public.m|day|0", await target.QueryAsync("SELECT * FROM citus_calls.calls", Ct));
        Assert.Equal("1|2024-05-05|7", await target.QueryAsync("SELECT * FROM m1", Ct));
    }

    private static string Address(TestDatabase? source) => source?.Uri ?? "'s.db'";

    private static LoadFolder Folder(bool isSqlite) => isSqlite ? new LoadFolder().WithSqlite("s.db", Countries + Schema + Rows) : new LoadFolder();

    private Task<TestDatabase> SourceAsync() => server.CreateWithAsync(Countries + Schema.Replace("INTEGER", "int", StringComparison.Ordinal) + Rows, Ct);

    // The row of the extension is all that says it is there.
    private async Task<TestDatabase> CitusAsync()
    {
        Assert.SkipWhen(server.Version is > 0 and < 120000, "catalogs can be changed by a session from PostgreSQL 12 on");
        return await server.CreateWithAsync(
            """
            SET allow_system_table_mods = on;
            INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
              SELECT 90001, 'citus', 10, oid, false, '12.1' FROM pg_catalog.pg_namespace WHERE nspname = 'pg_catalog';
            CREATE SCHEMA citus_calls;
            CREATE TABLE citus_calls.calls (name text PRIMARY KEY, column_name text, rows bigint);
            CREATE FUNCTION pg_catalog.create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash', colocate_with text DEFAULT 'default')
              RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
            DECLARE found bigint;
            BEGIN
              IF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = table_name AND attname = distribution_column AND NOT attisdropped) THEN
                RAISE EXCEPTION 'column "%" of relation "%" does not exist', distribution_column, table_name;
              END IF;
              IF EXISTS (SELECT FROM pg_catalog.pg_index WHERE indrelid = table_name AND indisunique) THEN
                RAISE EXCEPTION 'tables with unique indexes are not what this stand-in is for';
              END IF;
              EXECUTE pg_catalog.format('SELECT count(*) FROM %s', table_name) INTO found;
              INSERT INTO citus_calls.calls VALUES (table_name::text, distribution_column, found);
            END $$;
            CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
            DECLARE found bigint;
            BEGIN
              EXECUTE pg_catalog.format('SELECT count(*) FROM %s', table_name) INTO found;
              INSERT INTO citus_calls.calls VALUES (table_name::text, NULL, found);
            END $$;
            """, Ct);
    }
}
