using System.Text;
using Sluice.Runs;

namespace Sluice.Tests.Runs;

public sealed class RejectKeyTests
{
    [Theory]
    [InlineData("1\ta\tx\n", "a = x;n = 1")]
    [InlineData("\\N\ta\t\\N", "a = NULL;n = NULL")]
    [InlineData("1\t\t", "a = ;n = 1")]
    [InlineData("1\ta", "")]
    [InlineData("1\ta\tx\ty", "")]
    [InlineData("", "")]
    public void The_fields_of_the_key_are_found_in_a_row_and_in_nothing_else(string row, string expected)
    {
        var key = new RejectKey([("a", 2), ("n", 0)], 3);
        Assert.Equal(expected, string.Join(';', key.Read(Encoding.UTF8.GetBytes(row)).Select(pair => $"{pair.Name} = {pair.Value ?? "NULL"}")));
    }

    [Fact]
    public void A_long_value_is_cut() =>
        Assert.Equal(new string('x', 200) + "…", new RejectKey([("a", 0)], 1).Read(Encoding.UTF8.GetBytes(new string('x', 1000)))[0].Value);
}
