using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>Field lists and column lists.</content>
internal sealed partial class Parser
{
    private static readonly string[] FieldOptionWords =
        ["terminated by", "date format", "null if", "trim both whitespace", "trim left whitespace", "trim right whitespace"];

    private static readonly string[] TypeWords = ["precision", "varying", "with time zone", "without time zone"];

    /// <summary>Fields without parentheses, separated by commas: the value of <c>--field</c>.</summary>
    public ImmutableArray<FieldSpec> FieldItems(LoadKinds kind)
    {
        var fields = ImmutableArray.CreateBuilder<FieldSpec>();
        do
        {
            fields.Add(Field(kind));
        }
        while (scanner.TryPunctuation(','));
        CheckTwins(fields.Select(field => (field.Name, field.Span)), "field");
        return fields.ToImmutable();
    }

    private ImmutableArray<FieldSpec> Fields(LoadKinds kind)
    {
        scanner.ExpectPunctuation('(', "a field list stands in parentheses");
        var fields = FieldItems(kind);
        if (!scanner.TryPunctuation(')'))
        {
            throw scanner.Expected("',' or ')' in the field list", kind == LoadKinds.Csv
                ? "the options of a field stand in brackets: name [null if 'x']" : null);
        }

        return fields;
    }

    private FieldSpec Field(LoadKinds kind)
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var field = new FieldSpec { Name = scanner.FieldName("a field name") };
        var nameSpan = TextSpan.FromBounds(start, scanner.Position);
        if (kind == LoadKinds.Fixed)
        {
            scanner.TryWords("from");
            var from = FixedNumber("the first character of the field, counted from 0");
            scanner.TryWords("for");
            field = field with { Start = from, Length = FixedNumber("the length of the field in characters") };
            if (field.Length == 0)
            {
                throw scanner.Fail(nameSpan, $"The field {Scanner.Quoted(field.Name)} has no length");
            }
        }

        return (kind != LoadKinds.Copy ? FieldOptions(field) : field) with { Span = nameSpan };
    }

    private int FixedNumber(string what)
    {
        scanner.SkipBlanks();
        var span = scanner.WordHere();
        var word = scanner.Slice(span);
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && word.Length is > 2 and < 9
            && int.TryParse(word.AsSpan(2), System.Globalization.NumberStyles.AllowHexSpecifier,
                System.Globalization.CultureInfo.InvariantCulture, out var value))
        {
            scanner.Position = span.End;
            scanner.Mark();
            return value;
        }

        var number = scanner.Integer(what);
        return number <= int.MaxValue ? (int)number : throw scanner.Fail(span, $"The number {Scanner.Quoted(word)} is too large");
    }

    private FieldSpec FieldOptions(FieldSpec field)
    {
        while (scanner.TryPunctuation('['))
        {
            do
            {
                field = FieldOption(field);
            }
            while (scanner.TryPunctuation(','));
            if (!scanner.TryPunctuation(']'))
            {
                throw scanner.Expected("',' or ']' after the option of a field");
            }
        }

        return field;
    }

    private FieldSpec FieldOption(FieldSpec field)
    {
        if (scanner.TryWords("terminated by"))
        {
            scanner.Separator("the separator");
            return field;
        }

        if (scanner.TryWords("date format"))
        {
            var format = DateFormat();
            return field.DateFormat is null ? field with { DateFormat = format } : field;
        }

        if (scanner.TryWords("null if"))
        {
            return field with { NullIf = field.NullIf.Add(NullIf()) };
        }

        var trim = scanner.TryWords("trim both whitespace") ? FieldTrim.Both
            : scanner.TryWords("trim left whitespace") ? FieldTrim.Left
            : scanner.TryWords("trim right whitespace") ? FieldTrim.Right
            : throw UnknownFieldOption();
        return field.Trim == FieldTrim.None ? field with { Trim = trim } : field;
    }

    private CommandException UnknownFieldOption()
    {
        scanner.SkipBlanks();
        var end = scanner.Position;
        while (end < scanner.End && scanner.Source.Text[end] is not (',' or ']' or '\'' or '"' or ')' or ';' or '\n'))
        {
            end++;
        }

        var words = scanner.Source.Text[scanner.Position..end].Trim();
        if (words.Length == 0)
        {
            return scanner.Expected("an option of the field", "the options are null if, date format, trim both|left|right whitespace");
        }

        var near = Suggest.Nearest(words, FieldOptionWords.Append("null if blanks"));
        return scanner.Fail(new TextSpan(scanner.Position, words.Length), $"Unknown option {Scanner.Quoted(words)} of a field",
            near is null ? "the options are null if, date format, trim both|left|right whitespace" : Scanner.DidYouMean(near));
    }

    /// <summary><c>blanks</c> or a quoted text.</summary>
    public NullIf NullIf()
    {
        if (scanner.TryWords("blanks"))
        {
            return new NullIf(null);
        }

        scanner.SkipBlanks();
        return scanner.Current is '\'' or '"'
            ? new NullIf(scanner.QuotedText("the text that means NULL"))
            : throw scanner.Expected("BLANKS or a quoted text after NULL IF", candidates: ["blanks"]);
    }

    /// <summary>A quoted date format, checked.</summary>
    public string DateFormat()
    {
        var format = scanner.QuotedText("the date format");
        if (Casts.DateFormat.TryParse(format, out _, out var fault))
        {
            return format;
        }

        var start = scanner.Position - 1 - format.Length;
        throw scanner.Fail(new TextSpan(start + fault.Offset, 1), fault.Message, fault.Hint);
    }

    private ImmutableArray<ColumnSpec> Columns()
    {
        scanner.ExpectPunctuation('(', "a column list stands in parentheses");
        var columns = ImmutableArray.CreateBuilder<ColumnSpec>();
        do
        {
            columns.Add(Column());
        }
        while (scanner.TryPunctuation(','));
        if (!scanner.TryPunctuation(')'))
        {
            throw scanner.Expected("',' or ')' in the column list");
        }

        CheckTwins(columns.Select(column => (column.Name, column.Span)), "column");
        return columns.ToImmutable();
    }

    private ColumnSpec Column()
    {
        scanner.SkipBlanks();
        var start = scanner.Position;
        var column = new ColumnSpec { Name = scanner.FieldName("a column name") };
        column = column with { Span = TextSpan.FromBounds(start, scanner.Position) };
        scanner.SkipBlanks();
        if (scanner.Current is ',' or ')' || scanner.AtEnd)
        {
            return column;
        }

        if (scanner.Current == '[')
        {
            throw scanner.Fail(new TextSpan(scanner.Position, 1), "A target column has no options",
                "null if, trim and date format belong into the field list before INTO");
        }

        var hasUsing = scanner.TryWords("using") || (ColumnType() && scanner.TryWords("using"));
        if (!hasUsing)
        {
            return scanner.Current is ',' or ')'
                ? column
                : throw scanner.Expected("USING, ',' or ')' after the column's type", candidates: ["using"]);
        }

        var expression = Expression();
        return expression is SExpression.Symbol symbol && symbol.Name.Equals("nil", StringComparison.OrdinalIgnoreCase)
            ? column
            : column with { Using = expression };
    }

    // The type is for the reader of the command only: words, and numbers in parentheses.
    private bool ColumnType()
    {
        scanner.Name("a column type", out _);
        while (!scanner.LooksAt("using"))
        {
            if (scanner.TryPunctuation('('))
            {
                do
                {
                    scanner.Integer("a number in the column's type");
                }
                while (scanner.TryPunctuation(','));
                scanner.ExpectPunctuation(')');
            }
            else if (scanner.TryPunctuation('['))
            {
                scanner.ExpectPunctuation(']');
            }
            else if (!TypeWords.Any(scanner.TryWords))
            {
                break;
            }
        }

        scanner.SkipBlanks();
        return true;
    }

    private SExpression Expression()
    {
        var reader = new SExpressionReader(scanner.Source, scanner.Position, scanner.End);
        var expression = reader.Read();
        scanner.Position = reader.Position;
        scanner.Mark();
        return expression;
    }

    private void CheckTwins(IEnumerable<(string Name, TextSpan Span)> names, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, span) in names)
        {
            if (!seen.Add(name))
            {
                throw scanner.Fail(span, $"The {what} {Scanner.Quoted(name)} is listed twice");
            }
        }
    }
}
