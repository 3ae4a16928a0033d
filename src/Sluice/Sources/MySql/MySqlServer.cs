using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Sources.MySql;

/// <summary>Which server it is.</summary>
/// <param name="IsMariaDb">MariaDB, not MySQL.</param>
/// <param name="Version">Its own: a MariaDB that calls itself 5.5.5-10.11.6 is 10.11.6.</param>
/// <param name="Text">As it says it.</param>
internal sealed partial record MySqlServer(bool IsMariaDb, Version Version, string Text)
{
    public string Name => $"{(IsMariaDb ? "MariaDB" : "MySQL")} {Version}";

    /// <summary>Too old for what its catalog is asked.</summary>
    public bool IsTooOld => Version < (IsMariaDb ? new Version(10, 2) : new Version(5, 7));

    public static MySqlServer Parse(string text)
    {
        var isMariaDb = text.Contains("mariadb", StringComparison.OrdinalIgnoreCase);
        var own = isMariaDb && text.StartsWith("5.5.5-", StringComparison.Ordinal) ? text[6..] : text;
        var match = Numbers().Match(own);
        return new MySqlServer(
            isMariaDb,
            match.Success ? new Version(Number(match, 1), Number(match, 2), Number(match, 3)) : new Version(0, 0),
            text);
    }

    private static int Number(Match match, int group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?")]
    private static partial Regex Numbers();
}
