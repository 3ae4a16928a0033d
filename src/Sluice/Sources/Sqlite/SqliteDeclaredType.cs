using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Sources.Sqlite;

/// <summary>A declared type taken apart: <c>UNSIGNED BIG INT</c>, <c>decimal(10, 2)</c>, or nothing at all.</summary>
/// <param name="Name">Lower-case, without words that say nothing about the target's type.</param>
/// <param name="Precision">The first number in parentheses.</param>
/// <param name="Scale">The second one.</param>
/// <param name="IsUnsigned">The word stands in it.</param>
internal sealed partial record SqliteDeclaredType(string Name, int? Precision, int? Scale, bool IsUnsigned)
{
    private static readonly HashSet<string> Noise = new(StringComparer.Ordinal)
    {
        "unsigned", "signed", "short", "varying", "native", "nocase", "auto_increment",
    };

    public static SqliteDeclaredType Parse(string declared)
    {
        var match = Shape().Match(declared);
        if (!match.Success)
        {
            return new SqliteDeclaredType(declared.Trim().ToLowerInvariant(), null, null, false);
        }

        var words = (match.Groups["name"].Value + " " + match.Groups["tail"].Value).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join(' ', words.Where(word => !Noise.Contains(word))) + match.Groups["array"].Value;
        return new SqliteDeclaredType(name, Number(match.Groups["p"]), Number(match.Groups["s"]), words.Contains("unsigned"));
    }

    // No type has more digits than this; what does not fit is no modifier.
    private static int? Number(Group group) =>
        group.Success && int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^\s*(?<name>[^(\[\]]*?)\s*(?:\(\s*(?<p>\d+)\s*(?:,\s*(?<s>\d+)\s*)?\))?\s*(?<array>\[\])?\s*(?<tail>[^()\[\]]*)$")]
    private static partial Regex Shape();
}
