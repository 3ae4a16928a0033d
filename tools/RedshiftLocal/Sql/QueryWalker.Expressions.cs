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
        while (!reader.AtEnd && !Stops(insideParentheses) && !(reader.Position > start && reader.IsWord("returning")))
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
                reader.Position++;
                Parentheses();
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

    private DataType ReadCastType()
    {
        var type = TypeReader.Read(reader);
        switch (type.Rank)
        {
            case TypeRank.Unsupported:
                throw Refusals.NoType(type.Written);
            case TypeRank.NotCovered when type.Base is not "interval":
                throw Refusals.NotCovered($"type {type.Name}");
            case TypeRank.Leader when type.Base is not ("interval" or "name" or "oid"):
                Findings.LeaderOnly(type.Written);
                break;
        }

        return type;
    }

    /// <summary>The type after :: or AS; the last token of what is cast decides what is refused.</summary>
    private void Cast(int operand)
    {
        var start = reader.Position;
        var type = ReadCastType();
        RefuseBooleanCast(operand, type);
        rewrite.ReplaceRange(start, reader.Position, CastTarget(type));
    }

    /// <summary>The type in a cast: without a length, values stay as long as they are.</summary>
    private static string CastTarget(DataType type) => type.IsBare ? type.Base is "varbyte" ? "rs_catalog.varbyte" : "varchar" : type.Backing;

    private void RefuseBooleanCast(int operand, DataType type)
    {
        if (type.IsCharacter && reader[operand] is { Kind: TokenKind.Word, Value: "true" or "false" or "boolean" or "bool" } && !IsAttributeAt(operand))
        {
            throw Refusals.CannotCast("boolean", type.Base);
        }

        if (type.IsBoolean && reader[operand - 1] is { Kind: TokenKind.Symbol, Value: "::" }
            && reader[operand] is { Kind: TokenKind.Word, Value: "varchar" or "text" or "nvarchar" })
        {
            throw Refusals.CannotCast("character varying", "boolean");
        }
    }

    private bool IsAttributeAt(int index) => reader[index - 1] is { Kind: TokenKind.Symbol, Value: "." };

    private void CastCall()
    {
        reader.Position++;
        reader.ExpectSymbol("(");
        var first = reader.Position;
        while (!reader.IsWord("as") || IsAttribute())
        {
            if (reader.AtEnd || reader.IsSymbol(")") || reader.IsSymbol(","))
            {
                throw reader.Unexpected();
            }

            Step();
        }

        var last = reader.Position - 1;
        reader.Position++;
        Cast(last == first || reader[last - 1] is { Kind: TokenKind.Symbol, Value: "::" } ? last : -1);
        reader.ExpectSymbol(")");
    }

    /// <summary>CONVERT(type, value) is CAST(value AS type).</summary>
    private void ConvertCall()
    {
        var start = reader.Position++;
        reader.ExpectSymbol("(");
        var type = ReadCastType();
        reader.ExpectSymbol(",");
        var first = reader.Position;
        Expression();
        var end = reader.Position;
        RefuseBooleanCast(end - 1 == first ? first : -1, type);
        reader.ExpectSymbol(")");
        rewrite.ReplaceRange(start, reader.Position, $"CAST({rewrite.Render(first, end)} AS {CastTarget(type)})");
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
