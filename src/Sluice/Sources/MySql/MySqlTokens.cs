using System.Collections.Immutable;

namespace Sluice.Sources.MySql;

/// <summary>Cuts the SQL of a server's catalog into words.</summary>
internal static class MySqlTokens
{
    private static readonly string[] Operators = ["<=>", "<>", "!=", "<=", ">=", "||", "&&", "<<", ">>", ":=", "->"];

    public static ImmutableArray<MySqlToken> Read(string sql)
    {
        var tokens = ImmutableArray.CreateBuilder<MySqlToken>();
        for (var i = 0; i < sql.Length;)
        {
            var start = i;
            var c = sql[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '`' or '\'' or '"')
            {
                var text = Quoted(sql, ref i, c);
                tokens.Add(new MySqlToken(c == '`' ? MySqlTokenKind.Name : MySqlTokenKind.Text, text));
            }
            else if (IsNumber(sql, i))
            {
                while (i < sql.Length && (char.IsAsciiDigit(sql[i]) || sql[i] == '.'))
                {
                    i++;
                }

                tokens.Add(IsWord(sql, i) ? new MySqlToken(MySqlTokenKind.Sign, Rest(sql, start, ref i)) : new MySqlToken(MySqlTokenKind.Number, sql[start..i]));
            }
            else if (IsWord(sql, i))
            {
                tokens.Add(new MySqlToken(MySqlTokenKind.Word, Rest(sql, start, ref i)));
            }
            else
            {
                i += Operators.FirstOrDefault(op => string.CompareOrdinal(sql, start, op, 0, op.Length) == 0)?.Length ?? 1;
                tokens.Add(new MySqlToken(MySqlTokenKind.Sign, sql[start..i]));
            }
        }

        return tokens.ToImmutable();
    }

    private static bool IsNumber(string sql, int i) => char.IsAsciiDigit(sql[i]) || (sql[i] == '.' && i + 1 < sql.Length && char.IsAsciiDigit(sql[i + 1]));

    private static bool IsWord(string sql, int i) => i < sql.Length && (char.IsAsciiLetterOrDigit(sql[i]) || sql[i] is '_' or '$' or '@' || sql[i] > '\x7f');

    private static string Rest(string sql, int start, ref int i)
    {
        while (IsWord(sql, i))
        {
            i++;
        }

        return sql[start..i];
    }

    private static string Quoted(string sql, ref int i, char quote)
    {
        var text = new System.Text.StringBuilder();
        for (i++; i < sql.Length; i++)
        {
            if (sql[i] == '\\' && quote != '`' && i + 1 < sql.Length)
            {
                i++;
                text.Append(sql[i] switch { '0' => '\0', 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'Z' => '\x1a', var other => other });
            }
            else if (sql[i] != quote)
            {
                text.Append(sql[i]);
            }
            else if (i + 1 < sql.Length && sql[i + 1] == quote)
            {
                text.Append(quote);
                i++;
            }
            else
            {
                break;
            }
        }

        i = Math.Min(sql.Length, i + 1);
        return text.ToString();
    }
}

/// <summary>A word of SQL, without its quotes.</summary>
internal readonly record struct MySqlToken(MySqlTokenKind Kind, string Text)
{
    public bool IsWord(string word) => Kind == MySqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSign(string sign) => Kind == MySqlTokenKind.Sign && Text == sign;
}

/// <summary>What a word of SQL is.</summary>
internal enum MySqlTokenKind
{
    /// <summary>Nothing is left.</summary>
    End,
    Word,
    Name,
    Text,
    Number,
    Sign,
}
