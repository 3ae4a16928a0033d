using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Walks the tokens of one statement. Its errors never show the inside of a literal, which may be a secret.</summary>
internal sealed class TokenCursor(SqlStatement statement)
{
    private int _next;

    public bool AtEnd => _next >= statement.Tokens.Length || IsSymbol(_next, ";");

    private Token Current => statement.Tokens[_next];

    public bool AcceptWord(string word)
    {
        if (AtEnd || Current.Kind != TokenKind.Word || Current.Value != word)
        {
            return false;
        }

        _next++;
        return true;
    }

    public bool AcceptSymbol(string symbol)
    {
        if (AtEnd || !IsSymbol(_next, symbol))
        {
            return false;
        }

        _next++;
        return true;
    }

    public void ExpectWord(string word)
    {
        if (!AcceptWord(word))
        {
            throw Unexpected();
        }
    }

    /// <summary>The next keyword, lower case.</summary>
    public string Word()
    {
        if (AtEnd || Current.Kind != TokenKind.Word)
        {
            throw Unexpected();
        }

        return statement.Tokens[_next++].Value;
    }

    /// <summary>A name, in lower case unless quoted names keep their case.</summary>
    public string Name(bool caseSensitive)
    {
        if (AtEnd || Current.Kind is not (TokenKind.Word or TokenKind.QuotedName))
        {
            throw Unexpected();
        }

        var token = statement.Tokens[_next++];
        return caseSensitive ? token.Value : token.Value.ToLowerInvariant();
    }

    public bool NextIsText() => !AtEnd && Current.Kind == TokenKind.Text;

    /// <summary>A literal's value.</summary>
    public string Text()
    {
        if (!NextIsText())
        {
            throw Unexpected();
        }

        return statement.Tokens[_next++].Value;
    }

    /// <summary>A literal between its quotation marks as written, doubled ones made single and backslashes left alone.</summary>
    public string RawText()
    {
        if (!NextIsText())
        {
            throw Unexpected();
        }

        var token = statement.Tokens[_next++];
        var raw = statement.Text.AsSpan(token.Start, token.Length);
        return raw.Length >= 2 && raw[0] == '\'' ? raw[1..^1].ToString().Replace("''", "'", StringComparison.Ordinal) : token.Value;
    }

    public long Number(string option, long lowest, long highest)
    {
        if (AtEnd || Current.Kind != TokenKind.Number)
        {
            throw Unexpected();
        }

        var text = statement.Tokens[_next++].Value;
        return long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && value >= lowest && value <= highest
            ? value
            : throw new ServerException("22023", $"{option} must be between {lowest} and {highest}, not {text}");
    }

    /// <summary>A number, with or without a fraction.</summary>
    public decimal Decimal()
    {
        if (AtEnd || Current.Kind != TokenKind.Number
            || !decimal.TryParse(
                Current.Value, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value))
        {
            throw Unexpected();
        }

        _next++;
        return value;
    }

    public ServerException Unexpected()
    {
        if (AtEnd)
        {
            return new ServerException("42601", "syntax error at end of input");
        }

        var shown = Current.Kind == TokenKind.Text ? "'...'" : statement.Text.Substring(Current.Start, Current.Length);
        return new ServerException("42601", $"syntax error at or near \"{shown}\"");
    }

    public ServerException UnexpectedPrevious()
    {
        _next--;
        return Unexpected();
    }

    private bool IsSymbol(int index, string symbol) =>
        statement.Tokens[index].Kind == TokenKind.Symbol && statement.Tokens[index].Value == symbol;
}
