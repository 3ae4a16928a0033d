using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Casts.Expressions;

internal sealed partial class Compiler
{
    public static readonly ImmutableArray<string> SpecialForms =
    [
        "and", "case", "cond", "format", "function", "if", "ignore-errors", "lambda", "let", "let*", "or", "progn", "quote", "unless", "when",
    ];

    private Thunk? SpecialForm(string name, SExpression.List list, Scope? scope) => name switch
    {
        "if" => If(list, scope),
        "when" => When(list, scope, true),
        "unless" => When(list, scope, false),
        "and" => And(Rest(list, 1, scope)),
        "or" => Or(Rest(list, 1, scope)),
        "cond" => Cond(list, scope),
        "case" => Case(list, scope),
        "let" => Let(list, scope, false),
        "let*" => Let(list, scope, true),
        "lambda" => Lambda(list, scope),
        "progn" => Body(Rest(list, 1, scope)),
        "quote" => list.Items.Length == 2 ? Constant(Quoted(list.Items[1])) : throw Wrong(list, "quote takes 1 argument"),
        "function" => Function(list, scope),
        "format" => Format(list, scope),
        "ignore-errors" => IgnoreErrors(Body(Rest(list, 1, scope))),
        _ => null,
    };

    private CommandException Wrong(SExpression.List list, string expected) => Fail(list, $"{expected}, found {list.Items.Length - 1}");

    private Thunk[] Rest(SExpression.List list, int from, Scope? scope) => [.. list.Items[from..].Select(item => Compile(item, scope))];

    private static Thunk Body(Thunk[] thunks)
    {
        if (thunks.Length == 1)
        {
            return thunks[0];
        }

        return frame =>
        {
            object? value = null;
            foreach (var thunk in thunks)
            {
                value = thunk(frame);
            }

            return value;
        };
    }

    private Thunk If(SExpression.List list, Scope? scope)
    {
        if (list.Items.Length is < 3 or > 4)
        {
            throw Wrong(list, "if takes 2 or 3 arguments: a test, a value, another value");
        }

        var parts = Rest(list, 1, scope);
        var otherwise = parts.Length == 3 ? parts[2] : Constant(null);
        return frame => parts[0](frame) is null ? otherwise(frame) : parts[1](frame);
    }

    private Thunk When(SExpression.List list, Scope? scope, bool wanted)
    {
        if (list.Items.Length < 2)
        {
            throw Wrong(list, wanted ? "when takes a test and values" : "unless takes a test and values");
        }

        var test = Compile(list.Items[1], scope);
        var body = Body(Rest(list, 2, scope));
        return frame => test(frame) is not null == wanted ? body(frame) : null;
    }

    private static Thunk And(Thunk[] parts) => frame =>
    {
        object? value = Symbol.True;
        foreach (var part in parts)
        {
            value = part(frame);
            if (value is null)
            {
                return null;
            }
        }

        return value;
    };

    private static Thunk Or(Thunk[] parts) => frame =>
    {
        foreach (var part in parts)
        {
            if (part(frame) is { } value)
            {
                return value;
            }
        }

        return null;
    };

    private Thunk Cond(SExpression.List list, Scope? scope)
    {
        var clauses = new List<(Thunk Test, Thunk? Body)>();
        foreach (var item in list.Items[1..])
        {
            if (item is not SExpression.List { Items.IsEmpty: false } clause)
            {
                throw Fail(item, "A clause of cond is a list: (test value)");
            }

            clauses.Add((Compile(clause.Items[0], scope), clause.Items.Length == 1 ? null : Body(Rest(clause, 1, scope))));
        }

        return frame =>
        {
            foreach (var (test, body) in clauses)
            {
                if (test(frame) is { } value)
                {
                    return body is null ? value : body(frame);
                }
            }

            return null;
        };
    }

    private Thunk Case(SExpression.List list, Scope? scope)
    {
        if (list.Items.Length < 2)
        {
            throw Wrong(list, "case takes a value and clauses");
        }

        var key = Compile(list.Items[1], scope);
        var clauses = new List<(object?[]? Keys, Thunk Body)>();
        for (var i = 2; i < list.Items.Length; i++)
        {
            if (list.Items[i] is not SExpression.List { Items.IsEmpty: false } clause)
            {
                throw Fail(list.Items[i], "A clause of case is a list: (\"key\" value)");
            }

            var isLast = i == list.Items.Length - 1;
            clauses.Add((Keys(clause.Items[0], isLast), Body(Rest(clause, 1, scope))));
        }

        return frame =>
        {
            var value = key(frame);
            foreach (var (keys, body) in clauses)
            {
                if (keys is null || Array.Exists(keys, candidate => Builtins.Equals(candidate, value)))
                {
                    return body(frame);
                }
            }

            return null;
        };
    }

    // Null stands for all other values.
    private object?[]? Keys(SExpression key, bool isLast)
    {
        if (isLast && key is SExpression.Symbol symbol && Name(symbol) is "t" or "otherwise")
        {
            return null;
        }

        var keys = key is SExpression.List list ? list.Items : [key is SExpression.Symbol nil && Name(nil) == "nil"
            ? throw Fail(key, "nil as the key of a case clause matches nothing", "write ((nil) value) to match NULL")
            : key];
        if (keys.OfType<SExpression.Symbol>().FirstOrDefault(item => !IsKeyword(item) && Name(item) is not ("nil" or "t")) is { } word)
        {
            throw Fail(word, $"The key '{word.Name}' of a case clause is a symbol, which no field's value equals",
                $"write \"{word.Name}\", or t or otherwise in the last clause");
        }

        return [.. keys.Select(Quoted)];
    }

    private Thunk Let(SExpression.List list, Scope? scope, bool sequential)
    {
        if (list.Items.Length < 2 || list.Items[1] is not SExpression.List bindings)
        {
            throw Fail(list, "let takes a list of variables and values: (let ((x value)) …)");
        }

        var inner = scope;
        var values = new List<Thunk>();
        foreach (var binding in bindings.Items)
        {
            var (variable, value) = binding switch
            {
                SExpression.Symbol symbol => (symbol, null),
                SExpression.List { Items: [SExpression.Symbol symbol] } => (symbol, null),
                SExpression.List { Items: [SExpression.Symbol symbol, var written] } => (symbol, written),
                _ => throw Fail(binding, "A variable of let is written (name value)"),
            };
            values.Add(value is null ? Constant(null) : Compile(value, sequential ? inner : scope));
            inner = new Scope(VariableName(variable), inner);
        }

        var body = Body(Rest(list, 2, inner));
        return frame =>
        {
            var innermost = frame;
            foreach (var value in values)
            {
                frame.Context.Charge();
                innermost = new Frame(frame.Context, innermost, value(sequential ? innermost : frame));
            }

            return body(innermost);
        };
    }

    private string VariableName(SExpression.Symbol symbol) => IsKeyword(symbol) || Name(symbol) is "nil" or "t"
        ? throw Fail(symbol, $"'{symbol.Name}' cannot be the name of a variable")
        : symbol.Name;

    private Thunk? Lambda(SExpression expression, Scope? scope)
    {
        if (expression is not SExpression.List { Items: [SExpression.Symbol head, ..] } list || Name(head) != "lambda")
        {
            return null;
        }

        if (list.Items.Length < 2 || list.Items[1] is not SExpression.List parameters)
        {
            throw Fail(list, "lambda takes a list of variables and values: (lambda (x) …)");
        }

        var (required, hasRest, mode) = (0, false, "");
        var optional = new List<Thunk>();
        foreach (var item in parameters.Items)
        {
            var (variable, value) = item switch
            {
                SExpression.Symbol symbol => (symbol, null),
                SExpression.List { Items: [SExpression.Symbol symbol, var written] } when mode == "&optional" => (symbol, written),
                _ => throw Fail(item, "A variable of lambda is a name"),
            };
            if (variable.Name.StartsWith('&'))
            {
                mode = Name(variable) is "&optional" or "&rest"
                    ? Name(variable)
                    : throw Fail(item, $"lambda does not take {variable.Name} here");
                continue;
            }

            if (hasRest)
            {
                throw Fail(item, "Nothing may follow the variable of &rest");
            }

            if (mode == "&optional")
            {
                optional.Add(value is null ? Constant(null) : Compile(value, scope));
            }

            required += mode.Length == 0 ? 1 : 0;
            hasRest = mode == "&rest";
            scope = new Scope(VariableName(variable), scope);
        }

        var body = Body(Rest(list, 2, scope));
        Thunk[] defaults = [.. optional];
        var (count, rest) = (required, hasRest);
        return frame => new Closure(frame, count, defaults, rest, body);
    }

    private Thunk Function(SExpression.List list, Scope? scope)
    {
        if (list.Items.Length != 2)
        {
            throw Wrong(list, "function takes 1 argument");
        }

        if (Lambda(list.Items[1], scope) is { } lambda)
        {
            return lambda;
        }

        if (list.Items[1] is not SExpression.Symbol symbol)
        {
            throw Fail(list, "function takes the name of a function or (lambda …)");
        }

        if (Builtins.Find(Name(symbol)) is { } builtin)
        {
            return Constant(new BuiltinFunction(builtin));
        }

        throw SpecialForms.Contains(Name(symbol)) ? Fail(symbol, $"'{symbol.Name}' cannot be used as a value") : UnknownFunction(symbol, scope);
    }

    private Thunk Format(SExpression.List list, Scope? scope)
    {
        if (list.Items.Length < 3)
        {
            throw Wrong(list, "format takes nil, a text and its arguments");
        }

        if (list.Items[1] is not SExpression.Symbol target || Name(target) != "nil")
        {
            throw Fail(list.Items[1], "format makes a text only when its first argument is nil", "write (format nil \"…\" …)");
        }

        if (list.Items[2] is not SExpression.Text control)
        {
            throw Fail(list.Items[2], "The control string of format must be written as a text");
        }

        if (!FormatProgram.TryParse(control.Value, out var program, out var error, out var offset))
        {
            throw Fail(Inside(control, offset), error, "docs/transforms.md lists the directives of format");
        }

        var arguments = Rest(list, 3, scope);
        if (program.ArgumentCount is { } count && arguments.Length < count)
        {
            throw Fail(list, $"The control string of format takes {count} arguments, found {arguments.Length}");
        }

        return frame => frame.Context.Count(FormatRun.Run(frame.Context, program, Evaluate(arguments, frame)));
    }

    // A text stands in the source as it is, between quotes; where it does not, the whole text is shown.
    private TextSpan Inside(SExpression.Text text, int offset)
    {
        var start = text.Span.Start + 1;
        var isThere = start + text.Value.Length <= source.Text.Length
            && source.Text.AsSpan(start, text.Value.Length).SequenceEqual(text.Value);
        return isThere ? new TextSpan(start + offset, Math.Max(1, Math.Min(2, text.Value.Length - offset))) : text.Span;
    }

    private static Thunk IgnoreErrors(Thunk body) => frame =>
    {
        try
        {
            return body(frame);
        }
        catch (TransformException)
        {
            return null;
        }
    };
}
