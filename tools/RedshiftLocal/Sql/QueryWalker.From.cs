namespace RedshiftLocal.Sql;

internal sealed partial class QueryWalker
{
    /// <summary>table [, …] with joins and subqueries, after FROM or USING.</summary>
    public void FromList()
    {
        reader.Enter();
        FromItem();
        while (true)
        {
            if (reader.AcceptSymbol(","))
            {
                FromItem();
            }
            else if (reader.IsAnyWord("join", "inner", "left", "right", "full", "cross", "natural"))
            {
                while (reader.IsAnyWord("inner", "left", "right", "full", "cross", "natural", "outer"))
                {
                    reader.Position++;
                }

                reader.Expect("join");
                FromItem();
            }
            else if (reader.Accept("on"))
            {
                Expression();
            }
            else if (reader.Accept("using"))
            {
                reader.NameList();
            }
            else
            {
                break;
            }
        }

        reader.Leave();
    }

    /// <summary>A table, subquery, call or join in parentheses, with its alias.</summary>
    public void FromItem()
    {
        if (reader.AcceptSymbol("("))
        {
            if (StartsQuery())
            {
                Query();
            }
            else
            {
                FromList();
            }

            reader.ExpectSymbol(")");
        }
        else
        {
            Source();
        }

        if (reader.IsAnyWord("pivot", "unpivot"))
        {
            throw Refusals.NotCovered(reader.Peek().Value.ToUpperInvariant());
        }

        Alias();
        if (!EndsFromItem())
        {
            throw reader.Unexpected();
        }
    }

    /// <summary>A query begins here, perhaps behind more parentheses.</summary>
    private bool StartsQuery()
    {
        var ahead = 0;
        while (reader.IsSymbol("(", ahead))
        {
            ahead++;
        }

        return reader.IsWord("select", ahead) || reader.IsWord("with", ahead) || reader.IsWord("values", ahead);
    }

    private void Source()
    {
        var start = reader.Position;
        if (reader.IsWord("only"))
        {
            throw reader.Unexpected();
        }

        if (reader.IsWord("lateral") && reader.IsSymbol("(", 1))
        {
            throw reader.Unexpected(start + 2);
        }

        if (reader.IsWord("unnest") && reader.IsSymbol("(", 1))
        {
            throw Refusals.NoFunction("unnest(...)");
        }

        if (IsCallAhead())
        {
            Chain();
            return;
        }

        var relation = reader.Relation();
        if (reader.IsSymbol("."))
        {
            throw Refusals.NotCovered("navigation into SUPER in FROM");
        }

        if (relation.Schema is null && _commonTables.Any(names => names.Contains(relation.Name)))
        {
            return;
        }

        if (Findings.Relation(relation) is { } schema)
        {
            rewrite.ReplaceRange(start, reader.Position, $"{schema}.{Identifiers.Quote(relation.Name)}");
        }
        else if (relation.Schema is null && !relation.IsTemporary)
        {
            IsQualified = false;
        }
    }

    private bool IsCallAhead() =>
        reader.IsSymbol("(", 1) || (reader.IsSymbol(".", 1) && reader.IsSymbol("(", 3));

    private void Alias()
    {
        var named = reader.Accept("as");
        if (!named && !IsAlias(reader.Peek()))
        {
            return;
        }

        var at = reader.Position;
        rewrite.Replace(at, Identifiers.Quote(reader.Name()));
        if (!reader.IsSymbol("("))
        {
            return;
        }

        reader.Position++;
        do
        {
            reader.Name();
            var type = reader.Position;
            if (!reader.IsSymbol(",") && !reader.IsSymbol(")"))
            {
                TypeReader.Read(reader);
                rewrite.Remove(type, reader.Position);
            }
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
    }

    private bool IsAlias(Token token) =>
        !reader.AtEnd && (token.Kind is TokenKind.QuotedName
            || (token.Kind is TokenKind.Word && !JoinWords.Contains(token.Value) && !ReservedWords.Contains(token.Value)
                && !(ClauseWords.Contains(token.Value) && token.Value is not "fetch") && token.Value is not ("set" or "when")));

    private bool EndsFromItem() =>
        reader.AtEnd || reader.IsSymbol(",") || reader.IsSymbol(")")
        || (reader.Peek().Kind is TokenKind.Word
            && (JoinWords.Contains(reader.Peek().Value) || (ClauseWords.Contains(reader.Peek().Value) && !reader.IsWord("fetch"))
                || reader.IsAnyWord("set", "when", "with")));
}
