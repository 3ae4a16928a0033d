using Sluice.Commands;

namespace Sluice.Tests.Commands;

public sealed class EncodingNamesTests
{
    [Theory]
    [InlineData("utf8", "utf-8")]
    [InlineData("UTF-8", "utf-8")]
    [InlineData("latin-1", "iso-8859-1")]
    [InlineData("latin1", "iso-8859-1")]
    [InlineData("iso_8859-1", "iso-8859-1")]
    [InlineData("l1", "iso-8859-1")]
    [InlineData("latin-9", "iso-8859-15")]
    [InlineData("cp1252", "windows-1252")]
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("cp866", "cp866")]
    [InlineData("koi8-r", "koi8-r")]
    [InlineData("euc-jp", "euc-jp")]
    [InlineData("shift_jis", "shift_jis")]
    [InlineData("gbk", "gb2312")]
    [InlineData("ucs-2", "utf-16")]
    [InlineData("utf-16le", "utf-16")]
    [InlineData("utf-16be", "utf-16BE")]
    [InlineData("us-ascii", "us-ascii")]
    [InlineData("cp850", "ibm850")]
    [InlineData("gb18030", "GB18030")]
    public void Names_of_pgloader_are_known(string name, string expected) =>
        Assert.Equal(expected, EncodingNames.Find(name), ignoreCase: true);

    [Theory]
    [InlineData("")]
    [InlineData("foo")]
    [InlineData("utf-7")]
    [InlineData("cp0")]
    public void Other_names_are_unknown(string name) => Assert.Null(EncodingNames.Find(name));

    [Fact]
    public void Every_listed_name_and_alias_is_found()
    {
        Assert.True(EncodingNames.All.Count > 100);
        foreach (var (name, aliases) in EncodingNames.All)
        {
            foreach (var each in aliases.Prepend(name))
            {
                var found = EncodingNames.Find(each);
                Assert.NotNull(found);
                Assert.NotNull(EncodingNames.Get(found));
            }
        }
    }
}
