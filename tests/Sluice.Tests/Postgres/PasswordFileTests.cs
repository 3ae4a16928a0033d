using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class PasswordFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("host:5432:db:me:secret", "secret")]
    [InlineData("*:*:*:*:secret", "secret")]
    [InlineData("host:*:db:*:secret", "secret")]
    [InlineData("host:5432:db:me:with\\:colon\\\\and backslash", "with:colon\\and backslash")]
    [InlineData("host:5432:db:me:ends:here", "ends")]
    [InlineData("host:5432:db:me:", "")]
    [InlineData("host:5432:db:me: blanks stay ", " blanks stay ")]
    [InlineData("host:5432:db:me:ends with backslash\\", "ends with backslash\\")]
    [InlineData("h\\ost:5432:db:me:secret", "secret")]
    public void A_line_that_matches_gives_its_password(string line, string expected) => Assert.Equal((expected, 1), Find(line + "\n"));

    [Theory]
    [InlineData("other:5432:db:me:secret")]
    [InlineData("host:5433:db:me:secret")]
    [InlineData("host:5432:db2:me:secret")]
    [InlineData("host:5432:db:you:secret")]
    [InlineData("hos:5432:db:me:secret")]
    [InlineData("host2:5432:db:me:secret")]
    [InlineData("host:5432:db:me")]
    [InlineData("host")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("**:5432:db:me:secret")]
    [InlineData("#host:5432:db:me:secret")]
    [InlineData("host:5432:db:me\\")]
    public void Other_lines_give_none(string line) => Assert.Null(Find(line + "\n"));

    [Fact]
    public void The_first_line_that_matches_counts_with_its_number() =>
        Assert.Equal(("second", 3), Find("# mine\nother:*:*:*:first\nhost:*:*:*:second\n*:*:*:*:third\n"));

    [Fact]
    public void Names_with_colons_are_escaped() => Assert.Equal(
        ("p", 1), PasswordFile.Find(_folder.Write("pgpass", "\\:\\:1:*:a\\\\b:*:p"), "::1", 5432, "a\\b", "me", _warnings.Add));

    [Fact]
    public void Lines_may_end_with_carriage_returns() => Assert.Equal(("secret", 1), Find("host:5432:db:me:secret\r\n"));

    [Theory]
    [InlineData("640")]
    [InlineData("604")]
    [InlineData("644")]
    public void A_file_that_others_may_read_is_ignored_with_a_warning(string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes");
        Assert.Null(Find("*:*:*:*:secret", mode));
        var warning = Assert.Single(_warnings);
        Assert.Contains("is ignored: others may read it. Run: chmod 600", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_ignored_with_a_warning()
    {
        Assert.Null(PasswordFile.Find(_folder.Path, "host", 5432, "db", "me", _warnings.Add));
        Assert.Contains("it is not a plain file", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_no_error()
    {
        Assert.Null(PasswordFile.Find(Path.Combine(_folder.Path, "none"), "host", 5432, "db", "me", _warnings.Add));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Random_files_are_read_without_failing()
    {
        var random = new Random(815);
        const string Letters = "host5432dbme:\\*#\n\r ";
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)]));
            Find(text);
        }

        const string Line = "host:5432:db:me:secret";
        for (var length = 0; length < Line.Length - "secret".Length; length++)
        {
            Assert.Null(Find(Line[..length]));
        }
    }

    private (string Password, int Line)? Find(string text, string mode = "600") =>
        PasswordFile.Find(_folder.Write("pgpass", text, mode), "host", 5432, "db", "me", _warnings.Add);
}
