using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Npgsql;
using Sluice.Batches;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Batches;

/// <summary>Whole rows through the writer and through COPY: nothing is lost or changed on any of the ways a batch can take.</summary>
public sealed class CopyRowWriterServerTests(PostgresServer server) : IRejectSink
{
    private const int Rows = 2_000;

    private static readonly (string Sql, ColumnEncoding Encoding, string[] Usual, string[] Odd)[] Columns =
    [
        ("id int", new("id", BinaryType.Int4), [], []),
        ("a boolean", new("a", BinaryType.Boolean), ["t", "false"], ["yes", "TRUE"]),
        ("b numeric(12,3)", new("b", BinaryType.Numeric, ((12 << 16) | 3) + 4), ["1.50", "-0.0005", "99999999.9994", "0"], ["1e3", "+1"]),
        ("c varchar(4)", new("c", BinaryType.VarChar, 4 + 4), ["", "äöüß", "a\tb", "\\N"], ["abcd   "]),
        ("d char(4)", new("d", BinaryType.BpChar, 4 + 4), ["", "x", "日本語"], ["ab        "]),
        ("e timestamptz", new("e", BinaryType.TimestampTz), ["2024-02-29 12:00:00+05:30", "1970-01-01T00:00:00Z"], ["epoch", "2024-02-29 12:00:00"]),
        ("f double precision", new("f", BinaryType.Float8), ["0.1", "-1e-300", "NaN", "12345678901234567890"], ["inf", " 1"]),
        ("g bytea", new("g", BinaryType.Bytea), ["\\x00ff5c", "\\x"], ["raw\\\\\\000"]),
        ("h jsonb", new("h", BinaryType.Jsonb), ["{\"k\": \"a\\nb\"}", "1.50"], []),
        ("i date", new("i", BinaryType.Date), ["0001-01-01", "9999-12-31"], ["infinity", "20240229"]),
        ("j time", new("j", BinaryType.Time), ["23:59:59.999999", "00:00:00"], ["24:00:00"]),
        ("k text", new("k", BinaryType.Text), ["line\nbreak\r\ttab\\", "😀", ""], []),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(400, false)]
    [InlineData(400, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Rows_arrive_unchanged_whatever_way_their_batches_take(int oddValuesIn, bool preserveOrder)
    {
        var records = Records(oddValuesIn);
        await using var connection = await CopyTrial.OpenAsync(server, Ct);
        var columns = string.Join(", ", Columns.Select(c => c.Sql));
        var names = string.Join(", ", Columns.Select(c => c.Encoding.Name));
        await ExecuteAsync(connection, $"""
            SET TimeZone = 'Europe/Paris';
            CREATE TEMP TABLE expected ({columns});
            CREATE TEMP TABLE whole (LIKE expected, arrived serial);
            CREATE TEMP TABLE ranges (LIKE expected);
            CREATE TEMP TABLE as_text (LIKE expected);
            """);
        foreach (var batch in await EncodeAsync(records, textOnly: true, preserveOrder: false))
        {
            await CopyAsync(connection, "expected", batch, 0, batch.RowCount);
        }

        foreach (var batch in await EncodeAsync(records, textOnly: false, preserveOrder))
        {
            await CopyAsync(connection, $"whole ({names})", batch, 0, batch.RowCount);
            var middle = batch.RowCount / 3;
            await CopyAsync(connection, "ranges", batch, middle, batch.RowCount - middle);
            await CopyAsync(connection, "ranges", batch, 0, middle);
            await CopyRowsAsTextAsync(connection, "as_text", batch);
        }

        Assert.Equal((long)Rows, await ScalarAsync(connection, "SELECT count(*) FROM expected"));
        foreach (var table in new[] { "whole", "ranges", "as_text" })
        {
            Assert.Equal((long)Rows, await ScalarAsync(connection, $"SELECT count(*) FROM {table}"));
            Assert.Equal(0L, await ScalarAsync(connection, $"SELECT count(*) FROM (SELECT t::text FROM expected t EXCEPT SELECT ROW({names})::text FROM {table}) d"));
        }

        if (preserveOrder)
        {
            Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM whole WHERE arrived <> id"));
        }
    }

    void IRejectSink.RejectRecord(Rejection rejection, ReadOnlySpan<byte> source) => Assert.Fail(rejection.Message);

    void IRejectSink.RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText) => Assert.Fail(rejection.Message);

    private static List<string?[]> Records(int oddValuesIn)
    {
        var random = new Random(31);
        var records = new List<string?[]>();
        for (var id = 1; id <= Rows; id++)
        {
            string? Value(string[] usual, string[] odd)
            {
                var choices = odd.Length > 0 && oddValuesIn > 0 && random.Next(oddValuesIn) == 0 ? odd : usual;
                return random.Next(6) == 0 ? null : choices[random.Next(choices.Length)];
            }

            records.Add([$"{id}", .. Columns.Skip(1).Select(c => Value(c.Usual, c.Odd))]);
        }

        return records;
    }

    private async Task<List<RowBatch>> EncodeAsync(List<string?[]> records, bool textOnly, bool preserveOrder)
    {
        var full = Channel.CreateUnbounded<RowBatch>();
        var pool = new BatchPool(2_000, 1 << 14);
        using var writer = await CopyRowWriter.CreateAsync(
            new CopyRowWriterOptions
            {
                Columns = [.. Columns.Select(c => c.Encoding)],
                Pool = pool,
                Full = full.Writer,
                Rejects = this,
                Counted = (_, _, _) => { },
                BatchBytes = 1 << 14,
                BatchRows = 150,
                PreserveOrder = preserveOrder,
                TextOnly = textOnly,
            },
            Ct);
        for (var row = 0; row < records.Count; row++)
        {
            foreach (var field in records[row])
            {
                if (field is null)
                {
                    writer.WriteNull();
                }
                else
                {
                    writer.WriteText(Encoding.UTF8.GetBytes(field));
                }
            }

            if (writer.EndRow(new RowOrigin(0, row + 1, row)))
            {
                await writer.FlushAsync(Ct);
            }
        }

        await writer.CompleteAsync(Ct);
        var batches = new List<RowBatch>();
        while (full.Reader.TryRead(out var batch))
        {
            batches.Add(batch);
        }

        return batches;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, RowBatch batch, int first, int count)
    {
        var rows = new List<byte[]> { batch.Rows(first, count).ToArray() };
        Assert.Empty(await CopyTrial.LoadAsync(connection, table, batch.Encoding == RowEncoding.CopyBinary, rows, Ct));
    }

    private static async Task CopyRowsAsTextAsync(NpgsqlConnection connection, string table, RowBatch batch)
    {
        var text = new ArrayBufferWriter<byte>();
        for (var row = 0; row < batch.RowCount; row++)
        {
            batch.WriteRowAsCopyText(row, text);
        }

        Assert.Empty(await CopyTrial.LoadAsync(connection, table, isBinary: false, [text.WrittenSpan.ToArray()], Ct));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }
}
