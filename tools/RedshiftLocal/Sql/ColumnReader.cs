namespace RedshiftLocal.Sql;

/// <summary>Reads a column's name, type, attributes and constraints.</summary>
internal sealed class ColumnReader(TokenReader reader, Rewrite rewrite, QueryWalker walker)
{
    private static readonly string[] AttributeWords =
        ["encode", "distkey", "sortkey", "identity", "generated", "collate", "unique", "primary", "references", "constraint", "check", "null", "not"];

    /// <summary>Reads one column of the table; keys that are written beside it are added to the list.</summary>
    public ColumnDefinition Read(string table, List<KeyConstraint> keys)
    {
        var name = reader.Name();
        if (ReservedWords.IsSystemColumn(name))
        {
            throw new Protocol.ServerException("42701", $"column name \"{name}\" conflicts with a system column name");
        }

        var column = new ColumnDefinition(name, TypeReader.Read(reader));
        CheckType(table, name, column.Type);
        while (!reader.AtEnd && !reader.IsSymbol(",") && !reader.IsSymbol(")"))
        {
            Attribute(column, keys);
        }

        return column;
    }

    /// <summary>Refuses a type that a user table may not have.</summary>
    public static void CheckType(string table, string column, DataType type)
    {
        switch (type.Rank)
        {
            case TypeRank.NotCovered:
                throw Refusals.NotCovered($"columns of type {type.Name}");
            case TypeRank.Leader or TypeRank.Unsupported:
                throw Refusals.Unsupported($"Column \"{table}.{column}\" has unsupported type \"{type.Written}\".");
        }
    }

    /// <summary>An expression for DEFAULT, up to the next attribute.</summary>
    public string Default()
    {
        var first = reader.Position;
        walker.Findings.Target();
        walker.Step();
        while (!reader.AtEnd && !reader.IsSymbol(",") && !reader.IsSymbol(")") && !reader.IsAnyWord(AttributeWords))
        {
            walker.Step();
        }

        return rewrite.Render(first, reader.Position);
    }

    private void Attribute(ColumnDefinition column, List<KeyConstraint> keys)
    {
        var at = reader.Position;
        var name = reader.Accept("constraint") ? reader.Name() : null;
        if (reader.IsWord("check"))
        {
            throw KeyConstraint.CheckRefused();
        }

        if (reader.Accept("not", "null"))
        {
            Nullable(column, at, notNull: true);
        }
        else if (reader.Accept("null"))
        {
            Nullable(column, at, notNull: false);
        }
        else if (reader.Accept("primary", "key"))
        {
            keys.Add(new KeyConstraint(name, "p", [column.Name]));
        }
        else if (reader.Accept("unique"))
        {
            keys.Add(new KeyConstraint(name, "u", [column.Name]));
        }
        else if (reader.Accept("references"))
        {
            keys.Add(KeyConstraint.References(reader, name, [column.Name]));
        }
        else if (name is not null)
        {
            throw reader.Unexpected();
        }
        else
        {
            Property(column, at);
        }
    }

    private void Nullable(ColumnDefinition column, int at, bool notNull)
    {
        if (column.NotNull is { } given && given != notNull)
        {
            throw new Protocol.ServerException("42601", $"conflicting NULL/NOT NULL declarations for column \"{column.Name}\"");
        }

        column.NotNull = reader.Position > at ? notNull : null;
    }

    private void Property(ColumnDefinition column, int at)
    {
        if (reader.Accept("default"))
        {
            Once(column.Default is not null, at);
            column.Default = Default();
        }
        else if (reader.Accept("encode"))
        {
            Once(column.Encoding is not null, at);
            column.Encoding = Encodings.Read(reader, column.Name, column.Type);
        }
        else if (reader.Accept("distkey"))
        {
            column.IsDistributionKey = true;
        }
        else if (reader.Accept("sortkey"))
        {
            column.IsSortKey = true;
        }
        else if (reader.Accept("identity"))
        {
            Once(column.Identity is not null, at);
            column.Identity = Identity(column, always: true);
        }
        else if (reader.Accept("generated", "by", "default", "as", "identity"))
        {
            Once(column.Identity is not null, at);
            column.Identity = Identity(column, always: false);
        }
        else if (reader.Accept("collate"))
        {
            Collation(column);
        }
        else
        {
            throw reader.Unexpected();
        }
    }

    private void Once(bool given, int at)
    {
        if (given)
        {
            throw reader.Unexpected(at);
        }
    }

    private Identity Identity(ColumnDefinition column, bool always)
    {
        if (column.Type.Base is not ("integer" or "bigint"))
        {
            throw new Protocol.ServerException("42P16", $"identity column \"{column.Name}\" must be of type INT or BIGINT");
        }

        reader.ExpectSymbol("(");
        var seed = reader.Integer();
        reader.ExpectSymbol(",");
        var step = reader.Integer();
        reader.ExpectSymbol(")");
        return step == 0 ? throw new Protocol.ServerException("22023", "identity step cannot be 0") : new Identity(always, seed, step);
    }

    private void Collation(ColumnDefinition column)
    {
        if (!column.Type.IsCharacter || !reader.IsAnyWord("case_sensitive", "case_insensitive", "cs", "ci"))
        {
            throw reader.Unexpected();
        }

        column.Collation = reader.IsAnyWord("case_insensitive", "ci") ? "case_insensitive" : null;
        reader.Position++;
    }
}
