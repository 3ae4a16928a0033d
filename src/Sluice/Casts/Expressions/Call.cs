using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>One call of a built-in function: its arguments, taken as what the function expects or refused.</summary>
internal readonly struct Call(EvalContext context, string name, object?[] arguments)
{
    public EvalContext Context { get; } = context;

    public string Name { get; } = name;

    public object?[] Arguments { get; } = arguments;

    public int Count => Arguments.Length;

    /// <summary>The argument; null when it was not written.</summary>
    public object? this[int index] => Arguments[index] is Absent ? null : Arguments[index];

    public bool Has(int index) => Arguments[index] is not Absent;

    public TransformException Refuse(int index, string expected) =>
        new($"{Name} expected {expected}, found {LispText.Describe(this[index])}");

    public TransformException Refuse(string expected, object? found) =>
        new($"{Name} expected {expected}, found {LispText.Describe(found)}");

    /// <summary>A text, or a character or symbol as one.</summary>
    public string Text(int index) => TextOrNull(index) ?? throw Refuse(index, "a text");

    public string? TextOrNull(int index) => this[index] switch
    {
        null => null,
        string text => text,
        Rune rune => rune.ToString(),
        Symbol symbol => symbol.Name,
        _ => throw Refuse(index, "a text"),
    };

    public object Number(int index) => this[index] is { } value && LispNumbers.IsNumber(value) ? value : throw Refuse(index, "a number");

    public BigInteger Integer(int index) => this[index] is BigInteger value ? value : throw Refuse(index, "an integer");

    public Rune Character(int index) => this[index] switch
    {
        Rune rune => rune,
        string { Length: 1 } text when !char.IsSurrogate(text[0]) => new Rune(text[0]),
        _ => throw Refuse(index, "a character"),
    };

    /// <summary>A 0-based place up to <paramref name="limit"/>.</summary>
    public int Index(int index, int limit, int absent)
    {
        if (this[index] is null)
        {
            return absent;
        }

        var value = Integer(index);
        return value >= 0 && value <= limit
            ? (int)value
            : throw new TransformException($"{Name}: place {LispText.Princ(value)} is outside a value of length {limit}");
    }

    /// <summary>Optional start and end (exclusive) within a length.</summary>
    public (int Start, int End) Range(int startIndex, int endIndex, int length)
    {
        var start = Index(startIndex, length, 0);
        var end = Index(endIndex, length, length);
        return start <= end ? (start, end) : throw new TransformException($"{Name}: start {start} is after end {end}");
    }

    public LispFunction Function(int index) => ToFunction(this[index]);

    public LispFunction ToFunction(object? value) => value switch
    {
        LispFunction function => function,
        Symbol { IsKeyword: false } symbol when Builtins.Find(symbol.Name) is { } builtin => new BuiltinFunction(builtin),
        _ => throw Refuse("a function such as #'string=", value),
    };

    public object? Apply(LispFunction function, params object?[] values)
    {
        Context.Charge();
        return function.Call(Context, values);
    }

    /// <summary>The items of a list, or the characters of a text.</summary>
    public List<object?> Items(int index) => Items(this[index]);

    public List<object?> Items(object? sequence)
    {
        var items = new List<object?>();
        if (sequence is string text)
        {
            Context.Charge(text.Length);
            foreach (var rune in text.EnumerateRunes())
            {
                items.Add(rune);
            }

            return items;
        }

        for (; sequence is Cons cell; sequence = cell.Cdr)
        {
            Context.Charge();
            items.Add(cell.Car);
        }

        return sequence is null ? items : throw Refuse("a text or a list", sequence);
    }

    public object? List(IReadOnlyCollection<object?> items)
    {
        Context.Charge(items.Count);
        return Cons.List(items);
    }

    /// <summary>The items as the kind of sequence they came from.</summary>
    public object? SameKind(object? original, IReadOnlyCollection<object?> items)
    {
        if (original is not string)
        {
            return List(items);
        }

        var text = new StringBuilder();
        foreach (var item in items)
        {
            text.Append(item is Rune rune ? rune.ToString() : throw Refuse("a character for a text", item));
        }

        return text.ToString();
    }

    public static object? Truth(bool value) => value ? Symbol.True : null;
}
