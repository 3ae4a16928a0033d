namespace Sluice.Commands;

/// <summary>The pieces of SQL that matter for finding the ends of statements.</summary>
internal enum SqlToken
{
    End,
    Word,
    Quoted,
    Comment,
    Semicolon,
    Open,
    Close,
    Meta,
    Other,
    Unclosed,
}

/// <summary>Reads SQL piece by piece, by PostgreSQL's lexical rules.</summary>
/// <seealso href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html"/>
internal sealed class SqlScanner(string text)
{
    /// <summary>0-based offset of the piece read last.</summary>
    public int Start { get; private set; }

    /// <summary>0-based offset after it.</summary>
    public int Position { get; private set; }

    public SqlToken Next()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }

        Start = Position;
        if (Position >= text.Length)
        {
            return SqlToken.End;
        }

        var c = text[Position];
        switch (c)
        {
            case '-' when Peek(1) == '-':
                var newline = text.IndexOf('\n', Position);
                Position = newline < 0 ? text.Length : newline;
                return SqlToken.Comment;
            case '/' when Peek(1) == '*':
                return BlockComment();
            case '\'':
                return Quoted('\'', hasEscapes: false);
            case '"':
                return Quoted('"', hasEscapes: false);
            case '$':
                return Dollar();
            case ';':
                Position++;
                return SqlToken.Semicolon;
            case '(' or '[':
                Position++;
                return SqlToken.Open;
            case ')' or ']':
                Position++;
                return SqlToken.Close;
            case '\\':
                Position++;
                while (Position < text.Length && !char.IsWhiteSpace(text[Position]))
                {
                    Position++;
                }

                return SqlToken.Meta;
            default:
                return WordOrOther(c);
        }
    }

    /// <summary>Reads to the end of the line.</summary>
    public string RestOfLine()
    {
        var newline = text.IndexOf('\n', Position);
        var end = newline < 0 ? text.Length : newline;
        var rest = text[Position..end];
        Position = end;
        return rest;
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_' || c >= '\x80';

    private static bool IsWordPart(char c) => IsWordStart(c) || char.IsAsciiDigit(c) || c == '$';

    private char Peek(int ahead) => Position + ahead < text.Length ? text[Position + ahead] : '\0';

    private SqlToken WordOrOther(char c)
    {
        if (c is 'E' or 'e' && Peek(1) == '\'')
        {
            Position++;
            return Quoted('\'', hasEscapes: true);
        }

        Position++;
        if (!IsWordStart(c))
        {
            // A number may be followed by letters: they are no words, and $ in them opens nothing.
            while (char.IsAsciiDigit(c) && Position < text.Length
                && (char.IsAsciiLetterOrDigit(text[Position]) || text[Position] is '_' or '.'))
            {
                Position++;
            }

            return SqlToken.Other;
        }

        while (Position < text.Length && IsWordPart(text[Position]))
        {
            Position++;
        }

        return SqlToken.Word;
    }

    private SqlToken BlockComment()
    {
        var depth = 0;
        while (Position < text.Length)
        {
            if (text[Position] == '/' && Peek(1) == '*')
            {
                depth++;
                Position += 2;
            }
            else if (text[Position] == '*' && Peek(1) == '/')
            {
                Position += 2;
                if (--depth == 0)
                {
                    return SqlToken.Comment;
                }
            }
            else
            {
                Position++;
            }
        }

        return SqlToken.Unclosed;
    }

    // A doubled quote is read as two strings side by side, which comes to the same.
    private SqlToken Quoted(char quote, bool hasEscapes)
    {
        for (Position++; Position < text.Length; Position++)
        {
            if (hasEscapes && text[Position] == '\\')
            {
                Position++;
            }
            else if (text[Position] == quote)
            {
                if (Peek(1) == quote)
                {
                    Position++;
                    continue;
                }

                Position++;
                return SqlToken.Quoted;
            }
        }

        Position = text.Length;
        return SqlToken.Unclosed;
    }

    private SqlToken Dollar()
    {
        var tagEnd = Position + 1;
        while (tagEnd < text.Length && text[tagEnd] != '$' && IsWordPart(text[tagEnd]))
        {
            tagEnd++;
        }

        var isTag = tagEnd < text.Length && text[tagEnd] == '$' && !char.IsAsciiDigit(text[Position + 1]);
        if (!isTag)
        {
            Position++;
            return SqlToken.Other;
        }

        var tag = text[Position..(tagEnd + 1)];
        var close = text.IndexOf(tag, tagEnd + 1, StringComparison.Ordinal);
        Position = close < 0 ? text.Length : close + tag.Length;
        return close < 0 ? SqlToken.Unclosed : SqlToken.Quoted;
    }
}

/// <summary>Follows <c>create function … begin atomic … end</c>: the semicolons inside end no statement. The rule is psql's.</summary>
internal sealed class SqlBodyTracker
{
    private int _words;
    private bool _isCreate;
    private bool _isFunction;
    private int _depth;

    public bool IsInside => _depth > 0;

    public void Word(ReadOnlySpan<char> word)
    {
        _words++;
        if (_words == 1)
        {
            _isCreate = Is(word, "create");
        }
        else if (_words is 2 or 3 or 4 && _isCreate && (Is(word, "function") || Is(word, "procedure")))
        {
            _isFunction = true;
        }

        if (_isFunction && Is(word, "begin"))
        {
            _depth++;
        }
        else if (_depth > 0 && Is(word, "case"))
        {
            _depth++;
        }
        else if (_depth > 0 && Is(word, "end"))
        {
            _depth--;
        }
    }

    private static bool Is(ReadOnlySpan<char> word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
