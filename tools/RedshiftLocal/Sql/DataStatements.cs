namespace RedshiftLocal.Sql;

/// <summary>SELECT, INSERT, UPDATE, DELETE, TRUNCATE, LOCK, EXPLAIN, PREPARE and cursors.</summary>
internal sealed partial class DataStatements(TokenReader reader, Rewrite rewrite)
{
    private const int FetchLimit = 1000;

    private readonly QueryWalker _walker = new(reader, rewrite);

    public Forwarded Select()
    {
        _walker.Query();
        reader.ExpectEnd();
        _walker.Findings.Check();
        return _walker.Into is { } into
            ? new Forwarded(rewrite.Render())
            {
                After = [DdlJson.Call(CreateTable.AsDefinition(into, _walker.IsIntoTemporary, new TableAttributes()))],
                Tag = "SELECT",
                QueryKind = "CTAS",
            }
            : new Forwarded(rewrite.Render()) { QueryKind = _walker.Findings.NeedsComputeNodes ? "SELECT" : null };
    }

    /// <summary>WITH before SELECT, UPDATE or DELETE; before INSERT it is no syntax.</summary>
    public Forwarded With()
    {
        _walker.With();
        if (reader.IsWord("update"))
        {
            return Update();
        }

        if (reader.IsWord("delete"))
        {
            return Delete();
        }

        if (!reader.IsWord("select") && !reader.IsSymbol("("))
        {
            throw reader.Unexpected();
        }

        return Select();
    }

    public Forwarded Insert()
    {
        Modify(Modification.Insert);
        return Done() with { QueryKind = "INSERT" };
    }

    public Forwarded Update()
    {
        Modify(Modification.Update);
        return Done() with { QueryKind = "UPDATE" };
    }

    public Forwarded Delete()
    {
        Modify(Modification.Delete);
        return Done() with { QueryKind = "DELETE" };
    }

    /// <summary>Ends the transaction that is open. See the guide's page "TRUNCATE".</summary>
    public Forwarded Truncate()
    {
        reader.Expect("truncate");
        reader.Accept("table");
        var table = reader.Relation();
        reader.ExpectEnd();
        return new Forwarded($"TRUNCATE TABLE {table.Quoted}") { Block = BlockRule.Commits, Tag = "TRUNCATE TABLE" };
    }

    /// <summary>LOCK [TABLE] name [, …]: one mode, ACCESS EXCLUSIVE.</summary>
    public Forwarded Lock()
    {
        reader.Expect("lock");
        reader.Accept("table");
        var tables = new List<string>();
        do
        {
            tables.Add(reader.Relation().Quoted);
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectEnd();
        return new Forwarded($"LOCK TABLE {string.Join(", ", tables)}") { Block = BlockRule.InsideOnly, Tag = "LOCK TABLE" };
    }

    public Forwarded Explain()
    {
        reader.Expect("explain");
        reader.Accept("verbose");
        Plannable();
        return Done() with { Tag = "EXPLAIN" };
    }

    /// <summary>PREPARE name [(types)] AS statement.</summary>
    public Forwarded Prepare()
    {
        reader.Expect("prepare");
        if (reader.IsWord("transaction"))
        {
            throw reader.Unexpected();
        }

        reader.Name();
        if (reader.AcceptSymbol("("))
        {
            do
            {
                var at = reader.Position;
                var type = TypeReader.Read(reader);
                rewrite.ReplaceRange(at, reader.Position, type.IsBare ? "varchar" : type.Backing);
            }
            while (reader.AcceptSymbol(","));
            reader.ExpectSymbol(")");
        }

        reader.Expect("as");
        Plannable();
        return Done();
    }

    public Forwarded Execute()
    {
        reader.Expect("execute");
        reader.Name();
        if (reader.AcceptSymbol("("))
        {
            do
            {
                _walker.Expression();
            }
            while (reader.AcceptSymbol(","));
            reader.ExpectSymbol(")");
        }

        return Done();
    }

    public Forwarded Deallocate()
    {
        reader.Expect("deallocate");
        reader.Accept("prepare");
        var all = reader.Accept("all");
        var sql = all ? "DEALLOCATE ALL" : $"DEALLOCATE {Identifiers.Quote(reader.Name())}";
        reader.ExpectEnd();
        return new Forwarded(sql) { Tag = "DEALLOCATE" };
    }

    /// <summary>DECLARE name CURSOR FOR query; that there is one at a time is the session's business. See the guide's page "DECLARE".</summary>
    public Forwarded Declare()
    {
        reader.Expect("declare");
        var name = reader.Name();
        reader.Expect("cursor");
        // psycopg2's named cursors say so.
        reader.Accept("without", "hold");
        reader.Expect("for");
        var first = reader.Position;
        _walker.Query();
        reader.ExpectEnd();
        _walker.Findings.Check();
        return new Forwarded($"DECLARE {Identifiers.Quote(name)} NO SCROLL CURSOR FOR {rewrite.Render(first, reader.Position)}")
        {
            Block = BlockRule.InsideOnly,
            Tag = "DECLARE CURSOR",
        };
    }

    /// <summary>FETCH [NEXT | ALL | FORWARD [count | ALL]] FROM cursor. See the guide's page "FETCH".</summary>
    public Forwarded Fetch()
    {
        reader.Expect("fetch");
        var count = 1L;
        if (reader.Accept("forward") && reader.Peek().Kind is TokenKind.Number)
        {
            count = reader.Integer();
        }
        else if (reader.Peek().Kind is TokenKind.Number)
        {
            count = reader.Integer();
        }
        else if (reader.Accept("all"))
        {
            throw Refusals.Unsupported("FETCH ALL is not supported for a single node configuration.");
        }
        else
        {
            reader.Accept("next");
        }

        if (count > FetchLimit)
        {
            throw Refusals.Unsupported($"Fetch size {count} exceeds the limit of {FetchLimit} for a single node configuration. "
                + "Reduce the client fetch/cache size or upgrade to a multi node installation.");
        }

        reader.Expect("from");
        var name = reader.Name();
        reader.ExpectEnd();
        return new Forwarded($"FETCH FORWARD {count} FROM {Identifiers.Quote(name)}") { Tag = "FETCH" };
    }

    public Forwarded Close()
    {
        reader.Expect("close");
        var name = reader.Name();
        reader.ExpectEnd();
        return new Forwarded($"CLOSE {Identifiers.Quote(name)}") { Tag = "CLOSE CURSOR" };
    }

    private Forwarded Done()
    {
        reader.ExpectEnd();
        _walker.Findings.Check();
        return new Forwarded(rewrite.Render());
    }

    private void Plannable()
    {
        if (reader.IsAnyWord("insert", "update", "delete"))
        {
            Modify(reader.Peek().Value switch { "insert" => Modification.Insert, "update" => Modification.Update, _ => Modification.Delete });
        }
        else if (reader.IsAnyWord("select", "with") || reader.IsSymbol("("))
        {
            _walker.Query();
            if (_walker.Into is not null)
            {
                throw Refusals.Syntax("INTO");
            }
        }
        else
        {
            throw reader.Unexpected();
        }
    }

    private void Modify(Modification kind)
    {
        switch (kind)
        {
            case Modification.Insert:
                InsertBody();
                break;
            case Modification.Update:
                UpdateBody();
                break;
            default:
                DeleteBody();
                break;
        }
    }

    /// <summary>The table that is written, as the backing server has it; catalogs cannot be written.</summary>
    private void Target()
    {
        var at = reader.Position;
        var table = reader.Relation();
        if (table.Schema is "pg_catalog" or "information_schema" || (table.Schema is null && table.Name.StartsWith("pg_", StringComparison.Ordinal)))
        {
            throw new Protocol.ServerException("42501", $"permission denied for relation {table.Name}");
        }

        rewrite.ReplaceRange(at, reader.Position, table.Quoted);
        _walker.Findings.Target();
    }

    private void InsertBody()
    {
        reader.Expect("insert");
        reader.Expect("into");
        Target();
        if (reader.IsSymbol("(") && !reader.IsWord("select", 1) && !reader.IsWord("with", 1) && !reader.IsSymbol("(", 1))
        {
            reader.NameList();
        }

        if (reader.Accept("default"))
        {
            reader.Expect("values");
        }
        else if (reader.Accept("values"))
        {
            do
            {
                reader.ExpectSymbol("(");
                do
                {
                    _walker.Expression();
                }
                while (reader.AcceptSymbol(","));
                reader.ExpectSymbol(")");
            }
            while (reader.AcceptSymbol(","));
        }
        else if (reader.IsAnyWord("select", "with") || reader.IsSymbol("("))
        {
            _walker.Query();
            if (_walker.Into is not null)
            {
                throw Refusals.Syntax("INTO");
            }
        }
        else
        {
            throw reader.Unexpected();
        }
    }

    private void UpdateBody()
    {
        reader.Expect("update");
        Target();
        if (reader.Accept("as") || !reader.IsWord("set"))
        {
            reader.Name();
        }

        reader.Expect("set");
        do
        {
            reader.Name();
            reader.ExpectSymbol("=");
            _walker.Expression();
        }
        while (reader.AcceptSymbol(","));
        var joined = reader.Accept("from");
        if (joined)
        {
            _walker.FromList();
        }

        var where = reader.Position;
        if (reader.Accept("where"))
        {
            _walker.Expression();
        }

        if (joined && !HasEquality(where))
        {
            throw Refusals.Unsupported("Target table must be part of an equijoin predicate");
        }
    }

    private void DeleteBody()
    {
        var at = reader.Position;
        reader.Expect("delete");
        if (!reader.Accept("from"))
        {
            rewrite.After(at, " FROM");
        }

        Target();
        if (reader.Accept("using"))
        {
            _walker.FromList();
        }

        if (reader.Accept("where"))
        {
            _walker.Expression();
        }
    }

    private bool HasEquality(int first)
    {
        for (var i = first; i < reader.Position; i++)
        {
            if (reader[i] is { Kind: TokenKind.Symbol, Value: "=" })
            {
                return true;
            }
        }

        return false;
    }

    private enum Modification
    {
        Insert,
        Update,
        Delete,
    }
}
