using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Tests.Copy.Values;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html and r_Numeric_types201.html.</summary>
public sealed class NumberTests
{
    [Theory]
    [InlineData("smallint", "-32768", -32768)]
    [InlineData("smallint", "32767", 32767)]
    [InlineData("integer", "-2147483648", -2147483648)]
    [InlineData("integer", "0002147483647", 2147483647)]
    [InlineData("bigint", "-9223372036854775808", long.MinValue)]
    [InlineData("bigint", "9223372036854775807", long.MaxValue)]
    [InlineData("bigint", "-0", 0)]
    public void Integers_reach_to_the_ends_of_their_range(string type, string text, long expected)
    {
        var bytes = Loaded.Bytes(Loaded.Column(type), text)!;

        Assert.Equal(expected, bytes.Length switch
        {
            2 => BinaryPrimitives.ReadInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadInt64BigEndian(bytes),
        });
    }

    [Theory]
    [InlineData("smallint", "32768", 1222)]
    [InlineData("smallint", "-32769", 1222)]
    [InlineData("integer", "2147483648", 1222)]
    [InlineData("integer", "99999999999999999999999999", 1222)]
    [InlineData("bigint", "9223372036854775808", 1222)]
    [InlineData("bigint", "-9223372036854775809", 1222)]
    [InlineData("integer", "1.0", 1207)]
    [InlineData("integer", "abc", 1207)]
    [InlineData("integer", "-", 1207)]
    [InlineData("integer", "+1", 1207)]
    [InlineData("integer", " 1", 1207)]
    [InlineData("integer", "1 ", 1207)]
    [InlineData("integer", "1e3", 1207)]
    [InlineData("integer", "99999999999999x", 1207)]
    public void Integers_out_of_range_or_with_other_letters_are_refused(string type, string text, int code) =>
        Assert.Equal(code, Loaded.Code(Loaded.Column(type), text));

    [Fact]
    public void A_bad_digit_is_shown_with_its_place_and_the_columns_type()
    {
        var problem = Loaded.Problem(Loaded.Column("integer"), "12a4"u8);

        Assert.Equal("Invalid digit, Value 'a', Pos 2, Type: Integer", problem?.Reason);
        Assert.Equal(2, problem?.Position);
    }

    [Theory]
    [InlineData("1.239", false, "1.23")]
    [InlineData("1.239", true, "1.24")]
    [InlineData("-1.235", true, "-1.24")]
    [InlineData("-1.239", false, "-1.23")]
    [InlineData("1.2349999", true, "1.23")]
    [InlineData("-0.001", false, "0.00")]
    [InlineData("9.995", true, "10.00")]
    [InlineData("5", false, "5.00")]
    [InlineData(".5", false, "0.50")]
    [InlineData("12345678.9", false, "12345678.90")]
    public void Decimals_are_cut_at_their_scale_unless_roundec_is_given(string text, bool round, string expected) =>
        Assert.Equal(expected, Text(Loaded.Bytes(Loaded.Column("numeric", precision: 10, scale: 2), text, new ValueOptions { RoundDecimals = round })!));

    [Theory]
    [InlineData(5, 2, "1000", 1222)]
    [InlineData(5, 2, "999.999", 0)]
    [InlineData(18, 0, "1000000000000000000", 1222)]
    [InlineData(19, 0, "9223372036854775807", 0)]
    [InlineData(19, 0, "9223372036854775808", 1222)]
    [InlineData(38, 0, "99999999999999999999999999999999999999", 0)]
    [InlineData(38, 0, "100000000000000000000000000000000000000", 1222)]
    [InlineData(38, 37, "9.9999999999999999999999999999999999999", 0)]
    [InlineData(38, 37, "10", 1222)]
    [InlineData(10, 2, "1e5", 1207)]
    [InlineData(10, 2, "1.2.3", 1207)]
    [InlineData(10, 2, "NaN", 1207)]
    [InlineData(10, 2, "1,5", 1207)]
    [InlineData(10, 2, "-", 1209)]
    [InlineData(10, 2, ".", 1209)]
    public void Decimals_keep_to_their_precision_and_to_plain_notation(int precision, int scale, string text, int code) =>
        Assert.Equal(code, Loaded.Code(Loaded.Column("numeric", precision: precision, scale: scale), text));

    [Fact]
    public void Rounding_may_overflow() =>
        Assert.Equal(1222, Loaded.Code(Loaded.Column("numeric", precision: 5, scale: 2), "999.995", new ValueOptions { RoundDecimals = true }));

    [Fact]
    public void Random_decimals_are_encoded_as_they_read()
    {
        var random = new Random(38);
        for (var round = 0; round < 5000; round++)
        {
            var precision = random.Next(1, 39);
            var scale = random.Next(0, Math.Min(precision, 37) + 1);
            var whole = Digits(random, random.Next(0, precision - scale + 1));
            var fraction = Digits(random, random.Next(0, scale + 1));
            var unscaled = BigInteger.Parse("0" + whole + fraction.PadRight(scale, '0'), CultureInfo.InvariantCulture);
            if (precision == 19 && unscaled > long.MaxValue)
            {
                continue;
            }

            var text = $"{(random.Next(2) == 0 ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length > 0 ? "." + fraction : "")}";
            var integral = whole.TrimStart('0');
            var expected = (integral.Length == 0 ? "0" : integral) + (scale > 0 ? "." + fraction.PadRight(scale, '0') : "");
            if (text[0] == '-' && !unscaled.IsZero)
            {
                expected = "-" + expected;
            }

            Assert.Equal(expected, Text(Loaded.Bytes(Loaded.Column("numeric", precision: precision, scale: scale), text)!));
        }
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-1e10", -1e10)]
    [InlineData("1.7976931348623157E308", 1.7976931348623157E308)]
    [InlineData("0.1", 0.1)]
    public void Doubles_are_read_with_and_without_exponent(string text, double expected) =>
        Assert.Equal(expected, BinaryPrimitives.ReadDoubleBigEndian(Loaded.Bytes(Loaded.Column("double precision"), text)));

    [Fact]
    public void Reals_are_rounded_once() => Assert.Equal(0.1f, BinaryPrimitives.ReadSingleBigEndian(Loaded.Bytes(Loaded.Column("real"), "0.1")));

    [Theory]
    [InlineData("double precision", "NaN", 1208)]
    [InlineData("double precision", "Infinity", 1208)]
    [InlineData("double precision", "abc", 1208)]
    [InlineData("double precision", "1.5x", 1208)]
    [InlineData("double precision", " 1", 1208)]
    [InlineData("double precision", "1e999", 1222)]
    [InlineData("real", "1e39", 1222)]
    public void Floating_point_refuses_what_is_not_finite(string type, string text, int code) => Assert.Equal(code, Loaded.Code(Loaded.Column(type), text));

    [Theory]
    [InlineData("t", 1)]
    [InlineData("TRUE", 1)]
    [InlineData("Y", 1)]
    [InlineData("yes", 1)]
    [InlineData("1", 1)]
    [InlineData("f", 0)]
    [InlineData("False", 0)]
    [InlineData("n", 0)]
    [InlineData("NO", 0)]
    [InlineData("0", 0)]
    public void Booleans_have_five_words_each(string text, byte expected) => Assert.Equal([expected], Loaded.Bytes(Loaded.Column("boolean"), text)!);

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    [InlineData("2")]
    [InlineData("tr")]
    [InlineData(" t")]
    public void Other_words_are_no_booleans(string text) => Assert.Equal(1210, Loaded.Code(Loaded.Column("boolean"), text));

    [Fact]
    public void Garbage_in_numbers_is_refused_and_nothing_else()
    {
        var random = new Random(7);
        var letters = "0123456789-+.eE x\xff"u8.ToArray();
        TargetColumn[] columns =
        [
            Loaded.Column("smallint"), Loaded.Column("bigint"), Loaded.Column("numeric", precision: 18, scale: 4), Loaded.Column("real"),
            Loaded.Column("double precision"), Loaded.Column("boolean"),
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var field = new byte[random.Next(1, 24)];
            for (var i = 0; i < field.Length; i++)
            {
                field[i] = letters[random.Next(letters.Length)];
            }

            Assert.Contains(Loaded.Code(columns[round % columns.Length], field), (int[])[0, 1207, 1208, 1209, 1210, 1222]);
        }
    }

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));

    /// <summary>Reads numeric_recv's form back.</summary>
    private static string Text(byte[] bytes)
    {
        var count = BinaryPrimitives.ReadInt16BigEndian(bytes);
        var weight = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(2));
        var negative = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(4)) == 0x4000;
        var scale = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(6));
        var value = BigInteger.Zero;
        for (var i = 0; i < count; i++)
        {
            value = (value * 10_000) + BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(8 + (2 * i)));
        }

        var exponent = (4 * (weight - count + 1)) + scale;
        value = exponent >= 0 ? value * BigInteger.Pow(10, exponent) : value / BigInteger.Pow(10, -exponent);
        var digits = value.ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = new StringBuilder(digits);
        if (scale > 0)
        {
            text.Insert(digits.Length - scale, '.');
        }

        return (negative ? "-" : "") + text;
    }
}
