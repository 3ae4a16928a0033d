using System.Reflection;

namespace RedshiftLocal;

/// <summary>What the reference material leaves unsure, and how it is handled here.</summary>
public static class AssumptionList
{
    private const string Folder = ".Assumptions.";

    public static IReadOnlyList<string> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var lines = new List<string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    lines.Add(line);
                }
            }
        }

        return lines;
    }
}
