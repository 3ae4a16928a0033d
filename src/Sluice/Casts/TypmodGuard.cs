using System.Numerics;
using Sluice.Casts.Expressions;
using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>The guard of a cast rule, <c>when (= 1 precision)</c>.</summary>
public static class TypmodGuard
{
    /// <summary>
    /// Compiles a guard over <c>precision</c> and <c>scale</c>. Where it cannot be reckoned for some numbers, it does not hold for them.
    /// </summary>
    /// <exception cref="CommandException">The guard names something else, or has the wrong arguments.</exception>
    public static Func<int, int, bool> Compile(SExpression guard, SourceText source)
    {
        var scope = new Scope("scale", new Scope("precision", null));
        var thunk = new Compiler([], source).Compile(guard, scope);
        return (precision, scale) =>
        {
            var context = new EvalContext();
            var frame = new Frame(context, null, null);
            frame = new Frame(context, frame, new BigInteger(precision));
            frame = new Frame(context, frame, new BigInteger(scale));
            try
            {
                return thunk(frame) is not null;
            }
            catch (TransformException)
            {
                return false;
            }
        };
    }
}
