using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>Turns a client's statement into what the backing server is to do, or refuses it as Redshift does.</summary>
public static class Translator
{
    /// <summary>Commands of Redshift that are not built here.</summary>
    private static readonly FrozenSet<string> NotCovered = FrozenSet.ToFrozenSet(
        ["call", "refresh", "use", "cancel"]);

    /// <summary>Commands of the 8.0 grammar that are answered with "SQL command … not supported".</summary>
    private static readonly FrozenSet<string> Refused = FrozenSet.ToFrozenSet(
        ["listen", "unlisten", "notify", "cluster", "checkpoint", "load", "reindex", "release", "move"]);

    /// <summary>What becomes of the statement; a refusal is raised as <see cref="Protocol.ServerException"/>.</summary>
    public static Translation Translate(SqlStatement statement, SessionFacts facts)
    {
        if (statement.Tokens.IsEmpty)
        {
            return new EmptyStatement();
        }

        var head = statement.Tokens[0] is { Kind: TokenKind.Word } token ? token.Value : string.Empty;
        var reader = new TokenReader(statement, facts) { IsSecret = IsSecret(statement) };
        if (NotCovered.Contains(head))
        {
            throw Refusals.NotCovered(head.ToUpperInvariant());
        }

        if (Refused.Contains(head))
        {
            throw Refusals.Command(statement.Text);
        }

        return Session(head, reader) ?? Data(head, reader) ?? Objects(head, reader) ?? throw reader.Unexpected();
    }

    /// <summary>The statement holds passwords or keys: its literals are not quoted back.</summary>
    private static bool IsSecret(SqlStatement statement) =>
        statement.Tokens.Any(token => token is { Kind: TokenKind.Word, Value: "password" or "credentials" or "access_key_id" or "secret_access_key" or "copy" or "unload" });

    private static Translation? Session(string head, TokenReader reader)
    {
        var session = new SessionStatements(reader);
        return head switch
        {
            "begin" or "start" => session.Begin(),
            "commit" or "end" => session.Commit(),
            "rollback" or "abort" => session.Rollback(),
            "savepoint" => session.Savepoint(),
            "set" => session.Set(),
            "reset" => session.Reset(),
            "show" => session.Show(),
            "copy" => Copy(reader),
            "unload" => Unload(reader),
            _ => null,
        };
    }

    private static Forwarded? Data(string head, TokenReader reader)
    {
        var data = new DataStatements(reader, new Rewrite(reader.Statement, reader.Facts));
        return head switch
        {
            "select" => data.Select(),
            "with" => data.With(),
            "insert" => data.Insert(),
            "update" => data.Update(),
            "delete" => data.Delete(),
            "truncate" => data.Truncate(),
            "lock" => data.Lock(),
            "merge" => new MergeStatement(reader, new Rewrite(reader.Statement, reader.Facts)).Translate(),
            "explain" => data.Explain(),
            "prepare" => data.Prepare(),
            "execute" => data.Execute(),
            "deallocate" => data.Deallocate(),
            "declare" => data.Declare(),
            "fetch" => data.Fetch(),
            "close" => data.Close(),
            _ when reader.IsSymbol("(") => data.Select(),
            _ when head is "values" => data.Select(),
            _ => null,
        };
    }

    private static Translation? Objects(string head, TokenReader reader)
    {
        var objects = new ObjectStatements(reader, new Rewrite(reader.Statement, reader.Facts));
        var grants = new GrantStatements(reader);
        return head switch
        {
            "create" => objects.Create(),
            "alter" => objects.Alter(),
            "drop" => objects.Drop(),
            "comment" => objects.Comment(),
            "analyze" or "analyse" => objects.Analyze(),
            "vacuum" => objects.Vacuum(),
            "grant" => grants.Grant(),
            "revoke" => grants.Revoke(),
            _ => null,
        };
    }

    /// <summary>COPY … FROM 'source' goes to the COPY engine; the other forms do not exist.</summary>
    private static CopyFrom Copy(TokenReader reader)
    {
        reader.Expect("copy");
        reader.Relation();
        if (reader.IsSymbol("("))
        {
            reader.NameList();
        }

        if (reader.IsWord("to") || (reader.Accept("from") && reader.IsAnyWord("stdin", "stdout")))
        {
            throw Refusals.Unsupported("LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)");
        }

        return reader[reader.Position - 1] is { Kind: TokenKind.Word, Value: "from" } ? new CopyFrom(reader.Statement) : throw reader.Unexpected();
    }

    /// <summary>UNLOAD ('query') TO 'target' …: the query is read as any other; the options are the engine's business.</summary>
    private static UnloadTo Unload(TokenReader reader)
    {
        reader.Expect("unload");
        reader.ExpectSymbol("(");
        var query = reader.Text();
        reader.ExpectSymbol(")");
        reader.Expect("to");
        reader.Text();
        if (StatementSplitter.Split(query) is not [var statement])
        {
            throw query.Contains(';', StringComparison.Ordinal) ? Refusals.Syntax(";") : Refusals.EndOfInput();
        }

        var inner = new TokenReader(statement, reader.Facts);
        return new UnloadTo(reader.Statement, new DataStatements(inner, new Rewrite(statement, reader.Facts)).Unloaded());
    }
}
