using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <content>Names, strings, numbers and the other literals.</content>
internal sealed partial class Scanner
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<char, char> RegexDelimiters = new()
    {
        ['\''] = '\'',
        ['"'] = '"',
        ['('] = ')',
        ['{'] = '}',
        ['<'] = '>',
        ['['] = ']',
        ['/'] = '/',
        ['|'] = '|',
        ['#'] = '#',
    };

    /// <summary>A bare or quoted name as written; <paramref name="isQuoted"/> says which.</summary>
    public string Name(string what, out bool isQuoted)
    {
        SkipBlanks();
        isQuoted = Current is '\'' or '"';
        if (isQuoted)
        {
            var span = new TextSpan(Position, 1);
            var text = QuotedText(what);
            while (Current == '"' && Source.Text[span.Start] == '"')
            {
                // As in SQL, two quotes stand for one.
                text += "\"" + QuotedText(what);
            }

            return text.Length > 0 ? text : throw Fail(span, $"Expected {what}, found an empty name");
        }

        if (!(char.IsLetter(Current) || Current == '_'))
        {
            throw Expected(what);
        }

        var start = Position;
        while (!AtEnd && IsNamePart(Current) && !(Current == '-' && Peek(1) == '-'))
        {
            Position++;
        }

        Mark();
        return Source.Text[start..Position];
    }

    /// <summary>A name whose bare form may hold dots and is lower-cased: of a field or a column.</summary>
    public string FieldName(string what)
    {
        SkipBlanks();
        if (Current is '\'' or '"')
        {
            return Name(what, out _);
        }

        if (!(char.IsLetter(Current) || Current == '_'))
        {
            throw Expected(what);
        }

        var start = Position;
        while (!AtEnd && (char.IsLetterOrDigit(Current) || Current is '_' or '.' or '$'))
        {
            Position++;
        }

        Mark();
        return Source.Text[start..Position].ToLowerInvariant();
    }

    /// <summary>A table's name with or without a schema. Bare parts are lower-cased unless told not to, quoted ones kept.</summary>
    public QualifiedName TableName(string what = "a table name", bool fold = true)
    {
        var first = FoldedName(what, fold);
        if (Current != '.')
        {
            return new QualifiedName(null, first);
        }

        Position++;
        if (AtEnd || char.IsWhiteSpace(Current))
        {
            throw Expected("a table name right after the dot");
        }

        return new QualifiedName(first, FoldedName(what, fold));
    }

    /// <summary>Text between single or double quotes; there are no escapes.</summary>
    public string QuotedText(string what)
    {
        SkipBlanks();
        var quote = Current;
        if (quote is not ('\'' or '"'))
        {
            throw Expected($"{what} in quotes");
        }

        var close = Source.Text.IndexOf(quote, Position + 1, End - Position - 1);
        if (close < 0)
        {
            throw Fail(new TextSpan(Position, 1), $"The quote that opens {what} is never closed", $"close it with {quote}");
        }

        var text = Source.Text[(Position + 1)..close];
        Position = close + 1;
        Mark();
        return text;
    }

    public long Integer(string what)
    {
        SkipBlanks();
        var span = WordHere();
        var digits = 0;
        while (digits < span.Length && char.IsAsciiDigit(Peek(digits)))
        {
            digits++;
        }

        if (digits == 0)
        {
            throw Expected(what);
        }

        if (!long.TryParse(Source.Text.AsSpan(Position, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            throw Fail(span, $"The number {Quoted(Slice(span))} is too large");
        }

        Position += digits;
        Mark();
        return value;
    }

    /// <summary>
    /// One character between single quotes: <c>','</c>, <c>'\t'</c>, <c>'0x09'</c>, <c>''''</c>, <c>'\''</c>, <c>'\'</c>.
    /// </summary>
    public string Separator(string what)
    {
        SkipBlanks();
        var start = Position;
        foreach (var (spelling, value) in new[] { ("''''", "'"), (@"'\''", "'"), (@"'\'", @"\"), (@"'\t'", "\t"), (@"'\r'", "\r"), (@"'\n'", "\n") })
        {
            if (End - Position >= spelling.Length && string.CompareOrdinal(Source.Text, Position, spelling, 0, spelling.Length) == 0)
            {
                Position += spelling.Length;
                Mark();
                return value;
            }
        }

        if (Current != '\'')
        {
            throw Expected($"{what}, one character between single quotes", "for example ',' or '\\t' or '0x09'");
        }

        var text = QuotedText(what);
        var span = TextSpan.FromBounds(start, Position);
        if (text.Length > 2 && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && Rune.IsValid(code)
                ? new Rune(code).ToString()
                : throw Fail(span, $"{Quoted(text)} is not the code of a character", "write hexadecimal digits, for example '0x09'");
        }

        return text.Length > 0 && Rune.TryGetRuneAt(text, 0, out var rune) && rune.Utf16SequenceLength == text.Length
            ? text
            : throw Fail(span, $"{char.ToUpperInvariant(what[0])}{what[1..]} is one character, found {Quoted(text)}");
    }

    /// <summary><c>~/…/</c> and its eight other delimiters, with the place of the text between them.</summary>
    public (string Text, TextSpan Span) RegexLiteral()
    {
        SkipBlanks();
        if (Current != '~')
        {
            throw Expected("a regular expression", "write it as ~/…/ or ~<…>");
        }

        if (!RegexDelimiters.TryGetValue(Peek(1), out var close))
        {
            throw Fail(new TextSpan(Position, 2), "A regular expression needs a delimiter after the ~",
                "one of ' \" ( { < [ / | #, for example ~/^a/");
        }

        var start = Position + 2;
        var stop = start <= End ? Source.Text.IndexOf(close, start, End - start) : -1;
        if (stop < 0)
        {
            throw Fail(new TextSpan(Position, 2), "This regular expression never ends",
                $"close it with {close}, which cannot stand inside");
        }

        if (stop == start)
        {
            throw Fail(new TextSpan(Position, 3), "This regular expression is empty");
        }

        Position = stop + 1;
        Mark();
        return (Source.Text[start..stop], TextSpan.FromBounds(start, stop));
    }

    /// <summary>Compiles a regular expression, or says what is wrong with it and where.</summary>
    public Regex Compile((string Text, TextSpan Span) literal)
    {
        try
        {
            return new Regex(literal.Text, RegexOptions.CultureInvariant, RegexTimeout);
        }
        catch (RegexParseException error)
        {
            var offset = Math.Clamp(error.Offset, 0, literal.Text.Length - 1);
            throw Fail(new TextSpan(literal.Span.Start + offset, 1), $"Not a regular expression: {Reason(error)}");
        }
    }

    /// <summary>SQL between <c>$$</c> or <c>$tag$</c>, with the place of the text between them.</summary>
    public (string Text, TextSpan Span) DollarBlock()
    {
        SkipBlanks();
        var tagEnd = Current == '$' ? Source.Text.IndexOf('$', Position + 1, End - Position - 1) : -1;
        if (tagEnd < 0 || !Source.Text.AsSpan(Position + 1, tagEnd - Position - 1).ToArray().All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            throw Expected("SQL between $$ and $$", "for example DO $$ analyze; $$");
        }

        var tag = Source.Text[Position..(tagEnd + 1)];
        var close = Source.Text.IndexOf(tag, tagEnd + 1, End - tagEnd - 1, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Fail(new TextSpan(Position, tag.Length), $"This {tag} block never ends", $"close it with {tag}");
        }

        var span = TextSpan.FromBounds(tagEnd + 1, close);
        Position = close + tag.Length;
        Mark();
        return (Slice(span), span);
    }

    private string FoldedName(string what, bool fold)
    {
        var name = Name(what, out var isQuoted);
        return isQuoted || !fold ? name : name.ToLowerInvariant();
    }

    // The exception's own text depends on how the program was published; its code does not.
    private static string Reason(RegexParseException error) => string.Concat(
        error.Error.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}
