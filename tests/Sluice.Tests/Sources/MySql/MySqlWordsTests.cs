using Sluice.Catalog;
using Sluice.Sources.MySql;

namespace Sluice.Tests.Sources.MySql;

public sealed class MySqlWordsTests
{
    [Theory]
    [InlineData("int(10) unsigned", 10, null, true)]
    [InlineData("int unsigned", null, null, true)]
    [InlineData("decimal(10,2)", 10, 2, false)]
    [InlineData("datetime(0)", 0, null, false)]
    [InlineData("varchar(0)", null, null, false)]
    [InlineData("int(5) zerofill", 5, null, true)]
    [InlineData("", null, null, false)]
    [InlineData("x(", null, null, false)]
    public void A_type_is_taken_apart(string type, int? precision, int? scale, bool isUnsigned)
    {
        var parsed = MySqlColumnType.Parse(type);
        Assert.Equal((precision, scale, isUnsigned), (parsed.Precision, parsed.Scale, parsed.IsUnsigned));
    }

    [Theory]
    [InlineData("enum('a','b')", "a|b")]
    [InlineData("set('it''s','back\\\\slash','x,y','')", "it's|back\\slash|x,y|")]
    [InlineData("enum('cut", "cut")]
    public void Labels_are_read_as_they_are(string type, string expected) => Assert.Equal(expected, string.Join('|', MySqlColumnType.Parse(type).Labels));

    [Theory]
    [InlineData("'it''s'", "varchar", true, DefaultKind.Literal, "it's")]
    [InlineData("it's", "varchar", false, DefaultKind.Literal, "it's")]
    [InlineData("current_timestamp(6)", "datetime", true, DefaultKind.CurrentTimestamp, "current_timestamp(6)")]
    [InlineData("CURRENT_TIMESTAMP", "timestamp", false, DefaultKind.CurrentTimestamp, "CURRENT_TIMESTAMP")]
    [InlineData("CURRENT_TIMESTAMP", "varchar", false, DefaultKind.Literal, "CURRENT_TIMESTAMP")]
    [InlineData("curdate()", "date", true, DefaultKind.CurrentDate, "curdate()")]
    [InlineData("b'101'", "bit", false, DefaultKind.Literal, "0101")]
    [InlineData("-5", "int", true, DefaultKind.Literal, "-5")]
    [InlineData("uuid()", "char", true, DefaultKind.Expression, "uuid()")]
    [InlineData("0x6162", "binary", false, DefaultKind.Literal, "\\x6162")]
    public void A_default_is_read(string text, string type, bool isExpression, DefaultKind kind, string value)
    {
        var read = MySqlDefaults.Read(text, type, 4, isExpression);
        Assert.Equal((kind, value), (read!.Kind, read.Text));
    }

    [Fact]
    public void No_default_is_none()
    {
        Assert.Null(MySqlDefaults.Read(null, "int", null, isExpression: false));
        Assert.Null(MySqlDefaults.Read("NULL", "int", null, isExpression: true));
    }

    [Theory]
    [InlineData("10.11.6-MariaDB-0+deb12u1", "MariaDB 10.11.6", false)]
    [InlineData("5.5.5-10.1.48-MariaDB", "MariaDB 10.1.48", true)]
    [InlineData("8.0.36-0ubuntu0.22.04.1", "MySQL 8.0.36", false)]
    [InlineData("5.6.51", "MySQL 5.6.51", true)]
    public void A_server_is_known_by_its_version(string text, string name, bool isTooOld)
    {
        var server = MySqlServer.Parse(text);
        Assert.Equal((name, isTooOld), (server.Name, server.IsTooOld));
    }

    [Fact]
    public void Places_in_a_key_of_several_columns_split_it_without_gap_or_overlap()
    {
        Assert.Equal("`a` >= 1 AND (`a` > 1 OR (`a` = 1 AND `b` >= 2))", MySqlKeys.After(["a", "b"], ["1", "2"], includesPlace: true));
        Assert.Equal("`a` <= 1 AND (`a` < 1 OR (`a` = 1 AND `b` < 2))", MySqlKeys.Before(["a", "b"], ["1", "2"]));
        Assert.Equal("_utf8mb4 0x6127", MySqlKeys.Literal(new MySqlColumnInfo("varchar", 9, false, "latin1"), "a'"u8, "utf8mb4"));
    }

    [Fact]
    public void Option_files_go_over_each_other_and_sections_too()
    {
        var files = MySqlOptionFiles.Read([], path => path);
        files.Parse("[sluice]\nuser = me\n[client]\nuser=all\npassword = 'a#b' # c\nhost = h # c\n[mysqld]\nport=1\n", "from one");
        files.Parse("[client]\nuser=later\nhost=h2\n!include x\n[pgloader]\nssl_ca=/x\\sy", "from two");
        Assert.Equal(("me", "from one"), files.Find("user"));
        Assert.Equal("a#b", files.Find("password")?.Value);
        Assert.Equal(("h2", "from two"), files.Find("host"));
        Assert.Equal("/x y", files.Find("ssl-ca")?.Value);
        Assert.Null(files.Find("port"));
    }
}
