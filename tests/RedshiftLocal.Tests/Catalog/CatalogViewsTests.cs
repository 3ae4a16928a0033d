namespace RedshiftLocal.Tests.Catalog;

/// <summary>8.0's catalogs with Redshift's additions: PostgreSQL 8.0's "System Catalogs", docs of "System catalog tables", SVV views.</summary>
public sealed class CatalogViewsTests(CatalogServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_version_is_redshifts_and_a_varchar()
    {
        var database = await server.CreateDatabaseAsync(Ct);

        Assert.Equal(
            ["PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.71629|character varying"],
            await database.RowsAsync(CatalogServer.Alice, "SELECT version(), pg_typeof(version())", Ct));
    }

    // The columns that later versions brought and clients ask for: issues npgsql#1927, pgloader#813 and their like.
    [Theory]
    [InlineData("pg_class", "relispartition")]
    [InlineData("pg_class", "relrowsecurity")]
    [InlineData("pg_class", "relhastriggers")]
    [InlineData("pg_class", "relpersistence")]
    [InlineData("pg_attribute", "attidentity")]
    [InlineData("pg_attribute", "attgenerated")]
    [InlineData("pg_attribute", "attcollation")]
    [InlineData("pg_type", "typcategory")]
    [InlineData("pg_type", "typcollation")]
    [InlineData("pg_type", "typarray")]
    [InlineData("pg_constraint", "conindid")]
    [InlineData("pg_database", "datcollate")]
    [InlineData("pg_stat_activity", "pid")]
    [InlineData("pg_index", "indisvalid")]
    public async Task A_column_that_8_0_lacks_is_an_error(string relation, string column)
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.Equal($"42703 column \"{column}\" does not exist", await database.ErrorAsync(CatalogServer.Master, $"SELECT {column} FROM rs_catalog.{relation}", Ct));
    }

    [Theory]
    [InlineData("pg_enum")]
    [InlineData("pg_extension")]
    [InlineData("pg_range")]
    [InlineData("pg_collation")]
    [InlineData("pg_roles")]
    [InlineData("pg_matviews")]
    [InlineData("pg_sequence")]
    [InlineData("pg_stat_user_tables")]
    [InlineData("pg_authid")]
    [InlineData("pg_catalog.pg_class")]
    [InlineData("information_schema.tables")]
    [InlineData("rs_internal.load_errors")]
    [InlineData("rs_internal.tables")]
    public async Task Catalogs_of_postgresql_and_side_tables_are_closed_to_superusers_too(string relation)
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.StartsWith("42501 permission denied for ", await database.ErrorAsync(CatalogServer.Master, $"SELECT * FROM {relation}", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ours_are_shown_as_pg_catalogs_and_information_schemas()
    {
        var database = await server.CreateDatabaseAsync(Ct);

        Assert.Equal(
            ["information_schema|columns", "pg_catalog|pg_class", "pg_catalog|stl_load_errors", "pg_catalog|svv_tables"],
            await database.RowsAsync(
                CatalogServer.Alice,
                """
                SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE c.relname IN ('pg_class', 'columns', 'svv_tables', 'stl_load_errors') ORDER BY 1, 2
                """,
                Ct));
        Assert.Equal(
            ["0"],
            await database.RowsAsync(
                CatalogServer.Alice,
                """
                SELECT count(*) FROM (SELECT nspname AS n FROM pg_namespace UNION ALL SELECT schemaname FROM pg_tables UNION ALL SELECT schemaname FROM pg_views
                    UNION ALL SELECT table_schema::name FROM svv_columns UNION ALL SELECT table_schema::name FROM rs_information_schema.tables
                    UNION ALL SELECT schema_name::name FROM svv_all_schemas) AS x WHERE n LIKE 'rs!_%' ESCAPE '!'
                """,
                Ct));
    }

    [Fact]
    public async Task Super_and_varbyte_have_redshifts_oids_and_names()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await database.RowsAsync(CatalogServer.Master, "CREATE TABLE t (s rs_catalog.super, b rs_catalog.varbyte(9), v character varying(9))", Ct);

        Assert.Equal(["super|varbyte"], await database.RowsAsync(CatalogServer.Master, "SELECT 4000::regtype, 6551::regtype", Ct));
        Assert.Equal(
            ["s|4000|super|super", "b|6551|varbyte|binary varying(9)", "v|1043|varchar|character varying(9)"],
            await database.RowsAsync(
                CatalogServer.Master,
                """
                SELECT a.attname, a.atttypid, t.typname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                WHERE a.attrelid = 't'::regclass AND a.attnum > 0 ORDER BY a.attnum
                """,
                Ct));
    }

    [Fact]
    public async Task Every_column_has_a_type_that_is_listed()
    {
        var database = await server.CreateDatabaseAsync(Ct);

        Assert.Empty(
            await database.RowsAsync(
                CatalogServer.Alice,
                """
                SELECT c.relname, a.attname, a.atttypid FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid LEFT JOIN pg_type AS t ON t.oid = a.atttypid
                WHERE t.oid IS NULL AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid NOT IN (1034, 1005, 1006)
                """,
                Ct));
    }

    [Fact]
    public async Task Every_view_can_be_read()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        var relations = await database.RowsAsync(
            null, "SELECT oid::regclass FROM pg_catalog.pg_class WHERE relkind = 'v' AND relnamespace::regnamespace::text IN ('rs_catalog', 'rs_information_schema')", Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);
        await session.QueryAsync("CREATE TABLE t (a integer, s rs_catalog.super); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT a FROM t", Ct);

        foreach (var relation in relations)
        {
            await session.QueryAsync($"SELECT * FROM {relation}", Ct);
        }

        Assert.True(relations.Length > 65);
    }

    [Fact]
    public async Task Users_are_told_from_groups_and_superusers_from_others()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await database.RowsAsync(CatalogServer.Master, "CREATE ROLE readers NOLOGIN; SELECT rs_internal.ddl('{\"action\":\"create_group\",\"name\":\"readers\"}'::text); GRANT readers TO alice", Ct);
        await database.RowsAsync(CatalogServer.Master, "CREATE ROLE analyst NOLOGIN; SELECT rs_internal.ddl('{\"action\":\"create_role\",\"name\":\"analyst\"}'::text)", Ct);

        Assert.Equal(
            ["alice|f|********", "master|t|********", "rdsdb|t|********"],
            await database.RowsAsync(CatalogServer.Alice, "SELECT usename, usesuper, passwd FROM pg_user WHERE usename IN ('alice', 'master', 'rdsdb') ORDER BY 1", Ct));
        Assert.Equal(["1"], await database.RowsAsync(CatalogServer.Alice, "SELECT usesysid FROM pg_user WHERE usename = 'rdsdb'", Ct));
        Assert.Equal(
            ["readers|t"],
            await database.RowsAsync(
                CatalogServer.Alice, "SELECT groname, (SELECT usesysid FROM pg_user WHERE usename = 'alice') = ANY (grolist) FROM pg_group WHERE groname IN ('readers', 'analyst')", Ct));
        await database.RowsAsync(CatalogServer.Master, "DROP ROLE readers, analyst", Ct);
    }

    [Fact]
    public async Task A_password_is_kept_in_the_form_that_the_sessions_read()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        const string Md5 = """{"action":"user_password","user":"carol","method":"md5","digest":"000102030405060708090a0b0c0d0e0f","salt":null}""";
        await database.RowsAsync(CatalogServer.Master, $"CREATE ROLE carol LOGIN; SELECT rs_internal.ddl('{Md5}'::text)", Ct);

        Assert.Equal(
            ["SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAECAwQFBgcICQoLDA0ODwEAAAAAAAAAAAAAAAAAAAA="],
            await database.RowsAsync(null, "SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = 'carol'", Ct));
        Assert.Equal("42501 permission denied", await database.ErrorAsync(CatalogServer.Alice, $"SELECT rs_internal.ddl('{Md5}'::text)", Ct));
        Assert.Equal(
            "42704 user \"rdsdb\" does not exist",
            await database.ErrorAsync(CatalogServer.Master, $"SELECT rs_internal.ddl('{Md5.Replace("carol", "rdsdb", StringComparison.Ordinal)}'::text)", Ct));
        await database.RowsAsync(null, "DROP ROLE carol", Ct);
    }

    [Fact]
    public async Task Pg_table_def_shows_schemas_of_the_search_path_only()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);
        await session.QueryAsync("CREATE SCHEMA s; CREATE TABLE s.t (a integer); CREATE TABLE public.u (a integer)", Ct);

        const string Query = "SELECT tablename FROM pg_table_def WHERE schemaname IN ('s', 'public')";
        Assert.Equal(["u"], await CatalogDatabase.RowsAsync(session, Query, Ct));
        await session.QueryAsync("SET search_path = s, rs_catalog, pg_catalog", Ct);
        Assert.Equal(["t"], await CatalogDatabase.RowsAsync(session, Query, Ct));
    }

    [Fact]
    public async Task Svv_table_info_skips_empty_tables_and_is_for_superusers()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);
        await session.QueryAsync(
            """
            CREATE TABLE e (a integer); SELECT rs_internal.ddl('{"action":"create_table","table":"e"}'::text);
            CREATE TABLE f (a integer); SELECT rs_internal.ddl('{"action":"create_table","table":"f","distkey":"a","sortkey":["a"]}'::text);
            INSERT INTO f VALUES (1), (2)
            """,
            Ct);

        Assert.Equal(
            ["public|f|KEY(a)|a|1|1|2"],
            await CatalogDatabase.RowsAsync(session, "SELECT \"schema\", \"table\", diststyle, sortkey1, sortkey_num, size, tbl_rows FROM svv_table_info", Ct));
        Assert.Equal("42501 permission denied for relation svv_table_info", await database.ErrorAsync(CatalogServer.Alice, "SELECT * FROM svv_table_info", Ct));
    }

    [Fact]
    public async Task Information_schema_hides_public_from_schemata_and_counts_bytes()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await database.RowsAsync(CatalogServer.Master, "CREATE SCHEMA s; CREATE TABLE s.t (v character varying(9), n numeric(12,3), b rs_catalog.varbyte(7), d date)", Ct);

        Assert.Equal(["s|master"], await database.RowsAsync(CatalogServer.Master, "SELECT schema_name, schema_owner FROM rs_information_schema.schemata", Ct));
        Assert.Equal(
            ["v|character varying|9|9|~|~|varchar", "n|numeric|~|~|12|3|numeric", "b|binary varying|7|7|~|~|varbyte", "d|date|~|~|~|~|date"],
            await database.RowsAsync(
                CatalogServer.Master,
                """
                SELECT column_name, data_type, character_maximum_length, character_octet_length, numeric_precision, numeric_scale, udt_name
                FROM rs_information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position
                """,
                Ct));
    }

    [Fact]
    public async Task Tables_without_any_right_are_hidden_from_others_and_open_to_superusers()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await database.RowsAsync(CatalogServer.Alice, "CREATE TABLE t (a integer); INSERT INTO t VALUES (7)", Ct);

        const string Query = "SELECT count(*) FROM svv_tables WHERE table_name = 't'";
        Assert.Equal(["1"], await database.RowsAsync(CatalogServer.Alice, Query, Ct));
        Assert.Equal(["0"], await database.RowsAsync(CatalogServer.Bob, Query, Ct));
        Assert.Equal(["1"], await database.RowsAsync(CatalogServer.Master, Query, Ct));
        Assert.Equal(["7"], await database.RowsAsync(CatalogServer.Master, "SELECT a FROM t", Ct));
        Assert.Equal("42501 permission denied for table t", await database.ErrorAsync(CatalogServer.Bob, "SELECT a FROM t", Ct));
        Assert.Equal(["~"], await database.RowsAsync(CatalogServer.Alice, "SELECT relacl FROM pg_class WHERE relname = 't'", Ct));
    }

    [Fact]
    public async Task Current_schemas_are_the_clients_own()
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.Equal(["{public}|{pg_catalog,public}"], await database.RowsAsync(CatalogServer.Alice, "SELECT current_schemas(false), current_schemas(true)", Ct));
    }

    [Fact]
    public async Task Late_binding_views_are_asked_for_with_a_column_list()
    {
        var database = await server.SharedDatabaseAsync(Ct);

        Assert.Empty(
            await database.RowsAsync(
                CatalogServer.Alice,
                "SELECT * FROM pg_get_late_binding_view_cols() AS cols (view_schema, view_name, col_name, col_type, col_num)",
                Ct));
    }

    [Fact]
    public async Task Counters_come_from_the_session()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Alice, Ct);
        const string Query = "SELECT pg_last_copy_count(), pg_last_copy_id(), pg_last_query_id(), pg_backend_pid() = pg_catalog.pg_backend_pid()";
        Assert.Equal(["0|-1|-1|t"], await CatalogDatabase.RowsAsync(session, Query, Ct));

        await session.QueryAsync(
            """
            SET redshift_local.last_copy_count = '12'; SET redshift_local.last_copy_id = '34'; SET redshift_local.last_query_id = '56';
            SET redshift_local.process_id = '78'
            """,
            Ct);

        Assert.Equal(["12|34|56|f"], await CatalogDatabase.RowsAsync(session, Query, Ct));
    }

    [Fact]
    public async Task The_type_loading_query_of_npgsql_finds_scalars_and_arrays()
    {
        var database = await server.CreateDatabaseAsync(Ct);

        Assert.Equal(
            ["16|bool|b|~", "1000|_bool|a|16", "1043|varchar|b|~", "4000|super|b|~", "6551|varbyte|b|~"],
            await database.RowsAsync(
                CatalogServer.Alice,
                """
                SELECT typ.oid, typ.typname, CASE WHEN proc.proname = 'array_recv' THEN 'a' ELSE typ.typtype END, CASE WHEN proc.proname = 'array_recv' THEN typ.typelem END
                FROM pg_type AS typ LEFT JOIN pg_class AS cls ON cls.oid = typ.typrelid LEFT JOIN pg_proc AS proc ON proc.oid = typ.typreceive
                WHERE typ.typname IN ('bool', '_bool', 'varchar', 'super', 'varbyte') ORDER BY typ.typname NOT IN ('bool'), typ.oid
                """,
                Ct));
    }

    [Fact]
    public async Task Comments_and_view_definitions_can_be_read()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Alice, Ct);
        await session.QueryAsync("CREATE TABLE t (a integer); CREATE VIEW v AS SELECT a FROM t; COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'", Ct);

        Assert.Equal(["x|y"], await CatalogDatabase.RowsAsync(session, "SELECT obj_description('t'::regclass, 'pg_class'), col_description('t'::regclass, 1)", Ct));
        Assert.Equal(["t"], await CatalogDatabase.RowsAsync(session, "SELECT definition LIKE '%FROM t%' FROM pg_views WHERE viewname = 'v'", Ct));
        Assert.Equal(
            ["0|x", "1|y"],
            await CatalogDatabase.RowsAsync(
                session, "SELECT d.objsubid, d.description FROM pg_description AS d JOIN pg_class AS c ON c.oid = d.objoid WHERE c.relname = 't' ORDER BY 1", Ct));
    }
}
