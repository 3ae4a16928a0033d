using System.Globalization;
using System.Numerics;
using Sluice.Diagnostics;

namespace Sluice.Casts.Expressions;

/// <summary>The local variables in sight while compiling, the innermost first.</summary>
internal sealed record Scope(string Name, Scope? Outer);

/// <summary>Turns an expression into thunks; every name is looked up here, none while rows are read.</summary>
internal sealed partial class Compiler(IReadOnlyList<string> fields, SourceText source)
{
    private const int MaxNesting = 200;

    private int _nesting;

    /// <summary>The field of exactly this name.</summary>
    public int? ExactField(string name)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i] == name)
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>The field that a bare name means: as written, else without regard to case; null when there is none.</summary>
    public int? Field(SExpression.Symbol symbol)
    {
        if (ExactField(symbol.Name) is { } exact)
        {
            return exact;
        }

        int? found = null;
        for (var i = 0; i < fields.Count; i++)
        {
            if (!fields[i].Equals(symbol.Name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (found is { } other)
            {
                throw Fail(symbol, $"The name {symbol.Name} means more than one field: \"{fields[other]}\" and \"{fields[i]}\"");
            }

            found = i;
        }

        return found;
    }

    public CommandException Fail(SExpression at, string message, string? hint = null) => Fail(at.Span, message, hint);

    public Thunk Compile(SExpression expression, Scope? scope)
    {
        if (++_nesting > MaxNesting)
        {
            throw Fail(expression, $"The expression is nested more than {MaxNesting} deep");
        }

        var thunk = expression switch
        {
            SExpression.Symbol symbol => Variable(symbol, scope),
            SExpression.List { Items.IsEmpty: true } => Constant(null),
            SExpression.List list => Form(list, scope),
            _ => Constant(Quoted(expression)),
        };
        _nesting--;
        return thunk;
    }

    /// <summary>The parameter and body of a lambda of one value, or null for anything else.</summary>
    public static (string Parameter, SExpression Body)? OneArgumentLambda(SExpression expression)
    {
        if (expression is SExpression.List { Items: [SExpression.Symbol head, var inner] } && Name(head) == "function")
        {
            expression = inner;
        }

        if (expression is not SExpression.List { Items: [SExpression.Symbol lambda, SExpression.List parameters, ..] } list
            || Name(lambda) != "lambda" || parameters.Items is not [SExpression.Symbol parameter])
        {
            return null;
        }

        var progn = new SExpression.Symbol("progn") { Span = list.Span };
        return (parameter.Name, new SExpression.List([progn, .. list.Items[2..]]) { Span = list.Span });
    }

    /// <summary>A name without its package, in lower case.</summary>
    public static string Name(SExpression.Symbol symbol) => PackageNames.Strip(symbol.Name).ToLowerInvariant();

    public static bool IsKeyword(SExpression expression) => expression is SExpression.Symbol { Name: [':', _, ..] };

    /// <summary>A literal as the value it stands for.</summary>
    public static object? Quoted(SExpression expression) => expression switch
    {
        SExpression.Text text => text.Value,
        SExpression.Number number => number.Value,
        SExpression.Real real => real.Value,
        SExpression.Character character => character.Value,
        SExpression.Symbol symbol when IsKeyword(symbol) => new Symbol(symbol.Name[1..].ToUpperInvariant(), true),
        SExpression.Symbol symbol when TryFraction(symbol.Name) is { } fraction => fraction,
        SExpression.Symbol symbol => Name(symbol) switch
        {
            "nil" => null,
            "t" => Symbol.True,
            var name => new Symbol(name.ToUpperInvariant()),
        },
        SExpression.List list => Cons.List(list.Items.Select(Quoted)),
        _ => throw new InvalidOperationException($"An expression of type {expression.GetType().Name} has no value"),
    };

    // The reader knows no fractions: 5/2 comes as a symbol.
    private static object? TryFraction(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && BigInteger.TryParse(name.AsSpan(0, slash), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var numerator)
            && BigInteger.TryParse(name.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
            && !denominator.IsZero
            && numerator.GetBitLength() + denominator.GetBitLength() < EvalContext.MaxBits
            ? LispNumbers.Fraction(numerator, denominator)
            : null;
    }

    private static Thunk Constant(object? value) => _ => value;

    private CommandException Fail(TextSpan span, string message, string? hint = null) =>
        new(new Diagnostic(DiagnosticSeverity.Error, source, span, Printable.Escape(message), hint is null ? null : Printable.Escape(hint)));

    private Thunk Variable(SExpression.Symbol symbol, Scope? scope)
    {
        if (IsKeyword(symbol) || TryFraction(symbol.Name) is not null)
        {
            return Constant(Quoted(symbol));
        }

        var depth = 0;
        for (var local = scope; local is not null; local = local.Outer, depth++)
        {
            if (local.Name.Equals(symbol.Name, StringComparison.OrdinalIgnoreCase))
            {
                return Local(depth);
            }
        }

        var name = Name(symbol);
        if (name == "nil")
        {
            return Constant(null);
        }

        if (Field(symbol) is { } field)
        {
            return frame => frame.Context.Field(field);
        }

        return name == "t" ? Constant(Symbol.True) : throw UnknownName(symbol, scope);
    }

    private static Thunk Local(int depth) => frame =>
    {
        for (var i = 0; i < depth; i++)
        {
            // A variable in scope always has its frame.
            frame = frame.Outer!;
        }

        return frame.Value;
    };

    private CommandException UnknownName(SExpression.Symbol symbol, Scope? scope)
    {
        var names = fields.ToList();
        for (var local = scope; local is not null; local = local.Outer)
        {
            names.Add(local.Name);
        }

        var hint = Suggest.Nearest(symbol.Name, names) is { } nearest ? $"did you mean {nearest}?"
            : Builtins.Find(Name(symbol)) is not null ? $"a function as a value is written #'{Name(symbol)}"
            : names.Count is > 0 and <= 20 ? $"there are: {string.Join(", ", names)}"
            : null;
        return Fail(symbol, scope is null ? $"Unknown field '{symbol.Name}'" : $"Unknown field or variable '{symbol.Name}'", hint);
    }

    private Thunk Form(SExpression.List list, Scope? scope)
    {
        if (list.Items[0] is SExpression.List)
        {
            var function = Lambda(list.Items[0], scope)
                ?? throw Fail(list.Items[0], "A call begins with the name of a function or with (lambda …)");
            var arguments = list.Items[1..].Select(item => Compile(item, scope)).ToArray();
            return frame => ((LispFunction)function(frame)!).Call(frame.Context, Evaluate(arguments, frame));
        }

        if (list.Items[0] is not SExpression.Symbol head || IsKeyword(head))
        {
            throw Fail(list.Items[0], "A call begins with the name of a function", "a text or a number is written without parentheses");
        }

        var name = Name(head);
        return SpecialForm(name, list, scope) ?? (Builtins.Find(name) is { } builtin
            ? BuiltinCall(builtin, list, scope)
            : throw UnknownFunction(head, scope));
    }

    private CommandException UnknownFunction(SExpression.Symbol head, Scope? scope)
    {
        var name = Name(head);
        if (RefusedFunctions.Hint(name) is { } refused)
        {
            return Fail(head, $"'{head.Name}' is not available in an expression", refused);
        }

        for (var local = scope; local is not null; local = local.Outer)
        {
            if (local.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return Fail(head, $"'{head.Name}' is a variable, not a function", $"write (funcall {head.Name} …)");
            }
        }

        var nearest = Suggest.Nearest(name, Builtins.Names.Concat(SpecialForms).Order(StringComparer.Ordinal));
        return Fail(head, $"Unknown function '{head.Name}'",
            nearest is null ? "docs/transforms.md lists the functions that an expression may use" : $"did you mean {nearest}?");
    }

    private Thunk BuiltinCall(Builtin builtin, SExpression.List list, Scope? scope)
    {
        var items = list.Items[1..];
        var plain = items.Length;
        if (builtin.Keys.Length > 0)
        {
            plain = items.TakeWhile((item, place) => place < builtin.Min || !IsKeyword(item)).Count();
        }

        if (plain < builtin.Min || (builtin.Max >= 0 && plain > builtin.Max))
        {
            throw Fail(list, $"{builtin.Name} takes {builtin.Takes}, found {plain}");
        }

        var slots = new Thunk?[builtin.Max < 0 ? plain : builtin.Max + builtin.Keys.Length];
        for (var i = 0; i < plain; i++)
        {
            slots[i] = Compile(items[i], scope);
        }

        for (var i = plain; i < items.Length; i += 2)
        {
            var key = IsKeyword(items[i]) ? Array.IndexOf(builtin.Keys, ((SExpression.Symbol)items[i]).Name[1..].ToLowerInvariant()) : -1;
            if (key < 0)
            {
                var keys = string.Join(", ", builtin.Keys.Select(word => ':' + word));
                throw Fail(items[i], $"{builtin.Name} does not take this here", $"it takes {keys}");
            }

            if (i + 1 == items.Length)
            {
                throw Fail(items[i], "This keyword has no value after it");
            }

            var value = Compile(items[i + 1], scope);
            slots[builtin.Max + key] ??= value;
        }

        return frame =>
        {
            var arguments = new object?[slots.Length];
            for (var i = 0; i < slots.Length; i++)
            {
                arguments[i] = slots[i] is { } slot ? slot(frame) : Absent.Value;
            }

            return builtin.Invoke(frame.Context, arguments);
        };
    }

    private static object?[] Evaluate(Thunk[] thunks, Frame frame)
    {
        var values = new object?[thunks.Length];
        for (var i = 0; i < thunks.Length; i++)
        {
            values[i] = thunks[i](frame);
        }

        return values;
    }
}
