using System.Text.Json.Nodes;

namespace RedshiftLocal.Tests.Sql;

public sealed class TableTests
{
    /// <summary>The statement, the SQLSTATE, the message, the page.</summary>
    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "CREATE TABLE t (c serial)", "0A000", "Column \"t.c\" has unsupported type \"serial\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE s.t (c uuid)", "0A000", "Column \"t.c\" has unsupported type \"uuid\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c jsonb)", "0A000", "Column \"t.c\" has unsupported type \"jsonb\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c bytea)", "0A000", "Column \"t.c\" has unsupported type \"bytea\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c money)", "0A000", "Column \"t.c\" has unsupported type \"money\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c inet)", "0A000", "Column \"t.c\" has unsupported type \"inet\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c point)", "0A000", "Column \"t.c\" has unsupported type \"point\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c bit(3))", "0A000", "Column \"t.c\" has unsupported type \"bit\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c int[])", "0A000", "Column \"t.c\" has unsupported type \"int[]\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c name)", "0A000", "Column \"t.c\" has unsupported type \"name\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c oid)", "0A000", "Column \"t.c\" has unsupported type \"oid\".", "c_unsupported-postgresql-datatypes" },
        { "CREATE TABLE t (c interval)", "0A000", "Column \"t.c\" has unsupported type \"interval\".", "r_interval_data_types" },
        { "CREATE TABLE t (c interval day to second)", "0A000", "not covered by this stand-in: columns of type interval day to second", "r_interval_data_types" },
        { "CREATE TABLE t (c geometry)", "0A000", "not covered by this stand-in: columns of type geometry", "geospatial-overview" },
        { "CREATE TABLE t (c hllsketch)", "0A000", "not covered by this stand-in: columns of type hllsketch", "r_HLLSKTECH_type" },
        { "CREATE TABLE t (c citext)", "42704", "type \"citext\" does not exist", "c_Supported_data_types" },
        { "CREATE TABLE t (c timestamp(3))", "42601", "syntax error at or near \"(\"", "r_Datetime_types" },
        { "CREATE TABLE t (c text(10))", "42601", "syntax error at or near \"(\"", "r_Character_types" },
        { "CREATE TABLE t (c varchar(65536))", "22023", "length for type varchar cannot exceed 65535", "r_Character_types" },
        { "CREATE TABLE t (c varchar(0))", "22023", "length for type varchar must be at least 1", "r_Character_types" },
        { "CREATE TABLE t (c char(4097))", "22023", "length for type char cannot exceed 4096", "r_Character_types" },
        { "CREATE TABLE t (c varbyte(16777217))", "22023", "length for type varbyte cannot exceed 16777216", "r_VARBYTE_type" },
        { "CREATE TABLE t (c numeric(39,2))", "22023", "DECIMAL precision 39 must be between 1 and 38", "r_Numeric_types201" },
        { "CREATE TABLE t (c numeric(38,38))", "22023", "DECIMAL scale 38 must be between 0 and 37", "r_Numeric_types201" },
        { "CREATE TABLE t (c numeric(5,6))", "22023", "DECIMAL scale 6 must be between 0 and precision 5", "r_Numeric_types201" },
        { "CREATE TABLE t (c float(54))", "22023", "precision for type float must be less than 54 bits", "r_Numeric_types201" },
        { "CREATE TABLE t (a int CHECK (a > 0))", "0A000", "ALTER/CREATE TABLE column CHECK constraint is not supported", "c_redshift-sql-implementated-differently" },
        { "CREATE TABLE t (a int, CHECK (a > 0))", "0A000", "ALTER/CREATE TABLE column CHECK constraint is not supported", "c_redshift-sql-implementated-differently" },
        { "CREATE TABLE t (a int, CONSTRAINT x CHECK (a > 0))", "0A000", "ALTER/CREATE TABLE column CHECK constraint is not supported", "c_redshift-sql-implementated-differently" },
        { "ALTER TABLE t ADD CHECK (a > 0)", "0A000", "ALTER/CREATE TABLE column CHECK constraint is not supported", "r_ALTER_TABLE" },
        { "CREATE TABLE t (a int, EXCLUDE USING gist (a WITH =))", "42601", "syntax error at or near \"EXCLUDE\"", "c_unsupported-postgresql-features" },
        { "CREATE TABLE t (a int) INHERITS (u)", "0A000", "CREATE TABLE ... INHERITS is not supported", "c_unsupported-postgresql-features" },
        { "CREATE TABLE t (a int) PARTITION BY RANGE (a)", "42601", "syntax error at or near \"PARTITION\"", "c_unsupported-postgresql-features" },
        { "CREATE TABLE t (a int) TABLESPACE x", "42601", "syntax error at or near \"TABLESPACE\"", "c_unsupported-postgresql-features" },
        { "CREATE TABLE t (a int) WITH (fillfactor=70)", "42601", "syntax error at or near \"WITH\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TEMP TABLE t (a int) ON COMMIT DROP", "42601", "syntax error at or near \"ON\"", "r_CREATE_TABLE_NEW" },
        { "CREATE UNLOGGED TABLE t (a int)", "42601", "syntax error at or near \"UNLOGGED\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)", "42601", "syntax error at or near \"GENERATED\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int REFERENCES u (b) ON DELETE CASCADE)", "42601", "syntax error at or near \"ON\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) DISTSTYLE EVEN BACKUP NO", "42601", "syntax error at or near \"BACKUP\"", "dbt-redshift#60, #63" },
        { "CREATE TABLE t (a int) SORTKEY (a) BACKUP NO", "42601", "syntax error at or near \"BACKUP\"", "dbt-redshift#60, #63" },
        { "CREATE TABLE t (a int) DISTSTYLE EVEN DISTKEY (a)", "42P16", "DISTKEY column cannot be specified for a table with DISTSTYLE EVEN", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int distkey) DISTSTYLE ALL", "42P16", "DISTKEY column cannot be specified for a table with DISTSTYLE ALL", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) DISTSTYLE KEY", "42P16", "DISTSTYLE KEY requires a DISTKEY column", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) DISTSTYLE round", "42601", "syntax error at or near \"round\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int distkey, b int distkey)", "42P16", "multiple DISTKEY columns are not allowed", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) DISTKEY (b)", "42703", "column \"b\" named in key does not exist", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) SORTKEY (b)", "42703", "column \"b\" named in key does not exist", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a super) SORTKEY (a)", "0A000", "Column \"t.a\" of type \"super\" cannot be a distribution or sort key", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) INTERLEAVED SORTKEY (a,b,c,d,e,f,g,h,i)", "54011", "sort key can have at most 8 columns", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int sortkey) SORTKEY (a)", "42P16", "multiple SORTKEY definitions are not allowed", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) SORTKEY (a, a)", "42701", "column specified more than once in sort key", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int) SORTKEY (a) SORTKEY AUTO", "42601", "syntax error at or near \"SORTKEY\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (LIKE u) DISTSTYLE ALL", "0A000", "table attributes cannot be specified in CREATE TABLE ... LIKE", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int primary key)", "0A000", "primary key column \"a\" must be declared NOT NULL", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int, primary key (a))", "0A000", "primary key column \"a\" must be declared NOT NULL", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int not null primary key, primary key (a))", "42P16", "multiple primary keys for table \"t\" are not allowed", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int, unique (b))", "42703", "column \"b\" named in key does not exist", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int, foreign key (a) references u (b, c))", "42830", "number of referencing and referenced columns for foreign key disagree", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int null not null)", "42601", "conflicting NULL/NOT NULL declarations for column \"a\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int, \"A\" int)", "42701", "column \"a\" specified more than once", "r_names" },
        { "CREATE TABLE t (ctid int)", "42701", "column name \"ctid\" conflicts with a system column name", "r_names" },
        { "CREATE TABLE t (\"oid\" int)", "42701", "column name \"oid\" conflicts with a system column name", "r_names" },
        { "CREATE TABLE t (tag int)", "42601", "syntax error at or near \"tag\"", "r_pg_keywords" },
        { "CREATE TABLE user (a int)", "42601", "syntax error at or near \"user\"", "r_pg_keywords" },
        { "CREATE TABLE t (a varchar(5) ENCODE delta)", "42P16", "invalid encoding type specified for column \"a\"", "c_Compression_encodings" },
        { "CREATE TABLE t (a boolean ENCODE lzo)", "42P16", "invalid encoding type specified for column \"a\"", "c_Compression_encodings" },
        { "CREATE TABLE t (a int ENCODE mostly32)", "42P16", "invalid encoding type specified for column \"a\"", "c_Compression_encodings" },
        { "CREATE TABLE t (a varchar(5) ENCODE az64)", "42P16", "invalid encoding type specified for column \"a\"", "az64-encoding" },
        { "CREATE TABLE t (a int ENCODE snappy)", "42601", "syntax error at or near \"snappy\"", "c_Compression_encodings" },
        { "CREATE TABLE t (a varchar IDENTITY(1,1))", "42P16", "identity column \"a\" must be of type INT or BIGINT", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int IDENTITY(1,0))", "22023", "identity step cannot be 0", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a int IDENTITY)", "42601", "syntax error at or near \")\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a timestamp DEFAULT now())", "0A000", "Specified types or functions (one per INFO message) not supported on Redshift tables.", "c_SQL_functions_leader_node_only" },
        { "CREATE TABLE t (a int COLLATE \"C\")", "42601", "syntax error at or near \"\"C\"\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t ()", "42601", "syntax error at or near \")\"", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t AS SELECT 1 AS a WITH NO DATA", "42601", "syntax error at or near \"WITH\"", "r_CREATE_TABLE_AS" },
        { "CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a", "42601", "syntax error at or near \"AS\"", "r_CREATE_TABLE_AS" },
        { "ALTER TABLE t ADD COLUMN a int, ADD COLUMN b int", "42601", "syntax error at or near \",\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD COLUMN a int NOT NULL", "0A000", "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD COLUMN a int IDENTITY(1,1)", "0A000", "ALTER TABLE ADD COLUMN does not support…", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD COLUMN a int UNIQUE", "0A000", "ALTER TABLE ADD COLUMN does not support…", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", "42704", "type \"not\" does not exist", "r_ALTER_TABLE" },
        { "ALTER TABLE t DROP COLUMN a, DROP COLUMN b", "42601", "syntax error at or near \",\"", "r_ALTER_TABLE" },
        { "ALTER TABLE IF EXISTS t ADD COLUMN a int", "42601", "syntax error at or near \"EXISTS\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a SET NOT NULL", "0A000", "ALTER COLUMN SET NOT NULL is not supported", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a DROP NOT NULL", "0A000", "ALTER COLUMN DROP NOT NULL is not supported", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1", "0A000", "ALTER COLUMN SET DEFAULT is not supported", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "0A000", "ALTER COLUMN DROP DEFAULT is not supported", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a TYPE bigint", "0A000", "target data type \"bigint\" is not supported", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a TYPE varchar(9) USING a::text", "42601", "syntax error at or near \"USING\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a ENCODE lzo, ALTER COLUMN a ENCODE zstd", "0A000", "ALTER TABLE cannot change the encoding of a column twice", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER DISTSTYLE ALL, ALTER DISTKEY a", "0A000", "ALTER TABLE cannot change the same attribute twice", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER INTERLEAVED SORTKEY (a)", "42601", "syntax error at or near \"INTERLEAVED\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t APPEND FROM u", "0A000", "not covered by this stand-in: ALTER TABLE APPEND", "r_ALTER_TABLE_APPEND" },
        { "ALTER TABLE t ROW LEVEL SECURITY ON", "0A000", "not covered by this stand-in: ALTER TABLE ... ROW", "r_ALTER_TABLE" },
        { "ALTER TABLE t RENAME a TO b", "42601", "syntax error at or near \"a\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t ENABLE TRIGGER x", "42601", "syntax error at or near \"ENABLE\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t RENAME TO #u", "0A000", "a permanent table cannot be renamed to a name that begins with #", "r_ALTER_TABLE" },
    };

    /// <summary>The statement, what the backing server is sent, the page.</summary>
    public static TheoryData<string, string, string> Rewritten => new()
    {
        {
            "CREATE TABLE \"S\".T (a smallint, b int2, c int, d int4, e bigint, f int8, g decimal, h numeric(10,2), i real, j float4, k float, l float8, m float(24), n bool)",
            "CREATE TABLE \"s\".\"t\" (\"a\" smallint, \"b\" smallint, \"c\" integer, \"d\" integer, \"e\" bigint, \"f\" bigint, \"g\" numeric(18,0), \"h\" numeric(10,2), \"i\" real, \"j\" real, "
                + "\"k\" double precision, \"l\" double precision, \"m\" real, \"n\" boolean)",
            "c_Supported_data_types"
        },
        {
            "CREATE TABLE t (a text, b varchar, c varchar(10), d varchar(max), e nvarchar(5), f char, g char(3), h nchar(2), i bpchar, j character varying(7), k char(max))",
            "CREATE TABLE \"t\" (\"a\" character varying(256), \"b\" character varying(256), \"c\" character varying(10), \"d\" character varying(65535), \"e\" character varying(5), \"f\" character(1), "
                + "\"g\" character(3), \"h\" character(2), \"i\" character(256), \"j\" character varying(7), \"k\" character(4096))",
            "r_Character_types"
        },
        {
            "CREATE TABLE t (a date, b time, c timetz, d timestamp, e timestamptz, f timestamp with time zone, g timestamp without time zone, h super, i varbyte, j varbyte(10), k varbinary(5), l binary varying(6))",
            "CREATE TABLE \"t\" (\"a\" date, \"b\" time without time zone, \"c\" time with time zone, \"d\" timestamp without time zone, \"e\" timestamp with time zone, \"f\" timestamp with time zone, "
                + "\"g\" timestamp without time zone, \"h\" rs_catalog.super, \"i\" rs_catalog.varbyte(64000), \"j\" rs_catalog.varbyte(10), \"k\" rs_catalog.varbyte(5), \"l\" rs_catalog.varbyte(6))",
            "r_Datetime_types, r_SUPER_type, r_VARBYTE_type"
        },
        {
            "CREATE TABLE IF NOT EXISTS t (a int IDENTITY(1,1), b bigint GENERATED BY DEFAULT AS IDENTITY(-5,-2), c int DEFAULT 5 NOT NULL, d timestamp DEFAULT sysdate ENCODE az64 NULL)",
            "CREATE TABLE IF NOT EXISTS \"t\" (\"a\" integer GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1) NOT NULL, "
                + "\"b\" bigint GENERATED BY DEFAULT AS IDENTITY (START WITH -5 INCREMENT BY -2 MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807) NOT NULL, "
                + "\"c\" integer DEFAULT 5 NOT NULL, \"d\" timestamp without time zone DEFAULT rs_catalog.sysdate())",
            "r_CREATE_TABLE_NEW"
        },
        {
            "CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int UNIQUE REFERENCES u (x), CONSTRAINT f FOREIGN KEY (a, id) REFERENCES s.v (x, y), UNIQUE (id, a))",
            "CREATE TABLE \"t\" (\"id\" integer NOT NULL, \"a\" integer)",
            "t_Defining_constraints"
        },
        { "CREATE TABLE #x (a int)", "CREATE TEMP TABLE \"#x\" (\"a\" integer)", "r_CREATE_TABLE_NEW" },
        { "CREATE LOCAL TEMPORARY TABLE x (a int)", "CREATE TEMP TABLE \"x\" (\"a\" integer)", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (LIKE s.u INCLUDING DEFAULTS)", "CREATE TABLE \"t\" (LIKE \"s\".\"u\" INCLUDING DEFAULTS)", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE dev.public.t (a int)", "CREATE TABLE \"public\".\"t\" (\"a\" integer)", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (a varchar(5) DEFAULT 'x'::varchar(5) COLLATE case_insensitive NOT NULL)", "CREATE TABLE \"t\" (\"a\" character varying(5) DEFAULT 'x'::character varying(5) NOT NULL)", "r_CREATE_TABLE_NEW" },
        { "CREATE TABLE t (x, y) DISTKEY (x) AS SELECT TOP 1 a, b FROM u", "CREATE TABLE \"t\" (\"x\", \"y\") AS SELECT a, b FROM u LIMIT 1", "r_CREATE_TABLE_AS" },
        { "CREATE TEMP TABLE t BACKUP NO DISTSTYLE ALL SORTKEY (a) AS (SELECT a FROM u)", "CREATE TEMP TABLE \"t\" AS (SELECT a FROM u)", "r_CREATE_TABLE_AS" },
        { "ALTER TABLE t ADD COLUMN a text DEFAULT 'x' ENCODE lzo NOT NULL", "ALTER TABLE \"t\" ADD COLUMN \"a\" character varying(256) DEFAULT 'x' NOT NULL", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD a int", "ALTER TABLE \"t\" ADD COLUMN \"a\" integer", "r_ALTER_TABLE" },
        { "ALTER TABLE s.t DROP COLUMN a CASCADE", "ALTER TABLE \"s\".\"t\" DROP COLUMN \"a\" CASCADE", "r_ALTER_TABLE" },
        { "ALTER TABLE t RENAME TO u", "ALTER TABLE \"t\" RENAME TO \"u\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE \"t\" RENAME COLUMN \"a\" TO \"b\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t OWNER TO u", "ALTER TABLE \"t\" OWNER TO \"u\"", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a TYPE varchar(300)", "ALTER TABLE \"t\" ALTER COLUMN \"a\" TYPE character varying(300)", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD PRIMARY KEY (a)", "ALTER TABLE \"t\" REPLICA IDENTITY DEFAULT", "r_ALTER_TABLE" },
        { "ALTER TABLE t DROP CONSTRAINT x CASCADE", "ALTER TABLE \"t\" REPLICA IDENTITY DEFAULT", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER SORTKEY (a, b), ALTER DISTKEY a", "ALTER TABLE \"t\" REPLICA IDENTITY DEFAULT", "r_ALTER_TABLE" },
    };

    /// <summary>The statement, what rs_internal.ddl is told, the page.</summary>
    public static TheoryData<string, string, string> Definitions => new()
    {
        {
            "CREATE TABLE s.t (id int NOT NULL ENCODE raw DISTKEY SORTKEY, name text COLLATE CASE_INSENSITIVE, n numeric, v varbyte(9), u bigint IDENTITY(10,5), "
                + "CONSTRAINT pk PRIMARY KEY (id), FOREIGN KEY (n) REFERENCES o.p (q)) BACKUP NO",
            """
            {"action":"create_table","schema":"s","table":"t","temp":false,"if_not_exists":false,"backup":false,"diststyle":"KEY","distkey":"id","sortstyle":"COMPOUND","sortkey":["id"],"like":null,
             "columns":[{"name":"id","type":"integer","encode":"raw","identity":null,"collate":null},
              {"name":"name","type":"character varying(256)","encode":null,"identity":null,"collate":"case_insensitive"},
              {"name":"n","type":"numeric(18,0)","encode":null,"identity":null,"collate":null},
              {"name":"v","type":"varbyte(9)","encode":null,"identity":null,"collate":null},
              {"name":"u","type":"bigint","encode":null,"identity":{"always":true,"seed":10,"step":5},"collate":null}],
             "constraints":[{"name":"pk","kind":"p","columns":["id"],"ref_schema":null,"ref_table":null,"ref_columns":[]},
              {"name":null,"kind":"f","columns":["n"],"ref_schema":"o","ref_table":"p","ref_columns":["q"]}]}
            """,
            "r_CREATE_TABLE_NEW"
        },
        {
            "CREATE TABLE #t (LIKE s.u)",
            """
            {"action":"create_table","schema":null,"table":"#t","temp":true,"if_not_exists":false,"backup":true,"diststyle":"AUTO","distkey":null,"sortstyle":null,"sortkey":[],
             "like":{"schema":"s","table":"u"},"columns":[],"constraints":[]}
            """,
            "r_CREATE_TABLE_NEW"
        },
        {
            "CREATE TABLE t INTERLEAVED SORTKEY (a, b) DISTSTYLE EVEN AS SELECT 1 AS a, 2 AS b",
            """
            {"action":"create_table_as","schema":null,"table":"t","temp":false,"if_not_exists":false,"backup":true,"diststyle":"EVEN","distkey":null,"sortstyle":"INTERLEAVED","sortkey":["a","b"],
             "columns":[],"constraints":[]}
            """,
            "r_CREATE_TABLE_AS"
        },
        { "CREATE TABLE t (a int) SORTKEY AUTO DISTSTYLE AUTO ENCODE AUTO", """{"action":"create_table","schema":null,"table":"t","temp":false,"if_not_exists":false,"backup":true,"diststyle":"AUTO","distkey":null,"sortstyle":"AUTO","sortkey":[],"like":null,"columns":[{"name":"a","type":"integer","encode":null,"identity":null,"collate":null}],"constraints":[]}""", "r_CREATE_TABLE_NEW" },
        { "ALTER TABLE s.t ADD COLUMN a int ENCODE delta", """{"action":"add_column","schema":"s","table":"t","columns":[{"name":"a","type":"integer","encode":"delta","identity":null,"collate":null}]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a TYPE varchar(9)", """{"action":"alter_type","schema":null,"table":"t","columns":[{"name":"a","type":"character varying(9)"}]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COLUMN a ENCODE zstd", """{"action":"alter_encode","schema":null,"table":"t","columns":[{"name":"a","encode":"zstd"}]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER ENCODE AUTO", """{"action":"alter_encode","schema":null,"table":"t","columns":[]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER DISTSTYLE KEY DISTKEY a", """{"action":"alter_diststyle","schema":null,"table":"t","diststyle":"KEY","distkey":"a"}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER DISTSTYLE EVEN", """{"action":"alter_diststyle","schema":null,"table":"t","diststyle":"EVEN","distkey":null}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER COMPOUND SORTKEY (a, b)", """{"action":"alter_sortkey","schema":null,"table":"t","sortstyle":"COMPOUND","sortkey":["a","b"]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER SORTKEY NONE", """{"action":"alter_sortkey","schema":null,"table":"t","sortstyle":null,"sortkey":[]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ALTER SORTKEY AUTO", """{"action":"alter_sortkey","schema":null,"table":"t","sortstyle":"AUTO","sortkey":[]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t ADD CONSTRAINT x UNIQUE (a)", """{"action":"add_constraint","schema":null,"table":"t","constraints":[{"name":"x","kind":"u","columns":["a"],"ref_schema":null,"ref_table":null,"ref_columns":[]}]}""", "r_ALTER_TABLE" },
        { "ALTER TABLE t DROP CONSTRAINT x", """{"action":"drop_constraint","schema":null,"table":"t","constraints":[{"name":"x","cascade":false}]}""", "r_ALTER_TABLE" },
        { "CREATE GROUP g", """{"action":"create_group","name":"g"}""", "r_CREATE_GROUP" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_definition_is_refused_as_Redshift_refuses_it(string sql, string sqlState, string message, string source)
    {
        var error = SqlText.Refuse(sql).Error;

        Assert.NotEmpty(source);
        Assert.Equal(sqlState, error.SqlState);
        Assert.StartsWith(message.TrimEnd('…'), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rewritten))]
    public void A_definition_is_put_in_the_backing_servers_words(string sql, string expected, string source)
    {
        Assert.NotEmpty(source);
        Assert.Equal(expected, SqlText.Forward(sql).Sql);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void What_the_backing_server_cannot_hold_is_told_to_the_catalogs(string sql, string expected, string source)
    {
        var call = SqlText.Forward(sql).After[0];

        Assert.NotEmpty(source);
        Assert.StartsWith("select rs_internal.ddl('", call, StringComparison.Ordinal);
        Assert.EndsWith("'::text)", call, StringComparison.Ordinal);
        var json = call["select rs_internal.ddl('".Length..^"'::text)".Length].Replace("''", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(json)), json);
    }

    // r_CREATE_TABLE_NEW: "The maximum number of columns you can define in a single table is 1,600"
    [Fact]
    public void More_than_1600_columns_are_refused()
    {
        var columns = Enumerable.Range(0, 1601).Select(i => $"c{i} int").ToList();

        Assert.NotNull(SqlText.Forward($"CREATE TABLE t ({string.Join(',', columns.Take(1600))})"));
        Assert.Equal("tables can have at most 1600 columns", SqlText.Refuse($"CREATE TABLE t ({string.Join(',', columns)})").Error.Message);
    }

    // r_CREATE_TABLE_NEW: 400 columns of a compound sort key
    [Fact]
    public void More_than_400_sort_key_columns_are_refused()
    {
        var names = Enumerable.Range(0, 401).Select(i => $"c{i}").ToList();
        var columns = string.Join(',', names.Select(name => name + " int"));

        Assert.NotNull(SqlText.Forward($"CREATE TABLE t ({columns}) SORTKEY ({string.Join(',', names.Take(400))})"));
        Assert.Equal("sort key can have at most 400 columns", SqlText.Refuse($"CREATE TABLE t ({columns}) SORTKEY ({string.Join(',', names)})").Error.Message);
    }

    [Fact]
    public void A_definition_in_a_literal_doubles_quotes_and_backslashes()
    {
        var call = Assert.Single(SqlText.Forward("CREATE TABLE \"a'\\\" (b int)").After);

        Assert.Contains("\"table\":\"a''\\\\\\\\\"", call, StringComparison.Ordinal);
    }
}
