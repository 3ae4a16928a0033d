using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>CREATE, ALTER and DROP of what is not a user or a group; COMMENT, ANALYZE, VACUUM.</summary>
internal sealed partial class ObjectStatements(TokenReader reader, Rewrite rewrite)
{
    /// <summary>Commands of the 8.0 grammar that Redshift answers with "SQL command … not supported".</summary>
    private static readonly FrozenSet<string> Refused = FrozenSet.ToFrozenSet(
        ["index", "sequence", "trigger", "domain", "type", "rule", "tablespace", "cast", "operator", "aggregate", "conversion", "language", "unique", "constraint"]);

    private static readonly FrozenSet<string> NotCovered = FrozenSet.ToFrozenSet(
        ["external", "datashare", "model", "procedure", "function", "library", "materialized", "masking", "rls", "identity", "system", "integration", "template"]);

    public Translation Create()
    {
        reader.Expect("create");
        var replace = reader.Accept("or", "replace");
        if (reader.Accept("view"))
        {
            return View(replace);
        }

        CommonRefusals();
        if (replace)
        {
            throw reader.Unexpected();
        }

        if (reader.Accept("local") && !reader.IsAnyWord("temp", "temporary"))
        {
            throw reader.Unexpected();
        }

        var temporary = reader.AcceptOneOf("temp", "temporary") is not null;
        if (temporary && !reader.IsWord("table"))
        {
            throw reader.Unexpected();
        }

        switch (reader.Peek().Value)
        {
            case "table":
                reader.Position++;
                return new CreateTable(reader, rewrite, temporary).Translate();
            case "schema":
                reader.Position++;
                return Schema();
            case "database":
                reader.Position++;
                return Database();
            case "user":
                reader.Position++;
                return new AccessStatements(reader).CreateUser();
            case "group":
                reader.Position++;
                return new AccessStatements(reader).CreateGroup();
            case "role":
                reader.Position++;
                return new AccessStatements(reader).CreateRole();
            default:
                throw reader.Unexpected();
        }
    }

    public Translation Alter()
    {
        reader.Expect("alter");
        CommonRefusals();
        switch (reader.Peek().Value)
        {
            case "table":
                reader.Position++;
                return new AlterTable(reader, rewrite).Translate();
            case "schema":
                reader.Position++;
                return AlterNamed("SCHEMA");
            case "database":
                reader.Position++;
                return AlterNamed("DATABASE");
            case "user":
                reader.Position++;
                return new AccessStatements(reader).AlterUser();
            case "group":
                reader.Position++;
                return new AccessStatements(reader).AlterGroup();
            case "default":
                throw Refusals.NotCovered("ALTER DEFAULT PRIVILEGES");
            case "role":
                throw Refusals.NotCovered("ALTER ROLE");
            default:
                throw reader.Unexpected();
        }
    }

    public Translation Drop()
    {
        reader.Expect("drop");
        CommonRefusals();
        switch (reader.Peek().Value)
        {
            case "table" or "view":
                return DropRelations(reader[reader.Position++].Value.ToUpperInvariant());
            case "schema":
                reader.Position++;
                return DropSchema();
            case "database":
                reader.Position++;
                return DropDatabase();
            case "user" or "group" or "role":
                return new AccessStatements(reader).DropRole(reader[reader.Position++].Value.ToUpperInvariant());
            default:
                throw reader.Unexpected();
        }
    }

    /// <summary>COMMENT ON { TABLE | VIEW | COLUMN | SCHEMA | DATABASE } name IS 'text' | NULL</summary>
    public Forwarded Comment()
    {
        reader.Expect("comment");
        reader.Expect("on");
        if (reader.IsWord("constraint"))
        {
            throw Refusals.NotCovered("COMMENT ON CONSTRAINT");
        }

        if (!reader.IsAnyWord("table", "view", "column", "schema", "database"))
        {
            throw reader.Unexpected();
        }

        var kind = reader[reader.Position++].Value;
        var name = kind is "column" ? ColumnName() : kind is "table" or "view" ? reader.Relation().Quoted : Identifiers.Quote(reader.Name());
        reader.Expect("is");
        var text = reader.Accept("null") ? "NULL" : Identifiers.Literal(reader.Text());
        reader.ExpectEnd();
        return new Forwarded($"COMMENT ON {kind.ToUpperInvariant()} {name} IS {text}") { Tag = "COMMENT" };
    }

    /// <summary>ANALYZE [VERBOSE] [table [(columns)]] [PREDICATE COLUMNS | ALL COLUMNS]</summary>
    public Forwarded Analyze()
    {
        reader.Position++;
        if (reader.IsWord("compression"))
        {
            throw Refusals.NotCovered("ANALYZE COMPRESSION");
        }

        if (reader.IsWord("verbose"))
        {
            reader.Position++;
        }

        var sql = "ANALYZE";
        if (!reader.AtEnd && !reader.IsAnyWord("predicate", "all"))
        {
            sql += " " + reader.Relation().Quoted;
            if (reader.IsSymbol("("))
            {
                sql += $" ({string.Join(", ", reader.NameList().Select(Identifiers.Quote))})";
            }
        }

        if (reader.AcceptOneOf("predicate", "all") is not null)
        {
            reader.Expect("columns");
        }

        reader.ExpectEnd();
        return new Forwarded(sql) { Tag = "ANALYZE" };
    }

    /// <summary>VACUUM [FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER] [table] [TO n PERCENT] [BOOST]</summary>
    public Forwarded Vacuum()
    {
        reader.Expect("vacuum");
        if (reader.Facts.InTransactionBlock)
        {
            throw Refusals.InBlock("VACUUM");
        }

        if (reader.IsWord("full") || reader.IsAnyWord("reindex", "recluster"))
        {
            reader.Position++;
        }
        else if (!reader.Accept("sort", "only"))
        {
            reader.Accept("delete", "only");
        }

        var sql = "VACUUM";
        if (!reader.AtEnd && !reader.IsAnyWord("to", "boost"))
        {
            sql += " " + reader.Relation().Quoted;
            if (reader.Accept("to"))
            {
                if (reader.Integer() is < 0 or > 100)
                {
                    throw reader.Unexpected(reader.Position - 1);
                }

                reader.Expect("percent");
            }
        }

        reader.Accept("boost");
        reader.ExpectEnd();
        return new Forwarded(sql) { Block = BlockRule.OutsideOnly, Tag = "VACUUM" };
    }

    private void CommonRefusals()
    {
        var word = reader.Peek().Value;
        if (reader.Peek().Kind is TokenKind.Word && Refused.Contains(word))
        {
            throw Refusals.Command(reader.Statement.Text);
        }

        if (reader.Peek().Kind is TokenKind.Word && NotCovered.Contains(word))
        {
            throw Refusals.NotCovered($"{word.ToUpperInvariant()} in {reader[0].Value.ToUpperInvariant()}");
        }
    }

    /// <summary>CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION user] [QUOTA n unit] | CREATE SCHEMA AUTHORIZATION user …</summary>
    private Forwarded Schema()
    {
        var sql = reader.Accept("if", "not", "exists") ? "CREATE SCHEMA IF NOT EXISTS" : "CREATE SCHEMA";
        if (!reader.IsWord("authorization"))
        {
            sql += " " + Identifiers.Quote(reader.Name());
        }

        if (reader.Accept("authorization"))
        {
            sql += $" AUTHORIZATION {Identifiers.Quote(reader.Name())}";
        }

        Quota();
        reader.ExpectEnd();
        return new Forwarded(sql) { Tag = "CREATE SCHEMA" };
    }

    private void Quota()
    {
        if (reader.Accept("quota") && !reader.Accept("unlimited"))
        {
            reader.Integer();
            reader.AcceptOneOf("mb", "gb", "tb");
        }
    }

    private Forwarded Database()
    {
        OutsideBlock("CREATE DATABASE");
        var sql = $"CREATE DATABASE {Identifiers.Quote(reader.Name())}";
        reader.Accept("with");
        while (!reader.AtEnd)
        {
            if (reader.Accept("owner"))
            {
                reader.AcceptSymbol("=");
                sql += $" OWNER {Identifiers.Quote(reader.Name())}";
            }
            else if (reader.Accept("connection", "limit"))
            {
                sql += $" CONNECTION LIMIT {(reader.Accept("unlimited") ? -1 : reader.Integer())}";
            }
            else if (reader.Accept("isolation", "level"))
            {
                _ = reader.AcceptOneOf("serializable", "snapshot") ?? throw reader.Unexpected();
            }
            else if (reader.Accept("collate"))
            {
                _ = reader.Accept("case_sensitive") ? true : throw Refusals.NotCovered("a case-insensitive database");
            }
            else
            {
                throw reader.IsWord("from") ? Refusals.NotCovered("datashares") : reader.Unexpected();
            }
        }

        return new Forwarded(sql) { Block = BlockRule.OutsideOnly, Tag = "CREATE DATABASE" };
    }

    private void OutsideBlock(string command)
    {
        if (reader.Facts.InTransactionBlock)
        {
            throw Refusals.InBlock(command);
        }
    }

    private Forwarded AlterNamed(string kind)
    {
        var sql = $"ALTER {kind} {Identifiers.Quote(reader.Name())} ";
        if (reader.Accept("rename"))
        {
            reader.Expect("to");
            sql += $"RENAME TO {Identifiers.Quote(reader.Name())}";
        }
        else if (reader.Accept("owner"))
        {
            reader.Expect("to");
            sql += $"OWNER TO {Identifiers.Quote(reader.Name())}";
        }
        else if (kind is "DATABASE" && reader.Accept("connection", "limit"))
        {
            sql += $"CONNECTION LIMIT {(reader.Accept("unlimited") ? -1 : reader.Integer())}";
        }
        else
        {
            throw reader.IsAnyWord("quota", "collate", "isolation", "set", "integration") ? Refusals.NotCovered($"ALTER {kind} ... {reader.Peek().Value.ToUpperInvariant()}") : reader.Unexpected();
        }

        reader.ExpectEnd();
        return new Forwarded(sql) { Tag = $"ALTER {kind}" };
    }

    private Forwarded DropRelations(string kind)
    {
        var exists = reader.Accept("if", "exists");
        var names = new List<string>();
        do
        {
            names.Add(reader.Relation().Quoted);
        }
        while (reader.AcceptSymbol(","));
        var behaviour = Behaviour();
        reader.ExpectEnd();
        return new Forwarded($"DROP {kind} {(exists ? "IF EXISTS " : string.Empty)}{string.Join(", ", names)}{behaviour}") { Tag = $"DROP {kind}" };
    }

    private Forwarded DropSchema()
    {
        var exists = reader.Accept("if", "exists");
        var names = new List<string>();
        do
        {
            names.Add(Identifiers.Quote(reader.Name()));
        }
        while (reader.AcceptSymbol(","));
        if (reader.IsWord("drop"))
        {
            throw Refusals.NotCovered("external databases");
        }

        var behaviour = Behaviour();
        reader.ExpectEnd();
        return new Forwarded($"DROP SCHEMA {(exists ? "IF EXISTS " : string.Empty)}{string.Join(", ", names)}{behaviour}") { Tag = "DROP SCHEMA" };
    }

    private Forwarded DropDatabase()
    {
        OutsideBlock("DROP DATABASE");
        var name = Identifiers.Quote(reader.Name());
        var force = reader.Accept("force") ? " WITH (FORCE)" : string.Empty;
        reader.ExpectEnd();
        return new Forwarded($"DROP DATABASE {name}{force}") { Block = BlockRule.OutsideOnly, Tag = "DROP DATABASE" };
    }

    private string Behaviour() => reader.Accept("cascade") ? " CASCADE" : reader.Accept("restrict") ? " RESTRICT" : string.Empty;

    /// <summary>[schema.]table.column</summary>
    private string ColumnName()
    {
        var parts = new List<string> { reader.Name() };
        while (reader.AcceptSymbol("."))
        {
            parts.Add(reader.AnyName());
        }

        return parts.Count is 2 or 3 ? string.Join('.', parts.Select(Identifiers.Quote)) : throw reader.Unexpected();
    }
}
