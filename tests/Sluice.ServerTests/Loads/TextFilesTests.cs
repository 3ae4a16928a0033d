using System.IO.Compression;
using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Fixed-width, COPY and packed files in a real server.</summary>
public sealed class TextFilesTests(PostgresServer server)
{
    private const string Everything = """
        CREATE TABLE t (id int, note text, amount numeric, day date, stamp timestamptz, raw bytea, flags boolean[], doc jsonb);
        INSERT INTO t SELECT i, CASE WHEN i % 7 = 0 THEN NULL WHEN i % 7 = 1 THEN '' ELSE
            E'a\tb\nc\rd\\e\bf\fg\vh "q" \\N \\. é 😀 ' || chr(1 + i % 127) END,
            i / 7.0, date '2000-02-28' + i, timestamptz '2024-03-31 00:30:00+00' + i * interval '17 minutes', decode(md5(i::text), 'hex'),
            CASE WHEN i % 5 = 0 THEN NULL ELSE ARRAY[i % 2 = 0, NULL] END, jsonb_build_object('k', E'x\ty\\z', 'i', i)
        FROM generate_series(1, 600) i;
        CREATE TABLE u (LIKE t);
        """;

    private const string Difference = "SELECT count(*) FROM ((TABLE t EXCEPT ALL TABLE u) UNION ALL (TABLE u EXCEPT ALL TABLE t)) d";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "")]
    [InlineData("DELIMITER '|'", "WITH delimiter '|'")]
    [InlineData("NULL ''", "WITH null = ''")]
    [InlineData("DELIMITER ',', NULL 'NIL'", "WITH delimiter = ',', null 'NIL', batch rows = 7")]
    [InlineData("ENCODING 'UTF8'", "(id, note, amount, day, stamp, raw, flags, doc)", "TARGET COLUMNS (doc, id, note, amount, day, stamp, raw, flags)")]
    public async Task What_COPY_wrote_comes_back_whatever_its_options(string written, string read, string columns = "")
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Everything, Ct);
        using var folder = new LoadFolder().With("t.copy", await CopyAsync(database, $"COPY t TO STDOUT{(written.Length > 0 ? $" WITH ({written})" : "")}"));
        var (fields, options) = read.StartsWith('(') ? (read, "") : ("", read);
        // An empty string cannot be told from NULL where that is how NULL is written.
        await database.ExecuteAsync(written == "NULL ''" ? "UPDATE t SET note = NULL WHERE note = ''" : "SELECT 1", Ct);
        (await folder.LoadAsync($"LOAD COPY FROM 't.copy' {fields} INTO {database.Uri} TARGET TABLE u {columns} {options};", Ct)).ExitsWith(0);
        Assert.Equal("0", await database.QueryAsync(Difference, Ct));
        Assert.Equal(600, await database.CountAsync("u", Ct));
    }

    [Fact]
    public async Task A_file_in_another_encoding_with_CRLF_line_ends_and_an_end_mark_is_read()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE u (id int, note text)", Ct);
        using var folder = new LoadFolder().With("t.copy", Encoding.Latin1.GetBytes("1\té\\tü\r\n2\t\\N\r\n\\.\r\n"));
        (await folder.LoadAsync($"LOAD COPY FROM 't.copy' WITH ENCODING latin1 INTO {database.Uri} TARGET TABLE u;", Ct)).ExitsWith(0);
        Assert.Equal("1|é\tü\n2|\\N", await database.QueryAsync("SELECT id, note FROM u ORDER BY id", Ct));
    }

    [Fact]
    public async Task Relayed_rows_that_the_server_refuses_are_set_aside_by_their_lines()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE u (id int PRIMARY KEY, note text)", Ct);
        var text = string.Concat(Enumerable.Range(1, 300).Select(i => i is 17 or 250 ? $"x{i}\tbad\n" : i == 100 ? "100\n" : i == 200 ? "200\t\\x4a\\.\n" : $"{i}\ta\\tb\n"));
        using var folder = new LoadFolder().With("t.copy", text + "\\.\nmore\n");
        (await folder.LoadAsync($"LOAD COPY FROM 't.copy' INTO {database.Uri} TARGET TABLE u WITH batch rows = 40, concurrency = 1;", Ct)).ExitsWith(3)
            .Says("1 record has fewer fields than expected");
        Assert.Equal("297|1|1", await database.QueryAsync("SELECT count(*), count(*) FILTER (WHERE note IS NULL), count(*) FILTER (WHERE id = 300) FROM u", Ct));
        Assert.Equal("x17\tbad\nx250\tbad\n", folder.Rejects("dat"));
        Assert.Contains("t.copy:17", folder.Rejects("log"), StringComparison.Ordinal);
        Assert.Contains("t.copy:250", folder.Rejects("log"), StringComparison.Ordinal);
        Assert.Equal("200\t\\x4a\\.\nmore\n", folder.Rejects("raw"));
    }

    [Fact]
    public async Task Fixed_fields_arrive_in_typed_columns()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE f (id int, name text, born date, worth numeric)", Ct);
        using var folder = new LoadFolder().With("f.txt", "header\n00001Zoë       31121999  12.50\r\n00002東京        01012000   7\r\n00003short\nx    bad       01012000   1\n00004\n\n");
        (await folder.LoadAsync($"""
            LOAD FIXED FROM 'f.txt' (id from 0 for 5, name 5 10 [trim right whitespace, null if blanks], born from 0xf for 8 [date format 'DDMMYYYY', null if blanks], worth from 23 for 0x08 [trim both whitespace])
            INTO {database.Uri} TARGET TABLE f WITH skip header = 1;
            """, Ct)).ExitsWith(3).Says("lines are shorter than the fields").Says("1 empty line was loaded as a row");
        Assert.Equal("1|Zoë|1999-12-31|12.50\n2|東京|2000-01-01|7\n3|short|\\N|\\N\n4|\\N|\\N|\\N", await database.QueryAsync("SELECT id, name, born, worth FROM f ORDER BY id", Ct));
        Assert.Equal(2, folder.Rejects("dat").Split('\n').Length - 1);
    }

    [Theory]
    [InlineData("latin1", "iso-8859-1", "Zürich")]
    [InlineData("utf-16", "utf-16", "Zürich😀")]
    [InlineData("shift_jis", "shift_jis", "東京都庁")]
    public async Task Fixed_places_are_characters_in_any_encoding(string name, string encoding, string city)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE f (city text, n int)", Ct);
        var runes = city.EnumerateRunes().Count();
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes($"city      n\n{city}{new string(' ', 10 - runes)}42\n");
        using var folder = new LoadFolder().With("f.txt", bytes);
        (await folder.LoadAsync($"LOAD FIXED FROM 'f.txt' WITH ENCODING '{name}' INTO {database.Uri} TARGET TABLE f WITH fixed header, strict fields;", Ct)).ExitsWith(0);
        Assert.Equal($"{city}|42", await database.QueryAsync("SELECT city, n FROM f", Ct));
    }

    [Fact]
    public async Task Fields_of_the_command_line_have_places()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE f (a text, b int)", Ct);
        using var folder = new LoadFolder().With("f.txt", "ab12\ncd34\n").With("g.dat", "x\t5\n");
        var target = database.Uri + (database.Uri.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "tablename=f";
        (await folder.RunAsync(["fixed://f.txt", target, "--field", "a from 0 for 2, b 2 2"], Ct)).ExitsWith(0);
        (await folder.RunAsync(["g.dat", target], Ct)).ExitsWith(0);
        Assert.Equal("ab|12\ncd|34\nx|5", await database.QueryAsync("SELECT a, b FROM f ORDER BY b DESC, a", Ct) is var rows ? string.Join('\n', rows.Split('\n').Order(StringComparer.Ordinal)) : "");
    }

    [Fact]
    public async Task A_packed_file_is_loaded_and_one_that_is_cut_off_fails_the_load_with_true_counts()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE u (id int, note text)", Ct);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i}\tn{i * 7919 % 5003}\n"))));
        }

        var bytes = packed.ToArray();
        using var folder = new LoadFolder().With("t.copy.gz", bytes).With("cut.copy.gz", bytes[..(bytes.Length / 2)]);
        (await folder.LoadAsync($"LOAD COPY FROM 't.copy.gz' INTO {database.Uri} TARGET TABLE u;", Ct)).ExitsWith(0);
        Assert.Equal("5000|12502500", await database.QueryAsync("SELECT count(*), sum(id) FROM u", Ct));
        await database.ExecuteAsync("TRUNCATE u", Ct);
        var failed = (await folder.LoadAsync($"LOAD COPY FROM 'cut.copy.gz' INTO {database.Uri} TARGET TABLE u WITH batch rows = 10;", Ct)).ExitsWith(1)
            .Says("cut.copy.gz is damaged or cut off: it cannot be unpacked beyond byte");
        var loaded = await database.CountAsync("u", Ct);
        Assert.InRange(loaded, 0, 4999);
        Assert.Contains($" {loaded} ", failed.All.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<string> CopyAsync(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync(Ct);
        using var reader = await connection.BeginTextExportAsync(sql, Ct);
        return await reader.ReadToEndAsync(Ct);
    }
}
