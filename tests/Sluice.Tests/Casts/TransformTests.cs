using Sluice.Casts;

namespace Sluice.Tests.Casts;

public sealed class TransformTests
{
    [Theory]
    [InlineData("2004-10-31", "2004-10-31")]
    [InlineData("2004-10-31 10:11:12", "2004-10-31 10:11:12")]
    [InlineData("0000-10-31", null)]
    [InlineData("2012-00-10", null)]
    [InlineData("2012-10-00 00:00:00", null)]
    [InlineData("", null)]
    [InlineData("2012-10-0", Eval.Error)]
    [InlineData("x", Eval.Error)]
    public void Zero_dates_to_null(string input, string? expected) => Check("zero-dates-to-null", input, expected);

    [Theory]
    [InlineData("20041002152952", "2004-10-02 15:29:52")]
    [InlineData("", null)]
    [InlineData("20041002", null)]
    [InlineData("200410021529520", null)]
    [InlineData("00001002152952", null)]
    [InlineData("20040002152952", null)]
    [InlineData("20041000152952", null)]
    [InlineData("abcdefghijklmn", "abcd-ef-gh ij:kl:mn")]
    [InlineData("abcdéfghijklmn", "abcd-éf-gh ij:kl:mn")]
    public void Date_with_no_separator(string input, string? expected) => Check("date-with-no-separator", input, expected);

    [Theory]
    [InlineData("08231560", "08:23:15.60")]
    [InlineData("082315", "08:23:15.")]
    [InlineData("08231", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Time_with_no_separator(string input, string? expected) => Check("time-with-no-separator", input, expected);

    [Theory]
    [InlineData("0", "f")]
    [InlineData("1", "t")]
    [InlineData("5", "t")]
    [InlineData("", "t")]
    public void Tinyint_to_boolean(string input, string? expected) => Check("tinyint-to-boolean", input, expected);

    [Theory]
    [InlineData("\0", "f")]
    [InlineData("\u0001", "t")]
    [InlineData("0", "t")]
    [InlineData("é", "t")]
    [InlineData("", null)]
    [InlineData("b'0'", null)]
    public void Bits_to_boolean(string input, string? expected) => Check("bits-to-boolean", input, expected);

    [Theory]
    [InlineData("b'101'", "101")]
    [InlineData("101", "")]
    [InlineData("1", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Bits_to_hex_bitstring(string input, string? expected) => Check("bits-to-hex-bitstring", input, expected);

    [Theory]
    [InlineData("18435761", "1.25.78.177")]
    [InlineData("0", "0.0.0.0")]
    [InlineData("4294967295", "255.255.255.255")]
    [InlineData("4294967296", Eval.Error)]
    [InlineData("99999999999999999999", Eval.Error)]
    [InlineData("-1", Eval.Error)]
    [InlineData("x", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Int_to_ip(string input, string? expected) => Check("int-to-ip", input, expected);

    [Theory]
    [InlineData("POINT(48.5513589 7.6926827)", "(48.5513589,7.6926827)")]
    [InlineData("", Eval.Error)]
    public void Convert_mysql_point(string input, string? expected) => Check("convert-mysql-point", input, expected);

    [Theory]
    [InlineData("LINESTRING(-87.87342467651445 45.79684462673078,-87.87170806274479 45.802110434248966)",
        "[(-87.87342467651445,45.79684462673078),(-87.87170806274479,45.802110434248966)]")]
    [InlineData("LINESTRING(1 2)", "[(1,2)]")]
    [InlineData("LINESTRING", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Convert_mysql_linestring(string input, string? expected) => Check("convert-mysql-linestring", input, expected);

    [Theory]
    [InlineData("POLYGON((0 0,0 1.5,1e3 1,0 0))", "((0,0),(0,1.5),(1e3,1),(0,0))")]
    [InlineData("POLYGON((0 0,0 9,9 9,0 0),(1 1,1 2,2 2,1 1))", Eval.Error)]
    [InlineData("POINT(1 2)", Eval.Error)]
    [InlineData("POLYGON((", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Convert_mysql_polygon(string input, string? expected) => Check("convert-mysql-polygon", input, expected);

    [Theory]
    [InlineData("'0'", "0")]
    [InlineData("007", "7")]
    [InlineData("+7", "7")]
    [InlineData(" 5 ", "5")]
    [InlineData("-012", "-12")]
    [InlineData("-0", "0")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1.5", Eval.Error)]
    [InlineData("x", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Integer_to_string(string input, string? expected) => Check("integer-to-string", input, expected);

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("x", "x")]
    [InlineData("", "")]
    public void Float_to_string(string input, string? expected) => Check("float-to-string", input, expected);

    [Theory]
    [InlineData("deadbeef", "3735928559")]
    [InlineData("DEADBEEF", "3735928559")]
    [InlineData("0", "0")]
    [InlineData("00", "0")]
    [InlineData("-ff", "-255")]
    [InlineData("ffffffffffffffffffffffffffffffff", "340282366920938463463374607431768211455")]
    [InlineData("100000000000000000000000000000000", "340282366920938463463374607431768211456")]
    [InlineData("0xff", Eval.Error)]
    [InlineData("g", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Hex_to_dec(string input, string? expected) => Check("hex-to-dec", input, expected);

    [Theory]
    [InlineData("a,b", "{a,b}")]
    [InlineData("", "{}")]
    [InlineData("a b,,{c},d\\e,NULL,\"q\"", "{\"a b\",\"\",\"{c}\",\"d\\\\e\",\"NULL\",\"\\\"q\\\"\"}")]
    public void Set_to_enum_array(string input, string? expected) => Check("set-to-enum-array", input, expected);

    [Theory]
    [InlineData("", null)]
    [InlineData(" ", " ")]
    [InlineData("a", "a")]
    public void Empty_string_to_null(string input, string? expected) => Check("empty-string-to-null", input, expected);

    [Theory]
    [InlineData("right-trim")]
    [InlineData("db3-trim-string")]
    public void Trailing_spaces_go_and_tabs_stay(string name)
    {
        Check(name, " a  ", " a");
        Check(name, "a\t", "a\t");
        Check(name, "", "");
        Check(name, "   ", "");
    }

    [Theory]
    [InlineData("a\0b\0", "ab")]
    [InlineData("\0", "")]
    [InlineData("ab", "ab")]
    [InlineData("", "")]
    public void Remove_null_characters(string input, string? expected) => Check("remove-null-characters", input, expected);

    [Theory]
    [InlineData("byte-vector-to-bytea", "ab", "\\x6162")]
    [InlineData("byte-vector-to-bytea", "é", "\\xc3a9")]
    [InlineData("byte-vector-to-bytea", "", null)]
    [InlineData("binary-to-bytea", "ab", "\\x6162")]
    [InlineData("binary-to-bytea", "", null)]
    [InlineData("byte-vector-to-hexstring", "J", "4a")]
    [InlineData("byte-vector-to-hexstring", "", null)]
    public void Text_as_bytes(string name, string input, string? expected) => Check(name, input, expected);

    [Theory]
    [InlineData("42", "42")]
    [InlineData(" 042 ", "42")]
    [InlineData("x", null)]
    [InlineData("4x", null)]
    [InlineData("", null)]
    public void Ensure_parse_integer(string input, string? expected) => Check("ensure-parse-integer", input, expected);

    [Theory]
    [InlineData("0", null)]
    [InlineData("1999", "1999-01-01")]
    [InlineData("1500000000", "1500000000-01-01")]
    [InlineData("2020-05-06", "2020-05-06")]
    [InlineData("", "")]
    public void Sqlite_timestamp_to_timestamp(string input, string? expected) => Check("sqlite-timestamp-to-timestamp", input, expected);

    [Theory]
    [InlineData("0x00112233445566778899aabbccddeeff", "33221100-5544-7766-8899-AABBCCDDEEFF")]
    [InlineData("00112233445566778899AABBCCDDEEFF", "33221100-5544-7766-8899-AABBCCDDEEFF")]
    [InlineData("0011", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Sql_server_uniqueidentifier_to_uuid(string input, string? expected) =>
        Check("sql-server-uniqueidentifier-to-uuid", input, expected);

    [Theory]
    [InlineData("0", "f")]
    [InlineData("((0))", "f")]
    [InlineData("1", "t")]
    [InlineData("((1))", "t")]
    [InlineData("yes", null)]
    [InlineData("", null)]
    public void Sql_server_bit_to_boolean(string input, string? expected) => Check("sql-server-bit-to-boolean", input, expected);

    [Theory]
    [InlineData("1500000000", "2017-07-14 02:40:00Z")]
    [InlineData("0", "1970-01-01 00:00:00Z")]
    [InlineData("-1", "1969-12-31 23:59:59Z")]
    [InlineData("951782400", "2000-02-29 00:00:00Z")]
    [InlineData("-62135596800", "0001-01-01 00:00:00Z")]
    [InlineData("-62135596801", Eval.Error)]
    [InlineData("1500000000000", "49503-02-10 02:40:00Z")]
    [InlineData("9999999999999999999999", Eval.Error)]
    [InlineData("1.5", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Unix_timestamp_to_timestamptz(string input, string? expected) => Check("unix-timestamp-to-timestamptz", input, expected);

    [Theory]
    [InlineData("2440587.5", "1970-01-01 00:00:00")]
    [InlineData("2460370.0", "2024-02-29 12:00:00")]
    [InlineData("2460370", "2024-02-29 12:00:00")]
    [InlineData("2456572.84952685", "2013-10-07 08:23:19.120")]
    [InlineData("2440587.4999999884", "1969-12-31 23:59:59.999")]
    [InlineData("1721425.5", "0001-01-01 00:00:00")]
    [InlineData("1721425.4", Eval.Error)]
    [InlineData("1e300", Eval.Error)]
    [InlineData("soon", Eval.Error)]
    [InlineData("", Eval.Error)]
    public void Julian_day_to_timestamp(string input, string? expected) => Check("julian-day-to-timestamp", input, expected);

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("", "")]
    public void Varbinary_to_string(string input, string? expected) => Check("varbinary-to-string", input, expected);

    [Theory]
    [InlineData("c0a80001", "192.168.0.1")]
    [InlineData("0xC0A80001", "192.168.0.1")]
    [InlineData("20010db800000000000000000000000a", "2001:0DB8:0000:0000:0000:0000:0000:000A")]
    [InlineData("c0a8", Eval.Error)]
    [InlineData("192.168.0.1", Eval.Error)]
    [InlineData("", null)]
    public void Varbinary_to_inet(string input, string? expected) => Check("varbinary-to-inet", input, expected);

    [Theory]
    [InlineData("\\x00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-AABBCCDDEEFF")]
    [InlineData("0011", null)]
    [InlineData("x", Eval.Error)]
    [InlineData("", null)]
    public void Binary_to_uuid(string input, string? expected) => Check("binary-to-uuid", input, expected);

    [Theory]
    [InlineData("aGVsbG8=", "hello")]
    [InlineData("6Q==", "é")]
    [InlineData("", "")]
    [InlineData("aGVsbG8", Eval.Error)]
    [InlineData("é", Eval.Error)]
    public void Base64_decode(string input, string? expected) => Check("base64-decode", input, expected);

    [Theory]
    [InlineData("0xDEad", "\\xDEad")]
    [InlineData(" \\xff ", "\\xff")]
    [InlineData("ff", "\\xff")]
    [InlineData("0Xff", "\\x0Xff")]
    [InlineData("", "\\x")]
    public void Hex_to_bytea(string input, string? expected) => Check("hex-to-bytea", input, expected);

    [Theory]
    [InlineData("?", null)]
    [InlineData(" ", null)]
    [InlineData("T", "T")]
    [InlineData("N", "N")]
    [InlineData("", "")]
    public void Logical_to_boolean(string input, string? expected) => Check("logical-to-boolean", input, expected);

    [Theory]
    [InlineData("  12.50 ", "12.50")]
    [InlineData("7", "7")]
    [InlineData("****", "****")]
    [InlineData("   ", null)]
    [InlineData("", null)]
    public void Db3_numeric_to_pgsql_numeric(string input, string? expected) => Check("db3-numeric-to-pgsql-numeric", input, expected);

    [Theory]
    [InlineData("12.7", "12")]
    [InlineData("  5 ", "5")]
    [InlineData("-3", "-3")]
    [InlineData("****", null)]
    [InlineData("", null)]
    public void Db3_numeric_to_pgsql_integer(string input, string? expected) => Check("db3-numeric-to-pgsql-integer", input, expected);

    [Theory]
    [InlineData("20130131", "2013-01-31")]
    [InlineData("2013013x", "2013-01-03")]
    [InlineData("20139999", "2013-99-99")]
    [InlineData("2013", null)]
    [InlineData("        ", null)]
    [InlineData("", null)]
    [InlineData("abcdefgh", Eval.Error)]
    public void Db3_date_to_pgsql_date(string input, string? expected) => Check("db3-date-to-pgsql-date", input, expected);

    [Fact]
    public void A_refused_value_is_named_with_the_function_and_what_was_expected()
    {
        TransformCatalog.TryGet("int-to-ip", out var transform);
        var error = Assert.Throws<TransformException>(() => Eval.Apply(transform, "a\nb"u8));
        Assert.Equal("int-to-ip cannot use \"a\\x0ab\": expected an integer from 0 to 4294967295", error.Message);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message()
    {
        TransformCatalog.TryGet("hex-to-dec", out var transform);
        var error = Assert.Throws<TransformException>(() => Eval.Apply(transform, new byte[100_000]));
        Assert.True(error.Message.Length < 400);
    }

    private static void Check(string name, string input, string? expected) => Assert.Equal(expected, Eval.Transform(name, input));
}
