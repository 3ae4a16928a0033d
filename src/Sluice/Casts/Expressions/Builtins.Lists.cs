using System.Numerics;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    private static readonly string[] Ordinals =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    private static IEnumerable<Builtin> Lists() =>
    [
        Define("list", 0, -1, call => call.List(call.Arguments)),
        Define("list*", 1, -1, call => ListStar(call)),
        Define("cons", 2, 2, call => new Cons(call[0], call[1])),
        Define("car", 1, 1, call => Cell(call, call[0])?.Car),
        Define("cdr", 1, 1, call => Cell(call, call[0])?.Cdr),
        Define("rest", 1, 1, call => Cell(call, call[0])?.Cdr),
        Define("cadr", 1, 1, call => Nth(call, call[0], 1)),
        Define("caddr", 1, 1, call => Nth(call, call[0], 2)),
        Define("cddr", 1, 1, call => NthCell(call, call[0], 2)),
        .. Ordinals.Select((name, place) => Define(name, 1, 1, call => Nth(call, call[0], place))),
        Define("nth", 2, 2, call => Nth(call, call[1], Place(call, 0))),
        Define("nthcdr", 2, 2, call => NthCell(call, call[1], Place(call, 0))),
        Define("last", 1, 2, call => Last(call)),
        Define("butlast", 1, 2, call => ButLast(call)),
        Define("append", 0, -1, Append),
        Define("endp", 1, 1, call => Call.Truth(call[0] is null)),
        Define("identity", 1, 1, call => call[0]),
        Define("funcall", 1, -1, call => call.Apply(call.Function(0), call.Arguments[1..])),
        Define("apply", 2, -1, call => call.Apply(call.Function(0), [.. call.Arguments[1..^1], .. call.Items(call.Count - 1)])),
        Define("mapcar", 2, -1, Mapcar),
        DefineKeys("reduce", 2, ["initial-value", "from-end", "key"], Reduce),
        Define("some", 2, -1, Some),
        Define("every", 2, -1, call => Call.Truth(!HasRow(call, value => value is null))),
        Define("notany", 2, -1, call => Call.Truth(!HasRow(call, value => value is not null))),
        Define("notevery", 2, -1, call => Call.Truth(HasRow(call, value => value is null))),
    ];

    private static Cons? Cell(Call call, object? value) => value as Cons ?? (value is null ? null : throw call.Refuse("a list", value));

    private static object? NthCell(Call call, object? list, int place)
    {
        for (; place > 0 && list is not null; place--)
        {
            call.Context.Charge();
            list = Cell(call, list)?.Cdr;
        }

        return list;
    }

    private static object? Nth(Call call, object? list, int place) => Cell(call, NthCell(call, list, place))?.Car;

    private static int Place(Call call, int index) => call.Integer(index) is var place && place >= 0
        ? (int)BigInteger.Min(place, int.MaxValue)
        : throw call.Refuse(index, "a place from 0");

    private static object? ListStar(Call call)
    {
        call.Context.Charge(call.Count);
        return Cons.ListWithTail(call.Arguments[..^1], call.Arguments[^1]);
    }

    private static object? Last(Call call)
    {
        var items = ListItems(call, 0);
        var count = call.Has(1) ? Place(call, 1) : 1;
        return NthCell(call, call[0], Math.Max(0, items.Count - count));
    }

    private static object? ButLast(Call call)
    {
        var items = ListItems(call, 0);
        var count = call.Has(1) ? Place(call, 1) : 1;
        return call.List(items[..Math.Max(0, items.Count - count)]);
    }

    private static List<object?> ListItems(Call call, int index)
    {
        Cell(call, call[index]);
        return call.Items(index);
    }

    private static object? Append(Call call)
    {
        if (call.Count == 0)
        {
            return null;
        }

        var items = new List<object?>();
        for (var i = 0; i < call.Count - 1; i++)
        {
            items.AddRange(ListItems(call, i));
        }

        return Cons.ListWithTail(items, call[call.Count - 1]);
    }

    private static object? Mapcar(Call call)
    {
        var results = new List<object?>();
        foreach (var row in Rows(call))
        {
            results.Add(call.Apply(call.Function(0), row));
        }

        return call.List(results);
    }

    private static object? Reduce(Call call)
    {
        var items = call.Items(1);
        var function = call.Function(0);
        if (call[4] is not null)
        {
            var key = call.Function(4);
            items = [.. items.Select(item => call.Apply(key, item))];
        }

        var fromEnd = call[3] is not null;
        if (fromEnd)
        {
            items.Reverse();
        }

        if (call.Has(2))
        {
            items.Insert(0, call[2]);
        }

        if (items.Count == 0)
        {
            return call.Apply(function);
        }

        var result = items[0];
        foreach (var item in items.Skip(1))
        {
            result = fromEnd ? call.Apply(function, item, result) : call.Apply(function, result, item);
        }

        return result;
    }

    // The first items of all sequences, then the second ones, up to the end of the shortest.
    private static IEnumerable<object?[]> Rows(Call call)
    {
        var sequences = Enumerable.Range(1, call.Count - 1).Select(call.Items).ToArray();
        var count = sequences.Min(items => items.Count);
        for (var i = 0; i < count; i++)
        {
            yield return [.. sequences.Select(items => items[i])];
        }
    }

    private static object? Some(Call call)
    {
        foreach (var row in Rows(call))
        {
            if (call.Apply(call.Function(0), row) is { } value)
            {
                return value;
            }
        }

        return null;
    }


    private static bool HasRow(Call call, Func<object?, bool> wanted)
    {
        foreach (var row in Rows(call))
        {
            if (wanted(call.Apply(call.Function(0), row)))
            {
                return true;
            }
        }

        return false;
    }
}
