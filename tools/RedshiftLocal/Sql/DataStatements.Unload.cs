namespace RedshiftLocal.Sql;

// The query of UNLOAD.
internal sealed partial class DataStatements
{
    /// <summary>The query of an UNLOAD, as the backing server runs it. See the guide's page "UNLOAD", usage notes.</summary>
    public string Unloaded()
    {
        if (!reader.IsAnyWord("select", "with") && !reader.IsSymbol("("))
        {
            throw reader.Unexpected();
        }

        var limited = HasOuterLimit();
        _walker.Query();
        reader.ExpectEnd();
        if (_walker.Into is not null)
        {
            throw Refusals.Syntax("INTO");
        }

        // What compute nodes write to S3 cannot come from the leader node.
        _walker.Findings.Target();
        _walker.Findings.Check();
        return limited ? throw Refusals.Unsupported("Limit clause is not supported") : rewrite.Render();
    }

    /// <summary>LIMIT, OFFSET or TOP of the outermost query, parentheses around which make no difference.</summary>
    private bool HasOuterLimit()
    {
        var outer = 0;
        var last = reader.Statement.Tokens.Length - 1;
        while (reader.IsSymbol("(", outer) && Closing(outer) == last - outer)
        {
            outer++;
        }

        var depth = 0;
        for (var i = outer; i <= last - outer; i++)
        {
            depth += Step(i);
            if (depth == 0 && reader[i] is { Kind: TokenKind.Word } word && (word.Value is "limit" or "offset" || IsTop(i)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsTop(int index) =>
        reader[index] is { Kind: TokenKind.Word, Value: "top" } && reader[index - 1] is { Kind: TokenKind.Word, Value: "select" or "distinct" or "all" }
        && reader[index + 1] is { Kind: TokenKind.Number } or { Kind: TokenKind.Symbol, Value: "(" };

    private int Closing(int opening)
    {
        var depth = 0;
        for (var i = opening; reader[i].Value is not null; i++)
        {
            depth += Step(i);
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private int Step(int index) =>
        reader[index] is { Kind: TokenKind.Symbol, Value: "(" } ? 1 : reader[index] is { Kind: TokenKind.Symbol, Value: ")" } ? -1 : 0;
}
