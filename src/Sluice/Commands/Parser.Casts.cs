using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>CAST rules.</content>
internal sealed partial class Parser
{
    private static readonly string[] CastWords =
    [
        "when", "and not null", "with extra", "to", "keep default", "drop default", "keep extra", "drop extra", "keep typemod",
            "drop typemod",
        "keep not null", "drop not null", "set not null", "using",
    ];

    /// <summary>Rules separated by commas: the value of <c>--cast</c>.</summary>
    public ImmutableArray<CastRuleSpec> CastRules()
    {
        var rules = ImmutableArray.CreateBuilder<CastRuleSpec>();
        do
        {
            rules.Add(CastRule());
        }
        while (scanner.TryPunctuation(','));
        return rules.ToImmutable();
    }

    private CastRuleSpec CastRule()
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var rule = scanner.TryWords("type") ? new CastRuleSpec { SourceType = TypeName("a source type") }
            : scanner.TryWords("column") ? CastColumn()
            : throw scanner.Expected("TYPE or COLUMN at the start of a cast rule", candidates: ["type", "column"]);
        while (true)
        {
            scanner.SkipBlanks();
            if (scanner.AtEnd || scanner.Current is ',' or ';'
                || (AtClause() && !scanner.LooksAt("with extra") && !scanner.LooksAt("set not null")))
            {
                return rule with { Span = TextSpan.FromBounds(start, scanner.LastEnd) };
            }

            if (AtPartEnd() && !scanner.LooksAt("and not"))
            {
                return rule with { Span = TextSpan.FromBounds(start, scanner.LastEnd) };
            }

            rule = CastPart(rule);
        }
    }

    private CastRuleSpec CastColumn()
    {
        var table = scanner.Name("the name table.column", out _);
        if (scanner.Current != '.')
        {
            throw scanner.Expected("'.' and a column name right after the table's name", "write column table.column");
        }

        scanner.Position++;
        return new CastRuleSpec { Table = table, Column = scanner.Name("a column name", out _) };
    }

    private string TypeName(string what)
    {
        scanner.SkipBlanks();
        if (scanner.Current is '"' or '\'')
        {
            return scanner.Name(what, out _);
        }

        var start = scanner.Position;
        if (!char.IsLetter(scanner.Current))
        {
            throw scanner.Expected(what);
        }

        while (!scanner.AtEnd && (char.IsLetterOrDigit(scanner.Current) || scanner.Current == '_'))
        {
            scanner.Position++;
        }

        scanner.Mark();
        return scanner.Source.Text[start..scanner.Position].ToLowerInvariant();
    }

    private CastRuleSpec CastPart(CastRuleSpec rule)
    {
        if (scanner.TryWords("when"))
        {
            return CastGuard(rule);
        }

        if (scanner.TryWords("and not null"))
        {
            return rule with { WhenNotNull = true };
        }

        if (scanner.TryWords("with extra"))
        {
            return scanner.TryWords("auto_increment") ? rule with { WithAutoIncrement = true }
                : scanner.TryWords("on update current_timestamp") || scanner.TryWords("on update current timestamp")
                    ? rule with { WithOnUpdateCurrentTimestamp = true }
                    : throw scanner.Expected("AUTO_INCREMENT or ON UPDATE CURRENT_TIMESTAMP after WITH EXTRA",
                        candidates: ["auto_increment", "on"]);
        }

        if (scanner.TryWords("to"))
        {
            var type = TypeName("a target type");
            scanner.SkipBlanks();
            return scanner.Current == '('
                ? throw scanner.Fail(new TextSpan(scanner.Position, 1), "A target type with a modifier must stand in quotes",
                    $"write to \"{type}(…)\"")
                : rule with { ToType = rule.ToType ?? type };
        }

        return scanner.TryWords("keep default") ? rule with { Default = rule.Default ?? KeepOrDrop.Keep }
            : scanner.TryWords("drop default") ? rule with { Default = rule.Default ?? KeepOrDrop.Drop }
            : scanner.TryWords("keep extra") ? rule with { Extra = rule.Extra ?? KeepOrDrop.Keep }
            : scanner.TryWords("drop extra") ? rule with { Extra = rule.Extra ?? KeepOrDrop.Drop }
            : scanner.TryWords("keep typemod") ? rule with { Typemod = rule.Typemod ?? KeepOrDrop.Keep }
            : scanner.TryWords("drop typemod") ? rule with { Typemod = rule.Typemod ?? KeepOrDrop.Drop }
            : scanner.TryWords("keep not null") ? rule with { NotNull = rule.NotNull ?? KeepOrDrop.Keep }
            : scanner.TryWords("drop not null") ? rule with { NotNull = rule.NotNull ?? KeepOrDrop.Drop }
            : scanner.TryWords("set not null") ? rule with { SetNotNull = true }
            : scanner.TryWords("using") ? rule with { Using = CastFunction() }
            : throw UnknownCastPart();
    }

    private CastRuleSpec CastGuard(CastRuleSpec rule)
    {
        scanner.SkipBlanks();
        return scanner.TryWords("unsigned") ? rule with { WhenUnsigned = true }
            : scanner.TryWords("signed") ? rule with { WhenUnsigned = false }
            : scanner.TryWords("default") ? rule with { WhenDefault = scanner.QuotedText("the default") }
            : scanner.TryWords("not null") ? rule with { WhenNotNull = true }
            : scanner.Current == '(' ? rule with { When = Expression() }
            : throw scanner.Expected("UNSIGNED, SIGNED, DEFAULT '…' or a condition such as (< precision 10) after WHEN",
                candidates: ["unsigned", "signed", "default"]);
    }

    private CommandException UnknownCastPart()
    {
        var span = scanner.WordHere();
        var word = scanner.Slice(span);
        var near = scanner.NearestPhrase(span.Start, CastWords.Concat(ClauseDefinition.All.Select(clause => clause.Words)));
        return scanner.Fail(span, $"Unknown word {Scanner.Quoted(word)} in a cast rule",
            near is null ? "a rule goes on with WHEN, TO, KEEP or DROP (DEFAULT, EXTRA, TYPEMOD, NOT NULL), SET NOT NULL or USING"
                : Scanner.DidYouMean(near.ToUpperInvariant()));
    }

    private SExpression CastFunction()
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        if (scanner.Current == '(')
        {
            var form = Expression();
            var isLambda = form is SExpression.List { Items: [SExpression.Symbol symbol, ..] }
                && symbol.Name.ToLowerInvariant() is "lambda" or "cl:lambda" or "function";
            return isLambda ? form
                : throw scanner.Fail(form.Span, "USING in a cast rule takes a function", "write a function's name, or (lambda (x) …)");
        }

        while (!scanner.AtEnd
            && (char.IsLetterOrDigit(scanner.Current) || scanner.Current is '/' or '.' or '-' or '%' or ':' or '_' or '+'))
        {
            scanner.Position++;
        }

        scanner.Mark();
        var span = TextSpan.FromBounds(start, scanner.Position);
        return span.Length == 0 ? throw scanner.Expected("the name of a function after USING") : CheckFunction(scanner.Slice(span), span);
    }

    private SExpression.Symbol CheckFunction(string name, TextSpan span)
    {
        var package = name.LastIndexOf(':');
        var isOurs = package < 0 || name[..package].TrimEnd(':').Equals("pgloader.transforms", StringComparison.OrdinalIgnoreCase);
        var plain = name[(package + 1)..];
        if (!isOurs || TransformCatalog.Exists(plain))
        {
            return new SExpression.Symbol(name) { Span = span };
        }

        throw scanner.Fail(span, $"Unknown transform {Scanner.Quoted(plain)}",
            TransformCatalog.Nearest(plain) is { } near ? Scanner.DidYouMean(near) : "docs/transforms.md lists the transforms");
    }
}
