using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    private static IEnumerable<Builtin> Sequences() =>
    [
        Define("length", 1, 1, call => new BigInteger(LengthOf(call, 0))),
        Define("reverse", 1, 1, call => call[0] is string text ? ReverseText(text) : call.List(Enumerable.Reverse(call.Items(0)).ToList())),
        Define("subseq", 2, 3, Subseq),
        Define("elt", 2, 2, Elt),
        DefineKeys("remove", 2, ["test", "key", "start", "end", "count"], call => Remove(call, Matcher.Like(call, 0, 2, 3), 1, 4, 6)),
        DefineKeys("remove-if", 2, ["key", "start", "end", "count"], call => Remove(call, Matcher.If(call, 0, 2, false), 1, 3, 5)),
        DefineKeys("remove-if-not", 2, ["key", "start", "end", "count"], call => Remove(call, Matcher.If(call, 0, 2, true), 1, 3, 5)),
        DefineKeys("substitute", 3, ["test", "key", "start", "end", "count"], call => Substitute(call, Matcher.Like(call, 1, 3, 4), 5, 7)),
        DefineKeys("substitute-if", 3, ["key", "start", "end", "count"], call => Substitute(call, Matcher.If(call, 1, 3, false), 4, 6)),
        DefineKeys("remove-duplicates", 1, ["test", "key", "from-end"], RemoveDuplicates),
        DefineKeys("replace", 2, Substrings, Replace),
    ];

    private static int LengthOf(Call call, int index) =>
        call[index] is string text ? LispText.Length(text) : call.Items(index).Count;

    private static string ReverseText(string text)
    {
        if (!LispText.HasSurrogates(text))
        {
            return string.Create(text.Length, text, (target, source) =>
            {
                source.CopyTo(target);
                target.Reverse();
            });
        }

        var runes = text.EnumerateRunes().ToList();
        runes.Reverse();
        return string.Concat(runes);
    }

    private static object? Subseq(Call call)
    {
        if (call[0] is null)
        {
            return null;
        }

        if (call[0] is string text)
        {
            call.Integer(1);
            var (start, end) = call.Range(1, 2, LispText.Length(text));
            return text[LispText.Offset(text, start)..LispText.Offset(text, end)];
        }

        var items = call.Items(0);
        call.Integer(1);
        var (first, last) = call.Range(1, 2, items.Count);
        return call.List(items[first..last]);
    }

    private static object? Elt(Call call)
    {
        if (call[0] is null or string)
        {
            return call[0] is null ? null : CharacterAt(call);
        }

        var items = call.Items(0);
        call.Integer(1);
        var place = call.Index(1, items.Count, 0);
        return place < items.Count
            ? items[place]
            : throw new TransformException($"elt: place {place} is outside a value of length {items.Count}");
    }

    private static object? Remove(Call call, Matcher matcher, int sequence, int startKey, int countKey) =>
        Rewrite(call, matcher, sequence, startKey, countKey, (_, _) => { });

    private static object? Substitute(Call call, Matcher matcher, int startKey, int countKey) =>
        Rewrite(call, matcher, 2, startKey, countKey, (list, text) =>
        {
            if (text is not null)
            {
                text.Append(call.Character(0).ToString());
            }
            else
            {
                list.Add(call[0]);
            }
        });

    // Items that match are handed to put, the others stay; the key after startKey is :end.
    private static object? Rewrite(
        Call call, Matcher matcher, int sequence, int startKey, int countKey, Action<List<object?>, StringBuilder?> put)
    {
        var (start, end) = call.Range(startKey, startKey + 1, LengthOf(call, sequence));
        var left = call[countKey] is null ? int.MaxValue : (int)BigInteger.Min(int.MaxValue, BigInteger.Max(0, call.Integer(countKey)));
        var place = 0;
        var list = new List<object?>();
        if (call[sequence] is string text)
        {
            var result = new StringBuilder(text.Length);
            foreach (var rune in text.EnumerateRunes())
            {
                if (place >= start && place < end && left > 0 && matcher.Matches(rune))
                {
                    left--;
                    put(list, result);
                }
                else if (rune.IsBmp)
                {
                    result.Append((char)rune.Value);
                }
                else
                {
                    result.Append(rune.ToString());
                }

                place++;
            }

            return result.ToString();
        }

        foreach (var item in call.Items(sequence))
        {
            if (place >= start && place < end && left > 0 && matcher.Matches(item))
            {
                left--;
                put(list, null);
            }
            else
            {
                list.Add(item);
            }

            place++;
        }

        return call.List(list);
    }

    // Of equal items the last stays, with :from-end the first.
    private static object? RemoveDuplicates(Call call)
    {
        var items = call.Items(0);
        var fromEnd = call[3] is not null;
        if (!fromEnd)
        {
            items.Reverse();
        }

        var test = call[1] is null ? null : call.Function(1);
        var key = call[2] is null ? null : call.Function(2);
        var kept = new List<object?>();
        var keys = new List<object?>();
        foreach (var item in items)
        {
            var value = key is null ? item : call.Apply(key, item);
            call.Context.Charge(keys.Count);
            if (!keys.Exists(other => test is null ? Equals(other, value) : call.Apply(test, other, value) is not null))
            {
                kept.Add(item);
                keys.Add(value);
            }
        }

        if (!fromEnd)
        {
            kept.Reverse();
        }

        return call.SameKind(call[0], kept);
    }

    private static object? Replace(Call call)
    {
        if (call[0] is null)
        {
            return null;
        }

        var target = call.Items(0);
        var source = call.Items(1);
        var (start, end) = call.Range(2, 3, target.Count);
        var (from, to) = call.Range(4, 5, source.Count);
        for (var i = 0; start + i < end && from + i < to; i++)
        {
            target[start + i] = source[from + i];
        }

        return call.SameKind(call[0], target);
    }
}
