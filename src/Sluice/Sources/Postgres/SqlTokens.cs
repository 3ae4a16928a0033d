using System.Text;

namespace Sluice.Sources.Postgres;

/// <summary>What a piece of SQL that the server wrote is.</summary>
internal enum SqlTokenKind
{
    Other,

    /// <summary>A bare lower-case word, or one in quotes: a name. Keywords are written in capitals.</summary>
    Name,

    /// <summary>A keyword, in capitals.</summary>
    Word,
    Literal,
    Sign,
}

/// <summary>A token, its place, and its text: of names and literals without their quotes.</summary>
internal readonly record struct SqlTokenPart(SqlTokenKind Kind, int Start, int End, string Name)
{
    public bool IsSign(string sign) => Kind == SqlTokenKind.Sign && Name == sign;

    public bool IsWord(string word) => Kind == SqlTokenKind.Word && Name == word;
}

/// <summary>Splits SQL that the server wrote.</summary>
internal static class SqlTokens
{
    private static readonly string[] Signs = ["::", "=>"];

    public static List<SqlTokenPart> Read(string sql)
    {
        var tokens = new List<SqlTokenPart>();
        for (var at = 0; at < sql.Length;)
        {
            if (char.IsWhiteSpace(sql[at]))
            {
                at++;
                continue;
            }

            var token = Next(sql, at);
            tokens.Add(token);
            at = token.End;
        }

        return tokens;
    }

    private static SqlTokenPart Next(string sql, int start)
    {
        var c = sql[start];
        if (c == '"')
        {
            return Quoted(sql, start, start, '"', SqlTokenKind.Name, hasEscapes: false);
        }

        if (c == '\'')
        {
            return Quoted(sql, start, start, '\'', SqlTokenKind.Literal, hasEscapes: false);
        }

        if (c is 'E' or 'B' or 'X' && start + 1 < sql.Length && sql[start + 1] == '\'')
        {
            return Quoted(sql, start, start + 1, '\'', SqlTokenKind.Literal, hasEscapes: c == 'E');
        }

        if (IsWordStart(c))
        {
            var end = start + 1;
            while (end < sql.Length && (IsWordStart(sql[end]) || char.IsAsciiDigit(sql[end]) || sql[end] == '$'))
            {
                end++;
            }

            var word = sql[start..end];
            return new SqlTokenPart(word.Any(char.IsAsciiLetterUpper) ? SqlTokenKind.Word : SqlTokenKind.Name, start, end, word);
        }

        if (char.IsAsciiDigit(c))
        {
            var end = start + 1;
            while (end < sql.Length && (char.IsAsciiLetterOrDigit(sql[end]) || sql[end] == '.'))
            {
                end++;
            }

            return new SqlTokenPart(SqlTokenKind.Other, start, end, sql[start..end]);
        }

        var sign = Signs.FirstOrDefault(sign => string.CompareOrdinal(sql, start, sign, 0, sign.Length) == 0) ?? c.ToString();
        return new SqlTokenPart(SqlTokenKind.Sign, start, start + sign.Length, sign);
    }

    private static SqlTokenPart Quoted(string sql, int start, int open, char quote, SqlTokenKind kind, bool hasEscapes)
    {
        var text = new StringBuilder();
        var at = open + 1;
        for (; at < sql.Length; at++)
        {
            if (hasEscapes && sql[at] == '\\' && at + 1 < sql.Length)
            {
                text.Append(sql[++at]);
            }
            else if (sql[at] == quote && at + 1 < sql.Length && sql[at + 1] == quote)
            {
                text.Append(sql[at++]);
            }
            else if (sql[at] == quote)
            {
                break;
            }
            else
            {
                text.Append(sql[at]);
            }
        }

        return new SqlTokenPart(kind, start, Math.Min(at + 1, sql.Length), text.ToString());
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= '\x80';
}
