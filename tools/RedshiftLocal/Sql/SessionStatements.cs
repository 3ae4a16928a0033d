namespace RedshiftLocal.Sql;

/// <summary>Transactions, SET and SHOW.</summary>
internal sealed class SessionStatements(TokenReader reader)
{
    public TransactionControl Begin()
    {
        var start = reader.Accept("start");
        if (start)
        {
            reader.Expect("transaction");
        }
        else
        {
            reader.Expect("begin");
            Noise();
        }

        var readOnly = TransactionModes();
        return new TransactionControl(TransactionVerb.Begin, readOnly ? "BEGIN READ ONLY" : "BEGIN", start ? "START TRANSACTION" : "BEGIN");
    }

    public TransactionControl Commit()
    {
        reader.Position++;
        Noise();
        reader.ExpectEnd();
        return new TransactionControl(TransactionVerb.Commit, "COMMIT", "COMMIT");
    }

    public TransactionControl Rollback()
    {
        reader.Position++;
        Noise();
        if (reader.IsWord("to"))
        {
            throw Refusals.Command(reader.Statement.Text);
        }

        reader.ExpectEnd();
        return new TransactionControl(TransactionVerb.Rollback, "ROLLBACK", "ROLLBACK");
    }

    public Forwarded Savepoint()
    {
        reader.Expect("savepoint");
        var name = reader.Name();
        reader.ExpectEnd();
        return new Forwarded($"SAVEPOINT {Identifiers.Quote(name)}") { Block = BlockRule.InsideOnly, Tag = "SAVEPOINT" };
    }

    public Translation Set()
    {
        reader.Expect("set");
        if (reader.Accept("transaction") || reader.Accept("session", "characteristics"))
        {
            if (reader.Accept("as"))
            {
                reader.Expect("transaction");
            }

            var readOnly = TransactionModes();
            return new Forwarded(readOnly ? "SET TRANSACTION READ ONLY" : "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ") { Tag = "SET" };
        }

        var local = reader.Accept("local");
        if (!local)
        {
            if (reader.Accept("session", "authorization"))
            {
                return new Setting(SettingVerb.Set, "session_authorization", NameOrText(), Local: false);
            }

            reader.Accept("session");
        }

        if (reader.Accept("role"))
        {
            return new Setting(SettingVerb.Set, "role", NameOrText(), local);
        }

        if (reader.Accept("time", "zone"))
        {
            return new Setting(SettingVerb.Set, "timezone", Value(), local);
        }

        var name = SettingName();
        if (!reader.Accept("to"))
        {
            reader.ExpectSymbol("=");
        }

        return new Setting(SettingVerb.Set, name, Value(), local);
    }

    public Translation Reset()
    {
        reader.Expect("reset");
        if (reader.Accept("session", "authorization"))
        {
            reader.ExpectEnd();
            return new Setting(SettingVerb.Set, "session_authorization", null, Local: false);
        }

        var name = reader.Accept("all") ? "all" : SettingName();
        reader.ExpectEnd();
        return new Setting(SettingVerb.Reset, name, null, Local: false);
    }

    public Translation Show()
    {
        reader.Expect("show");
        if (new ShowStatements(reader).Translate() is { } query)
        {
            return query;
        }

        if (reader.Accept("time", "zone"))
        {
            reader.ExpectEnd();
            return new Setting(SettingVerb.Show, "timezone", null, Local: false);
        }

        var words = reader.AcceptOneOf("all", "session_authorization");
        if (words is null && reader.Accept("session", "authorization"))
        {
            words = "session_authorization";
        }

        if (words is null && reader.Accept("transaction", "isolation", "level"))
        {
            words = "transaction_isolation";
        }

        var name = words ?? SettingName();
        reader.ExpectEnd();
        return new Setting(SettingVerb.Show, name, null, Local: false);
    }

    private void Noise()
    {
        if (!reader.Accept("work"))
        {
            reader.Accept("transaction");
        }
    }

    /// <summary>The modes are words to Redshift: the level is the database's. True for READ ONLY.</summary>
    private bool TransactionModes()
    {
        var readOnly = false;
        while (!reader.AtEnd)
        {
            if (reader.Accept("isolation", "level"))
            {
                if (!(reader.Accept("serializable") || reader.Accept("snapshot") || reader.Accept("repeatable", "read")
                    || reader.Accept("read", "committed") || reader.Accept("read", "uncommitted")))
                {
                    throw reader.Unexpected();
                }
            }
            else if (reader.Accept("read", "only"))
            {
                readOnly = true;
            }
            else if (!reader.Accept("read", "write"))
            {
                throw reader.Unexpected();
            }

            reader.AcceptSymbol(",");
        }

        return readOnly;
    }

    /// <summary>a or a.b</summary>
    private string SettingName()
    {
        var name = reader.AnyName();
        return reader.AcceptSymbol(".") ? $"{name}.{reader.AnyName()}" : name;
    }

    private string? NameOrText()
    {
        if (reader.Accept("default"))
        {
            reader.ExpectEnd();
            return null;
        }

        var value = reader.Peek().Kind is TokenKind.Text ? reader.Text() : reader.AnyName();
        reader.ExpectEnd();
        return value;
    }

    /// <summary>One value or several with commas between; null for DEFAULT.</summary>
    private string? Value()
    {
        if (reader.Accept("default"))
        {
            reader.ExpectEnd();
            return null;
        }

        var values = new List<string>();
        do
        {
            values.Add(OneValue());
        }
        while (reader.AcceptSymbol(","));
        reader.ExpectEnd();
        return string.Join(", ", values);
    }

    private string OneValue()
    {
        var sign = reader.AcceptSymbol("-") ? "-" : string.Empty;
        var token = reader.Peek();
        if (reader.AtEnd || token.Kind is TokenKind.Symbol or TokenKind.Parameter || (sign.Length > 0 && token.Kind is not TokenKind.Number))
        {
            throw reader.Unexpected();
        }

        reader.Position++;
        return token.Kind is TokenKind.QuotedName ? Bare(Identifiers.Name(token, reader.Facts)) : sign + token.Value;

        static string Bare(string name) => name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_') ? name : Identifiers.Quote(name);
    }
}
