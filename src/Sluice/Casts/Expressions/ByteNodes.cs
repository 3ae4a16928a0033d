// hot path
using System.Buffers;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>An expression made of byte nodes, and the buffers its runs share; several threads may run it.</summary>
internal sealed class ByteProgram(ByteNode root, int bufferCount)
{
    private ArrayBufferWriter<byte>[]? _free;

    public FieldResult Run(IRowFields fields, ArrayBufferWriter<byte> scratch)
    {
        var buffers = Interlocked.Exchange(ref _free, null) ?? NewBuffers();
        try
        {
            if (!root.TryGet(fields, buffers, out var text))
            {
                return FieldResult.Null;
            }

            scratch.Write(text);
            return FieldResult.Replaced;
        }
        finally
        {
            Volatile.Write(ref _free, buffers);
        }
    }

    private ArrayBufferWriter<byte>[] NewBuffers()
    {
        var buffers = new ArrayBufferWriter<byte>[bufferCount];
        for (var i = 0; i < bufferCount; i++)
        {
            buffers[i] = new ArrayBufferWriter<byte>();
        }

        return buffers;
    }
}

/// <summary>Gives a text; false for NULL.</summary>
internal abstract class ByteNode
{
    public abstract bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text);
}

internal sealed class FieldNode(int index) : ByteNode
{
    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text)
    {
        text = fields.Text(index);
        return !fields.IsNull(index);
    }
}

internal sealed class TextNode(string value) : ByteNode
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(value);

    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text)
    {
        text = _utf8;
        return true;
    }
}

internal sealed class NullNode : ByteNode
{
    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text)
    {
        text = default;
        return false;
    }
}

internal sealed class TransformNode(Transform transform, ByteNode inner, int buffer) : ByteNode
{
    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text)
    {
        if (!inner.TryGet(fields, buffers, out text))
        {
            return false;
        }

        var output = buffers[buffer];
        output.ResetWrittenCount();
        var result = transform(text, output);
        text = result == FieldResult.Replaced ? output.WrittenSpan : text;
        return result != FieldResult.Null;
    }
}

internal sealed class TrimNode(string bag, ByteNode inner, bool left, bool right) : ByteNode
{
    private readonly byte[] _bag = Encoding.UTF8.GetBytes(bag);

    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text)
    {
        if (!inner.TryGet(fields, buffers, out text))
        {
            return false;
        }

        text = left ? text.TrimStart(_bag) : text;
        text = right ? text.TrimEnd(_bag) : text;
        return true;
    }
}

internal sealed class OrNode(ByteNode[] parts) : ByteNode
{
    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text)
    {
        foreach (var part in parts)
        {
            if (part.TryGet(fields, buffers, out text))
            {
                return true;
            }
        }

        text = default;
        return false;
    }
}

internal sealed class ChoiceNode(ByteTest test, ByteNode yes, ByteNode no) : ByteNode
{
    public override bool TryGet(IRowFields fields, ArrayBufferWriter<byte>[] buffers, out ReadOnlySpan<byte> text) =>
        (test.Holds(fields, buffers) ? yes : no).TryGet(fields, buffers, out text);
}

/// <summary>A condition between texts.</summary>
internal abstract class ByteTest
{
    public abstract bool Holds(IRowFields fields, ArrayBufferWriter<byte>[] buffers);
}

internal sealed class PresentTest(ByteNode value) : ByteTest
{
    public override bool Holds(IRowFields fields, ArrayBufferWriter<byte>[] buffers) => value.TryGet(fields, buffers, out _);
}

internal sealed class SameTest(ByteNode left, ByteNode right) : ByteTest
{
    public override bool Holds(IRowFields fields, ArrayBufferWriter<byte>[] buffers)
    {
        var hasLeft = left.TryGet(fields, buffers, out var leftText);
        var hasRight = right.TryGet(fields, buffers, out var rightText);
        return hasLeft == hasRight && (!hasLeft || leftText.SequenceEqual(rightText));
    }
}

internal sealed class NotTest(ByteTest inner) : ByteTest
{
    public override bool Holds(IRowFields fields, ArrayBufferWriter<byte>[] buffers) => !inner.Holds(fields, buffers);
}

internal sealed class ManyTest(ByteTest[] tests, bool all) : ByteTest
{
    public override bool Holds(IRowFields fields, ArrayBufferWriter<byte>[] buffers)
    {
        foreach (var test in tests)
        {
            if (test.Holds(fields, buffers) != all)
            {
                return !all;
            }
        }

        return all;
    }
}
