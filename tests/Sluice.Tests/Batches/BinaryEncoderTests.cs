using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Batches;

public sealed class BinaryEncoderTests
{
    [Theory]
    [InlineData(BinaryType.Boolean, "true", "t")]
    [InlineData(BinaryType.Boolean, "f", "f")]
    [InlineData(BinaryType.Int2, "-32768", "-32768")]
    [InlineData(BinaryType.Int4, "0042", "42")]
    [InlineData(BinaryType.Int8, "-9223372036854775808", "-9223372036854775808")]
    [InlineData(BinaryType.Float4, "0.1", "0.1")]
    [InlineData(BinaryType.Float4, "3.4028235e38", "3.4028235E+38")]
    [InlineData(BinaryType.Float4, "16777217", "16777216")]
    [InlineData(BinaryType.Float4, "16777215.50", "16777216")]
    [InlineData(BinaryType.Float4, "7.0385307e-26", "7.038530691851209E-26")]
    [InlineData(BinaryType.Float8, "0.30000000000000004", "0.30000000000000004")]
    [InlineData(BinaryType.Float8, "-0", "-0")]
    [InlineData(BinaryType.Float8, "-Infinity", "-Infinity")]
    [InlineData(BinaryType.Numeric, "1.50", "1.50")]
    [InlineData(BinaryType.Numeric, "-0012345678.9", "-12345678.9")]
    [InlineData(BinaryType.Numeric, "0.00005", "0.00005")]
    [InlineData(BinaryType.Numeric, "100000000", "100000000")]
    [InlineData(BinaryType.Numeric, "NaN", "NaN")]
    [InlineData(BinaryType.Text, "a\tb\\N\n", "a\\tb\\\\N\\n")]
    [InlineData(BinaryType.Text, "", "")]
    [InlineData(BinaryType.Json, "{\"a\":\"\\n\"}", "{\"a\":\"\\\\n\"}")]
    [InlineData(BinaryType.Jsonb, "[1]", "[1]")]
    [InlineData(BinaryType.Enum, "extra large", "extra large")]
    [InlineData(BinaryType.Bytea, "\\xDEADbeef", "\\\\xdeadbeef")]
    [InlineData(BinaryType.Bytea, "\\x", "\\\\x")]
    [InlineData(BinaryType.Uuid, "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")]
    [InlineData(BinaryType.Date, "0001-01-01", "0001-01-01")]
    [InlineData(BinaryType.Date, "2000-02-29", "2000-02-29")]
    [InlineData(BinaryType.Date, "9999-12-31", "9999-12-31")]
    [InlineData(BinaryType.Time, "23:59:59.999999", "23:59:59.999999")]
    [InlineData(BinaryType.Timestamp, "1999-12-31T23:59:59.5", "1999-12-31 23:59:59.5")]
    [InlineData(BinaryType.Timestamp, "2000-01-01", "2000-01-01 00:00:00")]
    [InlineData(BinaryType.TimestampTz, "2000-01-01 00:30:00+05:45", "1999-12-31 18:45:00+00")]
    [InlineData(BinaryType.TimestampTz, "2000-01-01 00:30:00Z", "2000-01-01 00:30:00+00")]
    public void Canonical_values_can_be_turned_back_into_text(BinaryType type, string spelling, string copyText) =>
        Assert.Equal(copyText, RoundTrip(new ColumnEncoding("c", type), spelling));

    [Theory]
    [InlineData(BinaryType.Boolean, "T")]
    [InlineData(BinaryType.Boolean, "1")]
    [InlineData(BinaryType.Int2, "32768")]
    [InlineData(BinaryType.Int4, "+1")]
    [InlineData(BinaryType.Int4, "0x1F")]
    [InlineData(BinaryType.Int4, "1_000")]
    [InlineData(BinaryType.Int8, "9223372036854775808")]
    [InlineData(BinaryType.Int8, "-")]
    [InlineData(BinaryType.Float4, "1e39")]
    [InlineData(BinaryType.Float4, "1e-46")]
    [InlineData(BinaryType.Float4, "1.00000005960464477539063")]
    [InlineData(BinaryType.Float4, "16777217.00000000001")]
    [InlineData(BinaryType.Float4, "7.038531e-26")]
    [InlineData(BinaryType.Float8, "1e400")]
    [InlineData(BinaryType.Float8, "1e-400")]
    [InlineData(BinaryType.Float8, "nan")]
    [InlineData(BinaryType.Float8, " 1")]
    [InlineData(BinaryType.Numeric, "1e5")]
    [InlineData(BinaryType.Numeric, "Infinity")]
    [InlineData(BinaryType.Numeric, ".")]
    [InlineData(BinaryType.Text, "a\0b")]
    [InlineData(BinaryType.Jsonb, "\"\0\"")]
    [InlineData(BinaryType.Bytea, "\\x0")]
    [InlineData(BinaryType.Bytea, "\\x0g")]
    [InlineData(BinaryType.Bytea, "abc")]
    [InlineData(BinaryType.Uuid, "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}")]
    [InlineData(BinaryType.Uuid, "a0eebc999c0b4ef8bb6d6bb9bd380a11")]
    [InlineData(BinaryType.Date, "2023-02-29")]
    [InlineData(BinaryType.Date, "1900-02-29")]
    [InlineData(BinaryType.Date, "0000-01-01")]
    [InlineData(BinaryType.Date, "01/02/2003")]
    [InlineData(BinaryType.Date, "2000-01-01 BC")]
    [InlineData(BinaryType.Time, "24:00:00")]
    [InlineData(BinaryType.Time, "12:00:60")]
    [InlineData(BinaryType.Time, "12:00:00.")]
    [InlineData(BinaryType.Time, "12:00:00.1234567")]
    [InlineData(BinaryType.Timestamp, "2000-01-01 00:00:00+02")]
    [InlineData(BinaryType.TimestampTz, "2000-01-01 00:00:00")]
    [InlineData(BinaryType.TimestampTz, "2000-01-01 00:00:00+16")]
    [InlineData(BinaryType.TimestampTz, "0001-01-01 00:00:00+01")]
    public void Odd_values_are_left_to_the_server(BinaryType type, string spelling) =>
        Assert.Null(RoundTrip(new ColumnEncoding("c", type), spelling));

    [Theory]
    [InlineData(BinaryType.VarChar, "äöü", true)]
    [InlineData(BinaryType.VarChar, "äöüx", false)]
    [InlineData(BinaryType.BpChar, "ab", true)]
    [InlineData(BinaryType.BpChar, "abc ", false)]
    public void Character_limits_count_characters_not_bytes(BinaryType type, string spelling, bool isCanonical) =>
        Assert.Equal(isCanonical, RoundTrip(new ColumnEncoding("c", type, TypeModifier: 3 + 4), spelling) is not null);

    [Fact]
    public void A_timestamp_without_offset_uses_the_fixed_offset_of_the_session() => Assert.Equal(
        "2000-01-01 06:30:00+00",
        RoundTrip(new ColumnEncoding("c", BinaryType.TimestampTz, -1, TimeSpan.FromMinutes(330)), "2000-01-01 12:00:00"));

    [Fact]
    public void Days_from_year_1_to_9999_survive()
    {
        var column = new ColumnEncoding("c", BinaryType.Date);
        for (var number = 0; number <= DateOnly.MaxValue.DayNumber; number += 13)
        {
            var day = DateOnly.FromDayNumber(number);
            var text = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(text, RoundTrip(column, text));
        }
    }

    [Theory]
    [InlineData(BinaryType.Float8)]
    [InlineData(BinaryType.Float4)]
    public void Random_floats_are_parsed_to_the_nearest_value(BinaryType type)
    {
        var random = new Random(4711);
        var value = new byte[64];
        for (var i = 0; i < 50_000; i++)
        {
            var exponent = random.Next(3) == 0 ? $"e{random.Next(-25, 18)}" : "";
            var spelling = $"{random.NextInt64(1L << random.Next(1, 62))}.{random.Next(1 << random.Next(1, 30))}{exponent}";
            var utf8 = Encoding.UTF8.GetBytes(spelling);
            if (type == BinaryType.Float8)
            {
                Assert.Equal(8, BinaryFloat.Encode8(utf8, value));
                var expected = double.Parse(spelling, System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(expected.Equals(BinaryPrimitives.ReadDoubleBigEndian(value)), spelling);
            }
            else
            {
                Assert.True(BinaryFloat.Encode4(utf8, value) == 4, spelling);
                var expected = float.Parse(spelling, System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(expected.Equals(BinaryPrimitives.ReadSingleBigEndian(value)), spelling);
            }
        }
    }

    [Fact]
    public void Truncated_and_changed_spellings_never_throw_and_never_change_on_the_way_back()
    {
        string[] seeds =
        [
            "true", "-9223372036854775808", "-1.7976931348623157e+308", "-00123456789.0012300", "\\x00ff", "2004-02-29 23:59:59.999999+05:45",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "23:59:59.999999", "Infinity", "{\"a\": [1]}",
        ];
        var random = new Random(99);
        foreach (var type in Enum.GetValues<BinaryType>().Where(t => t != BinaryType.None))
        {
            var column = new ColumnEncoding("c", type, -1, TimeSpan.Zero);
            for (var i = 0; i < 3_000; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);
                bytes = bytes[..random.Next(bytes.Length + 1)];
                if (bytes.Length > 0 && random.Next(2) == 0)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(128);
                }

                var once = RoundTrip(column, Encoding.UTF8.GetString(bytes));
                if (once is not null && type is not (BinaryType.Bytea or BinaryType.Text or BinaryType.VarChar or BinaryType.BpChar
                    or BinaryType.Json or BinaryType.Jsonb or BinaryType.Enum))
                {
                    Assert.Equal(once, RoundTrip(column, once));
                }
            }
        }
    }

    private static string? RoundTrip(ColumnEncoding column, string spelling)
    {
        var buffer = new RowBuffer(16, 16);
        BinaryPrimitives.WriteInt16BigEndian(buffer.GetSpan(2), 1);
        buffer.Advance(2);
        if (!BinaryEncoder.TryWriteField(buffer, new BinaryColumn(column), Encoding.UTF8.GetBytes(spelling)))
        {
            Assert.Equal(2, buffer.Position);
            return null;
        }

        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(1, BinaryRowDecoder.WriteFields(buffer.Written, [column.Type], output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
