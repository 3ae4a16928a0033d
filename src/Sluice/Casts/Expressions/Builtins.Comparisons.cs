using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    private static readonly string[] Substrings = ["start1", "end1", "start2", "end2"];

    /// <summary>Same kind and value; texts by their letters as they are, lists by their items.</summary>
    public static new bool Equals(object? left, object? right)
    {
        EvalContext.CheckStack();
        for (; left is Cons a && right is Cons b; left = a.Cdr, right = b.Cdr)
        {
            if (!Equals(a.Car, b.Car))
            {
                return false;
            }
        }

        return left is not Cons && right is not Cons && object.Equals(left, right);
    }

    /// <summary>The same without regard to case and to the kind of number.</summary>
    public static bool EqualsLoosely(object? left, object? right)
    {
        EvalContext.CheckStack();
        for (; left is Cons a && right is Cons b; left = a.Cdr, right = b.Cdr)
        {
            if (!EqualsLoosely(a.Car, b.Car))
            {
                return false;
            }
        }

        return (left, right) switch
        {
            (string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase),
            (Rune a, Rune b) => Rune.ToUpperInvariant(a) == Rune.ToUpperInvariant(b),
            (Cons, _) or (_, Cons) => false,
            _ => LispNumbers.IsNumber(left) && LispNumbers.IsNumber(right)
                ? LispNumbers.Compare(left!, right!) == 0
                : object.Equals(left, right),
        };
    }

    private static IEnumerable<Builtin> Comparisons() =>
    [
        Define("=", 1, -1, call => Chain(call, order => order == 0)),
        Define("/=", 1, -1, call => AllDifferent(call, i => call.Number(i), (a, b) => LispNumbers.Compare(a, b) == 0)),
        Define("<", 1, -1, call => Chain(call, order => order < 0)),
        Define(">", 1, -1, call => Chain(call, order => order > 0)),
        Define("<=", 1, -1, call => Chain(call, order => order <= 0)),
        Define(">=", 1, -1, call => Chain(call, order => order >= 0)),
        Define("eq", 2, 2, call => Call.Truth(Equals(call[0], call[1]))),
        Define("eql", 2, 2, call => Call.Truth(Equals(call[0], call[1]))),
        Define("equal", 2, 2, call => Call.Truth(Equals(call[0], call[1]))),
        Define("equalp", 2, 2, call => Call.Truth(EqualsLoosely(call[0], call[1]))),
        Define("null", 1, 1, call => Call.Truth(call[0] is null)),
        Define("not", 1, 1, call => Call.Truth(call[0] is null)),
        Define("stringp", 1, 1, call => Call.Truth(call[0] is string)),
        Define("characterp", 1, 1, call => Call.Truth(call[0] is Rune)),
        Define("numberp", 1, 1, call => Call.Truth(LispNumbers.IsNumber(call[0]))),
        Define("integerp", 1, 1, call => Call.Truth(call[0] is BigInteger)),
        Define("listp", 1, 1, call => Call.Truth(call[0] is null or Cons)),
        Define("consp", 1, 1, call => Call.Truth(call[0] is Cons)),
        Define("atom", 1, 1, call => Call.Truth(call[0] is not Cons)),
        Define("zerop", 1, 1, call => Call.Truth(LispNumbers.IsZero(call.Number(0)))),
        Define("plusp", 1, 1, call => Call.Truth(LispNumbers.Sign(call.Number(0)) > 0)),
        Define("minusp", 1, 1, call => Call.Truth(LispNumbers.Sign(call.Number(0)) < 0)),
        Define("evenp", 1, 1, call => Call.Truth(call.Integer(0).IsEven)),
        Define("oddp", 1, 1, call => Call.Truth(!call.Integer(0).IsEven)),
        DefineKeys("string=", 2, Substrings, call => TextEquality(call, StringComparison.Ordinal)),
        DefineKeys("string-equal", 2, Substrings, call => TextEquality(call, StringComparison.OrdinalIgnoreCase)),
        DefineKeys("string/=", 2, Substrings, call => TextOrder(call, false, (order, _) => order != 0)),
        DefineKeys("string-not-equal", 2, Substrings, call => TextOrder(call, true, (order, _) => order != 0)),
        DefineKeys("string<", 2, Substrings, call => TextOrder(call, false, (order, known) => known && order < 0)),
        DefineKeys("string>", 2, Substrings, call => TextOrder(call, false, (order, known) => known && order > 0)),
        DefineKeys("string<=", 2, Substrings, call => TextOrder(call, false, (order, known) => known && order <= 0)),
        DefineKeys("string>=", 2, Substrings, call => TextOrder(call, false, (order, known) => known && order >= 0)),
        DefineKeys("string-lessp", 2, Substrings, call => TextOrder(call, true, (order, known) => known && order < 0)),
        DefineKeys("string-greaterp", 2, Substrings, call => TextOrder(call, true, (order, known) => known && order > 0)),
    ];

    private static object? Chain(Call call, Func<int, bool> holds)
    {
        call.Number(0);
        var result = true;
        for (var i = 1; i < call.Count; i++)
        {
            result &= holds(LispNumbers.Compare(call.Number(i - 1), call.Number(i)));
        }

        return Call.Truth(result);
    }

    private static Symbol? AllDifferent(Call call, Func<int, object> take, Func<object, object, bool> same)
    {
        for (var i = 0; i < call.Count; i++)
        {
            call.Context.Charge(i);
            var value = take(i);
            for (var j = 0; j < i; j++)
            {
                if (same(take(j), value))
                {
                    return null;
                }
            }
        }

        return Symbol.True;
    }

    // NULL equals NULL and no text.
    private static object? TextEquality(Call call, StringComparison comparison)
    {
        var left = call.TextOrNull(0);
        var right = call.TextOrNull(1);
        return left is null || right is null
            ? Call.Truth(left is null && right is null)
            : Call.Truth(Part(call, left, 2, 3).Equals(Part(call, right, 4, 5), comparison));
    }

    // Gives the place of the first difference, as Lisp does: it counts as true. NULL differs from every text and is neither less nor more.
    private static BigInteger? TextOrder(Call call, bool ignoreCase, Func<int, bool, bool> holds)
    {
        var left = call.TextOrNull(0);
        var right = call.TextOrNull(1);
        if (left is null || right is null)
        {
            return holds(left is null && right is null ? 0 : 1, false) ? BigInteger.Zero : null;
        }

        var (leftPart, rightPart) = (Part(call, left, 2, 3), Part(call, right, 4, 5));
        using var a = leftPart.EnumerateRunes().GetEnumerator();
        using var b = rightPart.EnumerateRunes().GetEnumerator();
        for (var place = call.Index(2, int.MaxValue, 0); ; place++)
        {
            var (hasLeft, hasRight) = (a.MoveNext(), b.MoveNext());
            var order = hasLeft && hasRight ? Fold(a.Current).CompareTo(Fold(b.Current)) : hasLeft.CompareTo(hasRight);
            if (order != 0 || !hasLeft)
            {
                return holds(order, true) ? new BigInteger(place) : null;
            }
        }

        Rune Fold(Rune rune) => ignoreCase ? Rune.ToUpperInvariant(rune) : rune;
    }

    private static string Part(Call call, string text, int startKey, int endKey)
    {
        if (!call.Has(startKey) && !call.Has(endKey))
        {
            return text;
        }

        var (start, end) = call.Range(startKey, endKey, LispText.Length(text));
        return text[LispText.Offset(text, start)..LispText.Offset(text, end)];
    }
}
