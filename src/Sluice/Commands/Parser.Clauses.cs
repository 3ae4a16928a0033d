using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>Which clause comes next; INTO, WITH, SET and SQL.</content>
internal sealed partial class Parser
{
    private ClauseSyntax ParseClause(LoadKinds kind, IReadOnlyList<ClauseSyntax> before)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        if (scanner.Current == '(' && (kind & LoadKinds.Text) != 0)
        {
            // A list without words: fields before INTO, columns after it.
            var span = new TextSpan(start, 1);
            return before.Any(clause => clause.Kind == ClauseKind.Into)
                ? new ClauseSyntax.Columns(span, Columns())
                : new ClauseSyntax.Fields(span, Fields(kind));
        }

        var definition = ClauseDefinition.All.FirstOrDefault(clause => (clause.Kinds & kind) != 0 && scanner.TryWords(clause.Words));
        return definition is null ? throw UnknownClause(kind)
            : ParseClause(definition.Kind, kind, TextSpan.FromBounds(start, scanner.LastEnd));
    }

    private ClauseSyntax ParseClause(ClauseKind clause, LoadKinds kind, TextSpan span) => clause switch
    {
        ClauseKind.Encoding => EncodingClause(span),
        ClauseKind.Fields => new ClauseSyntax.Fields(span, Fields(kind)),
        ClauseKind.Into => new ClauseSyntax.Into(span, TargetAddress()),
        ClauseKind.TargetTable => TargetTable(span),
        ClauseKind.Columns => new ClauseSyntax.Columns(span, Columns()),
        ClauseKind.With => new ClauseSyntax.With(span, OptionPlaces()),
        ClauseKind.Set => Settings(clause, span),
        ClauseKind.SetMySql or ClauseKind.SetSqlServer => new ClauseSyntax.Set(clause, span, SettingItems()),
        ClauseKind.Cast => new ClauseSyntax.Cast(span, CastRules()),
        ClauseKind.Materialize => Materialize(span),
        ClauseKind.Including or ClauseKind.Excluding => new ClauseSyntax.Filter(clause, span, Filters(kind, clause)),
        ClauseKind.Decoding => new ClauseSyntax.Decoding(span, DecodingRules()),
        ClauseKind.AlterTable => new ClauseSyntax.AlterTable(span, AlterTables()),
        ClauseKind.AlterSchema => AlterSchema(span),
        ClauseKind.Distribute => new ClauseSyntax.Distribute(span, Distribution()),
        _ => new ClauseSyntax.Sql(clause, span, SqlParts()),
    };

    private CommandException UnknownClause(LoadKinds kind)
    {
        var span = scanner.WordHere();
        var word = scanner.Slice(span);
        var words = LoadKindNames.Words(kind);
        var clauses = ClauseDefinition.All.Where(clause => (clause.Kinds & kind) != 0).ToList();
        var list = $"the clauses of {words} are {string.Join(", ", clauses.Select(clause => clause.Display))}";
        if (ClauseDefinition.All.FirstOrDefault(clause => scanner.LooksAt(clause.Words)) is { } elsewhere)
        {
            scanner.TryWords(elsewhere.Words);
            return scanner.Fail(TextSpan.FromBounds(span.Start, scanner.LastEnd), $"{words} has no {elsewhere.Display} clause", list);
        }

        if (scanner.LooksAt("load"))
        {
            return scanner.Fail(span, "Expected ';' before the next command");
        }

        if (word.Length > 0 && !char.IsLetter(word[0]))
        {
            return scanner.Fail(span, $"Expected a clause or ';', found {Scanner.Quoted(word)}", list);
        }

        var near = scanner.NearestPhrase(span.Start, clauses.Select(clause => clause.Words))
            ?? clauses.FirstOrDefault(clause => Suggest.Nearest(word, [clause.Words.Split(' ')[0]]) is not null)?.Words;
        return scanner.Fail(span, $"Unknown clause {Scanner.Quoted(word)} in {words}", near is null ? list
            : Scanner.DidYouMean(near.ToUpperInvariant()));
    }

    private ClauseSyntax EncodingClause(TextSpan span)
    {
        var (name, nameSpan) = EncodingName();
        if (!scanner.TryPunctuation(','))
        {
            return new ClauseSyntax.Encoding(span, name, nameSpan);
        }

        // WITH encoding e, further options: one list.
        var first = TextSpan.FromBounds(span.End - "encoding".Length, nameSpan.End);
        return new ClauseSyntax.With(new TextSpan(span.Start, 4), OptionPlaces().Insert(0, At(first)));
    }

    /// <summary>The name of an encoding, bare or quoted, not yet looked up.</summary>
    public (string Name, TextSpan Span) EncodingName()
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        if (scanner.Current is '\'' or '"')
        {
            return (scanner.QuotedText("the encoding"), TextSpan.FromBounds(start, scanner.Position));
        }

        while (!scanner.AtEnd && (char.IsLetterOrDigit(scanner.Current) || scanner.Current is '-' or '_' or '.' or ':' or '+'))
        {
            scanner.Position++;
        }

        scanner.Mark();
        return scanner.Position > start
            ? (scanner.Source.Text[start..scanner.Position], TextSpan.FromBounds(start, scanner.Position))
            : throw scanner.Expected("the name of an encoding", "for example utf-8, latin-1 or windows-1252");
    }

    private ClauseSyntax.TargetTable TargetTable(TextSpan span)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var name = scanner.TableName();
        return new ClauseSyntax.TargetTable(span, name, new Scanner(scanner.Source, start, scanner.Position).TableName(fold: false));
    }

    private Place At(TextSpan span) => new(scanner.Source, span);

    /// <summary>Where each option stands; what it means is known to the source.</summary>
    public ImmutableArray<Place> OptionPlaces()
    {
        var places = ImmutableArray.CreateBuilder<Place>();
        do
        {
            scanner.SkipBlanks();
            var start = scanner.Position;
            SkipOption();
            var end = scanner.LastEnd;
            if (end <= start)
            {
                throw scanner.Expected("an option after " + (places.Count == 0 ? "WITH" : "','"));
            }

            places.Add(At(TextSpan.FromBounds(start, end)));
        }
        while (scanner.TryPunctuation(','));
        return places.ToImmutable();
    }

    private void SkipOption()
    {
        for (scanner.SkipBlanks(); !scanner.AtEnd && scanner.Current is not (',' or ';') && !AtClause()
            && !AtPartEnd(); scanner.SkipBlanks())
        {
            if (scanner.Current == '\\')
            {
                scanner.Position += scanner.Position + 1 < scanner.End ? 2 : 1;
            }
            else if (scanner.Current == '\'' && SkipOddQuote())
            {
                continue;
            }
            else if (scanner.Current is '\'' or '"')
            {
                scanner.QuotedText("the value of this option");
            }
            else if (scanner.Current == '$' && scanner.Peek(1) == '$')
            {
                scanner.DollarBlock();
            }
            else
            {
                scanner.Position = scanner.WordHere().End;
            }

            scanner.Mark();
        }
    }

    // '''' and '\'' are one character between quotes.
    private bool SkipOddQuote()
    {
        if (scanner.Peek(2) == '\'' && scanner.Peek(3) == '\'' && scanner.Peek(1) is '\'' or '\\')
        {
            scanner.Position += 4;
            scanner.Mark();
            return true;
        }

        return false;
    }

    private ClauseSyntax.Set Settings(ClauseKind clause, TextSpan span)
    {
        if (!scanner.TryWords("postgresql parameters"))
        {
            scanner.TryWords("pgsql parameters");
        }

        return new ClauseSyntax.Set(clause, span, SettingItems());
    }

    /// <summary>Parameters separated by commas: <c>name = 'value'</c>, <c>name to 'value'</c>.</summary>
    public ImmutableArray<SettingSyntax> SettingItems()
    {
        var settings = ImmutableArray.CreateBuilder<SettingSyntax>();
        do
        {
            settings.Add(SettingItem());
        }
        while (scanner.TryPunctuation(','));
        return settings.ToImmutable();
    }

    private SettingSyntax SettingItem()
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        if (!(char.IsLetter(scanner.Current) || scanner.Current == '_'))
        {
            throw scanner.Expected("the name of a parameter");
        }

        while (!scanner.AtEnd && (char.IsLetterOrDigit(scanner.Current) || scanner.Current is '_' or '-' or '.'))
        {
            scanner.Position++;
        }

        scanner.Mark();
        var name = scanner.Source.Text[start..scanner.Position];
        if (!scanner.TryPunctuation('=') && !scanner.TryWords("to"))
        {
            throw scanner.Expected($"'=' or TO after the parameter {Scanner.Quoted(name)}");
        }

        scanner.SkipBlanks();
        if (scanner.Current != '\'')
        {
            throw scanner.Expected($"a value in single quotes for the parameter {Scanner.Quoted(name)}", $"write {name} to '…'");
        }

        var value = scanner.QuotedText("the parameter's value");
        return new SettingSyntax(At(TextSpan.FromBounds(start, start + name.Length)), name, value);
    }

    private ImmutableArray<SqlPartSyntax> SqlParts()
    {
        var parts = ImmutableArray.CreateBuilder<SqlPartSyntax>();
        while (true)
        {
            if (scanner.TryWords("do"))
            {
                do
                {
                    var (text, span) = scanner.DollarBlock();
                    parts.Add(new SqlPartSyntax(At(span), text, IsFile: false));
                }
                while (scanner.TryPunctuation(','));
                scanner.SkipBlanks();
                if (!scanner.AtEnd && scanner.Current == '$')
                {
                    throw scanner.Fail(new TextSpan(scanner.Position, 1), "Expected ',' between two blocks of SQL");
                }
            }
            else if (scanner.TryWords("execute"))
            {
                var file = (SourceSyntax.File)PlainFile("the name of an SQL file");
                parts.Add(new SqlPartSyntax(At(file.Span), file.Name, IsFile: true));
            }
            else if (parts.Count == 0)
            {
                throw scanner.Expected("DO and SQL between $$ and $$, or EXECUTE and a file", candidates: ["do", "execute"]);
            }
            else
            {
                return parts.ToImmutable();
            }
        }
    }
}
