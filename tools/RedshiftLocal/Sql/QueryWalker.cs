using System.Collections.Frozen;

namespace RedshiftLocal.Sql;

/// <summary>
/// Goes over a query's tokens, refuses what Redshift refuses, takes note of relations and functions, and rewrites what the backing server
/// says in other words. What it does not know it leaves to the backing server's parser.
/// </summary>
internal sealed partial class QueryWalker(TokenReader reader, Rewrite rewrite)
{
    private static readonly FrozenSet<string> ClauseWords = Set("""
        from where group having qualify order limit offset union intersect except minus for into fetch
        """);

    private static readonly FrozenSet<string> JoinWords = Set("join inner left right full cross natural on using");

    private readonly List<HashSet<string>> _commonTables = [];

    private int _level;

    /// <summary>The last call that the backing server would label with another name.</summary>
    private (int Start, int End, string Label)? _call;

    public QueryFindings Findings { get; } = new(reader.Facts);

    /// <summary>The table of SELECT … INTO.</summary>
    public QualifiedName? Into { get; private set; }

    /// <summary>The table of SELECT … INTO is a temporary one.</summary>
    public bool IsIntoTemporary { get; private set; }

    /// <summary>All the names of user relations have a schema (asked of late-binding views).</summary>
    public bool IsQualified { get; private set; } = true;

    /// <summary>A whole query: [WITH …] SELECT …, or one in parentheses. Ends at the first token that is not part of it.</summary>
    public void Query()
    {
        reader.Enter();
        _level++;
        _commonTables.Add([]);
        With();
        Body();
        _commonTables.RemoveAt(_commonTables.Count - 1);
        _level--;
        reader.Leave();
    }

    /// <summary>WITH [RECURSIVE] name [(columns)] AS (query), … – nothing if there is none. Names stay known until the enclosing query ends.</summary>
    public void With()
    {
        if (!reader.Accept("with"))
        {
            return;
        }

        if (_commonTables.Count == 0)
        {
            _commonTables.Add([]);
        }

        reader.Accept("recursive");
        do
        {
            var name = reader.Name();
            _commonTables[^1].Add(name);
            if (reader.IsSymbol("("))
            {
                reader.NameList();
            }

            reader.Expect("as");
            reader.ExpectSymbol("(");
            if (!reader.IsAnyWord("select", "with") && !reader.IsSymbol("("))
            {
                throw reader.Unexpected();
            }

            Query();
            reader.ExpectSymbol(")");
        }
        while (reader.AcceptSymbol(","));
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private void Body()
    {
        var terms = new List<Term> { ReadTerm() };
        while (reader.IsAnyWord("union", "intersect", "except", "minus"))
        {
            var word = reader.Peek().Value;
            if (word is "minus")
            {
                rewrite.Replace(reader.Position, "EXCEPT");
            }

            reader.Position++;
            if (reader.IsWord("all") && word is not "union")
            {
                throw Refusals.Unsupported($"{word.ToUpperInvariant()} ALL is not supported");
            }

            if (!reader.Accept("all"))
            {
                reader.Accept("distinct");
            }

            terms.Add(ReadTerm());
        }

        OrderBy();
        var limited = Limits();
        Tops(terms, limited);
        if (reader.IsWord("for") && (reader.IsWord("update", 1) || reader.IsWord("share", 1)))
        {
            throw Refusals.Unsupported($"SELECT FOR {reader.Peek(1).Value.ToUpperInvariant()} is not supported");
        }
    }

    private Term ReadTerm()
    {
        if (reader.IsSymbol("("))
        {
            reader.Position++;
            Query();
            reader.ExpectSymbol(")");
            return default;
        }

        if (reader.IsWord("values"))
        {
            throw ValuesList();
        }

        var start = reader.Position;
        reader.Expect("select");
        var top = Top();
        if (reader.Accept("distinct"))
        {
            if (reader.IsWord("on") && reader.IsSymbol("(", 1))
            {
                throw Refusals.Unsupported("SELECT DISTINCT ON is not supported");
            }
        }
        else
        {
            reader.Accept("all");
        }

        top ??= Top();
        do
        {
            SelectItem();
        }
        while (reader.AcceptSymbol(","));
        if (reader.Accept("into"))
        {
            IntoTable();
        }

        if (reader.Accept("from"))
        {
            FromList();
        }

        if (reader.Accept("where"))
        {
            Expression();
        }

        if (reader.Accept("group"))
        {
            reader.Expect("by");
            ExpressionList();
        }

        if (reader.Accept("having"))
        {
            Expression();
        }

        return reader.IsWord("qualify") ? throw Refusals.NotCovered("QUALIFY") : new Term(start, reader.Position, top);
    }

    /// <summary>TOP n, taken out; the number as text.</summary>
    private string? Top()
    {
        if (!reader.IsWord("top") || (reader.Peek(1).Kind is not TokenKind.Number && !reader.IsSymbol("(", 1)))
        {
            return null;
        }

        var start = reader.Position++;
        var parenthesized = reader.AcceptSymbol("(");
        var count = reader.Source(reader.Position);
        if (reader.Peek().Kind is not TokenKind.Number)
        {
            throw reader.Unexpected();
        }

        reader.Position++;
        if (parenthesized)
        {
            reader.ExpectSymbol(")");
        }

        rewrite.Remove(start, reader.Position);
        return count;
    }

    private void Tops(List<Term> terms, bool limited)
    {
        if (terms is [{ Top: { } only }])
        {
            if (limited)
            {
                throw Refusals.Unsupported("TOP and LIMIT clauses cannot be used together");
            }

            rewrite.After(reader.Position - 1, $" LIMIT {only}");
            return;
        }

        foreach (var term in terms)
        {
            if (term.Top is { } top)
            {
                rewrite.Before(term.Start, "(");
                rewrite.After(term.End - 1, $" LIMIT {top})");
            }
        }
    }

    /// <summary>VALUES outside INSERT: the parser stumbles over the comma between rows, or over the word.</summary>
    private Protocol.ServerException ValuesList()
    {
        var depth = 0;
        for (var i = reader.Position + 1; reader[i].Value is { } value && depth >= 0; i++)
        {
            if (reader[i].Kind is TokenKind.Symbol)
            {
                depth += value switch { "(" => 1, ")" => -1, _ => 0 };
                if (depth == 0 && value is ",")
                {
                    return reader.Unexpected(i);
                }
            }
        }

        return reader.Unexpected();
    }

    private void SelectItem()
    {
        if (reader.IsSymbol("*") && reader.IsWord("exclude", 1))
        {
            throw Refusals.NotCovered("SELECT * EXCLUDE");
        }

        var start = reader.Position;
        Expression();
        if (_call is { } call && call.Start == start && call.End == reader.Position)
        {
            rewrite.After(start, $" AS {call.Label}");
        }
    }

    private void IntoTable()
    {
        if (Into is not null || _level > 1)
        {
            throw Refusals.Syntax("INTO");
        }

        var temporary = reader.Accept("temporary") || reader.Accept("temp");
        if (reader.IsWord("table"))
        {
            reader.Position++;
        }

        var at = reader.Position;
        Into = reader.Relation();
        rewrite.ReplaceRange(at, reader.Position, Into.Quoted);
        if (Into.IsTemporary && !temporary)
        {
            rewrite.Before(at, "TEMP ");
        }

        IsIntoTemporary = temporary || Into.IsTemporary;
        Findings.Target();
    }

    private void OrderBy()
    {
        if (reader.Accept("order"))
        {
            reader.Expect("by");
            ExpressionList();
        }
    }

    private bool Limits()
    {
        var limited = false;
        while (reader.IsAnyWord("limit", "offset"))
        {
            limited = true;
            reader.Position++;
            if (!reader.Accept("all"))
            {
                Expression();
            }
        }

        return limited;
    }

    private readonly record struct Term(int Start, int End, string? Top);
}
