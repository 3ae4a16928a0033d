using System.Text.RegularExpressions;

namespace RedshiftLocal.Secrecy;

/// <summary>Finds keys, tokens and passwords in the text of statements, also of those that nobody can parse.</summary>
internal static partial class StatementSecrets
{
    /// <summary>The secrets as written and, where the literal has escapes, with those undone.</summary>
    public static IEnumerable<string> Find(string statement)
    {
        foreach (Match match in Option().Matches(statement))
        {
            var raw = match.Groups["value"].Value;
            foreach (var spelling in Spellings(raw))
            {
                if (match.Groups["name"].Value.Equals("credentials", StringComparison.OrdinalIgnoreCase))
                {
                    foreach (var part in Parts(spelling))
                    {
                        yield return part;
                    }
                }
                else
                {
                    yield return spelling;
                }
            }
        }

        foreach (Match match in NamedPart().Matches(statement))
        {
            yield return match.Groups["value"].Value;
        }
    }

    private static IEnumerable<string> Parts(string credentials)
    {
        foreach (var part in credentials.Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && !part.StartsWith("aws_iam_role", StringComparison.Ordinal))
            {
                yield return part[(equals + 1)..];
            }
        }
    }

    private static IEnumerable<string> Spellings(string raw)
    {
        yield return raw;
        var plain = Escape().Replace(raw, match => match.Value[1..]);
        if (plain != raw)
        {
            yield return plain;
        }
    }

    [GeneratedRegex(
        @"\b(?<name>access_key_id|secret_access_key|session_token|token|credentials|master_symmetric_key|password)\b(?:\s+as)?\s*'(?<value>(?:[^'\\]|''|\\.)*)'?",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Option();

    [GeneratedRegex(
        @"\b(aws_access_key_id|aws_secret_access_key|token|master_symmetric_key)=(?<value>[^;'\s]+)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex NamedPart();

    [GeneratedRegex(@"''|\\.", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
