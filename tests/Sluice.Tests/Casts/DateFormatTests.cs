using System.Buffers;
using System.Globalization;
using System.Text;
using Sluice.Casts;

namespace Sluice.Tests.Casts;

public sealed class DateFormatTests
{
    [Theory]
    [InlineData("YYYY-MM-DD HH24-MI-SS.US", "1999-10-02 00-33-12.123456", "1999-10-02 00:33:12.123456")]
    [InlineData("YYYYMMDDHH24MISS", "20041002152952", "2004-10-02 15:29:52")]
    [InlineData("YYYY-MM-DD", "2004-10-31", "2004-10-31 00:00:00")]
    [InlineData("DD/MM/YYYY", "31/12/1999", "1999-12-31 00:00:00")]
    [InlineData("DD/MM/YYYY", "31-12-1999", "1999-12-31 00:00:00")]
    [InlineData("DD/MM/YY", "31/12/99", "2099-12-31 00:00:00")]
    [InlineData("DD/MM/YYY", "31/12/999", "999-12-31 00:00:00")]
    [InlineData("HH24:MI:SS", "10:11:12", "10:11:12")]
    [InlineData("HH24:MI", "10:11", "10:11:00")]
    [InlineData("MM/DD HH24:MI", "10/11 12:13", "12:13:00")]
    [InlineData("SS.MS", "12.12345", "00:00:12.1234")]
    [InlineData("SS.MS", "12.1", "00:00:12.1")]
    [InlineData("SS.US", "12", "00:00:12")]
    [InlineData("SS.US", "12.", "00:00:12")]
    [InlineData("YYYY-MM-DD\\THH24:MI", "2004-10-31 T10:11", "2004-10-31 10:11:00")]
    [InlineData("YYYYéMM", "x", Eval.Error)]
    [InlineData("YYYY.MM.DD", "2004é10é31", "2004-10-31 00:00:00")]
    [InlineData("YYYY-MM-DD", "2004-10-31 and more", "2004-10-31 00:00:00")]
    [InlineData("YYYY-MM-DD", "0000-10-31", null)]
    [InlineData("YYYY-MM-DD", "2004-00-31", null)]
    [InlineData("YYYY-MM-DD", "2004-10-00", null)]
    [InlineData("YYYY-MM-DD", "", null)]
    [InlineData("YYYY-MM-DD", "2004-10-3", Eval.Error)]
    [InlineData("YYYY-MM-DD HH24:MI:SS.US", "2004-10-31 10:11:1", Eval.Error)]
    [InlineData("US SS", "123456 1", Eval.Error)]
    [InlineData("DD/MM/YY", "31/12/x9", Eval.Error)]
    public void A_value_is_cut_at_fixed_places(string template, string input, string? expected) => Assert.Equal(expected, Apply(template, input));

    [Theory]
    [InlineData("HH12:MI AM", "12:05 AM", "00:05:00")]
    [InlineData("HH12:MI AM", "12:05 PM", "12:05:00")]
    [InlineData("HH12:MI AM", "01:05 pm", "13:05:00")]
    [InlineData("HH12:MI PM", "01:05 am", "01:05:00")]
    [InlineData("HH:MI a.m.", "11:59 P.M.", "23:59:00")]
    [InlineData("HH:MI p.m.", "11:59 a.m.", "11:59:00")]
    [InlineData("HH:MI AM", " 9:30 PM", "21:30:00")]
    [InlineData("HH24:MI AM", "13:05 PM", "13:05:00")]
    [InlineData("HH12:MI AM", "01:05 xx", Eval.Error)]
    [InlineData("HH12:MI AM", "x1:05 AM", Eval.Error)]
    public void Morning_or_afternoon_is_read_from_the_data(string template, string input, string? expected) =>
        Assert.Equal(expected, Apply(template, input));

    [Theory]
    [InlineData("YYYY-Mon-DD", 5, "Mon-DD", "the tokens are YYYY")]
    [InlineData("YYYY_MM", 4, "_MM", "the tokens are YYYY")]
    [InlineData("yyyy", 0, "yyyy", "tokens are case-sensitive: write YYYY")]
    [InlineData("DD.mm.YY", 3, "mm.YY", "tokens are case-sensitive: write MM")]
    public void An_unknown_token_is_named_with_its_place(string template, int offset, string rest, string hint)
    {
        Assert.False(DateFormat.TryParse(template, out var format, out var fault));
        Assert.Null(format);
        Assert.Equal(offset, fault.Offset);
        Assert.Equal($"Unknown token at '{rest}' in the date format", fault.Message);
        Assert.StartsWith(hint, fault.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The date format is empty")]
    [InlineData("-- ::", "The date format names no part of a date")]
    public void A_template_without_a_date_is_refused(string template, string message)
    {
        Assert.False(DateFormat.TryParse(template, out _, out var fault));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public void A_value_that_is_too_short_is_named_with_the_length_it_needs()
    {
        Assert.True(DateFormat.TryParse("YYYY-MM-DD", out var format, out _));
        var error = Assert.Throws<TransformException>(() => format.Apply("2004-1"u8, new ArrayBufferWriter<byte>()));
        Assert.Equal("date format 'YYYY-MM-DD' cannot use \"2004-1\": expected 10 characters, found 6", error.Message);
    }

    [Fact]
    public void Random_dates_round_trip()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var moment = DateTime.UnixEpoch.AddMicroseconds(random.NextInt64(-60_000_000_000_000_000, 250_000_000_000_000_000));
            Assert.Equal(Text("yyyy-MM-dd HH:mm:ss.ffffff"), Apply("DD.MM.YYYY@SS/MI/HH24#US", Text("dd.MM.yyyy@ss/mm/HH#ffffff")));
            Assert.Equal(Text("HH:mm:ss"), Apply("HH12:MI:SSPM", Text("hh:mm:sstt")));

            string Text(string format) => moment.ToString(format, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void Random_templates_and_values_are_taken_or_refused_and_nothing_else()
    {
        var random = new Random(4);
        string[] words = ["YYYY", "YYY", "YY", "MM", "DD", "HH24", "HH12", "HH", "MI", "SS", "MS", "US", "AM", "p.m.", ":", "-", " ", "T"];
        for (var i = 0; i < 5000; i++)
        {
            var template = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => words[random.Next(words.Length)]));
            var input = new string([.. Enumerable.Range(0, random.Next(0, 30)).Select(_ => "0123456789 :-APMapm.é"[random.Next(21)])]);
            Apply(template, input);
        }
    }

    [Fact]
    public void A_value_allocates_nothing()
    {
        Assert.True(DateFormat.TryParse("YYYY-MM-DD HH12:MI:SS.US AM", out var format, out _));
        var input = Encoding.UTF8.GetBytes("2004-10-31 10:11:12.123456 PM");
        var scratch = new ArrayBufferWriter<byte>(256);
        var least = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++)
            {
                scratch.ResetWrittenCount();
                format.Apply(input, scratch);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static string? Apply(string template, string input)
    {
        if (!DateFormat.TryParse(template, out var format, out _))
        {
            return Eval.Error;
        }

        try
        {
            return Eval.Apply(format.Apply, Encoding.UTF8.GetBytes(input));
        }
        catch (TransformException)
        {
            return Eval.Error;
        }
    }
}
