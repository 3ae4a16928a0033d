using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Tests.Cli;

public class UsageErrorTests
{
    private static readonly string[][] Faulty =
    [
        [],
        ["--summry", "s.txt", "a.load"],
        ["--frobnicate", "a.load"],
        ["--summry=s.txt", "a.load"],
        ["-z", "a.load"],
        ["-qz", "a.load"],
        ["a.load", "--summary"],
        ["--quiet=yes", "a.load"],
        ["-S", "a", "-S", "b", "a.load"],
        ["--type", "cvs", "x", "postgresql:///d"],
        ["--progress", "bra", "a.load"],
        ["--color=sometimes", "a.load"],
        ["--client-min-messages", "loud", "a.load"],
        ["--load-lisp-file", "x.lisp", "a.load"],
        ["-U", "old.conf"],
        ["verify"],
        ["check"],
        ["--regress", "a.load", "b.load"],
        ["--regress", "--dry-run", "a.load"],
        ["--list-encodings", "--nope"],
        ["--with", "truncate", "a.load"],
        ["--type", "csv", "a.load", "b.load"],
        ["mysql://user:hunter2@host/db"],
        ["mysql://user:hunter2@host/db", "target"],
        ["a", "b", "postgresql:///d"],
        ["-", "-"],
        [""],
    ];

    [Fact]
    public async Task Each_fault_is_told_with_what_to_do_and_exits_with_2()
    {
        var all = new StringBuilder();
        foreach (var args in Faulty)
        {
            using var program = new FakeProgram();
            Assert.True(await program.RunAsync(args) == ExitCode.Usage, string.Join(' ', args));
            Assert.Empty(program.Out);
            Assert.Empty(program.Runner.Started);
            all.Append("$ sluice ").AppendJoin(' ', args.Select(arg => arg.Contains(' ') || arg.Length == 0 ? $"'{arg}'" : arg));
            all.Append('\n').Append(program.Error).Append('\n');
        }

        Assert.DoesNotContain("sluice: Option '", all.ToString(), StringComparison.Ordinal);
        Snapshot.Check("usage-errors.txt", all.ToString().Replace("hunter2", "PASSWORD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_in_an_address_is_not_repeated()
    {
        using var program = new FakeProgram();

        await program.RunAsync("mysql://user:hunter2@host/db");

        Assert.DoesNotContain("hunter2", program.Error, StringComparison.Ordinal);
    }
}
