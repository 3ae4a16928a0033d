using System.Numerics;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    private static readonly string[] SearchKeys = ["test", "key", "start", "end", "from-end"];
    private static readonly string[] IfKeys = ["key", "start", "end", "from-end"];

    private static IEnumerable<Builtin> Searches() =>
    [
        DefineKeys("position", 2, SearchKeys, call => Position(call, Matcher.Like(call, 0, 2, 3), 4)?.Place),
        DefineKeys("position-if", 2, IfKeys, call => Position(call, Matcher.If(call, 0, 2, false), 3)?.Place),
        DefineKeys("position-if-not", 2, IfKeys, call => Position(call, Matcher.If(call, 0, 2, true), 3)?.Place),
        DefineKeys("find", 2, SearchKeys, call => Position(call, Matcher.Like(call, 0, 2, 3), 4)?.Item),
        DefineKeys("find-if", 2, IfKeys, call => Position(call, Matcher.If(call, 0, 2, false), 3)?.Item),
        DefineKeys("find-if-not", 2, IfKeys, call => Position(call, Matcher.If(call, 0, 2, true), 3)?.Item),
        DefineKeys("count", 2, SearchKeys, call => CountOf(call, Matcher.Like(call, 0, 2, 3), 4)),
        DefineKeys("count-if", 2, IfKeys, call => CountOf(call, Matcher.If(call, 0, 2, false), 3)),
        DefineKeys("count-if-not", 2, IfKeys, call => CountOf(call, Matcher.If(call, 0, 2, true), 3)),
        DefineKeys("member", 2, ["test", "key"], Member),
        DefineKeys("assoc", 2, ["test", "key"], Assoc),
        DefineKeys("search", 2, ["test", "key", "start1", "end1", "start2", "end2", "from-end"], Search),
    ];

    private static (BigInteger Place, object? Item)? Position(Call call, Matcher matcher, int startKey)
    {
        (BigInteger, object?)? found = null;
        var fromEnd = call[startKey + 2] is not null;
        var (start, end) = call.Range(startKey, startKey + 1, LengthOf(call, 1));
        if (call[1] is string text)
        {
            var place = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                if (place >= start && place < end && matcher.Matches(rune))
                {
                    found = (place, rune);
                    if (!fromEnd)
                    {
                        break;
                    }
                }

                place++;
            }

            return found;
        }

        var items = call.Items(1);
        for (var place = start; place < end && (found is null || fromEnd); place++)
        {
            found = matcher.Matches(items[place]) ? (place, items[place]) : found;
        }

        return found;
    }

    private static BigInteger CountOf(Call call, Matcher matcher, int startKey)
    {
        var (start, end) = call.Range(startKey, startKey + 1, LengthOf(call, 1));
        var count = 0;
        var place = 0;
        if (call[1] is string text)
        {
            foreach (var rune in text.EnumerateRunes())
            {
                count += place >= start && place < end && matcher.Matches(rune) ? 1 : 0;
                place++;
            }

            return new BigInteger(count);
        }

        foreach (var item in call.Items(1))
        {
            count += place >= start && place < end && matcher.Matches(item) ? 1 : 0;
            place++;
        }

        return new BigInteger(count);
    }

    private static object? Member(Call call)
    {
        var matcher = Matcher.Like(call, 0, 2, 3);
        for (var cell = Cell(call, call[1]); cell is not null; cell = Cell(call, cell.Cdr))
        {
            call.Context.Charge();
            if (matcher.Matches(cell.Car))
            {
                return cell;
            }
        }

        return null;
    }

    private static object? Assoc(Call call)
    {
        var matcher = Matcher.Like(call, 0, 2, 3);
        for (var cell = Cell(call, call[1]); cell is not null; cell = Cell(call, cell.Cdr))
        {
            call.Context.Charge();
            if (cell.Car is not null && matcher.Matches(Cell(call, cell.Car)!.Car))
            {
                return cell.Car;
            }
        }

        return null;
    }

    private static object? Search(Call call)
    {
        if (call[1] is null)
        {
            return null;
        }

        var test = call[2] is null ? null : call.Function(2);
        var key = call[3] is null ? null : call.Function(3);
        if (call[0] is string && call[1] is string && test is null && key is null && call[8] is null)
        {
            return SearchText(call);
        }

        var (pattern, items) = (call.Items(0), call.Items(1));
        var (patternStart, patternEnd) = call.Range(4, 5, pattern.Count);
        var (start, end) = call.Range(6, 7, items.Count);
        pattern = pattern[patternStart..patternEnd];
        BigInteger? found = null;
        for (var place = start; place + pattern.Count <= end && (found is null || call[8] is not null); place++)
        {
            call.Context.Charge();
            found = IsAt(place) ? place : found;
        }

        return found;

        bool IsAt(int place)
        {
            for (var i = 0; i < pattern.Count; i++)
            {
                call.Context.Charge();
                var (wanted, item) = (pattern[i], items[place + i]);
                if (key is not null)
                {
                    (wanted, item) = (call.Apply(key, wanted), call.Apply(key, item));
                }

                if (test is null ? !Equals(wanted, item) : call.Apply(test, wanted, item) is null)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private static BigInteger? SearchText(Call call)
    {
        var pattern = Part(call, (string)call[0]!, 4, 5);
        var text = (string)call[1]!;
        var (start, end) = call.Range(6, 7, LispText.Length(text));
        var from = LispText.Offset(text, start);
        var place = text.IndexOf(pattern, from, LispText.Offset(text, end) - from, StringComparison.Ordinal);
        return place < 0 ? null : new BigInteger(LispText.Character(text, place));
    }
}
