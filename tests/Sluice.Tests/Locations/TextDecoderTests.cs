using System.Text;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Tests.Locations;

public sealed class TextDecoderTests
{
    [Theory]
    [InlineData("latin1", "e920fc", "é ü")]
    [InlineData("windows-1252", "80", "€")]
    [InlineData("shift_jis", "93fa967b5c", "日本\\")]
    [InlineData("utf-16le", "3dd800de6100", "😀a")]
    [InlineData("ibm037", "c1c2", "AB")]
    [InlineData("us-ascii", "61", "a")]
    [InlineData("latin1", "", "")]
    public void Bytes_become_utf8(string name, string bytes, string text)
    {
        Assert.True(TextDecoder.Of(name)!.TryDecode(Convert.FromHexString(bytes), out var utf8));
        Assert.Equal(text, Encoding.UTF8.GetString(utf8));
    }

    [Theory]
    [InlineData("us-ascii", "e9")]
    [InlineData("shift_jis", "93")]
    [InlineData("utf-16le", "00d8")]
    public void Bytes_that_are_no_text_of_the_encoding_are_refused(string name, string bytes) =>
        Assert.False(TextDecoder.Of(name)!.TryDecode(Convert.FromHexString(bytes), out _));

    [Fact]
    public void Long_texts_and_random_bytes_decode_as_the_framework_does()
    {
        var random = new Random(7);
        var decoder = TextDecoder.Of("windows-1251")!;
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding("windows-1251")!;
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(3000)];
            random.NextBytes(bytes);
            bytes.AsSpan().Replace((byte)0x98, (byte)'x');
            Assert.True(decoder.TryDecode(bytes, out var utf8));
            Assert.Equal(encoding.GetString(bytes), Encoding.UTF8.GetString(utf8));
        }
    }

    [Fact]
    public void Utf8_needs_no_decoder_and_an_unknown_name_is_said()
    {
        Assert.Null(TextDecoder.Of("utf-8"));
        Assert.Equal("The encoding 'no-such' is unknown", Assert.Throws<SourceException>(() => TextDecoder.Of("no-such")).Message);
    }
}
