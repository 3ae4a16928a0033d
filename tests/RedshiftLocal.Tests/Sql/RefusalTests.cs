namespace RedshiftLocal.Tests.Sql;

/// <summary>Each row: the statement, the SQLSTATE, the message (… at the end: its beginning), and the page or issue it rests on.</summary>
public sealed class RefusalTests
{
    private const string OnTables = "Specified types or functions (one per INFO message) not supported on Redshift tables.";

    public static TheoryData<string, string, string, string> Commands => new()
    {
        { "CREATE INDEX ix ON t (a)", "0A000", "SQL command \"CREATE INDEX ix ON t (a)\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "CREATE UNIQUE INDEX ix ON t (a)", "0A000", "SQL command \"CREATE UNIQUE INDEX ix ON t (a)\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "DROP INDEX ix", "0A000", "SQL command \"DROP INDEX ix\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "CREATE SEQUENCE s", "0A000", "SQL command \"CREATE SEQUENCE s\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "ALTER SEQUENCE s RESTART", "0A000", "SQL command \"ALTER SEQUENCE s RESTART\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "CREATE TRIGGER g BEFORE INSERT ON t EXECUTE PROCEDURE f()", "0A000", "SQL command \"CREATE TRIGGER …", "c_unsupported-postgresql-features" },
        { "CREATE DOMAIN d AS int", "0A000", "SQL command \"CREATE DOMAIN d AS int\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "CREATE TYPE e AS ENUM ('a')", "0A000", "SQL command \"CREATE TYPE …", "c_unsupported-postgresql-datatypes" },
        { "CREATE RULE r AS ON INSERT TO t DO NOTHING", "0A000", "SQL command \"CREATE RULE …", "c_unsupported-postgresql-features" },
        { "CREATE TABLESPACE x LOCATION '/tmp'", "0A000", "SQL command \"CREATE TABLESPACE …", "c_unsupported-postgresql-features" },
        { "CREATE CAST (int AS text) WITHOUT FUNCTION", "0A000", "SQL command \"CREATE CAST …", "c_unsupported-postgresql-features" },
        { "CREATE OPERATOR + (procedure = f)", "0A000", "SQL command \"CREATE OPERATOR …", "c_unsupported-postgresql-features" },
        { "CREATE EXTENSION hstore", "42601", "syntax error at or near \"EXTENSION\"", "c_unsupported-postgresql-features" },
        { "CREATE FOREIGN DATA WRAPPER w", "42601", "syntax error at or near \"FOREIGN\"", "c_unsupported-postgresql-features" },
        { "CREATE PUBLICATION p", "42601", "syntax error at or near \"PUBLICATION\"", "r_CREATE_TABLE_NEW (no such command)" },
        { "LISTEN x", "0A000", "SQL command \"LISTEN x\" not supported on Redshift tables.", "npgsql#853" },
        { "UNLISTEN *", "0A000", "SQL command \"UNLISTEN *\" not supported on Redshift tables.", "npgsql#853" },
        { "NOTIFY x", "0A000", "SQL command \"NOTIFY x\" not supported on Redshift tables.", "npgsql#853" },
        { "DISCARD ALL", "42601", "syntax error at or near \"DISCARD\"", "npgsql#1426" },
        { "DO 'begin end'", "42601", "syntax error at or near \"DO\"", "c_SQL_commands (no such command)" },
        { "REINDEX TABLE t", "0A000", "SQL command \"REINDEX TABLE t\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "CLUSTER t", "0A000", "SQL command \"CLUSTER t\" not supported on Redshift tables.", "c_unsupported-postgresql-features" },
        { "ROLLBACK TO a", "0A000", "SQL command \"ROLLBACK TO a\" not supported on Redshift tables.", "c_unsupported-postgresql-functions (ROLLBACK TO SAVEPOINT)" },
        { "ROLLBACK TO SAVEPOINT a", "0A000", "SQL command \"ROLLBACK TO SAVEPOINT a\" not supported on Redshift tables.", "c_unsupported-postgresql-functions" },
        { "RELEASE SAVEPOINT a", "0A000", "SQL command \"RELEASE SAVEPOINT a\" not supported on Redshift tables.", "c_unsupported-postgresql-functions" },
        { "PREPARE TRANSACTION 'x'", "42601", "syntax error at or near \"TRANSACTION\"", "c_SQL_commands (no two-phase commit)" },
        { "COMMIT PREPARED 'x'", "42601", "syntax error at or near \"PREPARED\"", "c_SQL_commands (no two-phase commit)" },
        { "ROLLBACK PREPARED 'x'", "42601", "syntax error at or near \"PREPARED\"", "c_SQL_commands (no two-phase commit)" },
        { "COMMIT AND CHAIN", "42601", "syntax error at or near \"AND\"", "r_COMMIT" },
        { "BEGIN ISOLATION LEVEL chaos", "42601", "syntax error at or near \"chaos\"", "r_BEGIN" },
        { "PREPARE p AS CREATE TABLE t (a int)", "42601", "syntax error at or near \"CREATE\"", "r_PREPARE" },
        { "EXPLAIN ANALYZE SELECT 1", "42601", "syntax error at or near \"ANALYZE\"", "r_EXPLAIN" },
        { "EXPLAIN CREATE TABLE t (a int)", "42601", "syntax error at or near \"CREATE\"", "r_EXPLAIN" },
        { "CREATE TEMP VIEW v AS SELECT 1", "42601", "syntax error at or near \"VIEW\"", "r_CREATE_VIEW" },
        { "CREATE VIEW v AS SELECT a FROM t WITH NO SCHEMA BINDING", "0A000", "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.", "r_CREATE_VIEW" },
        { "CREATE VIEW v AS SELECT a FROM t WITH CHECK OPTION", "42601", "syntax error at or near \"WITH\"", "r_CREATE_VIEW" },
        { "TRUNCATE a, b", "42601", "syntax error at or near \",\"", "r_TRUNCATE" },
        { "TRUNCATE a RESTART IDENTITY", "42601", "syntax error at or near \"RESTART\"", "r_TRUNCATE" },
        { "FETCH ALL FROM c", "0A000", "FETCH ALL is not supported…", "r_FETCH (single node)" },
        { "FETCH 20000 FROM c", "0A000", "Fetch size 20000 exceeds the limit of 1000 for a single node configuration. Reduce the client fetch/cache size or upgrade to a multi node installation.", "r_FETCH" },
        { "FETCH FORWARD 1001 FROM c", "0A000", "Fetch size 1001 exceeds…", "r_FETCH" },
        { "FETCH BACKWARD 1 FROM c", "42601", "syntax error at or near \"BACKWARD\"", "r_FETCH" },
        { "DECLARE c SCROLL CURSOR FOR SELECT 1", "42601", "syntax error at or near \"SCROLL\"", "declare" },
        { "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "42601", "syntax error at or near \"WITH\"", "declare" },
        { "LOCK TABLE t IN SHARE MODE", "42601", "syntax error at or near \"IN\"", "r_LOCK" },
        { "SELECT checksum(a) FROM t", "0A000", "not covered by this stand-in: function checksum", "r_CHECKSUM" },
        { "SELECT pg_get_iam_role_by_user('u')", "0A000", "not covered by this stand-in: function pg_get_iam_role_by_user", "PG_GET_IAM_ROLE_BY_USER" },
        { "ANALYZE COMPRESSION t", "0A000", "not covered by this stand-in: ANALYZE COMPRESSION", "r_ANALYZE_COMPRESSION" },
        { "UNLOAD ('select a from t limit 1') TO 's3://b/k' IAM_ROLE default", "0A000", "Limit clause is not supported", "r_UNLOAD" },
        { "MERGE INTO t USING s ON t.a = s.a REMOVE DUPLICATES", "0A000", "not covered by this stand-in: MERGE ... REMOVE DUPLICATES", "r_MERGE" },
        { "MERGE INTO t x USING s ON x.a = s.a WHEN MATCHED THEN DELETE", "42601", "syntax error at or near \"x\"", "r_MERGE" },
        { "MERGE INTO t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN DELETE", "42601", "syntax error at or near \"(\"", "r_MERGE" },
        { "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND s.b = 1 THEN DELETE", "42601", "syntax error at or near \"AND\"", "r_MERGE" },
        { "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE", "42601", "syntax error at end of input", "r_MERGE" },
        { "WITH x AS (SELECT 1) MERGE INTO t USING x ON true WHEN MATCHED THEN DELETE", "42601", "syntax error at or near \"MERGE\"", "r_MERGE" },
        { "SHOW TABLE t", "0A000", "not covered by this stand-in: SHOW TABLE", "r_SHOW_TABLE" },
        { "SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE t", "0A000", "not covered by this stand-in: SHOW CONSTRAINTS", "r_SHOW_CONSTRAINTS" },
        { "SHOW TABLES FROM SCHEMA a.b.c", "42601", "syntax error at end of input", "r_SHOW_TABLES" },
        { "SHOW TABLES", "42601", "syntax error at end of input", "r_SHOW_TABLES" },
        { "SHOW DATABASES LIMIT 10001", "22023", "LIMIT of SHOW must be between 0 and 10000", "r_SHOW_DATABASES" },
        { "CALL p()", "0A000", "not covered by this stand-in: CALL", "r_CALL_procedure" },
        { "CREATE EXTERNAL SCHEMA s FROM DATA CATALOG", "0A000", "not covered by this stand-in: EXTERNAL in CREATE", "r_CREATE_EXTERNAL_SCHEMA" },
        { "CREATE DATASHARE d", "0A000", "not covered by this stand-in: DATASHARE in CREATE", "r_CREATE_DATASHARE" },
        { "CREATE OR REPLACE PROCEDURE p() AS $$ begin end $$ LANGUAGE plpgsql", "0A000", "not covered by this stand-in: PROCEDURE in CREATE", "r_CREATE_PROCEDURE" },
        { "CREATE FUNCTION f() RETURNS int AS $$ select 1 $$ LANGUAGE sql", "0A000", "not covered by this stand-in: FUNCTION in CREATE", "r_CREATE_FUNCTION" },
        { "CREATE MATERIALIZED VIEW v AS SELECT 1", "0A000", "not covered by this stand-in: MATERIALIZED in CREATE", "materialized-view-create-sql-command" },
        { "CREATE MODEL m FROM t", "0A000", "not covered by this stand-in: MODEL in CREATE", "r_CREATE_MODEL" },
        { "FROBNICATE t", "42601", "syntax error at or near \"FROBNICATE\"", "unknown heads are denied" },
        { "\"select\" 1", "42601", "syntax error at or near \"\"select\"\"", "unknown heads are denied" },
        { "SET x", "42601", "syntax error at end of input", "r_SET" },
        { "COPY t FROM STDIN", "0A000", "LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)", "r_COPY; loaders' reports" },
        { "COPY t (a, b) FROM STDIN WITH (FORMAT csv)", "0A000", "LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)", "r_COPY" },
        { "COPY t TO STDOUT", "0A000", "LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)", "r_COPY" },
        { "COPY (SELECT 1) TO STDOUT", "42601", "syntax error at or near \"(\"", "r_COPY" },
    };

    public static TheoryData<string, string, string, string> Queries => new()
    {
        { "VALUES (1),(2)", "42601", "syntax error at or near \",\"", "c_unsupported-postgresql-features (VALUES list as constant tables)" },
        { "SELECT * FROM (VALUES (1),(2)) v", "42601", "syntax error at or near \",\"", "c_unsupported-postgresql-features" },
        { "SELECT * FROM (VALUES (1, 2)) v", "42601", "syntax error at or near \"VALUES\"", "c_unsupported-postgresql-features" },
        { "SELECT a FROM t WHERE a IN (VALUES (1),(2))", "42601", "syntax error at or near \",\"", "c_unsupported-postgresql-features" },
        { "SELECT E'x'", "42704", "type \"e\" does not exist", "npgsql#515" },
        { "SELECT * FROM t WHERE a = e'\\n'", "42704", "type \"e\" does not exist", "npgsql#515" },
        { "SELECT U&'\\0041'", "42703", "column \"u\" does not exist", "r_names; 8.0 grammar" },
        { "SELECT X'1F'", "0A000", "Type \"bit\" is not supported", "c_unsupported-postgresql-datatypes" },
        { "SELECT foo 'x'", "42704", "type \"foo\" does not exist", "8.0 grammar" },
        { "WITH x AS (DELETE FROM t) SELECT 1", "42601", "syntax error at or near \"DELETE\"", "r_WITH_clause" },
        { "WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT 1", "42601", "syntax error at or near \"INSERT\"", "r_WITH_clause" },
        { "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", "42601", "syntax error at or near \"INSERT\"", "r_WITH_clause" },
        { "SELECT DISTINCT ON (a) a, b FROM t", "0A000", "SELECT DISTINCT ON is not supported", "c_unsupported-postgresql-features" },
        { "SELECT * FROM t, LATERAL (SELECT 1) x", "42601", "syntax error at or near \"…", "c_unsupported-postgresql-features" },
        { "SELECT * FROM t FETCH FIRST 5 ROWS ONLY", "42601", "syntax error at or near \"FIRST\"", "r_ORDER_BY_clause" },
        { "SELECT * FROM t WHERE a = 1 FETCH FIRST 5 ROWS ONLY", "42601", "syntax error at or near \"FETCH\"", "r_ORDER_BY_clause" },
        { "SELECT * FROM t TABLESAMPLE SYSTEM (1)", "42601", "syntax error at or near \"SYSTEM\"", "r_FROM_clause30" },
        { "SELECT count(*) FILTER (WHERE a = 1) FROM t", "42601", "syntax error at or near \"(\"", "c_Aggregate_Functions" },
        { "SELECT * FROM t FOR UPDATE", "0A000", "SELECT FOR UPDATE is not supported", "r_SELECT_synopsis" },
        { "SELECT * FROM t FOR SHARE", "0A000", "SELECT FOR SHARE is not supported", "r_SELECT_synopsis" },
        { "SELECT * FROM t WINDOW w AS (PARTITION BY a)", "42601", "syntax error at or near \"w\"", "c_Window_functions" },
        { "SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1", "0A000", "not covered by this stand-in: QUALIFY", "r_QUALIFY_clause" },
        { "SELECT * EXCLUDE a FROM t", "0A000", "not covered by this stand-in: SELECT * EXCLUDE", "r_SELECT_list" },
        { "SELECT * FROM t PIVOT (count(*) FOR a IN (1))", "0A000", "not covered by this stand-in: PIVOT", "r_FROM_clause-pivot-unpivot-examples" },
        { "SELECT a FROM t INTERSECT ALL SELECT a FROM u", "0A000", "INTERSECT ALL is not supported", "r_UNION" },
        { "SELECT * FROM (SELECT a INTO y FROM t) x", "42601", "syntax error at or near \"INTO\"", "r_SELECT_INTO" },
        { "SELECT TOP 5 a FROM t LIMIT 3", "0A000", "TOP and LIMIT clauses cannot be used together", "r_SELECT_list (TOP)" },
        { "SELECT a COLLATE \"C\" FROM t", "42601", "syntax error at or near \"COLLATE\"", "c_unsupported-postgresql-features" },
        { "SELECT a IS DISTINCT FROM b FROM t", "0A000", "IS DISTINCT FROM is not supported", "c_unsupported-postgresql-functions" },
        { "SELECT * FROM t WHERE a = ANY($1)", "42809", "op ANY/ALL (array) requires array on right side", "npgsql/efcore.pg#260, #1802" },
        { "SELECT * FROM t WHERE a = ANY('{1,2}')", "0A000", OnTables, "npgsql/efcore.pg#1802" },
        { "SELECT ARRAY[1, 2]", "0A000", "ARRAY constructors are not supported", "c_unsupported-postgresql-datatypes" },
        { "SELECT a::text[] FROM t", "0A000", OnTables, "c_unsupported-postgresql-datatypes" },
        { "SELECT 'a'::uuid", "42704", "type \"uuid\" does not exist", "c_unsupported-postgresql-datatypes" },
        { "SELECT '{}'::jsonb", "42704", "type \"jsonb\" does not exist", "c_unsupported-postgresql-datatypes" },
        { "SELECT '{}'::json", "42704", "type \"json\" does not exist", "c_unsupported-postgresql-datatypes" },
        { "SELECT CAST('x' AS citext)", "42704", "type \"citext\" does not exist", "c_unsupported-postgresql-datatypes" },
        { "SELECT true::varchar", "42846", "cannot cast type boolean to character varying", "dimitri/pgloader#1549" },
        { "SELECT CAST(true AS text)", "42846", "cannot cast type boolean to character varying", "dimitri/pgloader#1549" },
        { "SELECT a::boolean::varchar(5) FROM t", "42846", "cannot cast type boolean to character varying", "dimitri/pgloader#1549" },
        { "SELECT 'true'::varchar::boolean", "42846", "cannot cast type character varying to boolean", "r_CAST_function" },
        { "SELECT string_agg(a, ',') FROM t", "42883", "function string_agg(...) does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT array_agg(a) FROM t", "42883", "function array_agg(...) does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT format('%s', 'x')", "42883", "function format(\"unknown\", \"unknown\") does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT * FROM unnest('{1}')", "42883", "function unnest(...) does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT unnest('{1}')", "42883", "function unnest(\"unknown\") does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT regexp_matches('a', 'b')", "42883", "function regexp_matches(\"unknown\", \"unknown\") does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT to_tsvector('a')", "42883", "function to_tsvector(\"unknown\") does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT pg_sleep(1)", "42883", "function pg_sleep(integer) does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT clock_timestamp()", "42883", "function clock_timestamp() does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT pg_get_keywords()", "42883", "function pg_get_keywords() does not exist", "dimitri/pgloader#255" },
        { "SELECT * FROM pg_get_keywords()", "42883", "function pg_get_keywords() does not exist", "dimitri/pgloader#255" },
        { "SELECT to_regclass('t')", "42883", "function to_regclass(\"unknown\") does not exist", "newer than 8.0" },
        { "SELECT pg_relation_size('t')", "42883", "function pg_relation_size(\"unknown\") does not exist", "newer than 8.0" },
        { "SELECT pg_catalog.pg_total_relation_size('t')", "42883", "function pg_total_relation_size(\"unknown\") does not exist", "newer than 8.0" },
        { "SELECT public.f(1)", "42883", "function public.f(integer) does not exist", "user functions are not covered" },
        { "SELECT concat('a', 'b', 'c')", "42883", "function concat(\"unknown\", \"unknown\", \"unknown\") does not exist", "r_CONCAT" },
        { "SELECT gen_random_uuid()", "42883", "function gen_random_uuid() does not exist", "newer than 8.0" },
        { "SELECT nextval('s')", "42883", "function nextval(\"unknown\") does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT pg_advisory_lock(1)", "42883", "function pg_advisory_lock(integer) does not exist", "c_unsupported-postgresql-functions" },
        { "SELECT st_area(a) FROM t", "0A000", "not covered by this stand-in: function st_area", "ST_Area-function" },
        { "SELECT listagg(relname, ',') FROM pg_class", "0A000", "One or more of the used functions must be applied on at least one user created tables.…", "r_LISTAGG" },
        { "SELECT median(relpages) FROM pg_catalog.pg_class", "0A000", "One or more of the used functions must be applied on at least one user created tables.…", "r_MEDIAN" },
        { "SELECT * FROM t JOIN pg_table_def c ON c.tablename = t.a", "0A000", OnTables, "c_SQL_functions_leader_node_only" },
        { "SELECT * FROM t JOIN information_schema.tables c ON c.table_name = t.a", "0A000", OnTables, "c_SQL_functions_leader_node_only" },
        { "INSERT INTO t SELECT relname FROM pg_class", "0A000", OnTables, "c_SQL_functions_leader_node_only" },
        { "CREATE TABLE x AS SELECT relname FROM pg_class", "0A000", OnTables, "c_SQL_functions_leader_node_only" },
        { "SELECT sum(a) OVER (ORDER BY b) FROM t", "0A000", "Aggregate window functions with an ORDER BY clause require a frame clause", "r_Window_function_synopsis" },
        { "SELECT lag(a) IGNORE NULLS OVER (ORDER BY b) FROM t", "0A000", "not covered by this stand-in: IGNORE NULLS", "r_WF_LAG" },
        { "SELECT max(a ORDER BY b) FROM t", "42601", "syntax error at or near \"ORDER\"", "8.0 grammar" },
        { "SELECT rs_internal.ddl('')", "3F000", "schema \"rs_internal\" does not exist", "the stand-in's own schemas are hidden" },
        { "SELECT * FROM rs_catalog.pg_class", "3F000", "schema \"rs_catalog\" does not exist", "the stand-in's own schemas are hidden" },
        { "SELECT * FROM other.public.t", "0A000", "not covered by this stand-in: tables of another database (other)", "cross-database-overview" },
        { "SELECT tag FROM t", "42601", "syntax error at or near \"tag\"", "r_pg_keywords" },
        { "SELECT 1 AS a FROM open", "42601", "syntax error at or near \"open\"", "r_pg_keywords" },
        { "SELECT a FROM t WHERE snapshot = 1", "42601", "syntax error at or near \"snapshot\"", "r_pg_keywords" },
        { "SELECT f(a => 1)", "42601", "syntax error at or near \"=>\"", "8.0 grammar" },
        { "SELECT 1 WHERE", "42601", "syntax error at end of input", "8.0 grammar" },
        { "SELECT (1", "42601", "syntax error at end of input", "8.0 grammar" },
        { "SELECT 1)", "42601", "syntax error at or near \")\"", "8.0 grammar" },
        { "SELECT case when 1", "42601", "syntax error at end of input", "8.0 grammar" },
        { "SELECT", "42601", "syntax error at end of input", "8.0 grammar" },
    };

    public static TheoryData<string, string, string, string> Changes => new()
    {
        { "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "42601", "syntax error at or near \"ON\"", "c_unsupported-postgresql-features" },
        { "INSERT INTO t SELECT 1 ON CONFLICT DO NOTHING", "42601", "syntax error at or near \"ON\"", "c_unsupported-postgresql-features" },
        { "INSERT INTO t VALUES (1) RETURNING a", "42601", "syntax error at or near \"RETURNING\"", "c_unsupported-postgresql-features" },
        { "INSERT INTO t AS x VALUES (1)", "42601", "syntax error at or near \"AS\"", "r_INSERT_30" },
        { "INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1)", "42601", "syntax error at or near \"OVERRIDING\"", "r_INSERT_30" },
        { "INSERT INTO pg_class VALUES (1)", "42501", "permission denied for relation pg_class", "catalogs are read-only" },
        { "INSERT INTO t VALUES (now())", "0A000", OnTables, "c_SQL_functions_leader_node_only" },
        { "UPDATE t SET a = 1 RETURNING a", "42601", "syntax error at or near \"RETURNING\"", "c_unsupported-postgresql-features" },
        { "UPDATE t SET (a, b) = (1, 2)", "42601", "syntax error at or near \"(\"", "r_UPDATE" },
        { "UPDATE t SET a = 1 FROM u", "0A000", "Target table must be part of an equijoin predicate", "r_UPDATE" },
        { "UPDATE t SET a = u.a FROM u WHERE t.b < u.b", "0A000", "Target table must be part of an equijoin predicate", "r_UPDATE" },
        { "DELETE FROM t x WHERE x.a = 1", "42601", "syntax error at or near \"x\"", "r_DELETE (older builds)" },
        { "DELETE FROM t RETURNING a", "42601", "syntax error at or near \"RETURNING\"", "c_unsupported-postgresql-features" },
        { "DELETE FROM t WHERE a = now()", "0A000", OnTables, "c_SQL_functions_leader_node_only" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    [MemberData(nameof(Queries))]
    [MemberData(nameof(Changes))]
    public void A_statement_is_refused_as_Redshift_refuses_it(string sql, string sqlState, string message, string source)
    {
        var error = SqlText.Refuse(sql).Error;

        Assert.NotEmpty(source);
        Assert.Equal(sqlState, error.SqlState);
        if (message.EndsWith('…'))
        {
            Assert.StartsWith(message[..^1], error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(message, error.Message);
        }
    }

    // c_sql-functions-leader-node; npgsql#1173
    [Theory]
    [InlineData("SELECT now() FROM t", "now()")]
    [InlineData("SELECT current_schema(), a FROM t", "current_schema()")]
    [InlineData("SELECT * FROM t WHERE a < age(b)", "age(...)")]
    [InlineData("SELECT generate_series(1, 10), a FROM t", "generate_series(integer, integer)")]
    [InlineData("SELECT a FROM t, generate_series(1, 10) g", "generate_series(integer, integer)")]
    [InlineData("SELECT current_timestamp FROM t", "current_timestamp")]
    [InlineData("SELECT has_table_privilege('u', 't', 'select') FROM stv_slices", "has_table_privilege(\"unknown\", \"unknown\", \"unknown\")")]
    [InlineData("SELECT a::regclass FROM t", "regclass")]
    [InlineData("SELECT current_schema() FROM svv_tables", "current_schema()")]
    public void A_function_of_the_leader_node_is_named_in_an_info_message_and_refused_with_user_tables(string sql, string function)
    {
        var refusal = SqlText.Refuse(sql);

        Assert.Equal(OnTables, refusal.Error.Message);
        var notice = Assert.Single(refusal.Notices);
        Assert.Equal($"Function \"{function}\" not supported.", notice.Message);
        Assert.Equal("INFO", notice.Severity);
    }

    // c_SQL_functions_leader_node_only: SUBSTR
    [Fact]
    public void Substr_on_a_user_table_names_substring_instead()
    {
        Assert.Equal("SUBSTR() function is not supported (Hint: use SUBSTRING instead)", SqlText.Refuse("SELECT substr(a, 1) FROM t").Error.Message);
    }

    // r_VACUUM_command, r_CREATE_DATABASE, r_ALTER_TABLE
    [Theory]
    [InlineData("VACUUM", "VACUUM cannot run inside a transaction block")]
    [InlineData("CREATE DATABASE d", "CREATE DATABASE cannot run inside a transaction block")]
    [InlineData("DROP DATABASE d", "DROP DATABASE cannot run inside a transaction block")]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYPE varchar(9)", "ALTER TABLE ALTER COLUMN cannot run inside a transaction block")]
    [InlineData("ALTER TABLE t APPEND FROM u", "ALTER TABLE APPEND cannot run inside a transaction block")]
    public void What_cannot_run_in_a_block_is_refused_there(string sql, string message)
    {
        var error = SqlText.Refuse(sql, SqlText.Facts with { InTransactionBlock = true }).Error;

        Assert.Equal(("25001", message), (error.SqlState, error.Message));
    }

    // "Serverless" in the management guide: no STL and STV views
    [Fact]
    public void Serverless_has_no_stl_views()
    {
        var facts = SqlText.Facts with { Serverless = true };

        Assert.Equal("permission denied for relation stl_load_errors", SqlText.Refuse("SELECT * FROM stl_load_errors", facts).Error.Message);
        Assert.IsType<RedshiftLocal.Sql.Forwarded>(SqlText.Translate("SELECT * FROM sys_load_error_detail", facts));
    }
}
