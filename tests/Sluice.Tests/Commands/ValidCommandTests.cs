using Sluice.Plans;

namespace Sluice.Tests.Commands;

public sealed class ValidCommandTests
{
    private static readonly string Folder = Path.Combine(Snapshot.Folder(), "fixtures");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.load").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_valid_command_means_what_is_expected(string name)
    {
        var specs = Reader().ReadFiles([Path.Combine(Folder, name + ".load")]);
        Snapshot.Matches(Path.Combine(Folder, "expected", name + ".txt"), SpecDump.Of(specs, Folder));
    }

    [Fact]
    public void Several_files_are_read_in_their_order()
    {
        var specs = Reader().ReadFiles([Path.Combine(Folder, "dbf.load"), Path.Combine(Folder, "fixed.load")]);
        Assert.Equal(["DBF", "FIXED"], specs.Select(spec => spec.Kind));
    }

    internal static CommandReader Reader() => new(
        name => name switch { "FILE" => "from-environment.csv", "POSTGRES" => "me@db/shop", "REDSHIFT" => "me@cluster/dev", _ => null },
        new Dictionary<string, string> { ["DIR"] = "/data", ["DB_PASSWORD"] = "a%26$b", ["TRUNCATE"] = "yes" });
}
