using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>A parsed Lisp-style expression with the places of its parts.</summary>
public abstract record SExpression
{
    public TextSpan Span { get; init; }

    public sealed record Symbol(string Name) : SExpression;

    public sealed record Text(string Value) : SExpression;

    public sealed record Character(Rune Value) : SExpression;

    public sealed record Number(BigInteger Value) : SExpression;

    public sealed record Real(double Value) : SExpression;

    public sealed record List(ImmutableArray<SExpression> Items) : SExpression;
}
