using System.Collections.Immutable;
using System.Globalization;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sql;

/// <summary>Walks over a statement's tokens. What does not fit raises 42601 as the server words it.</summary>
internal sealed class TokenReader(SqlStatement statement, SessionFacts facts)
{
    private const int MaxDepth = 400;

    private int _depth;

    public SqlStatement Statement { get; } = statement;

    public SessionFacts Facts { get; } = facts;

    public int Position { get; set; }

    /// <summary>Literals are not quoted back in errors.</summary>
    public bool IsSecret { get; init; }

    public bool AtEnd => Position >= Tokens.Length;

    private ImmutableArray<Token> Tokens => Statement.Tokens;

    public Token this[int index] => index >= 0 && index < Tokens.Length ? Tokens[index] : default;

    public Token Peek(int ahead = 0) => this[Position + ahead] is { Value: not null } token ? token : new Token(TokenKind.Symbol, 0, 0, string.Empty);

    public bool IsWord(string word, int ahead = 0) => Peek(ahead) is { Kind: TokenKind.Word } token && token.Value == word;

    public bool IsAnyWord(params ReadOnlySpan<string> words) => Peek() is { Kind: TokenKind.Word } token && words.Contains(token.Value);

    public bool IsSymbol(string symbol, int ahead = 0) => Peek(ahead) is { Kind: TokenKind.Symbol } token && token.Value == symbol;

    public bool Accept(string word)
    {
        if (!IsWord(word))
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Accepts all of these words in a row, or none.</summary>
    public bool Accept(string first, params ReadOnlySpan<string> others)
    {
        if (!IsWord(first))
        {
            return false;
        }

        for (var i = 0; i < others.Length; i++)
        {
            if (!IsWord(others[i], i + 1))
            {
                return false;
            }
        }

        Position += others.Length + 1;
        return true;
    }

    /// <summary>Accepts one of these words and says which; null if none is there.</summary>
    public string? AcceptOneOf(params ReadOnlySpan<string> words)
    {
        if (!IsAnyWord(words))
        {
            return null;
        }

        return this[Position++].Value;
    }

    public bool AcceptSymbol(string symbol)
    {
        if (!IsSymbol(symbol))
        {
            return false;
        }

        Position++;
        return true;
    }

    public void Expect(string word)
    {
        if (!Accept(word))
        {
            throw Unexpected();
        }
    }

    public void ExpectSymbol(string symbol)
    {
        if (!AcceptSymbol(symbol))
        {
            throw Unexpected();
        }
    }

    public void ExpectEnd()
    {
        if (!AtEnd)
        {
            throw Unexpected();
        }
    }

    /// <summary>A name as it is stored; reserved words are refused unless quoted.</summary>
    public string Name()
    {
        var token = Peek();
        if (AtEnd || !(token.Kind is TokenKind.QuotedName || (token.Kind is TokenKind.Word && !ReservedWords.Contains(token.Value))))
        {
            throw Unexpected();
        }

        Position++;
        return Identifiers.Name(token, Facts);
    }

    /// <summary>[database.][schema.]name; the database must be the current one.</summary>
    public QualifiedName Relation()
    {
        var name = Name();
        if (!AcceptSymbol("."))
        {
            return new QualifiedName(null, name);
        }

        var schema = name;
        name = AnyName();
        if (AcceptSymbol("."))
        {
            if (schema != Facts.Database)
            {
                throw Refusals.NotCovered($"tables of another database ({schema})");
            }

            schema = name;
            name = AnyName();
        }

        return schema is "rs_catalog" or "rs_internal" or "rs_information_schema"
            ? throw Refusals.NoSchema(schema)
            : new QualifiedName(schema, name);
    }

    /// <summary>A name after a dot or AS: any word will do.</summary>
    public string AnyName()
    {
        var token = Peek();
        if (AtEnd || token.Kind is not (TokenKind.Word or TokenKind.QuotedName))
        {
            throw Unexpected();
        }

        Position++;
        return Identifiers.Name(token, Facts);
    }

    /// <summary>( name, … )</summary>
    public ImmutableArray<string> NameList()
    {
        ExpectSymbol("(");
        var names = ImmutableArray.CreateBuilder<string>();
        do
        {
            names.Add(Name());
        }
        while (AcceptSymbol(","));
        ExpectSymbol(")");
        return names.ToImmutable();
    }

    public string Text()
    {
        if (AtEnd || Peek().Kind is not TokenKind.Text)
        {
            throw Unexpected();
        }

        return this[Position++].Value;
    }

    /// <summary>A whole number, with its sign.</summary>
    public long Integer()
    {
        var start = Position;
        var negative = AcceptSymbol("-");
        if (!negative)
        {
            AcceptSymbol("+");
        }

        if (Peek().Kind is not TokenKind.Number || !long.TryParse(Peek().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            Position = Peek().Kind is TokenKind.Number ? Position : start;
            throw Unexpected();
        }

        Position++;
        return negative ? -value : value;
    }

    /// <summary>The error for the token at the present position.</summary>
    public ServerException Unexpected() => Unexpected(Position);

    public ServerException Unexpected(int index)
    {
        var token = this[index];
        return token.Value is null ? Refusals.EndOfInput()
            : IsSecret && token.Kind is not (TokenKind.Word or TokenKind.Symbol) ? Refusals.Syntax("'")
            : Refusals.Syntax(Source(index));
    }

    /// <summary>The token as the client wrote it.</summary>
    public string Source(int index) => Statement.Text.Substring(this[index].Start, this[index].Length);

    /// <summary>Counts nesting, so that no statement can exhaust the stack.</summary>
    public void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new ServerException("54001", "stack depth limit exceeded");
        }
    }

    public void Leave() => _depth--;
}

/// <summary>A relation as the client named it.</summary>
internal sealed record QualifiedName(string? Schema, string Name)
{
    public bool IsTemporary => Name.StartsWith('#');

    public string Quoted => Schema is null ? Identifiers.Quote(Name) : $"{Identifiers.Quote(Schema)}.{Identifiers.Quote(Name)}";
}
