using Microsoft.Extensions.Logging;
using Sluice.Cli.Arguments;
using Sluice.Diagnostics;
using Sluice.Runs.Summary;

namespace Sluice.Tests.Cli;

public class ArgumentParserTests
{
    [Theory]
    [InlineData("a.load", "Load", "a.load")]
    [InlineData("a.load b.load", "Load", "a.load b.load")]
    [InlineData("a.load b.load c.load", "Load", "a.load b.load c.load")]
    [InlineData("-", "Load", "-")]
    [InlineData("--dry-run a.load", "DryRun", "a.load")]
    [InlineData("a.load --dry-run", "DryRun", "a.load")]
    [InlineData("--dry-run --no-dry-run a.load", "Load", "a.load")]
    [InlineData("--no-dry-run --dry-run a.load", "DryRun", "a.load")]
    [InlineData("check a.load", "Check", "a.load")]
    [InlineData("--verbose check a.load b.load", "Check", "a.load b.load")]
    [InlineData("check --context c.ini a.load", "Check", "a.load")]
    [InlineData("check check", "Check", "check")]
    [InlineData("plan a.load b.load", "DryRun", "a.load b.load")]
    [InlineData("plan --dry-run plan", "DryRun", "plan")]
    [InlineData("a.load check", "Load", "a.load check")]
    [InlineData("./check", "Load", "./check")]
    [InlineData("./plan", "Load", "./plan")]
    [InlineData("--regress a.load", "Regress", "a.load")]
    [InlineData("-- -odd.load", "Load", "-odd.load")]
    [InlineData("@a.load", "Load", "@a.load")]
    [InlineData("help", "Help", "")]
    [InlineData("--quiet --help", "Help", "")]
    [InlineData("-q --version", "Version", "")]
    [InlineData("-E", "ListEncodings", "")]
    [InlineData("--list-encodings", "ListEncodings", "")]
    public void Words_become_a_verb_and_files(string line, string verb, string files)
    {
        var arguments = Parse(line.Split(' '));

        Assert.Equal(verb, arguments.Verb.ToString());
        Assert.Equal(files, string.Join(' ', arguments.Files));
        Assert.Null(arguments.Direct);
    }

    [Theory]
    [InlineData("-S", "out.json")]
    [InlineData("-Sout.json")]
    [InlineData("-S=out.json")]
    [InlineData("--summary", "out.json")]
    [InlineData("--summary=out.json")]
    public void A_value_follows_in_each_of_the_usual_ways(params string[] option) =>
        Assert.Equal("out.json", Parse([.. option, "a.load"]).SummaryFile);

    [Fact]
    public void Every_option_of_a_load_reaches_the_arguments()
    {
        var arguments = Parse(
            "-C", "c.ini", "-D", "root", "-S", "s.txt", "-L", "x.log", "--on-error-stop", "--rejects-ok", "--summary-format", "csv",
            "--progress=lines", "--color=never", "--log-format", "json", "--client-min-messages", "error", "--log-min-messages", "SQL", "a.load");

        Assert.Equal("c.ini", arguments.ContextFile);
        Assert.Equal("root", arguments.RootDirectory);
        Assert.Equal("s.txt", arguments.SummaryFile);
        Assert.Equal("x.log", arguments.LogFile);
        Assert.True(arguments.OnErrorStop);
        Assert.True(arguments.RejectsOk);
        Assert.Equal(SummaryFormat.Csv, arguments.SummaryFormat);
        Assert.Equal(ProgressMode.Lines, arguments.Progress);
        Assert.Equal(ColorMode.Never, arguments.Color);
        Assert.True(arguments.IsLogJson);
        Assert.Equal(LogLevel.Error, arguments.ConsoleLevel);
        Assert.Equal(LogLevel.Debug, arguments.FileLevel);
        Assert.Equal("a.load", Assert.Single(arguments.Files));
    }

    [Theory]
    [InlineData("", LogLevel.Warning, LogLevel.Information)]
    [InlineData("--quiet", LogLevel.Error, LogLevel.Error)]
    [InlineData("-v", LogLevel.Information, LogLevel.Information)]
    [InlineData("-d", LogLevel.Trace, LogLevel.Trace)]
    [InlineData("-qv", LogLevel.Information, LogLevel.Information)]
    [InlineData("-q --log-min-messages debug", LogLevel.Error, LogLevel.Error)]
    [InlineData("--client-min-messages fatal", LogLevel.Critical, LogLevel.Information)]
    public void Levels_come_from_flags_first(string options, LogLevel console, LogLevel file)
    {
        var arguments = Parse([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "a.load"]);

        Assert.Equal(console, arguments.ConsoleLevel);
        Assert.Equal(file, arguments.FileLevel);
    }

    [Fact]
    public void Two_words_with_an_address_second_are_a_direct_load()
    {
        var arguments = Parse(
            "--type", "CSV", "--encoding", "latin1", "--with", "skip header = 1", "--with", "truncate", "--set", "work_mem to '1GB'",
            "--field", "a, b", "--cast", "type x to y", "--before", "b.sql", "--after", "a.sql", "./x.csv", "postgresql:///db?t");

        Assert.Empty(arguments.Files);
        var direct = arguments.Direct!;
        Assert.Equal(("./x.csv", "postgresql:///db?t"), (direct.Source, direct.Target));
        Assert.Equal(("csv", "latin1"), (direct.Type, direct.Encoding));
        Assert.Equal(["skip header = 1", "truncate"], direct.With);
        Assert.Equal(["work_mem to '1GB'"], direct.Set);
        Assert.Equal(["a, b"], direct.Fields);
        Assert.Equal(["type x to y"], direct.Casts);
        Assert.Equal(("b.sql", "a.sql"), (direct.BeforeFile, direct.AfterFile));
    }

    [Theory]
    [InlineData("x.csv", "host=db dbname=shop")]
    [InlineData("mysql://u@h/d", "jdbc:postgresql://h/d")]
    [InlineData("-", "postgresql:///db?t")]
    public void The_target_may_be_any_kind_of_address(string source, string target)
    {
        var direct = Parse(source, target).Direct!;

        Assert.Equal((source, target), (direct.Source, direct.Target));
    }

    [Fact]
    public void A_dry_run_of_a_direct_load_stays_a_dry_run() =>
        Assert.Equal(CommandVerb.DryRun, Parse("--dry-run", "x.csv", "postgresql:///db?t").Verb);

    [Fact]
    public void Under_the_name_pgloader_rejects_are_fine_and_summaries_look_alike()
    {
        var arguments = ArgumentParser.Parse(["a.load"], isPgloader: true);

        Assert.True(arguments.RejectsOk);
        Assert.True(arguments.IsSummaryLikePgloader);
    }

    [Theory]
    [InlineData("--no-ssl-cert-verification", "sslmode")]
    [InlineData("--dynamic-space-size=4096", "memory")]
    [InlineData("--self-upgrade=/src", "newer Sluice")]
    public void Options_without_use_are_accepted_with_a_note(string option, string note) =>
        Assert.Contains(note, Assert.Single(Parse(option, "a.load").Warnings), StringComparison.Ordinal);

    [Fact]
    public void Random_arguments_give_arguments_or_a_usage_error()
    {
        var random = new Random(20261122);
        string[] words = [.. OptionTable.All.Select(option => option.Long), "-S", "-q", "--", "-", "", "--=", "--no-", "-zz", "a.load",
            "postgresql://h/d", "check", "plan", "=", "--summary=", "--with=x", "\0", "é", "--quiet=1"];
        for (var i = 0; i < 3000; i++)
        {
            var args = Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(words.Length)]).ToArray();
            try
            {
                ArgumentParser.Parse(args, isPgloader: random.Next(2) == 0);
            }
            catch (UsageException fault)
            {
                Assert.NotEmpty(fault.Message);
            }
        }
    }

    private static CommandArguments Parse(params string[] args) => ArgumentParser.Parse(args, isPgloader: false);
}
