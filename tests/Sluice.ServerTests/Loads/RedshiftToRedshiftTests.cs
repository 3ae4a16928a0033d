using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;
using Sluice.ServerTests.Targets.Redshift;

namespace Sluice.ServerTests.Loads;

/// <summary>From Redshift into Redshift, and the whole way round: SQLite, Redshift, PostgreSQL, Redshift, PostgreSQL.</summary>
public sealed class RedshiftToRedshiftTests(RedshiftServers servers, PostgresServer postgres)
{
    private const string Layout =
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attisdistkey, a.attsortkeyord, format_encoding(a.attencodingtype::integer), c.reldiststyle, c.relname "
        + "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' AND a.attnum > 0 ORDER BY c.relname, a.attnum";

    private const string Tables =
        """
        CREATE TABLE SCHEMA.orders (id bigint NOT NULL ENCODE az64, customer integer ENCODE zstd, day date ENCODE raw, note varchar(17) DEFAULT 'a\\b''c' ENCODE lzo, price numeric(38,10), s super, vb varbyte(33), c char(4), r real,
            at timestamptz DEFAULT sysdate, PRIMARY KEY (id)) DISTSTYLE KEY DISTKEY (customer) COMPOUND SORTKEY (day, id);;
        CREATE TABLE SCHEMA.lines (a integer, b integer, order_id bigint, FOREIGN KEY (order_id) REFERENCES SCHEMA.orders (id)) DISTSTYLE EVEN INTERLEAVED SORTKEY (b, a);;
        CREATE TABLE SCHEMA.codes (code varchar(65535)) DISTSTYLE ALL;;
        CREATE TABLE SCHEMA.rest (v integer);;
        COMMENT ON TABLE SCHEMA.codes IS 'it''s \\ all';;
        INSERT INTO SCHEMA.orders VALUES (1, 7, '2024-02-29', '', 9999999999999999999999999999.9999999999, json_parse('{"a": [1, "\\n"]}'), from_hex('00ff'), 'ab', 0.1, '2024-02-29 12:34:56.123456+02'),
            (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, 8, '0001-01-01', '|\\\n\r"''\t~', -0.5, json_parse('[]'), from_hex('5c'), '', 3.4028235e38, '1970-01-01 00:00:00+00');;
        INSERT INTO SCHEMA.lines VALUES (1, 2, 1), (NULL, NULL, NULL);;
        INSERT INTO SCHEMA.codes VALUES (''), (NULL), ('\\N'), ('NULL'), ('😀')
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("WITH no unload")]
    [InlineData("WITH unload")]
    [InlineData("WITH unload, compress zstd")]
    public async Task Types_layouts_keys_and_rows_stay_what_they_are(string clauses)
    {
        using var load = await RedshiftSourceCase.CreateAsync(servers, postgres, Tables, Ct);
        var copy = load.Schema + "_copy";
        var result = await load.MustAsync(ExitCode.Success, Ct, $"{clauses} ALTER SCHEMA '{load.Schema}' RENAME TO '{copy}'", load.Source.Uri);
        Assert.Equal(await load.QuerySourceAsync(Layout, Ct), await load.QuerySourceAsync(Layout.Replace("SCHEMA", copy, StringComparison.Ordinal), Ct));
        foreach (var (table, order) in new[] { ("orders", "id"), ("lines", "a"), ("codes", "code") })
        {
            var query = $"SELECT * FROM SCHEMA.{table} ORDER BY {order}";
            Assert.Equal(await load.QuerySourceAsync(query, Ct), await load.QuerySourceAsync(query.Replace("SCHEMA", copy, StringComparison.Ordinal), Ct));
        }

        Assert.Equal(
            $"lines|FOREIGN KEY (order_id) REFERENCES {copy}.orders(id)\norders|PRIMARY KEY (id)",
            await load.QuerySourceAsync($"SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{copy}' ORDER BY 1, 2", Ct));
        await load.ExecuteAsync($"INSERT INTO {copy}.orders (id) VALUES (9)", Ct);
        Assert.Equal("a\\b'c|t", await load.QuerySourceAsync($"SELECT note, at IS NOT NULL FROM {copy}.orders WHERE id = 9", Ct));
        Assert.DoesNotContain(result.Notices, notice => notice.Contains("sorted by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chinook_is_the_same_after_four_loads()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), "");
        File.Copy(Path.Combine(Path.GetDirectoryName(Here())!, "fixtures", "chinook.db"), migration.File);
        migration.Execute(
            """
            CREATE TABLE edges (id INTEGER PRIMARY KEY, v TEXT, at DATETIME, b BLOB, r DOUBLE);
            INSERT INTO edges VALUES (1, '', '2024-02-29 12:34:56.123456', x'00ff', 0.1), (2, NULL, NULL, NULL, NULL), (3, '\N', '1970-01-01 00:00:00.000001', x'5c', 1e300), (4, char(10, 9, 13, 92, 124), NULL, NULL, -0.5);
            """);
        var first = await postgres.CreateDatabaseAsync();
        var second = await postgres.CreateDatabaseAsync();
        await migration.MustAsync(ExitCode.Success, Ct);
        var (schema, back) = (migration.Schema, migration.Schema + "_back");
        await RunAsync(migration, $"LOAD DATABASE FROM {migration.Load.Uri} INTO {first.Uri} WITH no unload INCLUDING ONLY TABLE NAMES MATCHING ~/.*/ IN SCHEMA '{schema}';");
        await RunAsync(migration, $"LOAD DATABASE FROM {first.Uri} INTO {migration.Load.Uri} ALTER SCHEMA '{schema}' RENAME TO '{back}';");
        await RunAsync(migration, $"LOAD DATABASE FROM {migration.Load.Uri} INTO {second.Uri} WITH unload INCLUDING ONLY TABLE NAMES MATCHING ~/.*/ IN SCHEMA '{back}' ALTER SCHEMA '{back}' RENAME TO '{schema}';");
        var rows = await first.RowsAsync(Ct);
        Assert.Equal(15_607 + 4 + 12 + 1, rows.Split('\n').Length); // a line for each table, and a line feed within a value
        Assert.Contains("(1,\"\",\"2024-02-29 12:34:56.123456+00\",\"\\\\x00ff\",0.1)", rows, StringComparison.Ordinal);
        Assert.Equal(rows, await second.RowsAsync(Ct));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }

    private static async Task RunAsync(MigrationCase migration, string command)
    {
        var result = await migration.Load.RunAsync(command, Ct);
        Assert.True(result.ExitCode == ExitCode.Success, $"{command}\n{migration.Load.Everything}");
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string here = "") => here;
}
