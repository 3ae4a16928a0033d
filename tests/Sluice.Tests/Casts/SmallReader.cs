using System.Globalization;
using System.Numerics;
using System.Text;
using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Tests.Casts;

/// <summary>Reads expressions for tests: lists, texts, numbers, characters, symbols, 'x and #'x. It is not the reader of load files.</summary>
internal sealed class SmallReader(string text)
{
    private int _position;

    public static SExpression Read(string text)
    {
        var reader = new SmallReader(text);
        var result = reader.Next();
        reader.SkipBlanks();
        return reader._position == text.Length ? result : throw new FormatException($"Text after the expression in {text}");
    }

    private SExpression Next()
    {
        SkipBlanks();
        var start = _position;
        return text[_position] switch
        {
            '(' => ReadList(start),
            '"' => ReadText(start),
            '\'' => Wrap("quote", start, 1),
            '#' when text[_position + 1] == '\'' => Wrap("function", start, 2),
            '#' => ReadCharacter(start),
            _ => ReadAtom(start),
        };
    }

    private SExpression.List ReadList(int start)
    {
        var items = new List<SExpression>();
        _position++;
        for (SkipBlanks(); text[_position] != ')'; SkipBlanks())
        {
            items.Add(Next());
        }

        _position++;
        return new SExpression.List([.. items]) { Span = From(start) };
    }

    private SExpression.Text ReadText(int start)
    {
        var end = text.IndexOf('"', start + 1);
        _position = end + 1;
        return new SExpression.Text(text[(start + 1)..end]) { Span = From(start) };
    }

    private SExpression.List Wrap(string head, int start, int length)
    {
        _position += length;
        var inner = Next();
        return new SExpression.List([new SExpression.Symbol(head) { Span = new TextSpan(start, length) }, inner]) { Span = From(start) };
    }

    private SExpression.Character ReadCharacter(int start)
    {
        _position += 2;
        var rune = Rune.GetRuneAt(text, _position);
        _position += rune.Utf16SequenceLength;
        while (Rune.IsLetterOrDigit(rune) && _position < text.Length && char.IsLetterOrDigit(text[_position]))
        {
            _position++;
        }

        rune = text[(start + 2).._position] switch { "Space" => new Rune(' '), "Tab" => new Rune('\t'), "Newline" => new Rune('\n'), _ => rune };
        return new SExpression.Character(rune) { Span = From(start) };
    }

    private SExpression ReadAtom(int start)
    {
        while (_position < text.Length && !char.IsWhiteSpace(text[_position]) && text[_position] is not ('(' or ')'))
        {
            _position++;
        }

        var atom = text[start.._position];
        return BigInteger.TryParse(atom, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? new SExpression.Number(number) { Span = From(start) }
            : atom.Contains('.') && double.TryParse(atom, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                ? new SExpression.Real(real) { Span = From(start) }
            : new SExpression.Symbol(atom) { Span = From(start) };
    }

    private TextSpan From(int start) => TextSpan.FromBounds(start, _position);

    private void SkipBlanks()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }
}
