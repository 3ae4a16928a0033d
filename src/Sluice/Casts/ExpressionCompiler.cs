using Sluice.Casts.Expressions;
using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>Binds the expressions of <c>USING</c>: what a load file may compute is settled before a row is read.</summary>
public static class ExpressionCompiler
{
    private const string Argument = "value";

    /// <summary>
    /// Compiles an expression over the fields of a row. The result may be used by several threads; it writes text, or gives NULL.
    /// </summary>
    /// <param name="expression">What follows USING.</param>
    /// <param name="fields">The fields' names, by index. A bare name finds its field as written, else without regard to case.</param>
    /// <param name="source">The text that the expression's spans point into.</param>
    /// <param name="textNamesField">Whether an expression that is just a text names a field of exactly that name, if there is one.</param>
    /// <exception cref="CommandException">The expression names what does not exist or is not allowed, or has the wrong arguments.</exception>
    public static RowExpression Compile(
        SExpression expression, IReadOnlyList<string> fields, SourceText source, bool textNamesField = true)
    {
        var compiler = new Compiler(fields, source);
        if (textNamesField && expression is SExpression.Text text && compiler.ExactField(text.Value) is { } index)
        {
            return new ByteProgram(new FieldNode(index), 0).Run;
        }

        var thunk = compiler.Compile(expression, null);
        return new ByteCompiler(compiler).TryCompile(expression) is { } bytes ? bytes.Run : new RowProgram(thunk).Run;
    }

    /// <summary>Compiles what <c>CAST … USING</c> names: a transform, a built-in function of one argument, or a lambda.</summary>
    /// <exception cref="CommandException">There is no such function, or it does not take one value.</exception>
    public static Transform CompileTransform(SExpression function, SourceText source, TransformInput input = TransformInput.Text)
    {
        var compiler = new Compiler([], source);
        if (function is SExpression.Symbol symbol)
        {
            if (TransformCatalog.TryGet(symbol.Name, input, out var transform))
            {
                return transform;
            }

            SExpression argument = new SExpression.Symbol(Argument) { Span = symbol.Span };
            var call = new SExpression.List([symbol, argument]) { Span = symbol.Span };
            return new OneFieldTransform(Compile(call, [Argument], source, false)).Run;
        }

        return Compiler.OneArgumentLambda(function) is var (parameter, body)
            ? new OneFieldTransform(Compile(body, [parameter], source, false)).Run
            : throw compiler.Fail(function, "USING takes the name of a function or (lambda (x) …) here");
    }
}
