using System.Runtime.CompilerServices;
using Sluice.Casts;
using Sluice.Casts.Expressions;

namespace Sluice.Tests.Casts;

/// <summary>docs/transforms.md: every row of its tables that has an example is run, and nothing is missing from it.</summary>
public sealed class TransformDocumentTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (_, example, result) in Rows())
            {
                data.Add(example, result);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_gives_what_the_document_says(string example, string result)
    {
        var actual = Eval.Expression(example);
        Assert.Equal(result, actual switch { null => "NULL", Eval.Error => "refused", _ => $"`{actual}`" });
    }

    [Fact]
    public void Every_function_is_in_the_document()
    {
        var documented = Rows().SelectMany(row => row.Names).ToHashSet();
        var known = Builtins.Names.Concat(Compiler.SpecialForms);
        Assert.Empty(known.Except(documented));
    }

    [Fact]
    public void The_document_names_no_function_that_is_not_there()
    {
        var known = Builtins.Names.Concat(Compiler.SpecialForms).ToHashSet();
        Assert.Empty(Rows().SelectMany(row => row.Names).Where(name => !name.StartsWith('~')).Except(known));
    }

    [Fact]
    public void Every_transform_has_a_row_of_its_own()
    {
        var rows = Rows().ToList();
        Assert.All(TransformCatalog.Names, name => Assert.Contains(rows, row => row.Names is [var only] && only == name));
    }

    // | `name`, `name` | what it does | `example` | `result` or NULL |
    private static IEnumerable<(string[] Names, string Example, string Result)> Rows([CallerFilePath] string path = "")
    {
        var document = Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "transforms.md");
        foreach (var line in File.ReadLines(document))
        {
            var cells = line.Replace("\\|", "\u0001", StringComparison.Ordinal).Split('|')
                .Select(cell => cell.Replace('\u0001', '|').Trim()).ToArray();
            if (cells.Length != 6 || !cells[1].StartsWith('`'))
            {
                continue;
            }

            var names = cells[1].Split(", ").Select(name => name.Trim('`')).ToArray();
            yield return (names, cells[3].Trim('`'), cells[4]);
        }
    }
}
