using System.Text.RegularExpressions;

namespace Sluice.Tests.Architecture;

/// <summary>Which folder of the engine may use which: those of a lower rank, and itself.</summary>
public static partial class DependencyRules
{
    private const string Engine = "src/Sluice/";

    private static readonly Dictionary<string, int> Rank = new(StringComparer.Ordinal)
    {
        ["Diagnostics"] = 0,
        ["Catalog"] = 1,
        ["Batches"] = 2,
        ["Casts"] = 3,
        ["Commands"] = 4,
        ["Locations"] = 5,
        ["Postgres"] = 5,
        ["Sources"] = 6,
        ["Targets"] = 6,
        ["Plans"] = 7,
        ["Runs"] = 8,
    };

    // The only files that name the folders below Sources and Targets.
    private static readonly string[] Registries = [Engine + "Sources/SourceRegistry.cs", Engine + "Targets/TargetRegistry.cs"];

    // Where the word may stand: its own folders, the registries, and what reads addresses (redshift:// is a scheme with a port).
    private static readonly string[] MayNameRedshift =
    [
        Engine + "Targets/Redshift/",
        Engine + "Sources/Redshift/",
        .. Registries,
        Engine + "Commands/DatabaseUri.cs",
        Engine + "Commands/DatabaseUriReader.cs",
        Engine + "Postgres/ConnectionResolver.cs",
        Engine + "Postgres/ConnectionSettings.cs",
    ];

    /// <summary>Findings for one file. <paramref name="typesByFolder"/> finds uses that are written without a using line.</summary>
    public static IEnumerable<string> Check(RepositoryFile file, ILookup<string, string> typesByFolder)
    {
        var inEngine = file.Path.StartsWith(Engine, StringComparison.Ordinal);
        var folders = inEngine ? file.Path[Engine.Length..].Split('/')[..^1] : [];
        if (inEngine && folders.Length > 0 && !Rank.ContainsKey(folders[0]))
        {
            yield return $"folders: {file.Path}: {folders[0]} has no place in the order of folders; give it one in {nameof(DependencyRules)}";
            yield break;
        }

        foreach (var used in Uses(file, typesByFolder).Distinct(StringComparer.Ordinal))
        {
            var parts = used.Split('.');
            if (inEngine && folders.Length > 0 && parts[0] != folders[0] && Rank.TryGetValue(parts[0], out var rank) && rank >= Rank[folders[0]])
            {
                yield return $"order of folders: {file.Path}: {folders[0]} must not use {parts[0]}";
            }

            var isOwnFolder = folders.Length > 1 && parts.Length > 1 && folders[0] == parts[0] && folders[1] == parts[1];
            if (parts.Length > 1 && parts[0] is "Sources" or "Targets" && !isOwnFolder && !Registries.Contains(file.Path))
            {
                yield return $"registries: {file.Path}: only the registry names {parts[0]}.{parts[1]}; use what {parts[0]} itself offers";
            }
        }

        if (inEngine && file.Text.Contains("redshift", StringComparison.OrdinalIgnoreCase)
            && !MayNameRedshift.Any(allowed => file.Path.StartsWith(allowed, StringComparison.Ordinal)))
        {
            yield return $"one place for each target: {file.Path}: names Redshift; ask a feature or the dialect instead";
        }
    }

    /// <summary>The types each folder of the engine defines, by the names of its files.</summary>
    public static ILookup<string, string> TypesByFolder(IEnumerable<RepositoryFile> files) =>
        files.Where(file => file.Path.StartsWith(Engine, StringComparison.Ordinal) && file.Path[Engine.Length..].Contains('/', StringComparison.Ordinal))
            .ToLookup(file => file.Path[Engine.Length..].Split('/')[0], file => Path.GetFileName(file.Path).Split('.')[0], StringComparer.Ordinal);

    // "Sources.Csv" for a namespace or a type below it, "Batches" for one of a first-level folder.
    private static IEnumerable<string> Uses(RepositoryFile file, ILookup<string, string> typesByFolder)
    {
        var code = Comment().Replace(file.Text, "");
        foreach (Match match in Qualified().Matches(code))
        {
            var names = match.Groups[1].Value.Split('.');
            if (Rank.ContainsKey(names[0]) && !match.Value.StartsWith("namespace", StringComparison.Ordinal))
            {
                var hasFolder = names.Length > 1 && !typesByFolder[names[0]].Contains(names[1]);
                yield return hasFolder ? $"{names[0]}.{names[1]}" : names[0];
            }
        }

        // Inside namespace Sluice.X, the namespace Sluice.Y is in reach as plain Y.
        foreach (Match match in HalfQualified().Matches(code))
        {
            if (typesByFolder[match.Groups[1].Value].Contains(match.Groups[2].Value))
            {
                yield return match.Groups[1].Value;
            }
        }
    }

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:namespace\s+)?\bSluice\.([A-Z]\w*(?:\.[A-Z]\w*)*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex HalfQualified();
}
