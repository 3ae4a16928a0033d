using RedshiftLocal.Sql;

namespace RedshiftLocal.Tests.Sql;

/// <summary>Each row: the statement, what the backing server is sent, and the page or issue it rests on.</summary>
public sealed class RewritingTests
{
    public static TheoryData<string, string, string> Queries => new()
    {
        { "SELECT 1", "SELECT 1", "r_SELECT_synopsis" },
        { "select \"Id\", \"A b\" from \"T\"", "select \"id\", \"a b\" from \"t\"", "r_names" },
        { "select 'l\\'auto', $$x$$ /* c */ from t -- e", "select 'l\\'auto', $$x$$ from t", "r_names" },
        { "SELECT TOP 10 a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a LIMIT 10", "r_SELECT_list" },
        { "SELECT * FROM (SELECT TOP 1 a FROM t) x", "SELECT * FROM (SELECT a FROM t LIMIT 1) \"x\"", "r_SELECT_list" },
        { "SELECT TOP 1 a FROM t UNION ALL SELECT b FROM u", "(SELECT a FROM t LIMIT 1) UNION ALL SELECT b FROM u", "r_SELECT_list" },
        { "SELECT DISTINCT TOP 3 a FROM t", "SELECT DISTINCT a FROM t LIMIT 3", "r_SELECT_list" },
        { "SELECT a FROM t MINUS SELECT a FROM u", "SELECT a FROM t EXCEPT SELECT a FROM u", "r_UNION" },
        { "SELECT * FROM ((SELECT 1) MINUS (SELECT 2)) x", "SELECT * FROM ((SELECT 1) EXCEPT (SELECT 2)) \"x\"", "r_UNION" },
        { "SELECT getdate(), sysdate", "SELECT rs_catalog.getdate(), rs_catalog.sysdate()", "r_GETDATE, r_SYSDATE" },
        { "SELECT len(a) FROM t", "SELECT rs_catalog.len(a) FROM t", "r_LEN" },
        { "SELECT nvl(a, 0) FROM t", "SELECT coalesce(a, 0) FROM t", "r_NVL_function" },
        { "SELECT nvl2(a, 1, 2) FROM t", "SELECT CASE WHEN (a) IS NOT NULL THEN 1 ELSE 2 END FROM t", "r_NVL2" },
        { "SELECT decode(a, 1, 'x', 2, 'y', 'z') FROM t", "SELECT CASE WHEN (a) IS NOT DISTINCT FROM (1) THEN 'x' WHEN (a) IS NOT DISTINCT FROM (2) THEN 'y' ELSE 'z' END FROM t", "r_DECODE_expression" },
        { "SELECT decode(nvl(a, 1), 1, 'x') FROM t", "SELECT CASE WHEN (coalesce(a, 1)) IS NOT DISTINCT FROM (1) THEN 'x' END FROM t", "r_DECODE_expression" },
        { "SELECT dateadd(day, 1, a), datediff(month, a, b) FROM t", "SELECT rs_catalog.dateadd('day', 1, a), rs_catalog.datediff('month', a, b) FROM t", "r_DATEADD_function" },
        { "SELECT date_part(dow, a) FROM t", "SELECT rs_catalog.date_part('dow', a) FROM t", "r_DATE_PART_function" },
        { "SELECT listagg(a, ',') WITHIN GROUP (ORDER BY b) FROM t", "SELECT pg_catalog.string_agg((a)::varchar, ',' ORDER BY b) AS listagg FROM t", "r_LISTAGG" },
        { "SELECT listagg(DISTINCT a, ',') WITHIN GROUP (ORDER BY a DESC) FROM t", "SELECT pg_catalog.string_agg(DISTINCT (a)::varchar, ',' ORDER BY (a)::varchar DESC) AS listagg FROM t", "r_LISTAGG" },
        { "SELECT listagg(a) FROM t", "SELECT pg_catalog.string_agg((a)::varchar, '') AS listagg FROM t", "r_LISTAGG" },
        { "SELECT median(a) FROM t", "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS median FROM t", "r_MEDIAN" },
        { "SELECT approximate count(distinct a) FROM t", "SELECT count(distinct a) FROM t", "r_COUNT" },
        { "SELECT convert(integer, a) FROM t", "SELECT CAST(a AS integer) FROM t", "CONVERT_function" },
        { "SELECT a::text, b::numeric, c::varchar(10), d::bpchar FROM t", "SELECT a::varchar, b::numeric(18,0), c::character varying(10), d::character(256) FROM t", "r_Character_types" },
        { "SELECT CAST(a AS super), '1'::varbyte FROM t", "SELECT CAST(a AS rs_catalog.super) , '1'::rs_catalog.varbyte FROM t", "r_SUPER_type" },
        { "SELECT json_parse('{}'), json_serialize(s) FROM t", "SELECT rs_catalog.json_parse('{}'), rs_catalog.json_serialize(s) FROM t", "JSON_PARSE" },
        { "SELECT pg_last_copy_count()", "SELECT rs_catalog.pg_last_copy_count()", "PG_LAST_COPY_COUNT" },
        { "SELECT version()", "SELECT rs_catalog.version()", "r_VERSION" },
        { "SELECT * FROM pg_catalog.pg_class c", "SELECT * FROM rs_catalog.\"pg_class\" \"c\"", "c_intro_system_views" },
        { "SELECT * FROM pg_class", "SELECT * FROM rs_catalog.\"pg_class\"", "c_intro_system_views" },
        { "select toids.tnsp, c.oid from pgloader_toids toids join pg_class c on c.relname = toids.tnam", "select toids.tnsp, c.oid from pgloader_toids \"toids\" join rs_catalog.\"pg_class\" \"c\" on c.relname = toids.tnam", "pgloader's list of table oids on Redshift" },
        { "SELECT * FROM information_schema.tables", "SELECT * FROM rs_information_schema.\"tables\"", "c_intro_system_views" },
        { "SELECT * FROM stl_load_errors WHERE query = pg_last_copy_id()", "SELECT * FROM rs_catalog.\"stl_load_errors\" WHERE query = rs_catalog.pg_last_copy_id()", "r_STL_LOAD_ERRORS" },
        { "SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a", "SELECT format_type(a.atttypid, a.atttypmod) FROM rs_catalog.\"pg_attribute\" \"a\"", "c_sql-functions-leader-node" },
        { "SELECT pg_catalog.pg_get_userbyid(c.relowner), pg_get_userbyid(1) FROM pg_catalog.pg_class c", "SELECT pg_get_userbyid(c.relowner), pg_get_userbyid(1) FROM rs_catalog.\"pg_class\" \"c\"", "psql \\d" },
        { "SELECT pg_catalog.pg_table_is_visible(1)", "SELECT pg_catalog.pg_table_is_visible(1)", "psql \\d" },
        { "SELECT pg_catalog.version()", "SELECT rs_catalog.version()", "r_VERSION" },
        { "WITH pg_x AS (SELECT 1 AS a) SELECT * FROM pg_x", "WITH pg_x AS (SELECT 1 AS \"a\") SELECT * FROM pg_x", "r_WITH_clause" },
        { "SELECT * FROM dev.public.t", "SELECT * FROM dev.public.t", "cross-database-overview" },
        { "SELECT * FROM #tmp", "SELECT * FROM \"#tmp\"", "r_CREATE_TABLE_NEW" },
        { "SELECT a window FROM t", "SELECT a \"window\" FROM t", "r_pg_keywords (not reserved)" },
        { "SELECT a FROM t WHERE b ILIKE 'x%' AND c SIMILAR TO 'a|b'", "SELECT a FROM t WHERE b ILIKE 'x%' AND c SIMILAR TO 'a|b'", "r_patternmatching_condition_like" },
        { "SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS UNBOUNDED PRECEDING) FROM t", "SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS UNBOUNDED PRECEDING) FROM t", "r_Window_function_synopsis" },
        { "SELECT row_number() OVER (ORDER BY a) FROM t", "SELECT row_number() OVER (ORDER BY a) FROM t", "r_WF_ROW_NUMBER" },
        { "SELECT a FROM t LEFT JOIN u USING (a) WHERE left(b, 1) = 'x' GROUP BY a HAVING count(*) > 1 LIMIT 5 OFFSET 2", "SELECT a FROM t LEFT JOIN u USING (a) WHERE left(b, 1) = 'x' GROUP BY a HAVING count(*) > 1 LIMIT 5 OFFSET 2", "r_SELECT_synopsis" },
        { "SELECT * FROM pg_get_late_binding_view_cols() cols(view_schema name, col_num int)", "SELECT * FROM rs_catalog.pg_get_late_binding_view_cols() \"cols\"(view_schema, col_num)", "PG_GET_LATE_BINDING_VIEW_COLS" },
        { "SELECT date '2020-01-01', timestamp '2020-01-01 00:00:00', interval '1 day'", "SELECT date '2020-01-01', timestamp without time zone '2020-01-01 00:00:00', interval '1 day'", "r_Datetime_types" },
        { "SELECT relname FROM pg_catalog.pg_class c WHERE c.relname OPERATOR(pg_catalog.~) '^(t)$'", "SELECT relname FROM rs_catalog.\"pg_class\" \"c\" WHERE c.relname OPERATOR(pg_catalog.~) '^(t)$'", "psql \\d" },
        { "SELECT now(), generate_series(1, 3)", "SELECT now(), generate_series(1, 3)", "c_sql-functions-leader-node" },
        { "SELECT extract(year from a), substring(b from 1 for 2), trim(both ' ' from b) FROM t", "SELECT date_part('year', a), substring(b from 1 for 2), trim(both ' ' from b) FROM t", "r_EXTRACT_function" },
        { "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND b IN (SELECT 2)", "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND b IN (SELECT 2)", "r_exists_condition" },
        { "SELECT a INTO #x FROM t", "SELECT a INTO TEMP \"#x\" FROM t", "r_SELECT_INTO" },
        { "WITH x AS (SELECT 1 AS a) SELECT a INTO y FROM x", "WITH x AS (SELECT 1 AS \"a\") SELECT a INTO \"y\" FROM x", "r_SELECT_INTO" },
        { "SELECT date, time, name, type, first, rows, x.end FROM x WHERE date > '2020-01-01' ORDER BY type", "SELECT date, time, name, type, first, rows, x.end FROM x WHERE date > '2020-01-01' ORDER BY type", "r_pg_keywords (not reserved)" },
        { "INSERT INTO t (\"A\", b) VALUES (1, DEFAULT), (2, 'x\\'y')", "INSERT INTO \"t\" (\"a\", b) VALUES (1, DEFAULT), (2, 'x\\'y')", "r_INSERT_30" },
        { "INSERT INTO s.t SELECT TOP 1 * FROM u", "INSERT INTO \"s\".\"t\" SELECT * FROM u LIMIT 1", "r_INSERT_30" },
        { "INSERT INTO t (SELECT 1)", "INSERT INTO \"t\" (SELECT 1)", "r_INSERT_30" },
        { "INSERT INTO t DEFAULT VALUES", "INSERT INTO \"t\" DEFAULT VALUES", "r_INSERT_30" },
        { "UPDATE t SET a = nvl(u.a, 0) FROM u WHERE t.b = u.b", "UPDATE \"t\" SET a = coalesce(u.a, 0) FROM u WHERE t.b = u.b", "r_UPDATE" },
        { "UPDATE t x SET a = 1", "UPDATE \"t\" x SET a = 1", "r_UPDATE" },
        { "DELETE t WHERE a = 1", "DELETE FROM \"t\" WHERE a = 1", "r_DELETE" },
        { "DELETE FROM t USING u WHERE t.a = u.a", "DELETE FROM \"t\" USING u WHERE t.a = u.a", "r_DELETE" },
        { "EXPLAIN SELECT TOP 1 a FROM t", "EXPLAIN SELECT a FROM t LIMIT 1", "r_EXPLAIN" },
        { "PREPARE p (int, text) AS SELECT len($2) FROM t WHERE a = $1", "PREPARE p (integer, varchar) AS SELECT rs_catalog.len($2) FROM t WHERE a = $1", "r_PREPARE" },
        { "EXECUTE p (1, 'x')", "EXECUTE p (1, 'x')", "r_EXECUTE" },
        { "DEALLOCATE p", "DEALLOCATE \"p\"", "r_DEALLOCATE" },
        { "DECLARE c CURSOR FOR SELECT TOP 2 a FROM t", "DECLARE \"c\" NO SCROLL CURSOR FOR SELECT a FROM t LIMIT 2", "declare" },
        { "FETCH 100 FROM c", "FETCH FORWARD 100 FROM \"c\"", "r_FETCH" },
        { "FETCH NEXT FROM c", "FETCH FORWARD 1 FROM \"c\"", "r_FETCH" },
        { "CLOSE c", "CLOSE \"c\"", "close" },
        { "MERGE INTO t USING s x ON t.a = x.a WHEN MATCHED THEN UPDATE SET b = nvl(x.b, 0) WHEN NOT MATCHED THEN INSERT (a, b) VALUES (x.a, DEFAULT)", "MERGE INTO \"t\" USING s \"x\" ON t.a = x.a WHEN MATCHED THEN UPDATE SET b = coalesce(x.b, 0) WHEN NOT MATCHED THEN INSERT (a, b) VALUES (x.a, DEFAULT)", "r_MERGE" },
        { "SHOW SCHEMAS FROM DATABASE dev LIKE 'p%' LIMIT 5", "SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option FROM rs_catalog.svv_all_schemas WHERE database_name = 'dev' AND schema_name LIKE 'p%' ORDER BY schema_name LIMIT 5", "r_SHOW_SCHEMAS" },
        { "SHOW TABLES FROM SCHEMA dev.\"S\"", "SELECT database_name, schema_name, table_name, table_type, table_acl, remarks FROM rs_catalog.svv_all_tables WHERE database_name = 'dev' AND schema_name = 's' ORDER BY table_name LIMIT 10000", "r_SHOW_TABLES" },
        { "SHOW COLUMNS FROM TABLE s.t", "SELECT database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks FROM rs_catalog.svv_all_columns WHERE database_name = 'dev' AND schema_name = 's' AND table_name = 't' ORDER BY ordinal_position LIMIT 10000", "r_SHOW_COLUMNS" },
        { "SHOW DATABASES", "SELECT database_name, database_owner, database_type, database_acl, database_options AS parameters, database_isolation_level FROM rs_catalog.svv_redshift_databases ORDER BY database_name LIMIT 10000", "r_SHOW_DATABASES" },
        { "TRUNCATE s.t", "TRUNCATE TABLE \"s\".\"t\"", "r_TRUNCATE" },
        { "LOCK t", "LOCK TABLE \"t\"", "r_LOCK" },
        { "SAVEPOINT a", "SAVEPOINT \"a\"", "c_unsupported-postgresql-functions" },
        { "DROP TABLE IF EXISTS a, s.b CASCADE", "DROP TABLE IF EXISTS \"a\", \"s\".\"b\" CASCADE", "r_DROP_TABLE" },
        { "CREATE OR REPLACE VIEW v (x) AS SELECT TOP 1 a FROM s.t WITH NO SCHEMA BINDING", "CREATE OR REPLACE VIEW \"v\" (\"x\") AS SELECT a FROM s.t LIMIT 1", "r_CREATE_VIEW" },
        { "DROP VIEW v", "DROP VIEW \"v\"", "r_DROP_VIEW" },
        { "CREATE SCHEMA IF NOT EXISTS s AUTHORIZATION u QUOTA 50 GB", "CREATE SCHEMA IF NOT EXISTS \"s\" AUTHORIZATION \"u\"", "r_CREATE_SCHEMA" },
        { "DROP SCHEMA IF EXISTS s CASCADE", "DROP SCHEMA IF EXISTS \"s\" CASCADE", "r_DROP_SCHEMA" },
        { "ALTER SCHEMA s OWNER TO u", "ALTER SCHEMA \"s\" OWNER TO \"u\"", "r_ALTER_SCHEMA" },
        { "CREATE DATABASE d WITH OWNER = u CONNECTION LIMIT UNLIMITED", "CREATE DATABASE \"d\" OWNER \"u\" CONNECTION LIMIT -1", "r_CREATE_DATABASE" },
        { "COMMENT ON COLUMN t.a IS $$it's\\$$", "COMMENT ON COLUMN \"t\".\"a\" IS 'it''s\\\\'", "r_COMMENT; dbt-redshift" },
        { "COMMENT ON TABLE t IS NULL", "COMMENT ON TABLE \"t\" IS NULL", "r_COMMENT" },
        { "ANALYZE t (a, b) PREDICATE COLUMNS", "ANALYZE \"t\" (\"a\", \"b\")", "r_ANALYZE" },
        { "VACUUM DELETE ONLY t TO 75 PERCENT BOOST", "VACUUM \"t\"", "r_VACUUM_command" },
        { "VACUUM", "VACUUM", "r_VACUUM_command" },
        { "GRANT SELECT, INSERT ON TABLE s.t TO u, GROUP g, PUBLIC", "GRANT SELECT, INSERT ON TABLE \"s\".\"t\" TO \"u\", \"g\", PUBLIC", "r_GRANT" },
        { "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA s TO ROLE r", "GRANT ALL ON ALL TABLES IN SCHEMA \"s\" TO \"r\"", "r_GRANT" },
        { "GRANT USAGE ON SCHEMA s TO u WITH GRANT OPTION", "GRANT USAGE ON SCHEMA \"s\" TO \"u\" WITH GRANT OPTION", "r_GRANT" },
        { "REVOKE TEMP ON DATABASE dev FROM PUBLIC", "REVOKE TEMP ON DATABASE \"dev\" FROM PUBLIC", "r_REVOKE" },
        { "GRANT SELECT (a, b) ON t TO u", "GRANT SELECT (\"a\", \"b\") ON TABLE \"t\" TO \"u\"", "r_GRANT" },
        { "CREATE GROUP g WITH USER a, b", "CREATE ROLE \"g\" NOLOGIN ROLE \"a\", \"b\"", "r_CREATE_GROUP" },
        { "ALTER GROUP g ADD USER a", "GRANT \"g\" TO \"a\"", "r_ALTER_GROUP" },
        { "ALTER GROUP g DROP USER a", "REVOKE \"g\" FROM \"a\"", "r_ALTER_GROUP" },
        { "DROP USER IF EXISTS a, b", "DROP ROLE IF EXISTS \"a\", \"b\"", "r_DROP_USER" },
        { "ALTER USER a CREATEDB CONNECTION LIMIT 5", "ALTER ROLE \"a\" CREATEDB CONNECTION LIMIT 5", "r_ALTER_USER" },
        { "ALTER USER a RENAME TO b", "ALTER ROLE \"a\" RENAME TO \"b\"", "r_ALTER_USER" },
        { "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "r_BEGIN" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_statement_is_put_in_the_backing_servers_words(string sql, string expected, string source)
    {
        Assert.NotEmpty(source);
        Assert.Equal(Normal(expected), Normal(SqlText.Forward(sql).Sql));
    }

    // r_enable_case_sensitive_identifier
    [Fact]
    public void Quoted_names_keep_their_case_when_the_setting_says_so()
    {
        var facts = SqlText.Facts with { CaseSensitiveIdentifiers = true };

        Assert.Equal("SELECT \"Id\", Id FROM t", SqlText.Forward("SELECT \"Id\", Id FROM t", facts).Sql);
    }

    [Fact]
    public void A_name_that_the_backing_server_would_cut_is_refused_loudly()
    {
        var error = SqlText.Refuse($"SELECT {new string('a', 64)} FROM t").Error;

        Assert.StartsWith("not covered by this stand-in: a name of more than 63 bytes", error.Message, StringComparison.Ordinal);
    }

    // r_BEGIN, r_COMMIT, r_END, r_ROLLBACK, r_ABORT
    [Theory]
    [InlineData("BEGIN", TransactionVerb.Begin, "BEGIN", "BEGIN")]
    [InlineData("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED", TransactionVerb.Begin, "BEGIN", "BEGIN")]
    [InlineData("BEGIN WORK READ ONLY", TransactionVerb.Begin, "BEGIN READ ONLY", "BEGIN")]
    [InlineData("START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE", TransactionVerb.Begin, "BEGIN", "START TRANSACTION")]
    [InlineData("COMMIT WORK", TransactionVerb.Commit, "COMMIT", "COMMIT")]
    [InlineData("END TRANSACTION", TransactionVerb.Commit, "COMMIT", "COMMIT")]
    [InlineData("ROLLBACK", TransactionVerb.Rollback, "ROLLBACK", "ROLLBACK")]
    [InlineData("ABORT", TransactionVerb.Rollback, "ROLLBACK", "ROLLBACK")]
    public void Transactions_are_controlled(string sql, TransactionVerb verb, string backing, string tag)
    {
        Assert.Equal(new TransactionControl(verb, backing, tag), SqlText.Translate(sql));
    }

    // r_SET, r_RESET, r_SHOW
    [Theory]
    [InlineData("SET search_path TO \"$user\", public, \"My s\"", SettingVerb.Set, "search_path", "\"$user\", public, \"my s\"", false)]
    [InlineData("SET query_group = 'a b'", SettingVerb.Set, "query_group", "a b", false)]
    [InlineData("SET LOCAL statement_timeout TO 1000", SettingVerb.Set, "statement_timeout", "1000", true)]
    [InlineData("SET extra_float_digits TO -2", SettingVerb.Set, "extra_float_digits", "-2", false)]
    [InlineData("SET SESSION datestyle TO ISO, MDY", SettingVerb.Set, "datestyle", "iso, mdy", false)]
    [InlineData("SET my.name TO 'x'", SettingVerb.Set, "my.name", "x", false)]
    [InlineData("SET wlm_query_slot_count TO DEFAULT", SettingVerb.Set, "wlm_query_slot_count", null, false)]
    [InlineData("SET TIME ZONE 'UTC'", SettingVerb.Set, "timezone", "UTC", false)]
    [InlineData("SET enable_case_sensitive_identifier TO true", SettingVerb.Set, "enable_case_sensitive_identifier", "true", false)]
    [InlineData("SET SESSION AUTHORIZATION 'joe'", SettingVerb.Set, "session_authorization", "joe", false)]
    [InlineData("SET SESSION AUTHORIZATION DEFAULT", SettingVerb.Set, "session_authorization", null, false)]
    [InlineData("RESET query_group", SettingVerb.Reset, "query_group", null, false)]
    [InlineData("RESET ALL", SettingVerb.Reset, "all", null, false)]
    [InlineData("SHOW server_version", SettingVerb.Show, "server_version", null, false)]
    [InlineData("SHOW ALL", SettingVerb.Show, "all", null, false)]
    [InlineData("SHOW TIME ZONE", SettingVerb.Show, "timezone", null, false)]
    [InlineData("SHOW TRANSACTION ISOLATION LEVEL", SettingVerb.Show, "transaction_isolation", null, false)]
    public void Settings_are_left_to_the_session(string sql, SettingVerb verb, string name, string? value, bool local)
    {
        Assert.Equal(new Setting(verb, name, value, local), SqlText.Translate(sql));
    }

    // r_COPY: options are the COPY engine's
    [Theory]
    [InlineData("COPY t FROM 's3://b/k' IAM_ROLE default CSV")]
    [InlineData("copy \"S\".t (a, \"B\") from 's3://b/k' access_key_id 'x' secret_access_key 'y'")]
    public void Copy_from_a_source_goes_to_the_copy_engine(string sql)
    {
        Assert.Equal(sql, Assert.IsType<CopyFrom>(SqlText.Translate(sql)).Statement.Text);
    }

    // r_TRUNCATE: "TRUNCATE commits the transaction in which it is run"; declare; r_VACUUM_command
    [Theory]
    [InlineData("TRUNCATE t", BlockRule.Commits)]
    [InlineData("DECLARE c CURSOR FOR SELECT 1", BlockRule.InsideOnly)]
    [InlineData("VACUUM", BlockRule.OutsideOnly)]
    [InlineData("CREATE DATABASE d", BlockRule.OutsideOnly)]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE varchar(5)", BlockRule.OutsideOnly)]
    [InlineData("CREATE TABLE t (a int)", BlockRule.Any)]
    public void A_statement_says_where_it_may_run(string sql, BlockRule rule) => Assert.Equal(rule, SqlText.Forward(sql).Block);

    [Fact]
    public void Select_into_is_told_to_the_catalogs_as_a_new_table()
    {
        var forwarded = SqlText.Forward("SELECT a INTO TEMP x FROM t");

        Assert.Equal("SELECT a INTO TEMP \"x\" FROM t", forwarded.Sql);
        Assert.Contains("\"action\":\"create_table_as\",\"schema\":null,\"table\":\"x\",\"temp\":true", Assert.Single(forwarded.After), StringComparison.Ordinal);
    }

    [Fact]
    public void No_tokens_are_an_empty_statement() =>
        Assert.IsType<EmptyStatement>(Translator.Translate(new SqlStatement(string.Empty, []), SqlText.Facts));

    private static string Normal(string sql) => sql.Replace(" ,", ",", StringComparison.Ordinal).Replace(" )", ")", StringComparison.Ordinal);
}
