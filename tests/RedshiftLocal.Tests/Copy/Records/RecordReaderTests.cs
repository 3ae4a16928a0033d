using System.Globalization;
using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Tests.Copy.Records;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html, CSV and DELIMITER.</summary>
public sealed class RecordReaderTests
{
    private static readonly RecordFormat Csv = new() { Csv = true, Delimiter = (byte)',' };

    [Theory]
    [InlineData("a,b\nc,d\n", "a|b;c|d")]
    [InlineData("a,b\nc,d", "a|b;c|d")]
    [InlineData("a,b\r\nc,d\r\n", "a|b;c|d")]
    [InlineData("a,b\rc,d\r", "a|b;c|d")]
    [InlineData("\"a,b\",c\n", "a,b|c")]
    [InlineData("\"a\"\"b\",\"\"\"\"\n", "a\"b|\"")]
    [InlineData("\"a\nb\",\"c\r\nd\"\n", "a\nb|c\r\nd")]
    [InlineData("\"\",,\"\"\n", "||")]
    [InlineData("a\\,b\n", "a\\|b")]
    [InlineData("x , \" y \" , z\n", "x | y | z")]
    [InlineData("  \"a\"  ,\"b\"\t\n", "a|b")]
    [InlineData("", "")]
    public async Task Csv_is_cut_by_delimiters_outside_quotes(string text, string expected) =>
        Assert.Equal(expected, await ReadAsync(text, Csv));

    [Theory]
    [InlineData("ab\"c,d\nx,y\n")]
    [InlineData("\"ab\"c,d\nx,y\n")]
    [InlineData("\"ab\" c,d\r\nx,y\n")]
    public async Task A_quote_out_of_place_spoils_its_line_only(string text) => Assert.Equal("!1216;x|y", await ReadAsync(text, Csv));

    [Theory]
    [InlineData("\"abc\nx,y\n")]
    [InlineData("a,\"")]
    public async Task A_quote_that_is_never_closed_spoils_the_rest(string text) => Assert.Equal("!1216", await ReadAsync(text, Csv));

    [Theory]
    [InlineData("a\0b,c\nx,y\n")]
    [InlineData("\"a\0b\",c\nx,y\n")]
    public async Task A_nul_byte_ends_the_record_with_an_error(string text) => Assert.Equal("!1216;x|y", await ReadAsync(text, Csv));

    [Fact]
    public async Task A_nul_byte_is_data_where_it_is_the_null_marker() =>
        Assert.Equal("\0|a", await ReadAsync("\0,a\n", Csv with { NulAllowed = true }));

    [Fact]
    public async Task Delimited_text_knows_no_quotes() =>
        Assert.Equal("\"a|b\"|c;d", await ReadAsync("\"a|b\"|c\nd\n", new RecordFormat()));

    [Fact]
    public async Task Removequotes_takes_off_a_pair_of_either_quote() =>
        Assert.Equal("a|b", await ReadAsync("\"a\"|'b'\n", new RecordFormat { RemoveQuotes = true }));

    [Fact]
    public async Task Headers_are_skipped_by_lines() =>
        Assert.Equal("a|b", await ReadAsync("h1\nh2\r\na,b\n", Csv with { IgnoreHeader = 2 }));

    [Fact]
    public async Task A_file_shorter_than_its_header_is_empty() => Assert.Equal("", await ReadAsync("h1", Csv with { IgnoreHeader = 2 }));

    [Theory]
    [InlineData(false, "a;;b")]
    [InlineData(true, "a;b")]
    public async Task Blank_lines_are_skipped_on_demand(bool ignore, string expected) =>
        Assert.Equal(expected, await ReadAsync("a\n\nb\n", Csv with { IgnoreBlankLines = ignore }));

    [Fact]
    public async Task Lines_and_records_are_counted_apart()
    {
        using var reader = Reader("h\n\"a\nb\",1\r\nc,2\n\"d\r\n\r\n\",3\ne,4", Csv with { IgnoreHeader = 1 }, 16);
        var places = new List<(long, long)>();
        while (await NextAsync(reader))
        {
            places.Add((reader.Line, reader.RecordNumber));
        }

        Assert.Equal([(2, 2), (4, 3), (5, 4), (8, 5)], places);
    }

    [Fact]
    public async Task A_record_may_have_four_megabytes_and_no_more()
    {
        var fits = new string('x', RecordReader.LongestRecord);
        var reader = Reader($"{fits}\n{fits}y\na,b\n{fits}{fits}{fits}\nc\n", Csv, 1000);
        var codes = new List<int>();
        while (await NextAsync(reader))
        {
            codes.Add(reader.Problem?.Code ?? reader.FieldCount);
        }

        reader.Dispose();
        Assert.Equal([1, 1216, 2, 1216, 1], codes);
    }

    [Fact]
    public async Task More_fields_than_columns_are_counted() => Assert.Equal("5 fields", await ReadAsync("a,b,c,d,e\n", Csv, columns: 2));

    [Fact]
    public async Task Random_records_survive_being_written_and_read_in_pieces_of_any_size()
    {
        var random = new Random(20261122);
        string[] pieces = ["a", "bc", ",", "\"", "\n", "\r", "\r\n", " ", "é", "\\N", "'", "|"];
        for (var round = 0; round < 400; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 7)).Select(_ => pieces[random.Next(pieces.Length)]))).ToArray()).ToList();
            var end = random.Next(2) == 0 ? "\n" : "\r\n";
            var text = string.Concat(rows.Select(row => string.Join(',', row.Select(field => Quote(field, random))) + end));
            var expected = string.Join(';', rows.Select(row => string.Join('|', row)));

            Assert.Equal(expected, await ReadAsync(text, Csv, firstBuffer: 16, pieceBytes: random.Next(1, 20)));
        }
    }

    [Fact]
    public async Task Cut_and_garbled_files_are_read_to_their_end_whatever_they_hold()
    {
        var random = new Random(99);
        var letters = "a,\"\n\r\0 b"u8.ToArray();
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(0, 60)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = letters[random.Next(letters.Length)];
            }

            var whole = await ReadAsync(Encoding.UTF8.GetString(bytes), Csv);
            var pieces = await ReadAsync(Encoding.UTF8.GetString(bytes), Csv, firstBuffer: 16, pieceBytes: 1);
            Assert.Equal(whole, pieces);
        }
    }

    private static string Quote(string field, Random random) =>
        field.AsSpan().ContainsAny("\",\r\n ") || field.Length == 0 || random.Next(2) == 0
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;

    private static RecordReader Reader(string text, RecordFormat format, int firstBuffer, int pieceBytes = 1 << 20, int columns = 10) =>
        new(new PieceStream(Encoding.UTF8.GetBytes(text), pieceBytes), format, columns, firstBuffer);

    private static async Task<bool> NextAsync(RecordReader reader)
    {
        while (true)
        {
            switch (reader.Next())
            {
                case ReadState.Record:
                    return true;
                case ReadState.End:
                    return false;
                default:
                    await reader.FillAsync(CancellationToken.None);
                    break;
            }
        }
    }

    private static async Task<string> ReadAsync(string text, RecordFormat format, int firstBuffer = 64, int pieceBytes = 1 << 20, int columns = 10)
    {
        using var reader = Reader(text, format, firstBuffer, pieceBytes, columns);
        var rows = new List<string>();
        while (await NextAsync(reader))
        {
            if (reader.Problem is not null)
            {
                rows.Add("!" + reader.Problem.Code.ToString(CultureInfo.InvariantCulture));
                continue;
            }

            if (reader.FieldCount > columns)
            {
                rows.Add($"{reader.FieldCount} fields");
                continue;
            }

            var fields = new List<string>();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                fields.Add(Encoding.UTF8.GetString(reader.Field(i)));
            }

            rows.Add(string.Join('|', fields));
        }

        return string.Join(';', rows);
    }

    /// <summary>Gives no more than a few bytes a call.</summary>
    private sealed class PieceStream(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceBytes)], cancellationToken);
    }
}
