using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>
/// Reads Redshift's tokens: backslash escapes live in ordinary literals, dollar quotes, nested comments, #names and $n. E'…' and U&amp;'…'
/// are not known here; they come out as a name and a literal.
/// </summary>
internal sealed class Lexer(string text)
{
    private const string OperatorCharacters = "+-*/<>=~!@#%^&|`?";
    private const string SingleSymbols = "()[],;.";

    /// <summary>An operator that has one of these may end in + or -.</summary>
    private static readonly SearchValues<char> Unusual = SearchValues.Create("~!@#%^&|`?");

    private readonly ImmutableArray<Token>.Builder _tokens = ImmutableArray.CreateBuilder<Token>();
    private int _position;

    /// <summary>The tokens of the whole text; starts are offsets in it.</summary>
    public ImmutableArray<Token> Read()
    {
        while (SkipBlanks())
        {
            ReadToken();
        }

        return _tokens.ToImmutable();
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' || c >= 0x80;

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c is '$';

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    private static ServerException Fault(string message) => new("42601", message);

    private char At(int index) => index < text.Length ? text[index] : '\0';

    /// <summary>Passes blanks and comments; false at the end.</summary>
    private bool SkipBlanks()
    {
        while (_position < text.Length)
        {
            var c = text[_position];
            if (IsBlank(c))
            {
                _position++;
            }
            else if (c is '-' && At(_position + 1) is '-')
            {
                var end = text.AsSpan(_position).IndexOfAny('\n', '\r');
                _position = end < 0 ? text.Length : _position + end;
            }
            else if (c is '/' && At(_position + 1) is '*')
            {
                SkipComment();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void SkipComment()
    {
        var depth = 0;
        do
        {
            if (_position + 1 >= text.Length)
            {
                throw Fault("unterminated /* comment");
            }

            if (text[_position] is '/' && text[_position + 1] is '*')
            {
                depth++;
                _position += 2;
            }
            else if (text[_position] is '*' && text[_position + 1] is '/')
            {
                depth--;
                _position += 2;
            }
            else
            {
                _position++;
            }
        }
        while (depth > 0);
    }

    private void ReadToken()
    {
        var c = text[_position];
        if (IsNameStart(c) || (c is '#' && IsTemporaryName()))
        {
            ReadWord();
        }
        else if (char.IsAsciiDigit(c) || (c is '.' && char.IsAsciiDigit(At(_position + 1))))
        {
            ReadNumber();
        }
        else if (c is '\'')
        {
            ReadLiteral();
        }
        else if (c is '"')
        {
            ReadQuotedName();
        }
        else if (c is '$')
        {
            ReadDollar();
        }
        else
        {
            ReadSymbol(c);
        }
    }

    /// <summary># begins a name where an operator could not stand or does not lean on what is before it.</summary>
    private bool IsTemporaryName() =>
        IsNameStart(At(_position + 1))
        && (_tokens.Count == 0 || _tokens[^1].Start + _tokens[^1].Length < _position || _tokens[^1] is { Kind: TokenKind.Symbol, Value: "(" or "," or "." });

    private void Add(TokenKind kind, int end, string value)
    {
        _tokens.Add(new Token(kind, _position, end - _position, value));
        _position = end;
    }

    private void ReadWord()
    {
        var end = _position + 1;
        while (end < text.Length && IsNamePart(text[end]))
        {
            end++;
        }

        Add(TokenKind.Word, end, Identifiers.Cut(Identifiers.Fold(text[_position..end])));
    }

    private void ReadNumber()
    {
        var end = _position;
        while (char.IsAsciiDigit(At(end)))
        {
            end++;
        }

        if (At(end) is '.' && At(end + 1) is not '.')
        {
            end++;
            while (char.IsAsciiDigit(At(end)))
            {
                end++;
            }
        }

        if (At(end) is 'e' or 'E')
        {
            var digits = At(end + 1) is '+' or '-' ? end + 2 : end + 1;
            if (char.IsAsciiDigit(At(digits)))
            {
                end = digits;
                while (char.IsAsciiDigit(At(end)))
                {
                    end++;
                }
            }
        }

        Add(TokenKind.Number, end, text[_position..end]);
    }

    private void ReadLiteral()
    {
        var value = new StringBuilder();
        var end = _position + 1;
        while (true)
        {
            if (end >= text.Length)
            {
                throw Fault("unterminated quoted string at or near \"'\"");
            }

            var c = text[end];
            if (c is '\'')
            {
                if (At(end + 1) is not '\'')
                {
                    break;
                }

                value.Append('\'');
                end += 2;
            }
            else if (c is '\\' && end + 1 < text.Length)
            {
                end = Unescape(end + 1, value);
            }
            else
            {
                value.Append(c);
                end++;
            }
        }

        Add(TokenKind.Text, end + 1, value.ToString());
    }

    /// <summary>Appends what follows a backslash and returns the place after it.</summary>
    private int Unescape(int at, StringBuilder value)
    {
        var c = text[at];
        if (c is >= '0' and <= '7')
        {
            var end = at + 1;
            while (end < at + 3 && At(end) is >= '0' and <= '7')
            {
                end++;
            }

            value.Append((char)(Convert.ToInt32(text[at..end], 8) & 0xFF));
            return end;
        }

        if (c is 'x' && char.IsAsciiHexDigit(At(at + 1)))
        {
            var end = char.IsAsciiHexDigit(At(at + 2)) ? at + 3 : at + 2;
            value.Append((char)int.Parse(text.AsSpan(at + 1, end - at - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            return end;
        }

        value.Append(c switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c });
        return at + 1;
    }

    private void ReadQuotedName()
    {
        var value = new StringBuilder();
        var end = _position + 1;
        while (true)
        {
            if (end >= text.Length)
            {
                throw Fault("unterminated quoted identifier at or near \"\"\"");
            }

            if (text[end] is '"')
            {
                if (At(end + 1) is not '"')
                {
                    break;
                }

                end++;
            }

            value.Append(text[end]);
            end++;
        }

        if (value.Length == 0)
        {
            throw Fault("zero-length delimited identifier at or near \"\"\"\"");
        }

        Add(TokenKind.QuotedName, end + 1, Identifiers.Cut(value.ToString()));
    }

    private void ReadDollar()
    {
        var end = _position + 1;
        if (char.IsAsciiDigit(At(end)))
        {
            while (char.IsAsciiDigit(At(end)))
            {
                end++;
            }

            Add(TokenKind.Parameter, end, text[(_position + 1)..end]);
            return;
        }

        while (end < text.Length && (IsNameStart(text[end]) || (end > _position + 1 && char.IsAsciiDigit(text[end]))))
        {
            end++;
        }

        if (At(end) is not '$')
        {
            throw Fault("syntax error at or near \"$\"");
        }

        var tag = text[_position..(end + 1)];
        var close = text.IndexOf(tag, end + 1, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Fault($"unterminated dollar-quoted string at or near \"{tag}\"");
        }

        Add(TokenKind.Text, close + tag.Length, text[(end + 1)..close]);
    }

    private void ReadSymbol(char c)
    {
        if (SingleSymbols.Contains(c, StringComparison.Ordinal))
        {
            Add(TokenKind.Symbol, _position + 1, c.ToString());
        }
        else if (c is ':')
        {
            var end = At(_position + 1) is ':' or '=' ? _position + 2 : _position + 1;
            Add(TokenKind.Symbol, end, text[_position..end]);
        }
        else if (OperatorCharacters.Contains(c, StringComparison.Ordinal))
        {
            var end = OperatorEnd();
            Add(TokenKind.Symbol, end, text[_position..end]);
        }
        else
        {
            throw Fault($"syntax error at or near \"{c}\"");
        }
    }

    /// <summary>An operator ends where a comment begins, and does not end in + or - unless it has an unusual character.</summary>
    private int OperatorEnd()
    {
        var end = _position + 1;
        while (end < text.Length && OperatorCharacters.Contains(text[end], StringComparison.Ordinal)
            && !(text[end] is '-' && At(end + 1) is '-') && !(text[end] is '/' && At(end + 1) is '*'))
        {
            end++;
        }

        if (text.AsSpan(_position, end - _position).IndexOfAny(Unusual) < 0)
        {
            while (end > _position + 1 && text[end - 1] is '+' or '-')
            {
                end--;
            }
        }

        return end;
    }
}
