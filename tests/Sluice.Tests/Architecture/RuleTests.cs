namespace Sluice.Tests.Architecture;

/// <summary>Each rule finds the fault it is for; a rule that cannot fail would hold nothing.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("src/Sluice/Batches/A.cs", "using Sluice.Commands;", "Batches must not use Commands")]
    [InlineData("src/Sluice/Catalog/A.cs", "var x = Runs.RunLine.None;", "Catalog must not use Runs")]
    [InlineData("src/Sluice/Postgres/A.cs", "using Sluice.Locations;", "Postgres must not use Locations")]
    [InlineData("src/Sluice/Sources/Csv/A.cs", "using Sluice.Targets;", "Sources must not use Targets")]
    [InlineData("src/Sluice/Sources/Csv/A.cs", "using Sluice.Sources.Fixed;", "only the registry names Sources.Fixed")]
    [InlineData("src/Sluice/Plans/A.cs", "using Sluice.Sources.Csv;", "only the registry names Sources.Csv")]
    [InlineData("src/Sluice.Cli/A.cs", "using Sluice.Targets.Postgres;", "only the registry names Targets.Postgres")]
    [InlineData("src/Sluice/Runs/A.cs", "if (target is Redshift)", "names Redshift")]
    [InlineData("src/Sluice/Helpers/A.cs", "", "Helpers has no place in the order of folders")]
    public void A_forbidden_use_is_found(string path, string text, string finding) =>
        Assert.Contains(finding, Assert.Single(Dependencies(path, text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("src/Sluice/Runs/A.cs", "using Sluice.Diagnostics;\nusing Sluice.Plans;")]
    [InlineData("src/Sluice/Sources/Csv/A.cs", "namespace Sluice.Sources.Csv;\nusing Sluice.Locations;")]
    [InlineData("src/Sluice/Sources/SourceRegistry.cs", "using Sluice.Sources.Csv; // and redshift")]
    [InlineData("src/Sluice/Plans/A.cs", "using Sluice.Sources;\nSluice.Sources.ISource x;")]
    [InlineData("src/Sluice/Batches/A.cs", "// see Sluice.Runs.RunLine")]
    [InlineData("src/Sluice/A.cs", "using Sluice.Runs;")]
    public void A_permitted_use_is_not(string path, string text) => Assert.Empty(Dependencies(path, text));

    [Theory]
    [InlineData("class B { }", "no type named A")]
    [InlineData("delegate void B(int x);", "no type named A")]
    [InlineData("class A { } // TO" + "DO more", "unfinished work")]
    public void A_fault_of_shape_is_found(string text, string finding) =>
        Assert.Contains(finding, Assert.Single(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", "public sealed " + text))), StringComparison.Ordinal);

    [Fact]
    public void A_long_file_is_found()
    {
        var text = string.Concat(Enumerable.Repeat("\n", 401));
        Assert.StartsWith("length", Assert.Single(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", text))), StringComparison.Ordinal);
        Assert.Empty(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", text[1..])));
    }

    [Fact]
    public void A_deep_file_is_found()
    {
        Assert.StartsWith("depth", Assert.Single(ShapeRules.CheckCode(new("src/Sluice/X/Y/Z/A.cs", ""))), StringComparison.Ordinal);
        Assert.Empty(ShapeRules.CheckCode(new("src/Sluice/X/Y/A.cs", "")));
    }

    [Fact]
    public void A_large_second_type_is_found()
    {
        static string Two(int lines) => "public class A\n{\n}\n\npublic enum B\n{\n" + string.Concat(Enumerable.Repeat("    X,\n", lines)) + "}\n";
        Assert.Contains("B has", Assert.Single(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", Two(60)))), StringComparison.Ordinal);
        Assert.Empty(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", Two(20))));
    }

    [Theory]
    [InlineData("rows.Where(r => r.IsBad)", "uses LINQ")]
    [InlineData("var text = $\"{row}\";", "builds a string outside an error")]
    public void A_slow_line_in_a_hot_path_is_found(string line, string finding)
    {
        Assert.Contains(finding, Assert.Single(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", "// hot path\n" + line))), StringComparison.Ordinal);
        Assert.Empty(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", line)));
    }

    [Theory]
    [InlineData("public sealed class A\n{\n    public A(int[] columns)\n    {\n        _x = [.. columns.Select(c => c)];\n    }\n}\n")]
    [InlineData("public sealed class A\n{\n    private static string Show(int x)\n    {\n        var y = x;\n        return $\"{y}\";\n    }\n}\n")]
    public void Set_up_and_messages_in_a_hot_path_are_not(string text) =>
        Assert.Empty(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", "// hot path\n" + text)));

    [Fact]
    public void Linq_in_a_method_of_a_hot_path_is_found()
    {
        var text = "// hot path\npublic sealed class A\n{\n    public A()\n    {\n    }\n\n    public void Row()\n    {\n        _x.Any(c => c);\n    }\n}\n";
        Assert.Contains("A.cs:10", Assert.Single(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", text))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_hot_path_may_build_its_message() =>
        Assert.Empty(ShapeRules.CheckCode(new("src/Sluice/X/A.cs", "// hot path\nif (bad)\n{\n    throw new TransformException($\"{row}\");\n}")));

    [Fact]
    public void A_query_without_header_is_found()
    {
        Assert.Single(ShapeRules.CheckSql(new("src/Sluice/Postgres/Sql/a.sql", "select 1")));
        Assert.Empty(ShapeRules.CheckSql(new("src/Sluice/Postgres/Sql/a.sql", "-- all versions; one column\nselect 1")));
    }

    [Theory]
    [InlineData("[x](missing.md)", "leads nowhere")]
    [InlineData("[x](../README.md#nothing)", "names a heading that is not there")]
    public void A_dead_link_is_found(string text, string finding) =>
        Assert.Contains(finding, Assert.Single(DocumentRules.CheckLinks(new("docs/a.md", text), Readme)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[x](../README.md#two-words)")]
    [InlineData("[x](https://www.postgresql.org/docs/)")]
    [InlineData("```\n[x](missing.md)\n```")]
    public void A_living_link_is_not(string text) => Assert.Empty(DocumentRules.CheckLinks(new("docs/a.md", text), Readme));

    [Theory]
    [InlineData("make fly", "no target fly")]
    [InlineData("eng/none.sh", "neither a script")]
    public void A_command_that_does_not_exist_is_found(string line, string finding) =>
        Assert.Contains(finding, Assert.Single(Commands(line)), StringComparison.Ordinal);

    [Theory]
    [InlineData("make demo")]
    [InlineData("make demo SIZE=1GB # quick")]
    [InlineData("make demo SETS=\"typed mixed\"")]
    [InlineData("PGHOST=here sluice x.load")]
    [InlineData("./README.md")]
    public void A_command_that_exists_is_not(string line) => Assert.Empty(Commands(line));

    private static IEnumerable<string> Dependencies(string path, string text)
    {
        var types = DependencyRules.TypesByFolder(
            [new("src/Sluice/Runs/RunLine.cs", ""), new("src/Sluice/Sources/ISource.cs", ""), new("src/Sluice/Sources/Csv/CsvSource.cs", "")]);
        return DependencyRules.Check(new(path, text), types);
    }

    private static IEnumerable<string> Commands(string line) =>
        DocumentRules.CheckCommands(new("README.md", $"```sh\n{line}\n```\n"), "demo: build\n", Readme);

    private static string? Readme(string path) => path == "README.md" ? "# Title\n\n## Two words\n" : null;
}
