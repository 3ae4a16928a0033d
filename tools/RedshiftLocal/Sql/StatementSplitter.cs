using System.Collections.Immutable;
using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>Cuts a query string into its statements.</summary>
public static class StatementSplitter
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The statements in order, empty ones left out; 42601 where a literal, name or comment does not end.</summary>
    public static ImmutableArray<SqlStatement> Split(string sql)
    {
        if (sql.Length > MaxBytes / 3 && Encoding.UTF8.GetByteCount(sql) is var size and > MaxBytes)
        {
            throw new ServerException("54000", $"Statement is too large. Statement Size: {size} bytes. Maximum Allowed: {MaxBytes} bytes");
        }

        var tokens = new Lexer(sql).Read();
        var statements = ImmutableArray.CreateBuilder<SqlStatement>();
        var first = 0;
        for (var i = 0; i <= tokens.Length; i++)
        {
            if (i < tokens.Length && tokens[i] is not { Kind: TokenKind.Symbol, Value: ";" })
            {
                continue;
            }

            if (i > first)
            {
                statements.Add(Cut(sql, tokens.AsSpan(first, i - first)));
            }

            first = i + 1;
        }

        return statements.ToImmutable();
    }

    private static SqlStatement Cut(string sql, ReadOnlySpan<Token> tokens)
    {
        var start = tokens[0].Start;
        var own = ImmutableArray.CreateBuilder<Token>(tokens.Length);
        foreach (var token in tokens)
        {
            own.Add(token with { Start = token.Start - start });
        }

        return new SqlStatement(sql[start..(tokens[^1].Start + tokens[^1].Length)], own.MoveToImmutable());
    }
}
