using System.Globalization;
using System.Numerics;
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>Reads Lisp-style expressions as users of pgloader write them, with quote sugar, signs, decimals and all characters.</summary>
public sealed class SExpressionReader(SourceText source, int start, int end)
{
    private const int MaxDepth = 100;

    private static readonly Dictionary<string, char> CharacterNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Space"] = ' ',
        ["Tab"] = '\t',
        ["Newline"] = '\n',
        ["Linefeed"] = '\n',
        ["Return"] = '\r',
        ["Page"] = '\f',
        ["Backspace"] = '\b',
        ["Rubout"] = '\x7f',
        ["Delete"] = '\x7f',
        ["Null"] = '\0',
        ["Nul"] = '\0',
        ["Escape"] = '\x1b',
    };

    private int _depth;

    /// <summary>Where the reader stands: after the expression it read last.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Reads one expression; what follows it stays unread.</summary>
    /// <exception cref="CommandException">The expression is incomplete or not understood.</exception>
    public SExpression Read()
    {
        SkipBlanks();
        if (Position >= end)
        {
            throw Fail(Position, 0, "Expected an expression, but the command ends here");
        }

        var first = Position;
        var result = ReadHere();
        return result with { Span = TextSpan.FromBounds(first, Position) };
    }

    private SExpression ReadHere()
    {
        switch (source.Text[Position])
        {
            case '(':
                return ReadList();
            case ')':
                throw Fail(Position, 1, "Expected an expression, found ')'");
            case '"':
                return ReadText();
            case '\'':
                return Sugar("quote", 1);
            case '#' when Peek(1) == '\'':
                return Sugar("function", 2);
            case '#' when Peek(1) == '\\':
                return ReadCharacter();
            case '#' or '`' or ',' or ';':
                throw Fail(Position, 1, $"'{source.Text[Position]}' cannot start an expression",
                    source.Text[Position] == '#' ? "a character is written #\\a, a function #'name" : null);
            default:
                return ReadAtom();
        }
    }

    private SExpression.List ReadList()
    {
        var open = Position;
        if (++_depth > MaxDepth)
        {
            throw Fail(open, 1, "This expression is nested too deeply", $"at most {MaxDepth} levels");
        }

        Position++;
        var items = new List<SExpression>();
        for (SkipBlanks(); Position < end && source.Text[Position] != ')'; SkipBlanks())
        {
            if (source.Text[Position] is ';' or ',')
            {
                throw Unclosed(open);
            }

            items.Add(Read());
        }

        if (Position >= end)
        {
            throw Unclosed(open);
        }

        Position++;
        _depth--;
        return new SExpression.List([.. items]);
    }

    private CommandException Unclosed(int open) =>
        Fail(open, 1, "The parenthesis that opens this expression is never closed", "each ( needs its )");

    private SExpression.Text ReadText()
    {
        // As in pgloader there are no escapes: a backslash is itself.
        var close = source.Text.IndexOf('"', Position + 1, end - Position - 1);
        if (close < 0)
        {
            throw Fail(Position, 1, "The quote that opens this string is never closed");
        }

        var text = source.Text[(Position + 1)..close];
        Position = close + 1;
        return new SExpression.Text(text);
    }

    private SExpression.List Sugar(string function, int length)
    {
        var mark = new TextSpan(Position, length);
        Position += length;
        if (++_depth > MaxDepth)
        {
            throw Fail(mark.Start, length, "This expression is nested too deeply", $"at most {MaxDepth} levels");
        }

        var quoted = Read();
        _depth--;
        return new SExpression.List([new SExpression.Symbol(function) { Span = mark }, quoted]);
    }

    private SExpression.Character ReadCharacter()
    {
        var first = Position;
        Position += 2;
        if (Position >= end || Rune.DecodeFromUtf16(source.Text.AsSpan(Position, end - Position), out var rune,
            out var length) != System.Buffers.OperationStatus.Done)
        {
            throw Fail(first, 2, "Expected a character after #\\");
        }

        var nameStart = Position;
        Position += length;
        if (!Rune.IsLetterOrDigit(rune))
        {
            return new SExpression.Character(rune);
        }

        while (Position < end && (char.IsLetterOrDigit(source.Text[Position]) || source.Text[Position] is '_' or '-' or '+'))
        {
            Position++;
        }

        var name = source.Text[nameStart..Position];
        if (name.Length == length)
        {
            return new SExpression.Character(rune);
        }

        if (CharacterNames.TryGetValue(name, out var named))
        {
            return new SExpression.Character(new Rune(named));
        }

        if (name[0] is 'U' or 'u'
            && int.TryParse(name.AsSpan(name[1] == '+' ? 2 : 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            && Rune.IsValid(code))
        {
            return new SExpression.Character(new Rune(code));
        }

        var near = Suggest.Nearest(name, CharacterNames.Keys);
        throw Fail(first, Position - first, $"Unknown character name '{Printable.Escape(name)}'",
            near is null ? "for example #\\Space, #\\Tab, #\\Newline or a single character such as #\\;" : $"did you mean #\\{near}?");
    }

    private SExpression ReadAtom()
    {
        var first = Position;
        while (Position < end && !char.IsWhiteSpace(source.Text[Position])
            && source.Text[Position] is not ('(' or ')' or '"' or '\'' or ',' or ';'))
        {
            Position++;
        }

        var text = source.Text[first..Position];
        if (text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E') && text.Any(char.IsAsciiDigit))
        {
            var digits = text.EndsWith('.') ? text[..^1] : text;
            if (BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            {
                return new SExpression.Number(integer);
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            {
                return new SExpression.Real(real);
            }
        }

        return new SExpression.Symbol(text);
    }

    private void SkipBlanks()
    {
        while (Position < end)
        {
            var c = source.Text[Position];
            if (char.IsWhiteSpace(c))
            {
                Position++;
            }
            else if (c == '-' && Peek(1) == '-')
            {
                var newline = source.Text.IndexOf('\n', Position, end - Position);
                Position = newline < 0 ? end : newline + 1;
            }
            else if (c == '/' && Peek(1) == '*')
            {
                var close = source.Text.IndexOf("*/", Position, end - Position, StringComparison.Ordinal);
                Position = close < 0 ? throw Fail(Position, 2, "This comment never ends", "close it with */") : close + 2;
            }
            else
            {
                return;
            }
        }
    }

    private char Peek(int ahead) => Position + ahead < end ? source.Text[Position + ahead] : '\0';

    private CommandException Fail(int start, int length, string message, string? hint = null) =>
        new(new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(start, length), message, hint));
}
