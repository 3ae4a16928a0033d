using System.Globalization;
using System.Text;
using Sluice.Batches;
using Sluice.Postgres;
using Sluice.Targets;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Targets.Redshift;

public sealed class RedshiftRowEncoderTests
{
    private static readonly byte[] Marker = "~marker"u8.ToArray();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData(" a", "\" a\"")]
    [InlineData("a ", "\"a \"")]
    [InlineData("a b", "a b")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\\nb", "\"a\nb\"")]
    [InlineData("a\\tb", "\"a\tb\"")]
    [InlineData("\\\\N", "\"\\N\"")]
    [InlineData("\\\\", "\"\\\"")]
    [InlineData("\\N", "~marker")]
    public void Text_is_quoted_where_it_has_to_be(string copyText, string csv) => Assert.Equal(csv + "\n", Encode(copyText + "\n", Column(1043, 104)));

    [Fact]
    public void The_marker_is_needed_for_NULL_and_for_what_COPY_takes_for_it()
    {
        Assert.True(NeedsMarker("\\N"));
        Assert.True(NeedsMarker("\\\\N"));
        Assert.False(NeedsMarker("N"));
        Assert.False(NeedsMarker(""));
    }

    [Fact]
    public void A_value_that_is_the_marker_is_refused()
    {
        var refusal = Refuse("~marker\n", Column(1043, 104));
        Assert.Equal("22000", refusal.SqlState);
        Assert.Equal("the value is the text that stands for NULL in this COPY", refusal.Message);
    }

    [Fact]
    public void A_refused_row_leaves_nothing_behind()
    {
        var output = new RowBuffer(16, int.MaxValue);
        var encoder = new RedshiftRowEncoder([Column(1043, 104), Column(23)], Marker);
        Assert.Null(encoder.Encode("a\t1\n"u8, 0, output));
        Assert.NotNull(encoder.Encode("b\tx\n"u8, 1, output));
        Assert.Null(encoder.Encode("c\t3\n"u8, 2, output));
        Assert.Equal("a,1\nc,3\n", Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Line_breaks_within_values_are_told()
    {
        var encoder = new RedshiftRowEncoder([Column(1043, 104)], Marker);
        Assert.Null(encoder.Encode("a\\rb\n"u8, 0, new RowBuffer(16, int.MaxValue)));
        Assert.True(encoder.HasLineBreak);
        Assert.Null(encoder.Encode("ab\n"u8, 0, new RowBuffer(16, int.MaxValue)));
        Assert.False(encoder.HasLineBreak);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.Equal("22021", new RedshiftRowEncoder([Column(1043, 104)], Marker).Encode([0x61, 0xFF, (byte)'\n'], 0, new RowBuffer(16, int.MaxValue))?.SqlState);

    [Fact]
    public void Decimals_are_rounded_as_exact_arithmetic_does()
    {
        var random = new Random(4711);
        var column = Column(1700, ((12 << 16) | 3) + 4, "numeric(12,3)");
        for (var i = 0; i < 20_000; i++)
        {
            var value = (decimal)random.NextInt64(-999_999_999_999, 999_999_999_999) / (decimal)Math.Pow(10, random.Next(0, 7));
            var text = value.ToString(CultureInfo.InvariantCulture);
            var rounded = Math.Round(value, 3, MidpointRounding.AwayFromZero);
            if (Math.Abs(rounded) >= 1_000_000_000m)
            {
                Assert.Equal("22003", Refuse(text + "\n", column).SqlState);
                continue;
            }

            Assert.Equal(rounded, decimal.Parse(Encode(text + "\n", column), CultureInfo.InvariantCulture));
            var exponent = random.Next(-3, 4);
            Assert.Equal(rounded, decimal.Parse(
                Encode($"{value / (decimal)Math.Pow(10, exponent)}e{exponent}\n", column), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Any_row_comes_back_from_csv_as_it_was()
    {
        var random = new Random(20261122);
        var columns = new[] { Column(1043, -1), Column(1043, -1), Column(1043, -1) };
        string[] pieces = ["a", "\"", ",", "\\\\", "\\n", "\\r", "\\t", " ", "ä", "\U0001F600", "\\\\N", "~", "'", "|", "\\b", "\\v", "\\f"];
        for (var i = 0; i < 5_000; i++)
        {
            var row = string.Join('\t', Enumerable.Range(0, 3).Select(_ =>
                random.Next(5) == 0 ? "\\N" : string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)])))) + "\n";
            var csv = new RowBuffer(16, int.MaxValue);
            Assert.Null(new RedshiftRowEncoder([.. columns], Marker).Encode(Encoding.UTF8.GetBytes(row), 0, csv));
            var back = new RowBuffer(16, int.MaxValue);
            RedshiftRecords.WriteCopyText(csv.Written, Marker, back);
            Assert.Equal(row, Encoding.UTF8.GetString(back.Written));
        }
    }

    [Theory]
    [InlineData(16L)]
    [InlineData(20L)]
    [InlineData(701L)]
    [InlineData(1082L)]
    [InlineData(1083L)]
    [InlineData(1114L)]
    [InlineData(1184L)]
    [InlineData(1700L)]
    [InlineData(4000L)]
    [InlineData(6551L)]
    public void Whatever_is_written_nothing_but_a_refusal_comes_of_it(long oid)
    {
        var random = new Random((int)oid);
        var column = Column(oid, oid == 1700 ? ((38 << 16) | 10) + 4 : -1);
        const string Letters = "0123456789-+:. TZe{}[]\"xainf,\\\\t9999-12-31";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(30)).Select(_ => Letters[random.Next(Letters.Length)])]).Replace("\\", "", StringComparison.Ordinal);
            var output = new RowBuffer(16, int.MaxValue);
            var refusal = new RedshiftRowEncoder([column], Marker).Encode(Encoding.UTF8.GetBytes(text + "\n"), 0, output);
            Assert.Equal(refusal is null, output.Position > 0);
        }
    }

    [Fact]
    public void Rows_allocate_nothing_after_warm_up()
    {
        var row = Encoding.UTF8.GetBytes(
            "12345\t-9.994\ta, \"quoted\" text\\nwith a break\t2024-02-29\t2024-02-29 12:00:00.123456\t2024-02-29 12:00:00+02\tt\t1.5e3\t\\N\t{\"a\": [1, 2]}\tdeadbeef\n");
        var encoder = new RedshiftRowEncoder(
            [Column(23), Column(1700, ((5 << 16) | 2) + 4), Column(1043, -1), Column(1082), Column(1114), Column(1184), Column(16), Column(701), Column(1043, -1), Column(4000), Column(6551)],
            Marker);
        var output = new RowBuffer(1 << 20, int.MaxValue);
        for (var i = 0; i < 200; i++)
        {
            output.Reset();
            Assert.Null(encoder.Encode(row, 0, output));
        }

        // The runtime allocates while it compiles anew: the quietest of several rounds counts.
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                output.Position = 0;
                encoder.Encode(row, 0, output);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static bool NeedsMarker(string copyText)
    {
        var encoder = new RedshiftRowEncoder([Column(1043, 104)], Marker);
        Assert.Null(encoder.Encode(Encoding.UTF8.GetBytes(copyText + "\n"), 0, new RowBuffer(16, int.MaxValue)));
        return encoder.NeedsMarker;
    }

    private static string Encode(string row, RedshiftColumn column)
    {
        var output = new RowBuffer(16, int.MaxValue);
        Assert.Null(new RedshiftRowEncoder([column], Marker).Encode(Encoding.UTF8.GetBytes(row), 0, output));
        return Encoding.UTF8.GetString(output.Written);
    }

    private static ServerRefusal Refuse(string row, RedshiftColumn column) =>
        new RedshiftRowEncoder([column], Marker).Encode(Encoding.UTF8.GetBytes(row), 0, new RowBuffer(16, int.MaxValue))
        ?? throw new InvalidOperationException("It was not refused.");

    private static RedshiftColumn Column(long oid, int modifier = -1, string type = "some type") => new(
        new PostgresColumn
        {
            Name = "c",
            TypeName = type,
            TypeOid = oid,
            TypeModifier = modifier,
            BaseTypeOid = oid,
            BaseTypeModifier = modifier,
            IsEnum = false,
            IsArray = false,
            IsNotNull = false,
            MayInsert = true,
        },
        "t", TimeSpan.Zero, "UTC");
}
