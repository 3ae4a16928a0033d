using System.Collections.Immutable;

namespace Sluice.Sources.Sqlite;

/// <summary>Cuts SQLite's SQL into words, so that a keyword is told from the same letters in a name or a text.</summary>
internal static class SqliteTokens
{
    private static readonly string[] Operators = ["<>", "!=", "<=", ">=", "==", "||", "<<", ">>"];

    public static ImmutableArray<SqliteToken> Read(string sql)
    {
        var tokens = ImmutableArray.CreateBuilder<SqliteToken>();
        var depth = 0;
        for (var i = 0; i < sql.Length;)
        {
            var start = i;
            var c = sql[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }

            if (StartsAt(sql, i, "--"))
            {
                i = EndOf(sql, i, "\n");
                continue;
            }

            if (StartsAt(sql, i, "/*"))
            {
                i = EndOf(sql, i + 2, "*/");
                continue;
            }

            if (c is '\'' or '"' or '`' or '[')
            {
                var text = Quoted(sql, ref i, c == '[' ? ']' : c);
                tokens.Add(new SqliteToken(c == '\'' ? SqliteTokenKind.Text : SqliteTokenKind.QuotedName, text, start, i, depth));
            }
            else if (IsWord(c))
            {
                while (i < sql.Length && (IsWord(sql[i]) || (char.IsAsciiDigit(c) && sql[i] == '.')))
                {
                    i++;
                }

                tokens.Add(new SqliteToken(char.IsAsciiDigit(c) ? SqliteTokenKind.Number : SqliteTokenKind.Word, sql[start..i], start, i, depth));
            }
            else
            {
                i += Array.Exists(Operators, op => StartsAt(sql, start, op)) ? 2 : 1;
                depth -= c == ')' ? 1 : 0;
                tokens.Add(new SqliteToken(SqliteTokenKind.Sign, sql[start..i], start, i, depth));
                depth += c == '(' ? 1 : 0;
            }
        }

        return tokens.ToImmutable();
    }

    // As in SQLite: letters beyond ASCII need no quotes.
    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c > '\x7f';

    private static bool StartsAt(string sql, int index, string what) => string.CompareOrdinal(sql, index, what, 0, what.Length) == 0;

    private static int EndOf(string sql, int index, string what)
    {
        var end = sql.IndexOf(what, index, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + what.Length;
    }

    private static string Quoted(string sql, ref int i, char close)
    {
        var first = ++i;
        while (i < sql.Length)
        {
            if (sql[i] != close)
            {
                i++;
            }
            else if (close != ']' && i + 1 < sql.Length && sql[i + 1] == close)
            {
                i += 2;
            }
            else
            {
                break;
            }
        }

        var text = sql[first..i];
        i = Math.Min(sql.Length, i + 1);
        return close == ']' ? text : text.Replace($"{close}{close}", $"{close}", StringComparison.Ordinal);
    }
}

/// <summary>A word of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Without quotes.</param>
/// <param name="Start">0-based, in the SQL.</param>
/// <param name="End">Behind it.</param>
/// <param name="Depth">How many parentheses are open around it.</param>
internal readonly record struct SqliteToken(SqliteTokenKind Kind, string Text, int Start, int End, int Depth)
{
    public bool IsWord(string word) => Kind == SqliteTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSign(string sign) => Kind == SqliteTokenKind.Sign && Text == sign;
}

/// <summary>What a word of SQL is.</summary>
internal enum SqliteTokenKind
{
    Word,
    QuotedName,
    Text,
    Number,
    Sign,
}
