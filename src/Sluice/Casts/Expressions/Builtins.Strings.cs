using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    private static IEnumerable<Builtin> Strings() =>
    [
        OfText("string-upcase", text => text.ToUpperInvariant()),
        OfText("string-downcase", text => text.ToLowerInvariant()),
        OfText("string-capitalize", text => LispText.Capitalize(text)),
        OfText("string", text => text),
        Define("princ-to-string", 1, 1, call => call[0] is null ? null : LispText.Princ(call[0])),
        DefineKeys("write-to-string", 1, ["base", "radix", "escape"], WriteToString),
        Define("prin1-to-string", 1, 1, call => call[0] is null ? null : LispText.Prin1(call[0])),
        Define("string-trim", 2, 2, call => Trim(call, true, true)),
        Define("string-left-trim", 2, 2, call => Trim(call, true, false)),
        Define("string-right-trim", 2, 2, call => Trim(call, false, true)),
        Define("concatenate", 1, -1, Concatenate),
        Define("make-string", 1, 1, call => new string(' ', Padding(call, 0))),
        Define("starts-with-subseq", 2, 2, call => Affix(call, (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        Define("ends-with-subseq", 2, 2, call => Affix(call, (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        Define("string-prefix-p", 2, 2, call => Affix(call, (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        Define("string-suffix-p", 2, 2, call => SuffixOf(call)),
        Define("emptyp", 1, 1, call => Call.Truth(call[0] is null or "")),
        Define("coerce", 2, 2, Coerce),
        DefineKeys("split-sequence", 2, ["remove-empty-subseqs", "count", "start", "end"], SplitSequence),
    ];

    private static IEnumerable<Builtin> Characters() =>
    [
        Define("char", 2, 2, call => call[0] is null ? null : CharacterAt(call)),
        Define("schar", 2, 2, call => call[0] is null ? null : CharacterAt(call)),
        Define("aref", 2, 2, call => call[0] is null ? null : CharacterAt(call)),
        Define("code-char", 1, 1, call => call[0] is null ? null : CodeCharacter(call)),
        Define("char-code", 1, 1, call => call[0] is null ? null : new BigInteger(call.Character(0).Value)),
        OfCharacter("char-upcase", rune => Rune.ToUpperInvariant(rune)),
        OfCharacter("char-downcase", rune => Rune.ToLowerInvariant(rune)),
        OfCharacter("alpha-char-p", rune => Call.Truth(Rune.IsLetter(rune))),
        OfCharacter("alphanumericp", rune => Call.Truth(Rune.IsLetterOrDigit(rune))),
        OfCharacter("upper-case-p", rune => Call.Truth(Rune.IsUpper(rune))),
        OfCharacter("lower-case-p", rune => Call.Truth(Rune.IsLower(rune))),
        OfCharacter("digit-char-p", rune => rune.IsAscii && char.IsAsciiDigit((char)rune.Value) ? new BigInteger(rune.Value - '0') : null),
        Define("digit-char", 1, 1, call => call.Integer(0) is var value && value >= 0 && value <= 9 ? new Rune('0' + (int)value) : null),
        Define("char=", 1, -1, call => CharacterChain(call, false, order => order == 0)),
        Define("char-equal", 1, -1, call => CharacterChain(call, true, order => order == 0)),
        Define("char<", 1, -1, call => CharacterChain(call, false, order => order < 0)),
        Define("char>", 1, -1, call => CharacterChain(call, false, order => order > 0)),
        Define("char<=", 1, -1, call => CharacterChain(call, false, order => order <= 0)),
        Define("char>=", 1, -1, call => CharacterChain(call, false, order => order >= 0)),
        Define("char/=", 1, -1, call => AllDifferent(call, i => call.Character(i), (a, b) => a.Equals(b))),
    ];

    private static Builtin OfText(string name, Func<string, string> body) =>
        Define(name, 1, 1, call => call.TextOrNull(0) is { } text ? body(text) : null);

    private static Builtin OfCharacter(string name, Func<Rune, object?> body) =>
        Define(name, 1, 1, call => call[0] is null ? null : body(call.Character(0)));

    private static object? WriteToString(Call call)
    {
        if (call[0] is null)
        {
            return null;
        }

        if (call[1] is not null && call[0] is BigInteger number)
        {
            return call.Integer(1) is var radix && radix >= 2 && radix <= 36
                ? NumberText.InBase(number, (int)radix)
                : throw call.Refuse(1, "a base from 2 to 36");
        }

        return call.Has(3) && call[3] is null ? LispText.Princ(call[0]) : LispText.Prin1(call[0]);
    }

    private static string? Trim(Call call, bool left, bool right)
    {
        if (call.TextOrNull(1) is not { } text)
        {
            return null;
        }

        var bag = call[0] as string ?? string.Concat(call.Items(0).OfType<Rune>());
        if (LispText.HasSurrogates(bag) || LispText.HasSurrogates(text))
        {
            var runes = bag.EnumerateRunes().ToHashSet();
            var kept = text.EnumerateRunes().ToList();
            var start = left ? kept.FindIndex(rune => !runes.Contains(rune)) : 0;
            var end = right ? kept.FindLastIndex(rune => !runes.Contains(rune)) + 1 : kept.Count;
            return start < 0 || end <= start ? "" : string.Concat(kept.Take(start..end));
        }

        var span = text.AsSpan();
        span = left ? span.TrimStart(bag) : span;
        span = right ? span.TrimEnd(bag) : span;
        return bag.Length == 0 || span.Length == text.Length ? text : span.ToString();
    }

    private static object? Concatenate(Call call)
    {
        var kind = SequenceKind(call, 0);
        var parts = Enumerable.Range(1, call.Count - 1).Select(i => call[i]).ToList();
        if (parts.Count > 0 && parts.All(part => part is null))
        {
            return null;
        }

        if (kind == "LIST")
        {
            return call.List([.. parts.SelectMany(call.Items)]);
        }

        var result = new StringBuilder();
        foreach (var part in parts)
        {
            result.Append(part as string ?? (string?)call.SameKind("", call.Items(part)));
            EvalContext.CheckLength(result.Length);
        }

        return result.ToString();
    }

    private static string SequenceKind(Call call, int index) => call[index] switch
    {
        Symbol { Name: "STRING" or "SIMPLE-STRING" or "BASE-STRING" or "SIMPLE-BASE-STRING" } => "STRING",
        Symbol { Name: "LIST" } => "LIST",
        _ => throw call.Refuse(index, "'string or 'list"),
    };

    private static object? Affix(Call call, Func<string, string, bool> test)
    {
        var (part, text) = (call.TextOrNull(0), call.TextOrNull(1));
        return Call.Truth(text is not null && test(text, part ?? ""));
    }

    private static object? SuffixOf(Call call)
    {
        var (text, suffix) = (call.TextOrNull(0), call.TextOrNull(1));
        return Call.Truth(text is not null && text.EndsWith(suffix ?? "", StringComparison.Ordinal));
    }

    private static object? Coerce(Call call)
    {
        var value = call[0];
        var kind = (call[1] as Symbol)?.Name ?? throw call.Refuse(1, "a type such as 'string");
        return kind switch
        {
            _ when value is null => null,
            "STRING" or "SIMPLE-STRING" => value is string ? value : call.SameKind("", call.Items(0)),
            "LIST" => value is Cons ? value : call.List(call.Items(0)),
            "CHARACTER" => call.Character(0),
            "FLOAT" or "SINGLE-FLOAT" or "DOUBLE-FLOAT" or "REAL" => LispNumbers.ToDouble(call.Number(0)),
            "INTEGER" => call.Integer(0),
            "NUMBER" or "RATIONAL" => call.Number(0),
            _ => throw call.Refuse(1, "'string, 'list, 'character, 'float or 'integer"),
        };
    }

    private static object? SplitSequence(Call call)
    {
        if (call[1] is null)
        {
            return call[2] is null ? new Cons(null, null) : null;
        }

        var text = call[1] as string ?? throw call.Refuse(1, "a text");
        var delimiter = call.Character(0).ToString();
        var part = Part(call, text, 4, 5);
        var pieces = new List<object?>();
        var limit = call[3] is null ? int.MaxValue : call.Index(3, int.MaxValue, 0);
        var skipEmpty = call[2] is not null;
        for (var start = 0; start <= part.Length && pieces.Count < limit;)
        {
            var end = part.IndexOf(delimiter, start, StringComparison.Ordinal);
            end = end < 0 ? part.Length : end;
            if (end > start || !skipEmpty)
            {
                pieces.Add(part[start..end]);
            }

            start = end + delimiter.Length;
        }

        return call.List(pieces);
    }

    private static Rune CharacterAt(Call call)
    {
        var text = call[0] as string ?? throw call.Refuse(0, "a text");
        var length = LispText.Length(text);
        call.Integer(1);
        var place = call.Index(1, length, 0);
        return place < length
            ? LispText.At(text, place)
            : throw new TransformException($"{call.Name}: place {place} is outside a value of length {length}");
    }

    private static Rune CodeCharacter(Call call)
    {
        var code = call.Integer(0);
        return code >= 0 && code <= 0x10FFFF && Rune.IsValid((int)code)
            ? new Rune((int)code)
            : throw call.Refuse(0, "the number of a character");
    }

    private static int Padding(Call call, int index) =>
        call.Integer(index) is var length && length >= 0 && length <= EvalContext.MaxPadding
            ? (int)length
            : throw call.Refuse(index, string.Create(CultureInfo.InvariantCulture, $"a length up to {EvalContext.MaxPadding:N0}"));

    private static object? CharacterChain(Call call, bool ignoreCase, Func<int, bool> holds)
    {
        var result = true;
        var previous = Take(0);
        for (var i = 1; i < call.Count; i++)
        {
            var next = Take(i);
            result &= holds(previous.CompareTo(next));
            previous = next;
        }

        return Call.Truth(result);

        Rune Take(int index) => ignoreCase ? Rune.ToUpperInvariant(call.Character(index)) : call.Character(index);
    }
}
