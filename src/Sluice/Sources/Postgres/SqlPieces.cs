using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Sources.Postgres;

/// <summary>
/// Cuts SQL that the server wrote (pg_get_expr, pg_get_constraintdef, pg_get_indexdef, format_type) where names of columns and of
/// schema objects stand. It was written with an empty search_path: what is in no schema is the server's own.
/// </summary>
internal static class SqlPieces
{
    // What a literal is cast to when it names an object.
    private static readonly string[] NameTypes = ["regclass", "regtype", "regproc", "regprocedure", "regconfig", "regdictionary", "regcollation"];

    public static SourceSql Text(string sql) => new(sql, [new SqlPiece(sql, IsColumn: false)]);

    /// <summary>The first part of what the second one goes on with.</summary>
    public static SourceSql Join(SourceSql first, SourceSql second) => new(first.Text + second.Text, [.. first.Pieces!.Value, .. second.Pieces!.Value]); // always cut

    /// <param name="sql">As the server wrote it.</param>
    /// <param name="columns">Bare names that are columns where they stand alone.</param>
    public static SourceSql Read(string sql, IReadOnlySet<string> columns)
    {
        var tokens = SqlTokens.Read(sql);
        var pieces = ImmutableArray.CreateBuilder<SqlPiece>();
        var copied = 0;
        for (var i = 0; i < tokens.Count;)
        {
            var (piece, count) = Piece(sql, tokens, i, columns);
            if (piece is { } found)
            {
                AddText(tokens[i].Start);
                pieces.Add(found);
                copied = tokens[i + count - 1].End;
            }

            i += count;
        }

        AddText(sql.Length);
        return new SourceSql(sql, pieces.ToImmutable());

        void AddText(int end)
        {
            if (end > copied)
            {
                pieces.Add(new SqlPiece(sql[copied..end], IsColumn: false));
            }
        }
    }

    // What begins at a token: a piece or null, and how many tokens that is.
    private static (SqlPiece? Piece, int Count) Piece(string sql, List<SqlTokenPart> tokens, int at, IReadOnlySet<string> columns)
    {
        var token = tokens[at];
        var after = At(tokens, at + 1);
        if (token.Kind == SqlTokenKind.Literal && after.IsSign("::") && At(tokens, at + 2) is { Kind: SqlTokenKind.Name } type && NameTypes.Contains(type.Name))
        {
            return (NameInLiteral(token.Name), 1);
        }

        if (token.IsSign("::"))
        {
            // The words of a type; one of a schema is found by the next round.
            var next = at + 1;
            while (At(tokens, next).Kind == SqlTokenKind.Name && !At(tokens, next + 1).IsSign("."))
            {
                next++;
            }

            return (null, next - at);
        }

        if (token.Kind != SqlTokenKind.Name)
        {
            return (null, 1);
        }

        if (At(tokens, at - 1).IsSign("."))
        {
            return (null, 1); // a field of a composite value
        }

        if (At(tokens, at - 1).IsWord("INDEX"))
        {
            return (new SqlPiece(sql[token.Start..token.End], IsColumn: false) { Object = new QualifiedName(null, token.Name) }, 1);
        }

        if (after.IsSign(".") && At(tokens, at + 2).Kind == SqlTokenKind.Name)
        {
            return token.Name == "pg_catalog"
                ? (null, 3)
                : (new SqlPiece(sql[token.Start..tokens[at + 2].End], IsColumn: false) { Object = new QualifiedName(token.Name, tokens[at + 2].Name) }, 3);
        }

        // A function, a named argument, the field of EXTRACT, the collation of COLLATE, the operator class behind an operand.
        var before = At(tokens, at - 1);
        var isSyntax = after.IsSign("(") || after.IsSign("=>")
            || (after.IsWord("FROM") && before.IsSign("(") && At(tokens, at - 2).IsWord("EXTRACT"))
            || before.IsWord("COLLATE") || before.IsWord("AS") || before.IsWord("RETURNING") || before.Kind == SqlTokenKind.Name || before.IsSign(")")
            || (sql[token.Start] != '"' && token.Name is "true" or "false" or "null");
        return !isSyntax && columns.Contains(token.Name) ? (new SqlPiece(token.Name, IsColumn: true), 1) : (null, 1);
    }

    private static SqlPiece? NameInLiteral(string text)
    {
        var tokens = SqlTokens.Read(text);
        return tokens is [{ Kind: SqlTokenKind.Name } schema, var point, { Kind: SqlTokenKind.Name } name] && point.IsSign(".") && schema.Name != "pg_catalog"
            ? new SqlPiece(Identifier.Literal(text), IsColumn: false) { Object = new QualifiedName(schema.Name, name.Name), IsLiteral = true }
            : null;
    }

    private static SqlTokenPart At(List<SqlTokenPart> tokens, int index) => (uint)index < (uint)tokens.Count ? tokens[index] : default;
}
