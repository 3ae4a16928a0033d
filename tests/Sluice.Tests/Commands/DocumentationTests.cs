using System.Text;
using System.Text.RegularExpressions;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Tests.Commands;

public sealed partial class DocumentationTests
{
    private const string Begin = "<!-- tables: begin -->\n";
    private const string End = "<!-- tables: end -->\n";

    private static readonly string Root = Path.GetFullPath(Path.Combine(Snapshot.Folder(), "..", "..", ".."));

    public static TheoryData<string, int> Examples
    {
        get
        {
            var examples = new TheoryData<string, int>();
            foreach (var file in Directory.GetFiles(Path.Combine(Root, "docs"), "*.md",
                SearchOption.AllDirectories).Append(Path.Combine(Root, "README.md")).Where(File.Exists))
            {
                foreach (Match match in Fenced().Matches(File.ReadAllText(file)))
                {
                    examples.Add(Path.GetRelativePath(Root, file), match.Index);
                }
            }

            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_valid_command_without_warnings(string file, int place)
    {
        var text = Fenced().Match(File.ReadAllText(Path.Combine(Root, file)), place).Groups["text"].Value;
        var folder = Directory.CreateTempSubdirectory("sluice-docs").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "sql"));
            File.WriteAllText(Path.Combine(folder, "sql", "setup.sql"), "select 1;");
            var path = Path.Combine(folder, "example.load");
            File.WriteAllText(path, text);
            Assert.All(ValidCommandTests.Reader().ReadFiles([path]), spec => Assert.DoesNotContain(spec.Diagnostics, found => found.Severity != DiagnosticSeverity.Note));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_tables_list_every_clause_and_option_of_every_kind()
    {
        var path = Path.Combine(Root, "docs", "command-language.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Snapshot.Matches(path, page[..start] + Tables() + page[page.IndexOf(End, StringComparison.Ordinal)..]);
    }

    private static string Tables()
    {
        var result = new StringBuilder();
        foreach (var source in SourceRegistry.All)
        {
            result.Append("### ").Append(LoadKindNames.Words(source.Kind)).Append("\n\n");
            var clauses = ClauseDefinition.All.Where(clause => (clause.Kinds & source.Kind) != 0).Select(clause => $"`{clause.Display}`");
            result.Append("Clauses: ").AppendJoin(", ", clauses).Append(".\n\n");
            if (source.Options.Length == 0)
            {
                continue;
            }

            Append(result, source.Options);
        }

        foreach (var target in TargetRegistry.All.Where(target => !target.Options.IsEmpty))
        {
            result.Append("### INTO ").Append(target.Name).Append("\n\n");
            result.Append("Options of any command whose target is ").Append(target.Name)
                .Append(". `=` may stand before the value or not; in an address they are written `?").Append(target.Options[0].Parameter).Append("=…`.\n\n");
            Append(result, target.Options);
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, IEnumerable<OptionDefinition> options)
    {
        result.Append("| Option | Meaning | Default |\n| --- | --- | --- |\n");
        foreach (var option in options)
        {
            var form = option.Form.Replace("|", "\\|", StringComparison.Ordinal);
            result.Append("| `").Append(form).Append("` | ").Append(option.Help).Append(" | ").Append(option.Default).Append(" |\n");
        }

        result.Append('\n');
    }

    [GeneratedRegex("^```load\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
