using System.Text.Json.Nodes;

namespace RedshiftLocal.Sql;

/// <summary>ALTER TABLE, read from the word after TABLE. See the guide's page "ALTER TABLE".</summary>
internal sealed class AlterTable(TokenReader reader, Rewrite rewrite)
{
    private const string Tag = "ALTER TABLE";

    private QualifiedName _table = new(null, string.Empty);

    public Translation Translate()
    {
        _table = reader.Relation();
        if (reader.Accept("add"))
        {
            return Add();
        }

        if (reader.Accept("drop"))
        {
            return Drop();
        }

        if (reader.Accept("rename"))
        {
            return Rename();
        }

        if (reader.Accept("owner"))
        {
            reader.Expect("to");
            return Plain($"OWNER TO {Identifiers.Quote(reader.Name())}");
        }

        if (reader.Accept("append"))
        {
            return reader.Facts.InTransactionBlock ? throw Refusals.InBlock("ALTER TABLE APPEND") : throw Refusals.NotCovered("ALTER TABLE APPEND");
        }

        if (reader.IsAnyWord("row", "set", "partition"))
        {
            throw Refusals.NotCovered($"ALTER TABLE ... {reader.Peek().Value.ToUpperInvariant()}");
        }

        if (reader.IsWord("alter"))
        {
            return Alter();
        }

        throw reader.Unexpected();
    }

    private Forwarded Plain(string action, params ReadOnlySpan<JsonObject> definitions)
    {
        reader.ExpectEnd();
        return new Forwarded($"ALTER TABLE {_table.Quoted} {action}")
        {
            After = [.. definitions.ToArray().Select(DdlJson.Call)],
            Tag = Tag,
        };
    }

    /// <summary>Checks that the table is there and the client's own; the change itself is made in rs_internal.</summary>
    private Forwarded Attributes(params ReadOnlySpan<JsonObject> definitions) => Plain("REPLICA IDENTITY DEFAULT", definitions);

    private Forwarded Add()
    {
        if (KeyConstraint.Read(reader) is { } key)
        {
            var constraint = DdlJson.Action("add_constraint", _table);
            constraint["constraints"] = new JsonArray(DdlJson.Constraint(key));
            return Attributes(constraint);
        }

        reader.Accept("column");
        var walker = new QueryWalker(reader, rewrite);
        var keys = new List<KeyConstraint>();
        var column = new ColumnReader(reader, rewrite, walker).Read(_table.Name, keys);
        walker.Findings.Check();
        if (keys.Count > 0 || column.Identity is not null || column.IsDistributionKey || column.IsSortKey)
        {
            throw Refusals.Unsupported("ALTER TABLE ADD COLUMN does not support UNIQUE, PRIMARY KEY, REFERENCES, IDENTITY, DISTKEY or SORTKEY");
        }

        if (column.NotNull is true && column.Default is null or "null" or "NULL")
        {
            throw Refusals.Unsupported("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression");
        }

        var definition = DdlJson.Action("add_column", _table);
        definition["columns"] = new JsonArray(DdlJson.Column(column));
        return Plain($"ADD COLUMN {column.Render()}", definition);
    }

    private Forwarded Drop()
    {
        if (reader.Accept("constraint"))
        {
            var definition = DdlJson.Action("drop_constraint", _table);
            var name = reader.Name();
            definition["constraints"] = new JsonArray(new JsonObject { ["name"] = name, ["cascade"] = Behaviour() is " CASCADE" });
            return Attributes(definition);
        }

        if (reader.IsWord("partition"))
        {
            throw Refusals.NotCovered("external tables");
        }

        reader.Accept("column");
        return Plain($"DROP COLUMN {Identifiers.Quote(reader.Name())}{Behaviour()}");
    }

    private string Behaviour() => reader.Accept("cascade") ? " CASCADE" : reader.Accept("restrict") ? " RESTRICT" : string.Empty;

    private Forwarded Rename()
    {
        if (reader.Accept("to"))
        {
            var name = reader.Name();
            return name.StartsWith('#') && !_table.IsTemporary
                ? throw Refusals.Unsupported("a permanent table cannot be renamed to a name that begins with #")
                : Plain($"RENAME TO {Identifiers.Quote(name)}");
        }

        reader.Expect("column");
        var column = reader.Name();
        reader.Expect("to");
        return Plain($"RENAME COLUMN {Identifiers.Quote(column)} TO {Identifiers.Quote(reader.Name())}");
    }

    /// <summary>ALTER … [, ALTER …]: several may stand together if they are of encodings, or one of the distribution and one of the sort key.</summary>
    private Forwarded Alter()
    {
        var definitions = new List<JsonObject>();
        do
        {
            reader.Expect("alter");
            if (reader.Accept("column"))
            {
                if (ReadColumn(definitions) is { } type)
                {
                    return definitions.Count > 0 ? throw reader.Unexpected() : type;
                }
            }
            else
            {
                definitions.Add(ReadAttribute());
            }
        }
        while (reader.AcceptSymbol(","));
        return Combine(definitions);
    }

    private Forwarded Combine(List<JsonObject> definitions)
    {
        var actions = definitions.ConvertAll(definition => definition["action"]!.GetValue<string>());
        var encodings = actions.TrueForAll(action => action is "alter_encode");
        if (!encodings && actions.Distinct().Count() != actions.Count)
        {
            throw Refusals.Unsupported("ALTER TABLE cannot change the same attribute twice");
        }

        if (encodings && definitions.Select(Column).Distinct(StringComparer.Ordinal).Count() != definitions.Count)
        {
            throw Refusals.Unsupported("ALTER TABLE cannot change the encoding of a column twice");
        }

        return Attributes([.. definitions]);

        static string? Column(JsonObject definition) => definition["columns"] is JsonArray { Count: > 0 } columns ? (string?)columns[0]?["name"] : null;
    }

    /// <summary>TYPE gives the whole statement; ENCODE adds to the list.</summary>
    private Forwarded? ReadColumn(List<JsonObject> definitions)
    {
        var name = reader.Name();
        if (reader.Accept("type"))
        {
            return AlterType(name);
        }

        if (reader.IsAnyWord("set", "drop"))
        {
            var what = reader.Peek().Value.ToUpperInvariant() + (reader.IsWord("default", 1) ? " DEFAULT" : reader.IsWord("not", 1) ? " NOT NULL" : string.Empty);
            throw Refusals.Unsupported($"ALTER COLUMN {what} is not supported");
        }

        reader.Expect("encode");
        var definition = DdlJson.Action("alter_encode", _table);
        definition["columns"] = new JsonArray(new JsonObject { ["name"] = name, ["encode"] = Encodings.Read(reader, name, null) });
        definitions.Add(definition);
        return null;
    }

    private Forwarded AlterType(string name)
    {
        if (reader.Facts.InTransactionBlock)
        {
            throw Refusals.InBlock("ALTER TABLE ALTER COLUMN");
        }

        var type = TypeReader.Read(reader);
        ColumnReader.CheckType(_table.Name, name, type);
        if (type.Base is not ("character varying" or "varbyte"))
        {
            throw Refusals.Unsupported($"target data type \"{type.Base}\" is not supported");
        }

        var definition = DdlJson.Action("alter_type", _table);
        definition["columns"] = new JsonArray(new JsonObject { ["name"] = name, ["type"] = type.Name });
        return Plain($"ALTER COLUMN {Identifiers.Quote(name)} TYPE {type.Backing}", definition) with
        {
            Before = [TypeGuard(name, type)],
            Block = BlockRule.OutsideOnly,
        };
    }

    /// <summary>Only a column that is of this type already may change its length.</summary>
    private string TypeGuard(string name, DataType type)
    {
        var body = $"""
            begin if exists (select from rs_catalog.pg_attribute where attrelid = to_regclass({Identifiers.Literal(_table.Quoted)})
            and attname = {Identifiers.Literal(name)} and atttypid <> {(type.Base is "varbyte" ? 6551 : 1043)}) then
            raise exception using errcode = '0A000', message = {Identifiers.Literal($"ALTER COLUMN TYPE is not supported for column \"{name}\"")}; end if; end
            """;
        return $"do {Identifiers.Literal(body.ReplaceLineEndings(" "))}";
    }

    private JsonObject ReadAttribute()
    {
        if (reader.Accept("distkey"))
        {
            return DistStyle("KEY", reader.Name());
        }

        if (reader.Accept("diststyle"))
        {
            if (reader.Accept("key"))
            {
                reader.Expect("distkey");
                return DistStyle("KEY", reader.Name());
            }

            var style = reader.IsAnyWord("all", "even", "auto") ? reader.Peek().Value.ToUpperInvariant() : throw reader.Unexpected();
            reader.Position++;
            return DistStyle(style, null);
        }

        if (reader.Accept("encode", "auto"))
        {
            var encode = DdlJson.Action("alter_encode", _table);
            encode["columns"] = new JsonArray();
            return encode;
        }

        return SortKey();
    }

    private JsonObject SortKey()
    {
        var definition = DdlJson.Action("alter_sortkey", _table);
        var compound = reader.Accept("compound");
        reader.Expect("sortkey");
        if (!compound && (reader.Accept("auto") || reader.Accept("none")))
        {
            definition["sortstyle"] = reader[reader.Position - 1].Value is "auto" ? "AUTO" : null;
            definition["sortkey"] = new JsonArray();
            return definition;
        }

        var columns = reader.NameList();
        TableAttributes.CheckSortKey(columns, interleaved: false);
        definition["sortstyle"] = "COMPOUND";
        definition["sortkey"] = DdlJson.Names(columns);
        return definition;
    }

    private JsonObject DistStyle(string style, string? key)
    {
        var definition = DdlJson.Action("alter_diststyle", _table);
        definition["diststyle"] = style;
        definition["distkey"] = key;
        return definition;
    }
}
