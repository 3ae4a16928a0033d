using System.Collections.Immutable;

namespace RedshiftLocal.Sql;

/// <summary>One statement of a query string, with its tokens; comments and blanks are in <see cref="Text"/> only.</summary>
public sealed record SqlStatement(string Text, ImmutableArray<Token> Tokens);

public enum TokenKind
{
    /// <summary>An unquoted name or keyword; <see cref="Token.Value"/> is lower case.</summary>
    Word,

    /// <summary>A name in double quotes; Value has the quotes removed, its case kept.</summary>
    QuotedName,

    /// <summary>A literal in single quotes or dollar quotes; Value has escapes resolved.</summary>
    Text,

    Number,

    /// <summary>$1; Value is the digits.</summary>
    Parameter,

    /// <summary>An operator or punctuation: one of ( ) [ ] , ; . :: or a run of operator characters.</summary>
    Symbol,
}

/// <summary>One token: where it stands in the statement's text (0-based, in UTF-16 units) and what it means.</summary>
public readonly record struct Token(TokenKind Kind, int Start, int Length, string Value);
