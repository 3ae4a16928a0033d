using System.Text.RegularExpressions;

namespace Sluice.Tests.Architecture;

/// <summary>What a source file looks like: its length, place, types and words.</summary>
public static partial class ShapeRules
{
    public const int DiscussedLines = 300;

    private const int MostLines = 400;
    private const int MostFolders = 3;
    private const int MostSatelliteLines = 40;

    public static IEnumerable<string> CheckCode(RepositoryFile file)
    {
        var lines = file.Lines.Length;
        if (lines > MostLines + 1)
        {
            yield return $"length: {file.Path}: {lines - 1} lines; split it at {MostLines}";
        }

        if (file.Path.Split('/').Length - 2 > MostFolders)
        {
            yield return $"depth: {file.Path}: more than {MostFolders} folders below {file.Path.Split('/')[0]}";
        }

        foreach (var finding in CheckTypes(file).Concat(CheckHotPath(file)).Concat(CheckWords(file)))
        {
            yield return finding;
        }
    }

    /// <summary>A query file says which servers it is for and which columns it returns.</summary>
    public static IEnumerable<string> CheckSql(RepositoryFile file)
    {
        if (!file.Text.StartsWith("--", StringComparison.Ordinal))
        {
            yield return $"SQL header: {file.Path}: begins without a comment that says versions and columns returned";
        }

        foreach (var finding in CheckWords(file))
        {
            yield return finding;
        }
    }

    private static IEnumerable<string> CheckTypes(RepositoryFile file)
    {
        var expected = Path.GetFileName(file.Path).Split('.')[0];
        var types = TopLevelType().Matches(file.Text);
        if (types.Count == 0)
        {
            yield break;
        }

        if (!types.Any(type => type.Groups["name"].Value == expected))
        {
            yield return $"one type a file: {file.Path}: has {types[0].Groups["name"].Value}, and no type named {expected}";
        }

        foreach (var type in types.Where(type => type.Groups["name"].Value != expected))
        {
            var end = file.Text.IndexOf("\n}", type.Index, StringComparison.Ordinal);
            var next = type.NextMatch();
            var stop = Math.Min(end < 0 ? file.Text.Length : end, next.Success ? next.Index : file.Text.Length);
            var length = file.Text.AsSpan(type.Index, Math.Max(0, stop - type.Index)).Count('\n') + 1;
            if (length > MostSatelliteLines)
            {
                yield return $"one type a file: {file.Path}: {type.Groups["name"].Value} has {length} lines; give it its own file";
            }
        }
    }

    private static IEnumerable<string> CheckHotPath(RepositoryFile file)
    {
        if (!file.Text.StartsWith("// hot path", StringComparison.Ordinal))
        {
            yield break;
        }

        if (file.Text.Contains("using System.Linq", StringComparison.Ordinal))
        {
            yield return $"hot path: {file.Path}: uses LINQ";
        }

        foreach (Match match in LinqCall().Matches(file.Text))
        {
            if (!IsSetUp(file, match.Index))
            {
                yield return $"hot path: {file.Path}:{LineOf(file, match.Index)}: uses LINQ outside set-up";
            }
        }

        foreach (Match match in Interpolation().Matches(file.Text))
        {
            var start = file.Text.LastIndexOfAny([';', '{', '}'], match.Index) + 1;
            if (!ErrorPath().IsMatch(file.Text[start..match.Index]) && !MessageMember().IsMatch(MemberAt(file, match.Index)))
            {
                yield return $"hot path: {file.Path}:{LineOf(file, match.Index)}: builds a string outside an error";
            }
        }
    }

    // Constructors and static members run once for a load, not once for a row.
    private static bool IsSetUp(RepositoryFile file, int index)
    {
        var member = MemberAt(file, index);
        return member.Contains(" static ", StringComparison.Ordinal)
            || Regex.IsMatch(member, $@"^    (\w+ )?{Path.GetFileName(file.Path).Split('.')[0]}\(");
    }

    // The first line of the member that an index lies in: the last one before it that is indented once.
    private static string MemberAt(RepositoryFile file, int index) =>
        Member().Matches(file.Text[..index]).LastOrDefault()?.Value ?? "";

    private static int LineOf(RepositoryFile file, int index) => file.Text.AsSpan(0, index).Count('\n') + 1;

    private static IEnumerable<string> CheckWords(RepositoryFile file)
    {
        foreach (Match match in Unfinished().Matches(file.Text))
        {
            yield return $"unfinished work: {file.Path}: says {match.Value}";
        }
    }

    [GeneratedRegex(
        @"^public\s+(?:(?:static|sealed|abstract|readonly|partial|ref)\s+)*(?:(?:class|record\s+struct|record|struct|enum|interface)\s+(?<name>\w+)|delegate\s+[\w<>?.\[\]]+\s+(?<name>\w+))",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\.(Select|Where|Any|First|FirstOrDefault|OrderBy|GroupBy|Aggregate|ToDictionary|ToList)\(\s*(\w+\s*=>|\(|\))")]
    private static partial Regex LinqCall();

    [GeneratedRegex(@"^    [\w(].*", RegexOptions.Multiline)]
    private static partial Regex Member();

    // A member that makes an exception or a text is not on the way of a row.
    [GeneratedRegex(@"\b(\w*Exception|string)\?? \w+\(")]
    private static partial Regex MessageMember();

    [GeneratedRegex("\\$@?\"")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"\bthrow\b|Exception\(|Reject|Message|\bFail|Assert|\berror = |Problem\(")]
    private static partial Regex ErrorPath();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
