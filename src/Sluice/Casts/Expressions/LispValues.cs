using System.Numerics;

namespace Sluice.Casts.Expressions;

// The values of an expression are: null (nil, NULL, the empty list), string, Rune, BigInteger, Ratio, double,
// Symbol (true and keywords too), Cons and LispFunction.

/// <summary>A symbol as a value; two are the same when their names are.</summary>
internal sealed record Symbol(string Name, bool IsKeyword = false)
{
    public static Symbol True { get; } = new("T");
}

/// <summary>A cell of a list; its rest is another cell, or null at the end, or any value in a dotted pair.</summary>
internal sealed record Cons(object? Car, object? Cdr)
{
    /// <summary>The list of these items.</summary>
    public static Cons? List(IEnumerable<object?> items) => (Cons?)ListWithTail(items, null);

    public static object? ListWithTail(IEnumerable<object?> items, object? tail)
    {
        foreach (var item in items.Reverse())
        {
            tail = new Cons(item, tail);
        }

        return tail;
    }
}

/// <summary>A fraction in lowest terms, its denominator above one.</summary>
internal sealed record Ratio(BigInteger Numerator, BigInteger Denominator);

/// <summary>A function as a value.</summary>
internal abstract class LispFunction
{
    public abstract string Name { get; }

    public abstract object? Call(EvalContext context, object?[] arguments);
}

/// <summary>An optional or keyword argument that was not written.</summary>
internal sealed class Absent
{
    public static readonly Absent Value = new();

    private Absent()
    {
    }
}
