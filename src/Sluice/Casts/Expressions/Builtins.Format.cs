using Sluice.Diagnostics;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    // A call of format is bound by the compiler; this is #'format as a value, whose control string comes at the call.
    private static Builtin FormatFunction() => Define("format", 2, -1, call =>
    {
        if (call[0] is not null)
        {
            throw call.Refuse(0, "nil");
        }

        return FormatProgram.TryParse(call[1] as string ?? throw call.Refuse(1, "a text"), out var program, out var error, out _)
            ? FormatRun.Run(call.Context, program, call.Arguments[2..])
            : throw new TransformException($"format: {Printable.Escape(error)}");
    });
}
