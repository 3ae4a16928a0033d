using System.Text.Json.Nodes;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>CREATE TABLE in both its forms, read from the word after TABLE.</summary>
internal sealed class CreateTable(TokenReader reader, Rewrite rewrite, bool temporary)
{
    private const int MaxColumns = 1600;

    private readonly List<ColumnDefinition> _columns = [];
    private readonly List<KeyConstraint> _keys = [];
    private readonly List<string> _elements = [];
    private readonly TableAttributes _attributes = new();
    private QualifiedName? _like;

    public Forwarded Translate()
    {
        var ifNotExists = reader.Accept("if", "not", "exists");
        var table = reader.Relation();
        var isTemporary = temporary || table.IsTemporary;
        if (IsQueryAhead())
        {
            return AsQuery(table, isTemporary, ifNotExists);
        }

        reader.ExpectSymbol("(");
        var walker = new QueryWalker(reader, rewrite);
        var columns = new ColumnReader(reader, rewrite, walker);
        do
        {
            Element(columns, table);
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectSymbol(")");
        Attributes(table);
        walker.Findings.Check();
        var sql = $"CREATE {(isTemporary ? "TEMP " : string.Empty)}TABLE {(ifNotExists ? "IF NOT EXISTS " : string.Empty)}{table.Quoted} ({string.Join(", ", _elements)})";
        return new Forwarded(sql) { After = [DdlJson.Call(Definition(table, isTemporary, ifNotExists))], Tag = "CREATE TABLE" };
    }

    /// <summary>What CREATE TABLE AS and SELECT INTO tell rs_internal.ddl.</summary>
    public static JsonObject AsDefinition(QualifiedName table, bool isTemporary, TableAttributes attributes)
    {
        var definition = DdlJson.Action("create_table_as", table);
        definition["temp"] = isTemporary;
        definition["if_not_exists"] = false;
        DdlJson.Add(definition, attributes);
        definition["columns"] = new JsonArray();
        definition["constraints"] = new JsonArray();
        return definition;
    }

    /// <summary>There is no list of columns with types: this is CREATE TABLE … AS.</summary>
    private bool IsQueryAhead()
    {
        if (!reader.IsSymbol("("))
        {
            return true;
        }

        var ahead = 1;
        while (reader.Peek(ahead).Kind is TokenKind.Word or TokenKind.QuotedName && reader.IsSymbol(",", ahead + 1))
        {
            ahead += 2;
        }

        return reader.Peek(ahead).Kind is TokenKind.Word or TokenKind.QuotedName && reader.IsSymbol(")", ahead + 1);
    }

    private Forwarded AsQuery(QualifiedName table, bool isTemporary, bool ifNotExists)
    {
        var names = reader.IsSymbol("(") ? reader.NameList() : [];
        _attributes.Read(reader);
        _attributes.Check();
        if (ifNotExists || !reader.IsWord("as"))
        {
            throw reader.Unexpected();
        }

        reader.Position++;
        var first = reader.Position;
        var walker = new QueryWalker(reader, rewrite);
        walker.Findings.Target();
        walker.Query();
        reader.ExpectEnd();
        walker.Findings.Check();
        var columns = names.IsEmpty ? string.Empty : $" ({string.Join(", ", names.Select(Identifiers.Quote))})";
        var sql = $"CREATE {(isTemporary ? "TEMP " : string.Empty)}TABLE {table.Quoted}{columns} AS {rewrite.Render(first, reader.Position)}";
        return new Forwarded(sql) { After = [DdlJson.Call(AsDefinition(table, isTemporary, _attributes))], Tag = "SELECT", QueryKind = "CTAS" };
    }

    private void Element(ColumnReader columns, QualifiedName table)
    {
        if (reader.IsWord("exclude") && (reader.IsWord("using", 1) || reader.IsSymbol("(", 1)))
        {
            throw reader.Unexpected();
        }

        if (reader.Accept("like"))
        {
            Like();
        }
        else if (KeyConstraint.Read(reader) is { } key)
        {
            _keys.Add(key);
        }
        else
        {
            var column = columns.Read(table.Name, _keys);
            if (_columns.Exists(other => other.Name == column.Name))
            {
                throw new ServerException("42701", $"column \"{column.Name}\" specified more than once");
            }

            _columns.Add(column);
            _elements.Add(column.Render());
            if (_columns.Count > MaxColumns)
            {
                throw new ServerException("54011", $"tables can have at most {MaxColumns} columns");
            }
        }
    }

    private void Like()
    {
        _like = reader.Relation();
        var including = reader.Accept("including");
        if (including || reader.Accept("excluding"))
        {
            reader.Expect("defaults");
        }

        _elements.Add($"LIKE {_like.Quoted}{(including ? " INCLUDING DEFAULTS" : string.Empty)}");
    }

    private void Attributes(QualifiedName table)
    {
        if (reader.IsWord("inherits"))
        {
            throw Refusals.Unsupported("CREATE TABLE ... INHERITS is not supported");
        }

        _attributes.Read(reader);
        reader.ExpectEnd();
        ColumnKeys();
        _attributes.Check();
        if (_like is not null && (_attributes.Any || _attributes.DistKey is not null || !_attributes.SortKey.IsEmpty))
        {
            throw Refusals.Unsupported("table attributes cannot be specified in CREATE TABLE ... LIKE");
        }

        CheckKeys(table);
        if (_like is null)
        {
            KeyColumn(_attributes.DistKey, table);
            foreach (var name in _attributes.SortKey)
            {
                KeyColumn(name, table);
            }
        }
    }

    /// <summary>DISTKEY and SORTKEY written beside a column.</summary>
    private void ColumnKeys()
    {
        foreach (var column in _columns.Where(column => column.IsDistributionKey))
        {
            _attributes.DistKey = _attributes.DistKey is null || _attributes.DistKey == column.Name
                ? column.Name
                : throw new ServerException("42P16", "multiple DISTKEY columns are not allowed");
        }

        var sort = _columns.Where(column => column.IsSortKey).Select(column => column.Name).ToList();
        if (sort.Count == 0)
        {
            return;
        }

        if (sort.Count > 1 || _attributes.SortStyle is not null)
        {
            throw new ServerException("42P16", "multiple SORTKEY definitions are not allowed");
        }

        _attributes.SortKey = [.. sort];
        _attributes.SortStyle = "COMPOUND";
    }

    private void KeyColumn(string? name, QualifiedName table)
    {
        if (name is null)
        {
            return;
        }

        var column = _columns.Find(column => column.Name == name)
            ?? throw new ServerException("42703", $"column \"{name}\" named in key does not exist");
        if (!column.Type.IsKey)
        {
            throw Refusals.Unsupported($"Column \"{table.Name}.{name}\" of type \"{column.Type.Written}\" cannot be a distribution or sort key");
        }
    }

    private void CheckKeys(QualifiedName table)
    {
        if (_keys.Count(key => key.Kind is "p") > 1)
        {
            throw new ServerException("42P16", $"multiple primary keys for table \"{table.Name}\" are not allowed");
        }

        foreach (var key in _keys)
        {
            foreach (var name in key.Columns)
            {
                var column = _columns.Find(column => column.Name == name);
                if (column is null && _like is null)
                {
                    throw new ServerException("42703", $"column \"{name}\" named in key does not exist");
                }

                if (key.Kind is "p" && column is { NotNull: not true, Identity: null })
                {
                    throw Refusals.Unsupported($"primary key column \"{name}\" must be declared NOT NULL");
                }
            }
        }
    }

    private JsonObject Definition(QualifiedName table, bool isTemporary, bool ifNotExists)
    {
        var definition = DdlJson.Action("create_table", table);
        definition["temp"] = isTemporary;
        definition["if_not_exists"] = ifNotExists;
        DdlJson.Add(definition, _attributes);
        definition["like"] = _like is null ? null : new JsonObject { ["schema"] = _like.Schema, ["table"] = _like.Name };
        definition["columns"] = new JsonArray([.. _columns.Select(DdlJson.Column)]);
        definition["constraints"] = new JsonArray([.. _keys.Select(DdlJson.Constraint)]);
        return definition;
    }
}
