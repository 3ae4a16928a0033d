using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>Clauses about the tables of a database: filters, DECODING, ALTER, MATERIALIZE, DISTRIBUTE.</content>
internal sealed partial class Parser
{
    private ImmutableArray<TableFilter> Filters(LoadKinds kind, ClauseKind clause)
    {
        var words = ClauseDefinition.All.First(definition => definition.Kind == clause).Words;
        var filters = ImmutableArray.CreateBuilder<TableFilter>();
        do
        {
            filters.Add(Filter(kind));
        }
        while (kind is LoadKinds.SqlServer or LoadKinds.Postgres && scanner.TryWords(words));
        return filters.ToImmutable();
    }

    private TableFilter Filter(LoadKinds kind)
    {
        var isLike = kind is LoadKinds.SqlServer or LoadKinds.Sqlite;
        if (!scanner.TryWords(isLike ? "like" : "matching"))
        {
            throw scanner.LooksAt(isLike ? "matching" : "like")
                ? scanner.Fail(scanner.WordHere(), isLike
                    ? $"{LoadKindNames.Words(kind)} filters tables by LIKE and patterns in quotes"
                    : $"{LoadKindNames.Words(kind)} filters tables by MATCHING and names in quotes or regular expressions ~/…/")
                : scanner.Expected(isLike ? "LIKE" : "MATCHING", candidates: [isLike ? "like" : "matching"]);
        }

        var patterns = isLike ? LikePatterns() : Patterns();
        var schema = scanner.TryWords("in schema") ? scanner.QuotedText("the schema's name") : null;
        if (schema is null && kind is LoadKinds.SqlServer or LoadKinds.Postgres && schema is null)
        {
            throw scanner.Expected("IN SCHEMA and the schema's name in quotes", candidates: ["in"]);
        }

        return new TableFilter(patterns, schema);
    }

    private ImmutableArray<TablePattern> LikePatterns()
    {
        var patterns = ImmutableArray.CreateBuilder<TablePattern>();
        do
        {
            patterns.Add(new TablePattern(scanner.QuotedText("a LIKE pattern"), IsRegex: false));
        }
        while (scanner.TryPunctuation(','));
        return patterns.ToImmutable();
    }

    private ImmutableArray<TablePattern> Patterns()
    {
        var patterns = ImmutableArray.CreateBuilder<TablePattern>();
        do
        {
            scanner.SkipBlanks();
            patterns.Add(scanner.Current == '~'
                ? new TablePattern(scanner.RegexLiteral().Text, IsRegex: true)
                : scanner.Current is '\'' or '"'
                    ? new TablePattern(scanner.QuotedText("a table name"), IsRegex: false)
                    : throw scanner.Expected("a table name in quotes or a regular expression ~/…/"));
        }
        while (scanner.TryPunctuation(','));
        return patterns.ToImmutable();
    }

    private ImmutableArray<DecodingRule> DecodingRules()
    {
        var rules = ImmutableArray.CreateBuilder<DecodingRule>();
        do
        {
            scanner.ExpectWords("matching");
            var patterns = Patterns();
            scanner.ExpectWords("as");
            var (name, span) = EncodingName();
            rules.Add(new DecodingRule(patterns, Encoding(name, span)));
        }
        while (scanner.TryWords("decoding table names"));
        return rules.ToImmutable();
    }

    /// <summary>Looks an encoding up.</summary>
    public string Encoding(string name, TextSpan span)
    {
        if (EncodingNames.Find(name) is { } found)
        {
            return found;
        }

        var near = EncodingNames.Nearest(name);
        throw scanner.Fail(span, $"Unknown encoding {Scanner.Quoted(name)}",
            near is null ? "sluice --list-encodings shows the names" : $"{Scanner.DidYouMean(near)} All names: sluice --list-encodings");
    }

    private ImmutableArray<AlterTableRule> AlterTables()
    {
        var rules = ImmutableArray.CreateBuilder<AlterTableRule>();
        do
        {
            scanner.ExpectWords("matching");
            var tables = Patterns();
            var schema = scanner.TryWords("in schema") ? scanner.QuotedText("the schema's name") : null;
            rules.Add(AlterAction(new TableFilter(tables, schema)));
        }
        while (scanner.TryWords("alter table names"));
        return rules.ToImmutable();
    }

    private AlterTableRule AlterAction(TableFilter tables)
    {
        if (scanner.TryWords("rename to"))
        {
            return new AlterTableRule(tables, AlterTableAction.Rename, scanner.QuotedText("the new name"), []);
        }

        if (scanner.TryWords("set schema"))
        {
            return new AlterTableRule(tables, AlterTableAction.SetSchema, scanner.QuotedText("the schema's name"), []);
        }

        if (scanner.TryWords("set tablespace"))
        {
            return new AlterTableRule(tables, AlterTableAction.SetTablespace, scanner.QuotedText("the tablespace's name"), []);
        }

        if (!scanner.TryWords("set") || !scanner.TryPunctuation('('))
        {
            throw scanner.Expected("RENAME TO, SET SCHEMA, SET TABLESPACE or SET (…)",
                candidates: ["rename", "set", "schema", "tablespace"]);
        }

        var parameters = SettingItems().Select(setting => new Setting(setting.Name, setting.Value)).ToImmutableArray();
        scanner.ExpectPunctuation(')');
        return new AlterTableRule(tables, AlterTableAction.SetParameters, null, parameters);
    }

    private ClauseSyntax.AlterSchema AlterSchema(TextSpan span)
    {
        var from = scanner.QuotedText("the schema's name");
        scanner.ExpectWords("rename to");
        return new ClauseSyntax.AlterSchema(span, new AlterSchemaRule(from, scanner.QuotedText("the new name")));
    }

    private ClauseSyntax.Materialize Materialize(TextSpan span)
    {
        if (scanner.TryWords("all views"))
        {
            return new ClauseSyntax.Materialize(span, true, []);
        }

        scanner.ExpectWords("views", "write MATERIALIZE ALL VIEWS or MATERIALIZE VIEWS v1, v2");
        var views = ImmutableArray.CreateBuilder<MaterializedView>();
        do
        {
            var name = scanner.TableName("the name of a view", fold: false);
            views.Add(new MaterializedView(name, scanner.TryWords("as") ? SqlScript.WithoutTerminator(scanner.DollarBlock().Text) : null));
        }
        while (scanner.TryPunctuation(','));
        return new ClauseSyntax.Materialize(span, false, views.ToImmutable());
    }

    private ImmutableArray<DistributionRule> Distribution()
    {
        var rules = ImmutableArray.CreateBuilder<DistributionRule>();
        do
        {
            var table = InPublic(scanner.TableName());
            if (scanner.TryWords("as reference table"))
            {
                rules.Add(new DistributionRule(table, null, []));
                continue;
            }

            if (!scanner.TryWords("using"))
            {
                throw scanner.Expected("USING and a column, or AS REFERENCE TABLE", candidates: ["using", "as"]);
            }

            var column = scanner.FieldName("the distribution column");
            rules.Add(new DistributionRule(table, column, scanner.TryWords("from") ? DistributionPath() : []));
        }
        while (scanner.TryWords("distribute"));
        return rules.ToImmutable();
    }

    private ImmutableArray<QualifiedName> DistributionPath()
    {
        var tables = ImmutableArray.CreateBuilder<QualifiedName>();
        do
        {
            tables.Add(InPublic(scanner.TableName()));
        }
        while (scanner.TryPunctuation(','));
        return tables.ToImmutable();
    }

    private static QualifiedName InPublic(QualifiedName name) => name with { Schema = name.Schema ?? "public" };
}
