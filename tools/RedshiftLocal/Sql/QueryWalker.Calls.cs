using System.Collections.Frozen;
using System.Text;

namespace RedshiftLocal.Sql;

internal sealed partial class QueryWalker
{
    private static readonly FrozenSet<string> NeedUserTables = Set("listagg median percentile_cont");

    private static readonly FrozenSet<string> WindowAggregates = Set("""
        sum avg min max count stddev stddev_pop stddev_samp variance var_pop var_samp first_value last_value nth_value
        """);

    /// <summary>name[.name…], a column or, before a parenthesis, a call.</summary>
    private void Chain()
    {
        var start = reader.Position;
        var parts = new List<string> { reader.AnyName() };
        while (reader.IsSymbol(".") && reader.Peek(1).Kind is TokenKind.Word or TokenKind.QuotedName)
        {
            reader.Position++;
            parts.Add(reader.AnyName());
        }

        if (reader.IsSymbol(".") && reader.IsSymbol("*", 1))
        {
            reader.Position += 2;
            return;
        }

        if (parts[0] is "rs_catalog" or "rs_internal" or "rs_information_schema" && parts.Count > 1)
        {
            throw Refusals.NoSchema(parts[0]);
        }

        if (reader.IsSymbol("("))
        {
            Call(start, parts);
        }
        else if (parts.Count > 2 && parts[0] is "pg_catalog" or "information_schema")
        {
            rewrite.Replace(start, parts[0] is "pg_catalog" ? "rs_catalog" : "rs_information_schema");
        }
        else if (parts.Count == 1 && ReservedWords.IsReservedByBackingOnly(parts[0]))
        {
            rewrite.Replace(start, Identifiers.Quote(parts[0]));
        }
    }

    private void Call(int start, List<string> parts)
    {
        var name = parts[^1];
        var arguments = Arguments();
        var call = new CallSite(start, name, arguments, reader.Position);
        if (parts.Count > 2 || (parts.Count == 2 && parts[0] is not "pg_catalog"))
        {
            throw Refusals.NoFunction($"{string.Join('.', parts)}({Signature(arguments)})");
        }

        CheckFunction(call);
        RewriteCall(call, hasSchema: parts.Count > 1);
        Suffix(call);
        if (name is "listagg" or "median")
        {
            _call = (start, reader.Position, name);
        }
    }

    /// <summary>( argument, … ): where each begins and ends.</summary>
    private List<(int First, int End)> Arguments()
    {
        reader.Enter();
        reader.ExpectSymbol("(");
        var arguments = new List<(int First, int End)>();
        while (!reader.IsSymbol(")"))
        {
            var first = reader.Position;
            if (reader.IsAnyWord("select", "with", "values"))
            {
                Query();
            }
            else
            {
                Argument();
            }

            arguments.Add((first, reader.Position));
            if (!reader.AcceptSymbol(","))
            {
                break;
            }
        }

        reader.ExpectSymbol(")");
        reader.Leave();
        return arguments;
    }

    private void Argument()
    {
        while (!reader.AtEnd && !reader.IsSymbol(",") && !reader.IsSymbol(")") && !reader.IsSymbol("]"))
        {
            if (reader.IsAnyWord("order", "variadic") && !IsAttribute())
            {
                throw reader.Unexpected();
            }

            if (reader.IsAnyWord("ignore", "respect") && reader.IsWord("nulls", 1))
            {
                NullTreatment();
            }
            else
            {
                Step();
            }
        }
    }

    private void NullTreatment()
    {
        if (reader.IsWord("ignore"))
        {
            throw Refusals.NotCovered("IGNORE NULLS");
        }

        rewrite.Remove(reader.Position, reader.Position + 2);
        reader.Position += 2;
    }

    private void CheckFunction(CallSite call)
    {
        var signature = $"{call.Name}({Signature(call.Arguments)})";
        if (Functions.IsNotCovered(call.Name))
        {
            throw Refusals.NotCovered($"function {call.Name}");
        }

        if (!Functions.Exists(call.Name) || (call.Name is "concat" && call.Arguments.Count != 2))
        {
            throw Refusals.NoFunction(signature);
        }

        if (Functions.IsLeaderOnly(call.Name))
        {
            Findings.LeaderOnly(signature);
        }

        if (NeedUserTables.Contains(call.Name))
        {
            Findings.UserTablesOnly(call.Name);
        }
    }

    private void RewriteCall(CallSite call, bool hasSchema)
    {
        switch (call.Name)
        {
            case "nvl":
                Rename(call, "coalesce");
                break;
            case "nvl2" when call.Arguments.Count == 3:
                Substitute(call, $"CASE WHEN ({Argument(call, 0)}) IS NOT NULL THEN {Argument(call, 1)} ELSE {Argument(call, 2)} END");
                break;
            case "decode" when call.Arguments.Count >= 3:
                Substitute(call, Decode(call));
                break;
            case "nvl2" or "decode":
                throw Refusals.NoFunction($"{call.Name}({Signature(call.Arguments)})");
            case "dateadd" or "datediff" or "date_part" or "datepart" or "date_part_year" when call.Arguments.Count > 0:
                DatePart(call);
                Rename(call, "rs_catalog." + call.Name);
                break;
            case "median":
                Substitute(call, $"percentile_cont(0.5) WITHIN GROUP (ORDER BY {Argument(call, 0)})");
                break;
            default:
                if (Functions.IsInCatalogSchema(call.Name))
                {
                    Rename(call, "rs_catalog." + call.Name);
                }
                else if (hasSchema && Functions.Overridden.Contains(call.Name))
                {
                    // Bare, because some of them only add a type to those of the backing server.
                    Rename(call, call.Name);
                }

                break;
        }
    }

    private string Argument(CallSite call, int index) =>
        index < call.Arguments.Count
            ? rewrite.Render(call.Arguments[index].First, call.Arguments[index].End)
            : throw Refusals.NoFunction($"{call.Name}({Signature(call.Arguments)})");

    /// <summary>Replaces the name with its schema, up to the parenthesis.</summary>
    private void Rename(CallSite call, string name)
    {
        var open = call.Start;
        while (reader[open] is not { Kind: TokenKind.Symbol, Value: "(" })
        {
            open++;
        }

        rewrite.ReplaceRange(call.Start, open, name);
    }

    private void Substitute(CallSite call, string text) => rewrite.ReplaceRange(call.Start, call.End, text);

    /// <summary>DECODE takes two NULLs for equal. See the guide's page "DECODE expression".</summary>
    private string Decode(CallSite call)
    {
        var sql = new StringBuilder("CASE");
        var subject = Argument(call, 0);
        var next = 1;
        for (; next + 1 < call.Arguments.Count; next += 2)
        {
            sql.Append(" WHEN (").Append(subject).Append(") IS NOT DISTINCT FROM (").Append(Argument(call, next))
                .Append(") THEN ").Append(Argument(call, next + 1));
        }

        if (next < call.Arguments.Count)
        {
            sql.Append(" ELSE ").Append(Argument(call, next));
        }

        return sql.Append(" END").ToString();
    }

    /// <summary>A bare unit becomes a literal.</summary>
    private void DatePart(CallSite call)
    {
        var (first, end) = call.Arguments[0];
        if (end == first + 1 && reader[first].Kind is TokenKind.Word or TokenKind.QuotedName)
        {
            rewrite.Replace(first, Identifiers.Literal(Identifiers.Fold(reader[first].Value)));
        }
    }

    /// <summary>WITHIN GROUP, FILTER, IGNORE NULLS and OVER after a call.</summary>
    private void Suffix(CallSite call)
    {
        string? order = null;
        var end = call.End;
        if (reader.Accept("within"))
        {
            reader.Expect("group");
            reader.ExpectSymbol("(");
            reader.Expect("order");
            reader.Expect("by");
            var first = reader.Position;
            Scan(insideParentheses: true);
            reader.ExpectSymbol(")");
            order = "ORDER BY " + rewrite.Render(first, reader.Position - 1);
            end = reader.Position;
        }

        if (reader.IsWord("filter") && reader.IsSymbol("(", 1) && reader.IsWord("where", 2))
        {
            throw reader.Unexpected(reader.Position + 1);
        }

        if (reader.IsAnyWord("ignore", "respect") && reader.IsWord("nulls", 1))
        {
            NullTreatment();
        }

        if (call.Name is "listagg")
        {
            ListAgg(call, order, end);
        }

        if (reader.IsWord("over") && reader.IsSymbol("(", 1))
        {
            Over(call);
        }
        else if (reader.IsWord("over"))
        {
            throw reader.Unexpected(reader.Position + 1);
        }
    }

    private void ListAgg(CallSite call, string? order, int end)
    {
        var value = Argument(call, 0);
        var separator = call.Arguments.Count > 1 ? Argument(call, 1) : "''";
        if (reader[call.Arguments[0].First] is { Kind: TokenKind.Word, Value: "distinct" })
        {
            var plain = rewrite.Render(call.Arguments[0].First + 1, call.Arguments[0].End);
            if (order is not null && !IsOrderOf(order, plain))
            {
                throw Refusals.NotCovered("LISTAGG (DISTINCT …) in the order of something else");
            }

            value = $"DISTINCT ({plain})::varchar";
            order = order is null ? null : $"ORDER BY ({plain})::varchar{order["ORDER BY ".Length..][plain.Length..]}";
        }
        else
        {
            value = $"({value})::varchar";
        }

        rewrite.ReplaceRange(call.Start, end, $"pg_catalog.string_agg({value}, {separator}{(order is null ? string.Empty : " " + order)})");
    }

    private static bool IsOrderOf(string order, string expression) =>
        order.StartsWith("ORDER BY " + expression, StringComparison.Ordinal)
        && order["ORDER BY ".Length..][expression.Length..].Trim().ToUpperInvariant() is "" or "ASC" or "DESC";

    private void Over(CallSite call)
    {
        var start = reader.Position;
        reader.Position++;
        reader.ExpectSymbol("(");
        var first = reader.Position;
        while (!reader.AtEnd && !reader.IsSymbol(")"))
        {
            if (reader.IsAnyWord("groups", "exclude") && !IsAttribute())
            {
                throw reader.Unexpected();
            }

            Step();
        }

        reader.ExpectSymbol(")");
        if (call.Name is "listagg" or "median" or "percentile_cont" or "percentile_disc" or "ratio_to_report")
        {
            throw Refusals.NotCovered($"{call.Name.ToUpperInvariant()} as a window function");
        }

        if (WindowAggregates.Contains(call.Name) && Has(first, "order") && !Has(first, "rows") && !Has(first, "range"))
        {
            throw Refusals.Unsupported("Aggregate window functions with an ORDER BY clause require a frame clause");
        }

        if (call.Name is "any_value" or "grouping" || Functions.IsLeaderOnly(call.Name))
        {
            throw reader.Unexpected(start);
        }
    }

    private bool Has(int first, string word)
    {
        var depth = 0;
        for (var i = first; i < reader.Position - 1; i++)
        {
            depth += reader[i] is { Kind: TokenKind.Symbol } symbol ? symbol.Value switch { "(" => 1, ")" => -1, _ => 0 } : 0;
            if (depth == 0 && reader[i] is { Kind: TokenKind.Word } token && token.Value == word)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The types of the arguments, as far as the text shows them.</summary>
    private string Signature(List<(int First, int End)> arguments)
    {
        var types = arguments.Select(argument => argument.End != argument.First + 1 ? null : reader[argument.First].Kind switch
        {
            TokenKind.Text => "\"unknown\"",
            TokenKind.Number => reader[argument.First].Value.AsSpan().ContainsAny(".eE") ? "numeric" : "integer",
            _ => null,
        }).ToList();
        return types.Contains(null) ? "..." : string.Join(", ", types);
    }

    private sealed record CallSite(int Start, string Name, List<(int First, int End)> Arguments, int End);
}
