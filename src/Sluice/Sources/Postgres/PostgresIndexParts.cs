using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Sources.Postgres;

/// <summary>What an index is about, as far as a target can use it that does not share the source's SQL.</summary>
internal static class PostgresIndexParts
{
    /// <param name="name">The index.</param>
    /// <param name="isUnique">Refuses equal rows.</param>
    /// <param name="definition">CREATE INDEX as the server writes it.</param>
    public static TableIndex Read(string name, bool isUnique, string definition)
    {
        var tokens = SqlTokens.Read(definition);
        var open = tokens.FindIndex(token => token.IsSign("("));
        var parts = ImmutableArray.CreateBuilder<IndexPart>();
        var depth = 0;
        var first = open + 1;
        for (var i = open; i >= 0 && i < tokens.Count; i++)
        {
            depth += tokens[i].IsSign("(") ? 1 : tokens[i].IsSign(")") ? -1 : 0;
            if (depth == 0 || (depth == 1 && tokens[i].IsSign(",")))
            {
                parts.Add(Part(definition, tokens[first..i]));
                first = i + 1;
            }

            if (depth == 0)
            {
                break;
            }
        }

        var where = tokens.FindLastIndex(token => token.IsWord("WHERE"));
        return new TableIndex
        {
            Name = name,
            Parts = parts.ToImmutable(),
            IsUnique = isUnique,
            Where = where < 0 ? null : new SourceSql(definition[tokens[where].End..].Trim(), null),
        };
    }

    // A bare column with its direction, or something else.
    private static IndexPart Part(string definition, List<SqlTokenPart> tokens) =>
        tokens is [{ Kind: SqlTokenKind.Name } column, .. var rest] && rest.TrueForAll(token => token.IsWord("DESC") || token.IsWord("ASC") || token.IsWord("NULLS") || token.IsWord("FIRST") || token.IsWord("LAST"))
            ? new IndexPart(column.Name, null, rest.Exists(token => token.IsWord("DESC")))
            : new IndexPart(null, new SourceSql(tokens.Count == 0 ? "" : definition[tokens[0].Start..tokens[^1].End], null), false);
}
