namespace Sluice.Casts.Expressions;

/// <summary>A built-in function.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Min">The fewest arguments.</param>
/// <param name="Max">The most, keywords apart; -1 for any number.</param>
/// <param name="Keys">Keywords taken after the arguments; their values follow in this order.</param>
/// <param name="Body">What it does; arguments not written are <see cref="Absent"/>.</param>
internal sealed record Builtin(string Name, int Min, int Max, string[] Keys, Func<Call, object?> Body)
{
    public string Takes => (Min, Max) switch
    {
        (var min, -1) => $"at least {Count(min)}",
        var (min, max) when min == max => Count(min),
        var (min, max) => $"{min} to {Count(max)}",
    };

    public object? Invoke(EvalContext context, object?[] arguments)
    {
        context.Charge();
        return context.Count(Body(new Call(context, Name, arguments)));
    }

    private static string Count(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}

/// <summary>A built-in as a value; its arguments are sorted out at the call.</summary>
internal sealed class BuiltinFunction(Builtin builtin) : LispFunction
{
    public override string Name => builtin.Name;

    public override object? Call(EvalContext context, object?[] arguments)
    {
        EvalContext.CheckStack();
        if (arguments.Length < builtin.Min || (arguments.Length > builtin.Max && builtin.Max >= 0 && builtin.Keys.Length == 0))
        {
            throw new TransformException($"{builtin.Name} takes {builtin.Takes}, found {arguments.Length}");
        }

        if (builtin.Max < 0)
        {
            return builtin.Invoke(context, arguments);
        }

        var sorted = new object?[builtin.Max + builtin.Keys.Length];
        Array.Fill(sorted, Absent.Value);
        var plain = Math.Min(arguments.Length, builtin.Max);
        arguments.AsSpan(0, plain).CopyTo(sorted);
        for (var i = plain; i < arguments.Length; i += 2)
        {
            var key = arguments[i] is Symbol { IsKeyword: true } keyword ? Array.IndexOf(builtin.Keys, keyword.Name.ToLowerInvariant()) : -1;
            if (key < 0 || i + 1 == arguments.Length)
            {
                throw new TransformException($"{builtin.Name} does not take {LispText.Describe(arguments[i])} here");
            }

            if (sorted[builtin.Max + key] is Absent)
            {
                sorted[builtin.Max + key] = arguments[i + 1];
            }
        }

        return builtin.Invoke(context, sorted);
    }
}
