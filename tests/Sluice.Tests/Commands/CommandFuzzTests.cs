using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;

namespace Sluice.Tests.Commands;

public sealed class CommandFuzzTests
{
    private static readonly string Folder = Path.Combine(Snapshot.Folder(), "fixtures");

    private static readonly string[] Fragments =
    [
        ";", "'", "\"", "$$", "(", ")", "[", "]", "--", "/*", "*/", "~/", "{{", "}}", ",", "=", "\\", "@", "://", "%", " LOAD ", " WITH ",
            " INTO ",
        " using ", "#\\", "0x", "\u0000", "\ud800", "é", "\n", "'0x", "''''", "[::1]", "unix:", "?", "$x$", "INLINE",
    ];

    private static readonly string[] Texts = [.. Directory.GetFiles(Folder,
        "*.load").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    [Fact]
    public void Every_truncation_of_a_valid_command_is_read_or_refused()
    {
        foreach (var text in Texts)
        {
            for (var length = 0; length < text.Length; length += text.Length < 300 ? 1 : 5)
            {
                Read(text[..length]);
            }
        }
    }

    [Fact]
    public void Every_mutation_of_a_valid_command_is_read_or_refused()
    {
        var random = new Random(20261122);
        for (var turn = 0; turn < 4000; turn++)
        {
            var text = Texts[random.Next(Texts.Length)];
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var start = random.Next(text.Length + 1);
                var length = random.Next(Math.Min(12, text.Length - start) + 1);
                var insert = random.Next(3) == 0 ? "" : Fragments[random.Next(Fragments.Length)];
                text = text[..start] + insert + text[(start + length)..];
            }

            Read(text);
        }
    }

    [Fact]
    public void Noise_is_refused()
    {
        var random = new Random(7);
        for (var turn = 0; turn < 3000; turn++)
        {
            Read(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Fragments[random.Next(Fragments.Length)])));
        }
    }

    [Fact]
    public void Every_mutation_of_a_script_is_split_or_refused()
    {
        var random = new Random(5);
        var script = File.ReadAllText(Path.Combine(Folder, "sql", "setup.sql"));
        for (var turn = 0; turn < 4000; turn++)
        {
            var start = random.Next(script.Length);
            var text = script[..start] + Fragments[random.Next(Fragments.Length)] + script[(start + random.Next(script.Length - start))..];
            try
            {
                Assert.All(SqlScript.Split(text, "x"), part => Assert.NotEqual("", part.Sql.Trim()));
            }
            catch (SourceException error)
            {
                Assert.StartsWith("x:", error.Message, StringComparison.Ordinal);
            }

            Assert.NotNull(SqlScript.WithoutTerminator(text));
        }
    }

    [Fact]
    public void Every_address_is_read_or_refused_without_its_password()
    {
        var random = new Random(11);
        string[] pieces = ["postgresql://", "u", ":", "S3CRET", "@", "@@", "h", "/", "?", "&", "db", "5432", "[::1]", "unix:/x",
            "sslmode=require", "%", "t", " "];
        for (var turn = 0; turn < 6000; turn++)
        {
            var address = "postgresql://u:S3CRET@" + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ =>
                pieces[random.Next(pieces.Length)]));
            try
            {
                var spec = DirectCommand.Bind(new DirectArguments { Source = "a.csv", Target = address, CurrentDirectory = "/" });
                Assert.DoesNotContain("S3CRET@", spec.Target?.ToString(), StringComparison.Ordinal);
            }
            catch (SluiceException error)
            {
                var text = error is CommandException command ? command.Diagnostic.ToString() : $"{error.Message} {error.Hint}";
                Assert.False(text.Contains("S3CRET", StringComparison.Ordinal)
                    && !address[22..].Contains("S3CRET", StringComparison.Ordinal), text);
            }
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("'")]
    [InlineData("[")]
    [InlineData("/* ")]
    [InlineData("$$")]
    [InlineData("{{#a}}")]
    [InlineData(",")]
    [InlineData("@")]
    [InlineData("::")]
    [InlineData(" with")]
    public void A_long_repetition_neither_hangs_nor_overflows(string piece)
    {
        var many = string.Concat(Enumerable.Repeat(piece, 20_000));
        Read($"LOAD CSV FROM x.csv INTO postgresql:///db?t (a using {many}");
        Read($"LOAD CSV FROM x.csv INTO postgresql://{many}");
        Read($"LOAD CSV FROM x.csv INTO postgresql:///db?t WITH {many}");
        Read(many);
    }

    private static void Read(string text)
    {
        try
        {
            ValidCommandTests.Reader().ReadText("fuzz", text, Folder);
        }
        catch (CommandException error)
        {
            Assert.NotEmpty(error.Diagnostic.ToString());
        }
        catch (SourceException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }
}
