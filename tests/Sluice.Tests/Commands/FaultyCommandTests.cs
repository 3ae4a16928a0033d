using Sluice.Diagnostics;

namespace Sluice.Tests.Commands;

public sealed class FaultyCommandTests
{
    private static readonly string Folder = Path.Combine(Snapshot.Folder(), "faulty");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.load").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_faulty_command_gets_its_message(string name)
    {
        var error = Assert.Throws<CommandException>(() => ValidCommandTests.Reader().ReadFiles([Path.Combine(Folder, name + ".load")]));
        var text = string.Concat(error.Others.Prepend(error.Diagnostic).Select(diagnostic => diagnostic.ToString()))
            .Replace(Folder + "/", "", StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadCommand, error.ExitCode);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a%26$b", text, StringComparison.Ordinal);
        Snapshot.Matches(Path.Combine(Folder, "expected", name + ".txt"), text);
    }
}
