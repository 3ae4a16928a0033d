namespace RedshiftLocal.Sql;

internal sealed partial class QueryWalker
{
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
        if (type.Name.EndsWith("[]", StringComparison.Ordinal) && reader[operand].Kind is not TokenKind.Text)
        {
            Findings.ArrayCast(type.Written);
        }

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
}
