using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>GRANT and REVOKE on tables, schemas and databases, and of roles. See the guide's page "GRANT".</summary>
internal sealed class GrantStatements(TokenReader reader)
{
    private static readonly FrozenSet<string> Privileges =
        FrozenSet.ToFrozenSet(["select", "insert", "update", "delete", "references", "truncate", "create", "usage", "temporary", "temp", "all"]);

    private static readonly FrozenSet<string> NotCovered =
        FrozenSet.ToFrozenSet(["drop", "alter", "rule", "trigger", "assumerole", "execute", "share", "explain", "ignore", "access", "modify", "sys"]);

    public Forwarded Grant()
    {
        reader.Expect("grant");
        return Translate(grant: true);
    }

    public Forwarded Revoke()
    {
        reader.Expect("revoke");
        reader.Accept("grant", "option", "for");
        return Translate(grant: false);
    }

    private Forwarded Translate(bool grant)
    {
        var verb = grant ? "GRANT" : "REVOKE";
        if (reader.Accept("role"))
        {
            var roles = List(() => Identifiers.Quote(reader.Name()));
            return Finish(grant, $"{verb} {roles}");
        }

        var privileges = List(Privilege);
        reader.Expect("on");
        return Finish(grant, $"{verb} {privileges} ON {Object()}");
    }

    private Forwarded Finish(bool grant, string sql)
    {
        reader.Expect(grant ? "to" : "from");
        sql += $" {(grant ? "TO" : "FROM")} {List(Grantee)}";
        if (grant)
        {
            sql += reader.Accept("with", "grant", "option") ? " WITH GRANT OPTION" : reader.Accept("with", "admin", "option") ? " WITH ADMIN OPTION" : string.Empty;
        }
        else
        {
            sql += reader.Accept("cascade") ? " CASCADE" : reader.Accept("restrict") ? " RESTRICT" : string.Empty;
        }

        reader.ExpectEnd();
        return new Forwarded(sql) { Tag = grant ? "GRANT" : "REVOKE" };
    }

    private string Privilege()
    {
        var token = reader.Peek();
        if (token.Kind is TokenKind.Word && NotCovered.Contains(token.Value))
        {
            throw Refusals.NotCovered($"the privilege {token.Value.ToUpperInvariant()}");
        }

        if (reader.AtEnd || token.Kind is not TokenKind.Word || !Privileges.Contains(token.Value))
        {
            throw reader.Unexpected();
        }

        reader.Position++;
        if (token.Value is "all")
        {
            reader.Accept("privileges");
        }

        var columns = reader.IsSymbol("(") ? $" ({string.Join(", ", reader.NameList().Select(Identifiers.Quote))})" : string.Empty;
        return token.Value.ToUpperInvariant() + columns;
    }

    private string Object()
    {
        if (reader.Accept("all"))
        {
            reader.Expect("tables");
            reader.Expect("in");
            reader.Expect("schema");
            return $"ALL TABLES IN SCHEMA {List(() => Identifiers.Quote(reader.Name()))}";
        }

        if (reader.Accept("schema"))
        {
            return $"SCHEMA {List(() => Identifiers.Quote(reader.Name()))}";
        }

        if (reader.Accept("database"))
        {
            return $"DATABASE {List(() => Identifiers.Quote(reader.Name()))}";
        }

        if (reader.IsAnyWord("function", "procedure", "language", "datashare", "model", "external", "copy", "rls", "masking"))
        {
            throw Refusals.NotCovered($"privileges on {reader.Peek().Value.ToUpperInvariant()}");
        }

        if (reader.IsWord("table"))
        {
            reader.Position++;
        }

        return $"TABLE {List(() => reader.Relation().Quoted)}";
    }

    private string Grantee()
    {
        if (reader.Accept("public"))
        {
            return "PUBLIC";
        }

        if (reader.IsWord("group") || (reader.IsWord("role") && reader.Peek(1).Kind is TokenKind.Word or TokenKind.QuotedName))
        {
            reader.Position++;
        }

        return Identifiers.Quote(reader.Name());
    }

    private string List(Func<string> read)
    {
        var items = new List<string>();
        do
        {
            items.Add(read());
        }
        while (reader.AcceptSymbol(","));
        return string.Join(", ", items);
    }
}
