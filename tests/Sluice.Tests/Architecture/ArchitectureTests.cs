namespace Sluice.Tests.Architecture;

/// <summary>Reads the repository and holds it to its own rules (ARCHITECTURE.md).</summary>
public sealed class ArchitectureTests(ITestOutputHelper output)
{
    [Fact]
    public void There_are_sources_to_read()
    {
        Assert.NotEmpty(RepositoryFiles.Below("src/Sluice", "*.cs"));
        Assert.NotEmpty(RepositoryFiles.Below("", "*.md"));
    }

    [Fact]
    public void Folders_use_only_those_to_their_left()
    {
        var files = RepositoryFiles.Below("src", "*.cs");
        var types = DependencyRules.TypesByFolder(files);
        RepositoryFiles.MustBeNone(files.SelectMany(file => DependencyRules.Check(file, types)));
    }

    [Fact]
    public void Code_has_the_agreed_shape()
    {
        var files = RepositoryFiles.Below("src", "*.cs").Concat(RepositoryFiles.Below("tools", "*.cs")).ToList();
        foreach (var file in files.Where(file => file.Lines.Length > ShapeRules.DiscussedLines))
        {
            output.WriteLine($"{file.Path}: {file.Lines.Length - 1} lines");
        }

        RepositoryFiles.MustBeNone(files.SelectMany(ShapeRules.CheckCode));
    }

    [Fact]
    public void Queries_have_a_header() =>
        RepositoryFiles.MustBeNone(RepositoryFiles.Below("src", "*.sql").SelectMany(ShapeRules.CheckSql));

    [Fact]
    public void Links_between_documents_resolve() =>
        RepositoryFiles.MustBeNone(RepositoryFiles.Below("", "*.md").SelectMany(file => DocumentRules.CheckLinks(file, Read)));

    [Fact]
    public void Commands_in_documents_exist()
    {
        var makefile = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "Makefile"));
        RepositoryFiles.MustBeNone(RepositoryFiles.Below("", "*.md").SelectMany(file => DocumentRules.CheckCommands(file, makefile, Read)));
    }

    // A folder reads as the empty text.
    private static string? Read(string path)
    {
        var full = Path.Combine(RepositoryFiles.Root, path);
        return Directory.Exists(full) ? "" : File.Exists(full) ? File.ReadAllText(full) : null;
    }
}
