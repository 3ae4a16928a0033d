using System.Text;
using Sluice.Commands;
using Sluice.Plans;

namespace Sluice.Tests.Plans;

public sealed class TargetNamesTests
{
    [Theory]
    [InlineData("Track", IdentifierCase.Downcase, "track")]
    [InlineData("a$B", IdentifierCase.Downcase, "a_b")]
    [InlineData("Order Details", IdentifierCase.Downcase, "Order Details")]
    [InlineData("Straße", IdentifierCase.Downcase, "Straße")]
    [InlineData("1st", IdentifierCase.Downcase, "1st")]
    [InlineData("Select", IdentifierCase.Downcase, "select")]
    [InlineData("playerID", IdentifierCase.Quote, "playerID")]
    [InlineData("playerID", IdentifierCase.SnakeCase, "player_id")]
    [InlineData("XMLFile", IdentifierCase.SnakeCase, "xmlfile")]
    [InlineData("Reference_ID", IdentifierCase.SnakeCase, "reference_id")]
    [InlineData("TrackId", IdentifierCase.SnakeCase, "track_id")]
    public void Names_are_folded_by_the_command_s_rule(string name, IdentifierCase rule, string expected) =>
        Assert.Equal(expected, TargetNames.Fold(name, rule));

    [Theory]
    [InlineData("abcdef", 4, "abcd")]
    [InlineData("ééé", 5, "éé")]
    [InlineData("a😀b", 4, "a")]
    [InlineData("abc", 3, "abc")]
    public void Names_are_cut_at_a_whole_character(string name, int bytes, string expected)
    {
        Assert.Equal(expected, TargetNames.Cut(name, bytes));
        Assert.True(Encoding.UTF8.GetByteCount(expected) <= bytes);
    }

    [Fact]
    public void A_taken_name_is_numbered_within_the_limit()
    {
        var taken = new HashSet<string>(["abcdef"]);
        Assert.Equal("abcd_2", TargetNames.Free("abcdef", taken, 6));
        Assert.Equal("abcd_3", TargetNames.Free("abcdefgh", taken, 6));
        Assert.Equal("new", TargetNames.Free("new", taken, 6));
    }
}
