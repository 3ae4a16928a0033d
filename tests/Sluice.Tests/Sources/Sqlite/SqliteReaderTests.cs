using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Sources;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

public sealed class SqliteReaderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_storage_class_has_its_spelling()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (a, b, c, d); INSERT INTO t VALUES (-9223372036854775808, 0.1, 'é', x'6162'), (NULL, 1e300, '', x'')");
        var rows = await file.ReadAsync("t", Ct);
        Assert.Equal(["-9223372036854775808|0.1|é|ab", "-|1E+300|''|''"], rows.Lines);
    }

    [Fact]
    public async Task Bytes_are_written_in_hex_and_so_is_text_where_bytes_are_wanted()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (b BLOB); INSERT INTO t VALUES (x'00ff'), ('ab'), (x'')");
        Assert.Equal([@"\x00ff", @"\x6162", @"\x"], (await file.ReadAsync("t", Ct, ("b", ReadColumnKind.Bytes))).Lines);
    }

    [Fact]
    public async Task One_and_zero_are_booleans_where_those_are_wanted()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (b BOOLEAN); INSERT INTO t VALUES (1), (0), (2), ('yes'), (NULL)");
        Assert.Equal(["t", "f", "2", "yes", "-"], (await file.ReadAsync("t", Ct, ("b", ReadColumnKind.Boolean))).Lines);
    }

    [Fact]
    public async Task A_double_comes_back_as_the_same_number()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (r REAL)");
        var random = new Random(5);
        var values = Enumerable.Range(0, 300).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite).ToArray();
        file.Execute(string.Join(';', values.Select(value => $"INSERT INTO t VALUES ({value.ToString("R", CultureInfo.InvariantCulture)})")));
        using var connection = new SqliteConnection($"Data Source={file.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT r FROM t";
        using var reader = command.ExecuteReader();
        foreach (var line in (await file.ReadAsync("t", Ct)).Lines)
        {
            Assert.True(reader.Read());
            Assert.Equal(reader.GetDouble(0), double.Parse(line, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Text_that_is_not_utf8_rejects_its_row_and_names_it()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, 'a'), (70, CAST(x'61ff' AS TEXT)), (71, x'ff'), (72, 'z')");
        var rows = await file.ReadAsync("t", Ct);
        Assert.Equal(["1|a", "72|z"], rows.Lines);
        Assert.Equal([(70L, "s", RejectStage.Encoding), (71L, "s", RejectStage.Encoding)], rows.Rejects.Select(reject => (reject.Rejection.Origin.Line, reject.Rejection.Column!, reject.Rejection.Stage)));
        Assert.Equal([0x61, 0xff], rows.Rejects[0].Source);
    }

    [Fact]
    public async Task Zero_bytes_do_not_end_a_text()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (s TEXT); INSERT INTO t VALUES ('a' || char(0) || 'b')");
        Assert.Equal(["a\0b"], (await file.ReadAsync("t", Ct)).Lines);
    }

    [Fact]
    public async Task A_utf16_database_gives_utf8()
    {
        using var file = new SqliteTestFile("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (s TEXT); INSERT INTO t VALUES ('é€😀'), (''), ('a' || char(0) || 'b')");
        Assert.Equal(["é€😀", "''", "a\0b"], (await file.ReadAsync("t", Ct)).Lines);
    }

    [Fact]
    public async Task A_table_whose_columns_took_all_names_of_the_row_number_is_counted()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO t VALUES ('a', 'b', 'c'), ('d', 'e', 'f')");
        var rows = await file.ReadAsync("t", Ct);
        Assert.Equal(["a|b|c", "d|e|f"], rows.Lines);
        Assert.Equal([1L, 2L], rows.Origins.Select(origin => origin.Line));
    }

    [Fact]
    public async Task A_drained_reading_ends_at_the_next_row()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)");
        await using var source = await SqliteSource.OpenAsync(file.Path, 1, Ct);
        var rows = new CollectingRowWriter();
        await using var table = source.OpenTable(
            new TableReading { Table = new(null, "t"), Columns = [new("a", "a", ReadColumnKind.Text, null)], Drain = new CancellationToken(canceled: true) }, 0);
        await table.ReadAsync((await table.SplitAsync(Ct))[0], rows, Ct);
        Assert.Empty(rows.Rows);
    }

    [Fact]
    public async Task Transforms_see_text_or_bytes_as_the_value_is()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (v); INSERT INTO t VALUES ('00ff'), (x'00ff'), ('zz'), (NULL)");
        await using var source = await SqliteSource.OpenAsync(file.Path, 1, Ct);
        var rows = new CollectingRowWriter();
        await using var table = source.OpenTable(
            new TableReading
            {
                Table = new(null, "t"),
                Columns = [new("v", "v", ReadColumnKind.Text, input => TransformCatalog.TryGet("hex-to-dec", input, out var transform) ? transform : throw new InvalidOperationException())],
            },
            0);
        await table.ReadAsync((await table.SplitAsync(Ct))[0], rows, Ct);
        Assert.Equal("255", rows.Lines[0]);
        Assert.Equal("-", rows.Lines[^1]);
        Assert.All(rows.Rejects, reject => Assert.Equal(RejectStage.Transform, reject.Rejection.Stage));
        Assert.Equal(4, rows.Rows.Count + rows.Rejects.Count);
    }

    [Fact]
    public async Task Reading_a_row_allocates_nothing()
    {
        using var file = new SqliteTestFile(
            """
            CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO t SELECT i, i / 7.0, 'text ' || i, randomblob(20) FROM n;
            """);
        await using var source = await SqliteSource.OpenAsync(file.Path, 1, Ct);
        await using var table = source.OpenTable(
            new TableReading
            {
                Table = new(null, "t"),
                Columns = [new("i", "i", ReadColumnKind.Text, null), new("r", "r", ReadColumnKind.Text, null), new("s", "s", ReadColumnKind.Text, null), new("b", "b", ReadColumnKind.Bytes, null)],
            },
            0);
        var rows = new AllocationCounter();
        await table.ReadAsync((await table.SplitAsync(Ct))[0], rows, Ct);
        Assert.Equal((60_000, 0), (rows.Rows, rows.Usual));
    }

    // Counts what is allocated in each thousand rows. The runtime may do so itself now and then, while it compiles what runs; a row that did would show in all of them.
    private sealed class AllocationCounter : RowWriter
    {
        private readonly long[] _allocated = new long[60];
        private long _before;

        public int Rows { get; private set; }

        public long Usual => _allocated.Order().ElementAt(_allocated.Length / 2);

        public override void WriteNull()
        {
        }

        public override void WriteText(ReadOnlySpan<byte> utf8)
        {
        }

        public override bool EndRow(in RowOrigin origin)
        {
            Rows++;
            if (Rows % 1000 == 0)
            {
                var now = GC.GetAllocatedBytesForCurrentThread();
                _allocated[(Rows / 1000) - 1] = now - _before;
                _before = now;
            }

            return false;
        }

        public override void AbandonRow()
        {
        }

        public override ValueTask FlushAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override ValueTask CompleteAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override void Reject(Rejection rejection, ReadOnlySpan<byte> source) => Assert.Fail(rejection.Message);

        public override void Skip()
        {
        }
    }
}
