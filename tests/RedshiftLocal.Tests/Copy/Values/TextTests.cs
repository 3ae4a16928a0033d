using System.Text;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Tests.Copy.Values;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html and copy-parameters-data-conversion.html.</summary>
public sealed class TextTests
{
    [Fact]
    public void A_varchar_holds_bytes_not_characters()
    {
        Assert.Equal("été"u8.ToArray(), Loaded.Bytes(Loaded.Column("character varying", 5), "été"));
        Assert.Equal(1204, Loaded.Code(Loaded.Column("character varying", 4), "été"));
        Assert.Equal("String length exceeds DDL length", Loaded.Problem(Loaded.Column("character varying", 4), "été"u8)?.Reason);
    }

    [Fact]
    public void A_char_holds_ascii_only()
    {
        var problem = Loaded.Problem(Loaded.Column("character", 10), [0x61, 0xE0, 0xA1, 0xA4, 0x62]);

        Assert.Equal(1220, problem?.Code);
        Assert.Equal("Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: e0 a1 a4", problem?.Reason);
        Assert.Equal(1204, Loaded.Code(Loaded.Column("character", 2), "abc"));
    }

    [Theory]
    [InlineData("f8 88 80 80 80", 1)]
    [InlineData("e2 82", 2)]
    [InlineData("61 a4", 3)]
    [InlineData("ff", 3)]
    [InlineData("c3 28", 4)]
    [InlineData("ed a0 80", 5)]
    [InlineData("f4 90 80 80", 8)]
    [InlineData("c0 af", 9)]
    public void Bytes_that_are_no_utf8_are_refused_with_their_number(string hex, int number)
    {
        var problem = Loaded.Problem(Loaded.Column("character varying", 100), Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal(1220, problem?.Code);
        Assert.StartsWith("String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ", problem?.Reason, StringComparison.Ordinal);
        Assert.EndsWith($"(error {number})", problem?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Acceptinvchars_writes_one_character_a_byte()
    {
        var options = new ValueOptions { InvalidCharacter = (byte)'?' };

        Assert.Equal("a???b?"u8.ToArray(), Loaded.Bytes(Loaded.Column("character varying", 6), [0x61, 0xED, 0xA0, 0x80, 0x62, 0xFF], options));
    }

    [Fact]
    public void Code_points_that_are_no_characters_load_unless_acceptinvchars_is_given()
    {
        var column = Loaded.Column("character varying", 10);

        Assert.Equal("\uFFFE"u8.ToArray(), Loaded.Bytes(column, "\uFFFE"u8));
        Assert.Equal("???"u8.ToArray(), Loaded.Bytes(column, "\uFFFE"u8, new ValueOptions { InvalidCharacter = (byte)'?' }));
    }

    [Fact]
    public void Truncatecolumns_cuts_between_characters()
    {
        var options = new ValueOptions { TruncateColumns = true };

        Assert.Equal("aé"u8.ToArray(), Loaded.Bytes(Loaded.Column("character varying", 4), "aéé", options));
        Assert.Equal("ab"u8.ToArray(), Loaded.Bytes(Loaded.Column("character", 2), "abc", options));
    }

    [Fact]
    public void Trimblanks_acts_before_the_length_is_looked_at() =>
        Assert.Equal(" ab"u8.ToArray(), Loaded.Bytes(Loaded.Column("character varying", 3), " ab   ", new ValueOptions { TrimBlanks = true }));

    [Theory]
    [InlineData("{\"a\": [1, 2.50, null], \"a\": \"x\"}")]
    [InlineData("\"text\"")]
    [InlineData("12")]
    [InlineData("null")]
    public void A_super_keeps_its_json_as_written(string json) => Assert.Equal(Encoding.UTF8.GetBytes(json), Loaded.Bytes(Loaded.Column("super"), json));

    [Theory]
    [InlineData("text")]
    [InlineData("{'a': 1}")]
    [InlineData("{\"a\": 1")]
    [InlineData("[1,]")]
    [InlineData("1 2")]
    [InlineData("{\"a\": NaN}")]
    [InlineData("[1] // x")]
    public void A_super_refuses_what_is_no_json(string json) => Assert.Equal(1224, Loaded.Code(Loaded.Column("super"), json));

    [Fact]
    public void A_string_within_super_has_its_own_limit()
    {
        Assert.Equal(0, Loaded.Code(Loaded.Column("super"), $"[\"{new string('x', 65_535)}\"]"));
        Assert.Equal(1224, Loaded.Code(Loaded.Column("super"), $"[\"{new string('x', 65_536)}\"]"));
        Assert.Equal(0, Loaded.Code(Loaded.Column("super"), $"[\"{string.Concat(Enumerable.Repeat("\\u0041", 65_535))}\"]"));
    }

    [Fact]
    public void A_varbyte_is_written_in_hex()
    {
        Assert.Equal([0x00, 0xAB, 0xcd], Loaded.Bytes(Loaded.Column("varbyte", 3), "00ABcd")!);
        Assert.Equal(1204, Loaded.Code(Loaded.Column("varbyte", 2), "00ABcd"));
        Assert.Equal(1219, Loaded.Code(Loaded.Column("varbyte", 3), "0g"));
        Assert.Equal(1219, Loaded.Code(Loaded.Column("varbyte", 3), "abc"));
        Assert.Equal(1219, Loaded.Code(Loaded.Column("varbyte", 3), "\\xab"));
    }

    [Fact]
    public void Random_bytes_are_refused_exactly_when_they_are_no_utf8()
    {
        var random = new Random(8);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 8)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
            {
                bytes[0] = (byte)(0xE0 + random.Next(21));
                for (var i = 1; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)(0x80 | (bytes[i] & 0x7F));
                }
            }

            var valid = System.Text.Unicode.Utf8.IsValid(bytes);
            Assert.Equal(valid ? 0 : 1220, Loaded.Code(Loaded.Column("character varying", 100), bytes));
            var replaced = Loaded.Bytes(Loaded.Column("character varying", 100), bytes, new ValueOptions { InvalidCharacter = (byte)'?' });
            Assert.True(System.Text.Unicode.Utf8.IsValid(replaced));
            Assert.Equal(bytes.Length, replaced!.Length);
        }
    }
}
