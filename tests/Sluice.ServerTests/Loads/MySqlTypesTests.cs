using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Every type at its extremes, compared by a reader of the tests' own, and what the types become.</summary>
public sealed class MySqlTypesTests(PostgresServer server, MySqlServer mysql)
{
    private const string Extremes =
        """
        CREATE TABLE ints (id INT(11) AUTO_INCREMENT PRIMARY KEY, b TINYINT(1), t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, su SMALLINT UNSIGNED, m MEDIUMINT, mu MEDIUMINT UNSIGNED, i INT, iu INT UNSIGNED,
          g BIGINT, gu BIGINT UNSIGNED, z INT(6) ZEROFILL, i9 INT(9) UNSIGNED);
        INSERT INTO ints VALUES (1, 0, -128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, 42, 0),
          (2, 1, 127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, 4294967295, 4294967295),
          (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE numbers (id INT PRIMARY KEY, d DECIMAL(65,30), d0 DECIMAL(10,0), f FLOAT, g DOUBLE, fd FLOAT(7,3), y YEAR, b1 BIT(1), b10 BIT(10), b64 BIT(64));
        INSERT INTO numbers VALUES (1, -99999999999999999999999999999999999.999999999999999999999999999999, -9999999999, -3.402823466E+38, -1.7976931348623157E+308, -1234.567, 1901, b'0', b'0', b'0'),
          (2, 0.000000000000000000000000000001, 9999999999, 1.17549435E-38, 2.2250738585072014E-308, 0.001, 2155, b'1', b'1111111111', b'1111111111111111111111111111111111111111111111111111111111111111'),
          (3, 1.5, 0, 0.1, 0.1, 9999.999, 0, NULL, b'101', b'1'), (4, NULL, NULL, 16777217, 9007199254740993, NULL, NULL, NULL, NULL, NULL), (5, 0, 0, 123456.79, 1e15, 0, 2024, 1, 2, 3);
        CREATE TABLE texts (id INT PRIMARY KEY, c CHAR(10), v VARCHAR(255), t TEXT, m MEDIUMTEXT, l LONGTEXT, u8 VARCHAR(20) CHARACTER SET utf8mb3, l1 VARCHAR(255) CHARACTER SET latin1, u16 VARCHAR(20) CHARACTER SET utf16,
          sj VARCHAR(20) CHARACTER SET sjis, gb VARCHAR(20) CHARACTER SET gbk, k8 VARCHAR(20) CHARACTER SET koi8r);
        INSERT INTO texts VALUES (1, '', '', '', '', '', '', '', '', '', '', ''), (2, 'a b', 'tab\tnewline\nback\\slash\'quote"', '😀é', 'ü', REPEAT('x', 300000), 'é€', 'äöü€', '😀', '日本語', '中文', 'Привет'),
          (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE bytes (id INT PRIMARY KEY, b BINARY(16), v VARBINARY(255), t TINYBLOB, bl BLOB, m MEDIUMBLOB, l LONGBLOB);
        INSERT INTO bytes VALUES (1, 0x00, '', '', '', '', ''), (2, 0x000102030405060708090a0b0c0d0e0f, 0x00ff5c275c00, 0x5c4e, 0x0a0d09, REPEAT(UNHEX('00FF'), 50000), UNHEX('DEADBEEF')), (3, NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE moments (id INT PRIMARY KEY, d DATE, dt DATETIME, dt6 DATETIME(6), ts TIMESTAMP NULL, ts3 TIMESTAMP(3) NULL, t TIME, t6 TIME(6));
        INSERT INTO moments VALUES (1, '1000-01-01', '1000-01-01 00:00:00', '1000-01-01 00:00:00.000001', '1970-01-01 12:00:01', '1970-01-02 00:00:00.001', '00:00:00', '00:00:00.000001'),
          (2, '9999-12-31', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999999', '2038-01-18 00:00:00', '2024-10-27 01:30:00.999', '23:59:59', '23:59:59.999999'), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE choices (id INT PRIMARY KEY, e ENUM('a', 'it''s', '', 'back\\slash', 'Ä b', '"q"'), s SET('x', 'y z', '{w}', 'q"u') NOT NULL DEFAULT 'x', e2 ENUM('no', 'yes') DEFAULT 'no');
        INSERT INTO choices VALUES (1, 'a', '', 'no'), (2, 'it''s', 'x,y z', 'yes'), (3, '', 'x,y z,{w},q"u', NULL), (4, 'back\\slash', 'q"u', 'no'), (5, 'Ä b', '{w}', 'no'), (6, '"q"', 'x', 'no'), (7, NULL, 'x', 'no');
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_type_arrives_at_its_extremes()
    {
        await using var source = await mysql.CreateDatabaseAsync("SET sql_mode = '', time_zone = '+00:00'; " + Extremes, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "SET timezone TO 'UTC'", Ct)).ExitsWith(0).Says("rejected 0");
        Assert.Equal(24, await MySqlFixture.CompareAsync(source, target, Ct));
        Assert.Equal("a\nit's\n\nback\\slash\nÄ b\n\"q\"", await target.QueryAsync($"SELECT unnest(enum_range(NULL::{source.Name}.choices_e_t))", Ct));
        Assert.Equal("{x}|no", await target.QueryAsync($"INSERT INTO {source.Name}.choices (id) VALUES (99) RETURNING s, e2", Ct));
    }

    [Fact]
    public async Task The_same_load_runs_again_and_names_stay()
    {
        await using var source = await mysql.CreateDatabaseAsync("SET sql_mode = ''; " + Extremes, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0);
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0);
        Assert.Equal("choices_e2_t\nchoices_e_t\nchoices_s_t", await target.QueryAsync("SELECT typname FROM pg_type WHERE typtype = 'e' ORDER BY 1", Ct));
        (await folder.CopyAsync(source, target, Ct, "--with", "data only, truncate")).ExitsWith(0);
        Assert.Equal(7, await target.CountAsync($"{source.Name}.choices", Ct));
    }

    [Fact]
    public async Task Exact_types_are_as_wide_as_declared()
    {
        await using var source = await mysql.CreateDatabaseAsync("SET sql_mode = ''; " + Extremes, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "WITH exact types", Ct)).ExitsWith(0);
        Assert.Equal(
            "integer,smallint,smallint,smallint,smallint,integer,integer,integer,integer,bigint,bigint,numeric,bigint,bigint",
            await target.QueryAsync($"SELECT string_agg(format_type(atttypid, atttypmod), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{source.Name}.ints'::regclass AND attnum > 0", Ct));
        Assert.Equal("timestamp(6) without time zone", await target.QueryAsync($"SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '{source.Name}.moments'::regclass AND attname = 'dt6'", Ct));
        Assert.Equal("9999-12-31 23:59:59.999999", await target.QueryAsync($"SELECT dt6 FROM {source.Name}.moments WHERE id = 2", Ct));
    }

    [Fact]
    public async Task Zero_dates_become_null_or_are_rejected_with_their_key()
    {
        await using var source = await mysql.CreateDatabaseAsync(
            """
            SET sql_mode = '';
            CREATE TABLE z (id INT PRIMARY KEY, a DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', b TIMESTAMP NULL, c DATE DEFAULT '0000-00-00', d DATE NOT NULL, e TIME);
            INSERT INTO z VALUES (1, '0000-00-00 00:00:00', '2024-02-03 04:05:06', '0000-00-00', '2024-01-01', '12:00:00'), (2, '2012-00-10 01:02:03', NULL, '2024-05-00', '2024-01-01', NULL),
              (7, '2024-01-01 00:00:00', NULL, NULL, '0000-00-00', NULL), (8, '2024-01-01 00:00:00', NULL, NULL, '2024-01-01', '-838:59:59');
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "WITH on error resume next", Ct)).ExitsWith(3).Says("rejected 2");
        Assert.Equal("1|t|t|2024-01-01\n2|t|t|2024-01-01", await target.QueryAsync($"SELECT id, a IS NULL, c IS NULL, d FROM {source.Name}.z ORDER BY id", Ct));
        var log = await File.ReadAllTextAsync(Directory.GetFiles(folder.Root, "*.log", SearchOption.AllDirectories).Single(path => path.EndsWith("z.log", StringComparison.Ordinal)), Ct);
        Assert.Contains(":z:7 (id = 7): server 22008: column d: date/time field value out of range", log, StringComparison.Ordinal);
        Assert.Contains(":z:8 (id = 8): server 22009: column e: ", log, StringComparison.Ordinal);

        (await folder.CopyAsync(source, target, "CAST column z.d to date drop not null using zero-dates-to-null, type date to date using zero-dates-to-null, type time to interval drop typemod", Ct)).ExitsWith(0);
        Assert.Equal("-838:59:59|t", await target.QueryAsync($"SELECT max(e::text), bool_or(d IS NULL) FROM {source.Name}.z WHERE id > 6", Ct));
    }

    [Fact]
    public async Task Shapes_become_those_of_postgres_or_text()
    {
        await using var source = await mysql.CreateDatabaseAsync(
            """
            CREATE TABLE shapes (id INT PRIMARY KEY, p POINT, l LINESTRING, y POLYGON, g GEOMETRY, m MULTIPOINT);
            INSERT INTO shapes VALUES (1, ST_GeomFromText('POINT(48.5 -7.25)'), ST_GeomFromText('LINESTRING(1 2,3 4.5)'), ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))'), ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('MULTIPOINT(1 2,3 4)')),
              (2, NULL, NULL, NULL, NULL, NULL), (3, NULL, NULL, ST_GeomFromText('POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1 2,2 2,1 1))'), NULL, NULL);
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "WITH on error resume next", Ct)).ExitsWith(3).Says("a polygon without holes");
        var row = (await target.QueryAsync($"SELECT p, l, y, g, m FROM {source.Name}.shapes WHERE id = 1", Ct)).Replace("MULTIPOINT((1 2),(3 4))", "MULTIPOINT(1 2,3 4)", StringComparison.Ordinal);
        Assert.Equal("(48.5,-7.25)|[(1,2),(3,4.5)]|((0,0),(0,1),(1,1),(0,0))|(1,2)|MULTIPOINT(1 2,3 4)", row);
    }

    [Fact]
    public async Task Json_uuids_and_addresses_keep_their_types()
    {
        var instance = await mysql.InstanceAsync();
        await using var source = await mysql.CreateDatabaseAsync(
            instance.IsMariaDb
                ? "CREATE TABLE j (id INT PRIMARY KEY, d JSON, u UUID, a INET6, b BINARY(16)); INSERT INTO j VALUES (1, '{\"a\": [1, \"é\"]}', '00112233-4455-6677-8899-aabbccddeeff', '2001:db8::1', UNHEX('00112233445566778899AABBCCDDEEFF')), (2, NULL, NULL, NULL, NULL)"
                : "CREATE TABLE j (id INT PRIMARY KEY, d JSON, b BINARY(16)); INSERT INTO j VALUES (1, '{\"a\": [1, \"é\"]}', UNHEX('00112233445566778899AABBCCDDEEFF')), (2, NULL, NULL)", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "CAST type json to jsonb drop typemod, column j.b to uuid drop typemod using binary-to-uuid", Ct)).ExitsWith(0);
        Assert.Equal("jsonb|é|00112233-4455-6677-8899-aabbccddeeff", await target.QueryAsync($"SELECT pg_typeof(d), d #>> '{{a,1}}', b FROM {source.Name}.j WHERE id = 1", Ct));
        if (instance.IsMariaDb)
        {
            Assert.Equal("uuid|00112233-4455-6677-8899-aabbccddeeff|inet|2001:db8::1", await target.QueryAsync($"SELECT pg_typeof(u), u, pg_typeof(a), a FROM {source.Name}.j WHERE id = 1", Ct));
        }
    }

    [Fact]
    public async Task The_command_says_what_bytes_of_a_text_are_and_what_is_none_is_rejected()
    {
        await using var source = await mysql.CreateDatabaseAsync(
            "CREATE TABLE old_names (id INT PRIMARY KEY, n VARCHAR(20) CHARACTER SET latin1); INSERT INTO old_names VALUES (1, UNHEX('CFF0E8E2E5F2')), (2, 'abc'); CREATE TABLE names (id INT PRIMARY KEY, n VARCHAR(20)); INSERT INTO names VALUES (1, 'ä')", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "DECODING TABLE NAMES MATCHING ~/^old_/ AS 'windows-1251'", Ct)).ExitsWith(0);
        Assert.Equal("Привет\nabc\nä", await target.QueryAsync($"SELECT n FROM {source.Name}.old_names UNION ALL SELECT n FROM {source.Name}.names", Ct));
        (await folder.CopyAsync(source, target, "WITH on error resume next DECODING TABLE NAMES MATCHING 'old_names' AS 'utf-8'", Ct)).ExitsWith(3).Says("rejected 1").Says("column n: The text is not valid UTF-8");
        Assert.Equal("abc", await target.QueryAsync($"SELECT n FROM {source.Name}.old_names", Ct));
    }
}
