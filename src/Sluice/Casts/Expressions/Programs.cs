using System.Buffers;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>A compiled expression and the memory its runs share; several threads may run it.</summary>
internal sealed class RowProgram(Thunk thunk)
{
    private EvalContext? _free;

    public FieldResult Run(IRowFields fields, ArrayBufferWriter<byte> scratch)
    {
        var context = Interlocked.Exchange(ref _free, null) ?? new EvalContext();
        try
        {
            context.Reset(fields);
            var text = LispText.ToColumn(thunk(new Frame(context, null, null)));
            if (text is null)
            {
                return FieldResult.Null;
            }

            Encoding.UTF8.GetBytes(text, scratch);
            return FieldResult.Replaced;
        }
        finally
        {
            Volatile.Write(ref _free, context);
        }
    }
}

/// <summary>A row expression over one field as a transform.</summary>
internal sealed class OneFieldTransform(RowExpression expression)
{
    private OneField? _free;

    public FieldResult Run(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var field = Interlocked.Exchange(ref _free, null) ?? new OneField();
        try
        {
            field.Set(utf8);
            return expression(field, scratch);
        }
        finally
        {
            Volatile.Write(ref _free, field);
        }
    }

    private sealed class OneField : IRowFields
    {
        private readonly ArrayBufferWriter<byte> _text = new();

        public void Set(ReadOnlySpan<byte> utf8)
        {
            _text.ResetWrittenCount();
            _text.Write(utf8);
        }

        public bool IsNull(int field) => false;

        public ReadOnlySpan<byte> Text(int field) => _text.WrittenSpan;
    }
}

/// <summary>A lambda with the variables it saw.</summary>
internal sealed class Closure(Frame frame, int required, Thunk[] optional, bool hasRest, Thunk body) : LispFunction
{
    public override string Name => "lambda";

    public override object? Call(EvalContext context, object?[] arguments)
    {
        EvalContext.CheckStack();
        context.Charge();
        if (arguments.Length < required || (!hasRest && arguments.Length > required + optional.Length))
        {
            throw new TransformException($"A lambda takes {required} arguments, found {arguments.Length}");
        }

        var inner = frame;
        for (var i = 0; i < required + optional.Length; i++)
        {
            inner = new Frame(context, inner, i < arguments.Length ? arguments[i] : optional[i - required](inner));
        }

        return body(hasRest ? new Frame(context, inner, Cons.List(arguments.Skip(required + optional.Length))) : inner);
    }
}
