using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Sources.Sqlite;

/// <summary>Conditions and expressions of indexes, as far as they mean the same in every SQL.</summary>
internal static class SqliteExpressions
{
    private static readonly string[] Comparisons = ["=", "==", "<>", "!=", "<", ">", "<=", ">="];
    private static readonly string[] Keywords = ["and", "or", "not", "is", "null", "in"];
    private static readonly string[] Functions = ["lower", "upper", "coalesce", "trim"];

    public static SourceSql Read(string sql, ReadOnlySpan<SqliteToken> tokens, IReadOnlyList<string> columns)
    {
        var text = sql[tokens[0].Start..tokens[^1].End];
        var pieces = ImmutableArray.CreateBuilder<SqlPiece>();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (Translate(tokens[i], i > 0 ? tokens[i - 1] : default, i + 1 < tokens.Length ? tokens[i + 1] : default, columns) is not { } piece)
            {
                return new SourceSql(text, null);
            }

            pieces.Add(piece);
        }

        return new SourceSql(text, pieces.ToImmutable());
    }

    private static SqlPiece? Translate(SqliteToken token, SqliteToken before, SqliteToken after, IReadOnlyList<string> columns)
    {
        var word = token.Text.ToLowerInvariant();
        switch (token.Kind)
        {
            case SqliteTokenKind.Text:
                return new SqlPiece(Identifier.Literal(token.Text), IsColumn: false);
            case SqliteTokenKind.Number when token.Text.All(char.IsAsciiDigit) && IsComparison(before) != IsComparison(after):
                // In quotes it takes the type of what it is compared with: a number, a boolean, a text.
                return new SqlPiece(Identifier.Literal(token.Text), IsColumn: false);
            case SqliteTokenKind.Sign when token.Text is "(" or ")" or "," || IsComparison(token):
                return new SqlPiece(token.Text == "==" ? "=" : token.Text, IsColumn: false);
            case SqliteTokenKind.Word when Keywords.Contains(word) || (Functions.Contains(word) && after.IsSign("(")):
                return new SqlPiece(word, IsColumn: false);
            case SqliteTokenKind.Word or SqliteTokenKind.QuotedName when !after.IsSign("("):
                return columns.FirstOrDefault(column => column.Equals(token.Text, StringComparison.OrdinalIgnoreCase)) is { } name
                    ? new SqlPiece(name, IsColumn: true)
                    : null;
            default:
                return null;
        }
    }

    private static bool IsComparison(SqliteToken token) => token.Kind == SqliteTokenKind.Sign && Comparisons.Contains(token.Text);
}
