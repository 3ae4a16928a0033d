using Sluice.Casts;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>One column of a written target column list.</summary>
public sealed record ColumnSpec
{
    /// <summary>Bare names are lower-case, quoted ones as written.</summary>
    public required string Name { get; init; }

    /// <summary>The expression after USING; null takes the field of the same name.</summary>
    public SExpression? Using { get; init; }

    public TextSpan Span { get; init; }
}
