using Sluice.Cli;
using Sluice.Cli.Arguments;
using Sluice.Diagnostics;

namespace Sluice.Tests.Cli;

public class HelpTests
{
    [Fact]
    public void Help_is_grouped_and_lists_every_option()
    {
        var help = HelpText.Write("sluice");

        Assert.All(OptionTable.All, option => Assert.Contains(option.Long, help, StringComparison.Ordinal));
        Snapshot.Check("help.txt", help);
    }

    [Fact]
    public void Help_fits_into_100_columns() =>
        Assert.All(HelpText.Write("pgloader").Split('\n'), line => Assert.True(line.Length <= 100, line));

    [Fact]
    public async Task Help_goes_to_standard_output_and_exits_with_0()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.Success, await program.RunAsync("--quiet", "--help"));
        Assert.Equal(HelpText.Write("sluice"), program.Out);
        Assert.Empty(program.Error);
    }

    [Fact]
    public void The_version_has_two_lines()
    {
        Assert.Matches(@"^sluice \d+\.\d+\.\d+\n\.NET \d+\.\d+\.\d+, [a-z0-9.-]+\n$", VersionText.Write(isPgloader: false));
        Assert.StartsWith("pgloader version \"3.6.10\"\n", VersionText.Write(isPgloader: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/bin/pgloader", "pgloader")]
    [InlineData("pgloader.exe", "pgloader")]
    [InlineData("./sluice", "sluice")]
    [InlineData("/usr/bin/dotnet", "sluice")]
    [InlineData("pgloader-old", "sluice")]
    [InlineData("", "sluice")]
    public void The_name_it_was_started_under_is_pgloader_or_sluice(string path, string name) => Assert.Equal(name, ProgramName.From(path));

    [Fact]
    public async Task Encodings_are_listed_by_name()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.Success, await program.RunAsync("--list-encodings"));
        Snapshot.Check("encodings.txt", program.Out);
    }
}
