using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

internal sealed partial class QueryWalker
{
    /// <summary>Words of expressions; a parenthesis after one of them does not make it a call.</summary>
    private static readonly FrozenSet<string> ExpressionWords = Set("""
        all and any as asc at between both by case cross cube current_date current_time current_timestamp current_user default desc distinct
        else end escape except false first following from group having ilike in interval intersect into is isnull join
        last leading like limit localtime localtimestamp minus natural not notnull null nulls of offset on or order over partition placing
        preceding precision range rollup rows select session_user sets similar some then to trailing true unbounded union unknown user
        using values varying when where within without zone
        """);

    /// <summary>An expression up to a comma, a closing parenthesis, a clause's first word or the end.</summary>
    public void Expression() => Scan(insideParentheses: false);

    private void ExpressionList()
    {
        do
        {
            Expression();
        }
        while (reader.AcceptSymbol(","));
    }

    private void Scan(bool insideParentheses)
    {
        reader.Enter();
        var start = reader.Position;
        while (!reader.AtEnd && !Stops(insideParentheses) && !(reader.Position > start && EndsStatementPart()))
        {
            Step();
        }

        if (!insideParentheses && reader.Position == start)
        {
            throw reader.Unexpected();
        }

        reader.Leave();
    }

    private bool Stops(bool insideParentheses)
    {
        var token = reader.Peek();
        return token.Kind switch
        {
            TokenKind.Symbol => token.Value is ")" or "]" || (token.Value is "," && !insideParentheses),
            TokenKind.Word => !insideParentheses && !IsAttribute() && !IsLabel()
                && (ClauseWords.Contains(token.Value) || JoinWords.Contains(token.Value) || token.Value is "when" or "with")
                && !IsJoinWordAsCall(token.Value),
            _ => false,
        };
    }

    /// <summary>Words that are no aliases here: RETURNING, which does not exist, and MERGE's REMOVE DUPLICATES.</summary>
    private bool EndsStatementPart() => reader.IsWord("returning") || (reader.IsWord("remove") && reader.IsWord("duplicates", 1));

    private bool IsJoinWordAsCall(string word) => word is "left" or "right" && reader.IsSymbol("(", 1);

    private bool IsAttribute() => reader[reader.Position - 1] is { Kind: TokenKind.Symbol, Value: "." };

    private bool IsLabel() => reader[reader.Position - 1] is { Kind: TokenKind.Word, Value: "as" };

    /// <summary>Passes one step of an expression: a name with its call, a parenthesis with what is in it, or a token.</summary>
    public void Step()
    {
        if (reader.AtEnd)
        {
            throw reader.Unexpected();
        }

        var token = reader.Peek();
        switch (token.Kind)
        {
            case TokenKind.Symbol:
                Symbol(token.Value);
                break;
            case TokenKind.QuotedName:
                Chain();
                break;
            case TokenKind.Word when IsLabel():
                Label();
                break;
            case TokenKind.Word:
                Word(token);
                break;
            default:
                reader.Position++;
                break;
        }
    }

    /// <summary>A column's label may be any word.</summary>
    private void Label()
    {
        rewrite.Replace(reader.Position, Identifiers.Quote(reader.AnyName()));
    }

    private void Symbol(string symbol)
    {
        switch (symbol)
        {
            case "(":
                Parentheses();
                break;
            case "::":
                reader.Position++;
                Cast(reader.Position - 2);
                break;
            case "[":
                reader.Position++;
                Scan(insideParentheses: true);
                reader.ExpectSymbol("]");
                break;
            case "=>" or ":=" or ":" or ";":
                throw reader.Unexpected();
            default:
                reader.Position++;
                break;
        }
    }

    private void Parentheses()
    {
        reader.Position++;
        if (reader.IsAnyWord("select", "with", "values"))
        {
            Query();
        }
        else
        {
            Scan(insideParentheses: true);
        }

        reader.ExpectSymbol(")");
    }

    private void Word(Token token)
    {
        switch (token.Value)
        {
            case "case":
                Case();
                return;
            case "cast" when reader.IsSymbol("(", 1):
                CastCall();
                return;
            case "convert" when reader.IsSymbol("(", 1):
                ConvertCall();
                return;
            case "any" or "all" or "some" when reader.IsSymbol("(", 1):
                ArrayComparison();
                return;
            case "array" when reader.IsSymbol("[", 1):
                throw Refusals.Unsupported("ARRAY constructors are not supported");
            case "is" when IsDistinctFrom():
                throw Refusals.Unsupported("IS DISTINCT FROM is not supported");
            case "select" or "with" when FollowsSetOperator():
                Query();
                return;
            case "minus" when reader[reader.Position - 1] is { Kind: TokenKind.Symbol, Value: ")" }:
                rewrite.Replace(reader.Position++, "EXCEPT");
                return;
            case "collate":
                throw reader.Unexpected();
            case "sysdate" when !reader.IsSymbol("(", 1):
                rewrite.Replace(reader.Position++, "rs_catalog.sysdate()");
                return;
            case "current_user_id" when !reader.IsSymbol("(", 1):
                rewrite.Replace(reader.Position++, "rs_catalog.current_user_id()");
                return;
            case "current_timestamp" or "current_time" or "localtime" or "localtimestamp":
                Findings.LeaderOnly(token.Value);
                reader.Position++;
                return;
            case "approximate" when reader.IsWord("count", 1) || reader.IsWord("percentile_disc", 1):
                rewrite.Remove(reader.Position, reader.Position + 1);
                reader.Position++;
                return;
            case "operator" when reader.IsSymbol("(", 1):
                QualifiedOperator();
                return;
            case "extract" when reader.IsSymbol("(", 1):
                Extract();
                return;
        }

        if (reader.Peek(1).Kind is TokenKind.Text)
        {
            TypedLiteral(token);
            return;
        }

        if (token.Value is "u" && IsAdjacentTo("&") && reader.Peek(2).Kind is TokenKind.Text)
        {
            throw new Protocol.ServerException("42703", "column \"u\" does not exist");
        }

        if (ReservedWords.IsMisplacedInQuery(token.Value))
        {
            throw reader.Unexpected();
        }

        if (ExpressionWords.Contains(token.Value) && !IsAttribute())
        {
            reader.Position++;
            return;
        }

        Chain();
    }

    /// <summary>EXTRACT(part FROM value) is DATE_PART('part', value), as it was in 8.0.</summary>
    private void Extract()
    {
        var start = reader.Position++;
        reader.ExpectSymbol("(");
        var part = reader.Peek().Kind is TokenKind.Text ? reader.Text() : reader.AnyName();
        reader.Expect("from");
        var first = reader.Position;
        Scan(insideParentheses: true);
        var end = reader.Position;
        reader.ExpectSymbol(")");
        rewrite.ReplaceRange(start, reader.Position, $"date_part({Identifiers.Literal(part)}, {rewrite.Render(first, end)})");
    }

    /// <summary>OPERATOR(pg_catalog.~)</summary>
    private void QualifiedOperator()
    {
        reader.Position++;
        reader.ExpectSymbol("(");
        if (reader.Peek().Kind is TokenKind.Word)
        {
            reader.Expect("pg_catalog");
            reader.ExpectSymbol(".");
        }

        reader.Position++;
        reader.ExpectSymbol(")");
    }

    private bool IsAdjacentTo(string symbol) =>
        reader.IsSymbol(symbol, 1) && reader.Peek(1).Start == reader.Peek().Start + reader.Peek().Length;

    private bool IsDistinctFrom() => reader.IsWord("distinct", 1) || (reader.IsWord("not", 1) && reader.IsWord("distinct", 2));

    private bool FollowsSetOperator() =>
        reader[reader.Position - 1] is { Kind: TokenKind.Word, Value: "union" or "all" or "distinct" or "intersect" or "except" or "minus" };

    private void Case()
    {
        reader.Enter();
        reader.Position++;
        while (!reader.IsWord("end") || IsAttribute())
        {
            if (reader.AtEnd || reader.IsSymbol(")") || reader.IsSymbol("]"))
            {
                throw reader.Unexpected();
            }

            Step();
        }

        reader.Position++;
        reader.Leave();
    }

    /// <summary>name '…': a literal with its type. E'…' is one of a type named e.</summary>
    private void TypedLiteral(Token token)
    {
        var word = token.Value;
        if (word is "e" or "x" or "b" && reader.Peek(1).Start == token.Start + token.Length)
        {
            throw word is "e" ? Refusals.NoType("e") : Refusals.Unsupported("Type \"bit\" is not supported");
        }

        if (ExpressionWords.Contains(word) && word is not "interval")
        {
            reader.Position++;
            return;
        }

        if (TypeReader.IsKnown(word))
        {
            var start = reader.Position;
            var type = ReadCastType();
            rewrite.ReplaceRange(start, reader.Position, type.Base is "super" or "varbyte" ? "rs_catalog." + type.Base : type.Base);
            return;
        }

        throw Refusals.NoType(word);
    }

    /// <summary>ANY, ALL and SOME over an array: the leader node's own arrays only, and none that a client sends.</summary>
    private void ArrayComparison()
    {
        var word = reader.Peek().Value;
        reader.Position++;
        if (reader.Peek(1).Kind is TokenKind.Parameter)
        {
            throw new Protocol.ServerException("42809", "op ANY/ALL (array) requires array on right side");
        }

        if (!(reader.IsWord("select", 1) || reader.IsWord("with", 1) || reader.IsSymbol("(", 1)))
        {
            Findings.LeaderOnly(word);
        }

        Parentheses();
    }
}
