using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Batches;

public sealed class CopyTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("\\N", "\\\\N")]
    [InlineData("\\.", "\\\\.")]
    [InlineData("\b\t\n\v\f\r\\", "\\b\\t\\n\\v\\f\\r\\\\")]
    [InlineData("ä\t語\n😀", "ä\\t語\\n😀")]
    public void Special_characters_are_escaped(string value, string expected) => Assert.Equal(expected, Escape(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void Random_values_are_read_back_as_they_were()
    {
        var random = new Random(8);
        for (var i = 0; i < 2_000; i++)
        {
            var value = new byte[random.Next(random.Next(10) == 0 ? 5_000 : 60)];
            for (var j = 0; j < value.Length; j++)
            {
                value[j] = (byte)(random.Next(3) == 0 ? "\b\t\n\v\f\r\\N."[random.Next(9)] : random.Next(32, 127));
            }

            var escaped = Escape(value);
            Assert.DoesNotContain('\t', escaped);
            Assert.DoesNotContain('\n', escaped);
            Assert.Equal(Encoding.UTF8.GetString(value), Unescape(escaped));
        }
    }

    private static string Escape(byte[] value)
    {
        var buffer = new RowBuffer(1, 1);
        CopyText.WriteField(buffer, value);
        return Encoding.UTF8.GetString(buffer.Written);
    }

    /// <summary>As the server does it: backslash and a letter, or backslash and the character itself.</summary>
    private static string Unescape(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            var letter = "btnvfr".IndexOf(text[++i], StringComparison.Ordinal);
            result.Append(letter < 0 ? text[i] : "\b\t\n\v\f\r"[letter]);
        }

        return result.ToString();
    }
}
