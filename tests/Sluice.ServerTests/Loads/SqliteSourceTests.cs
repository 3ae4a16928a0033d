using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Where a SQLite database may be, what may happen to it meanwhile, and what may be in it.</summary>
public sealed class SqliteSourceTests(PostgresServer server)
{
    private const string Small = "CREATE TABLE t (v INT); INSERT INTO t VALUES (1), (2), (3);";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.db.gz")]
    [InlineData("a.sqlite.zip")]
    public async Task A_packed_database_is_loaded_and_nothing_stays_behind(string name)
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("plain.db", Small);
        Directory.CreateDirectory(folder["tmp"]);
        folder.With(name, Pack(name, await File.ReadAllBytesAsync(folder["plain.db"], Ct)));
        (await folder.RunAsync([name, database.Uri], Ct, null, ("TMPDIR", folder["tmp"]))).ExitsWith(0).Says("read 3 = loaded 3 + rejected 0 + skipped 0");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["tmp"], "sluice-source-*"));
    }

    [Fact]
    public async Task A_packed_database_that_is_cut_off_is_said()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("plain.db", Small);
        var packed = Pack("x.gz", await File.ReadAllBytesAsync(folder["plain.db"], Ct));
        folder.With("a.db.gz", packed[..^5]);
        (await folder.RunAsync(["a.db.gz", database.Uri], Ct)).ExitsWith(1).Says("a.db.gz is damaged: it cannot be unpacked");
    }

    [Fact]
    public async Task A_database_at_an_address_is_downloaded()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("plain.db", Small);
        Directory.CreateDirectory(folder["tmp"]);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, await File.ReadAllBytesAsync(folder["plain.db"], Ct));
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/some/shop.db";
        (await folder.LoadAsync($"LOAD DATABASE FROM {address} INTO {database.Uri};", Ct)).ExitsWith(0).Says("read 3 = loaded 3 + rejected 0 + skipped 0");
        await serving;
        Assert.Equal(3, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Money_that_moves_while_it_is_copied_is_neither_lost_nor_doubled()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "bank.db",
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE a (id INTEGER PRIMARY KEY, v INT NOT NULL);
            CREATE TABLE b (id INTEGER PRIMARY KEY, v INT NOT NULL);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO a SELECT i, 100 FROM n;
            INSERT INTO b SELECT id, 100 FROM a;
            """);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var begun = new TaskCompletionSource();
        var bank = Task.Run(() => Transfer(folder["bank.db"], begun, stop.Token), Ct);
        await begun.Task.WaitAsync(Ct);
        for (var round = 0; round < 3; round++)
        {
            (await folder.RunAsync(["--with", "workers = 3, batch rows = 200, batch size = 64 kB", "bank.db", database.Uri], Ct)).ExitsWith(0)
                .Says("Read at one point in time: the readers share a snapshot").Says("read 6,000 = loaded 6,000");
            Assert.Equal("600000|6000", await database.QueryAsync("SELECT sum(v), count(*) FROM (SELECT v FROM a UNION ALL SELECT v FROM b) t", Ct));
        }

        await stop.CancelAsync();
        await bank;
    }

    [Fact]
    public async Task A_write_protected_database_is_read_by_one_reader()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("a.db", Small);
        File.SetUnixFileMode(folder["a.db"], UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using var process = folder.Start(["--root-dir", folder.Root, "--with", "workers = 3", "a.db", database.Uri], isPrivileged: false);
        (await LoadFolder.FinishAsync(process, null, Ct)).ExitsWith(0).Says("one reader, one transaction (the database cannot be locked for more)");
        Assert.Equal(3, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Dates_as_text_as_seconds_and_as_julian_days_become_one_moment()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "dates.db",
            "CREATE TABLE moments (text DATETIME, unix INTEGER, julian REAL); INSERT INTO moments VALUES ('2024-02-29 12:34:56', 1709210096, 2460370.0242592593), (NULL, NULL, NULL);");
        (await folder.LoadAsync(
            $"""
            LOAD DATABASE FROM 'dates.db' INTO {database.Uri}
            CAST column moments.unix to timestamptz using unix-timestamp-to-timestamptz, column moments.julian to timestamptz using julian-day-to-timestamp
            SET timezone TO 'UTC';
            """,
            Ct)).ExitsWith(0);
        Assert.Equal("2024-02-29 12:34:56+00|t|t\n\\N|\\N|\\N", await database.QueryAsync("SELECT text AT TIME ZONE 'UTC' || '+00', text = unix, julian = text FROM moments ORDER BY 1", Ct));
    }

    [Fact]
    public async Task Values_that_are_not_what_the_column_says_are_set_aside_by_their_rowids()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "odd.db",
            """
            CREATE TABLE odd (n INT, s TEXT, j JSON, d DATE);
            INSERT INTO odd (rowid, n, s, j, d) VALUES
                (1, 1, 'a', '{"b": [1, null]}', '2024-01-01'),
                (20, 3000000000, 'beyond', '1', NULL),
                (30, 2, x'fffe', '1', NULL),
                (40, 3, x'c3a9', '"ok"', NULL),
                (50, 4, 'json', '{broken', NULL),
                (60, 5, 'date', '1', '2024-02-30'),
                (70, 6.5, 'real', '1', NULL);
            """);
        (await folder.RunAsync(["--with", "on error resume next", "odd.db", database.Uri], Ct)).ExitsWith(3).Says("read 7 = loaded 2 + rejected 5 + skipped 0");
        Assert.Equal("1|a|2024-01-01\n3|é|\\N", await database.QueryAsync("SELECT n, s, d FROM odd ORDER BY n", Ct));
        var log = await File.ReadAllTextAsync(Path.Combine(folder.Root, database.Name, "public.odd.log"), Ct);
        foreach (var (row, reason) in new[] { (20, "out of range"), (30, "not valid UTF-8"), (50, "json"), (60, "2024-02-30"), (70, "6.5") })
        {
            Assert.Contains(log.Split('\n'), line => line.StartsWith($"odd.db:odd:{row}: ", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Thousands_of_small_tables_arrive_and_one_that_fails_fails_alone()
    {
        await using var database = await server.CreateDatabaseAsync();
        var sql = new StringBuilder("BEGIN;");
        for (var table = 0; table < 450; table++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE TABLE t{table} (id INTEGER PRIMARY KEY, v TEXT{(table == 333 ? ", w INT DEFAULT 'no number'" : "")}); INSERT INTO t{table} (id, v) VALUES (1, 'a{table}'), (2, 'b');");
        }

        sql.Append("CREATE TABLE dup (k TEXT PRIMARY KEY, v INT); INSERT INTO dup VALUES (NULL, 1), (NULL, 2); COMMIT;");
        using var folder = new LoadFolder().WithSqlite("many.db", sql.ToString());
        (await folder.RunAsync(["many.db", database.Uri], Ct)).ExitsWith(1).Says("no number").Says("dup_pkey");
        Assert.Equal("450|450|449", await database.QueryAsync(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'), (SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace) FROM pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
        Assert.Equal("a17|2", await database.QueryAsync("SELECT min(v), count(*) FROM t17", Ct));
    }

    private static byte[] Pack(string name, byte[] content)
    {
        using var packed = new MemoryStream();
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            stream.Write(content);
        }
        else
        {
            using var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
            using var stream = archive.CreateEntry("inside.sqlite").Open();
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static async Task ServeAsync(TcpListener listener, byte[] content)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(Ct) is { Length: > 0 })
        {
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"), Ct);
        await stream.WriteAsync(content, Ct);
    }

    private static void Transfer(string path, TaskCompletionSource begun, CancellationToken ct)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        var random = new Random(1);
        while (!ct.IsCancellationRequested)
        {
            using var command = connection.CreateCommand();
            var amount = random.Next(1, 50);
            command.CommandText = $"BEGIN IMMEDIATE; UPDATE a SET v = v - {amount} WHERE id = {random.Next(1, 3001)}; UPDATE b SET v = v + {amount} WHERE id = {random.Next(1, 3001)}; COMMIT";
            command.ExecuteNonQuery();
            begun.TrySetResult();
        }
    }
}
