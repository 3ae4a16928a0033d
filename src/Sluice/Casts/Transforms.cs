// hot path
using System.Buffers;
using System.Buffers.Text;

namespace Sluice.Casts;

/// <summary>The built-in transforms, one file per family. What each does: docs/transforms.md.</summary>
internal static partial class Transforms
{
    public static FieldResult Keep(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) => FieldResult.Unchanged;

    private static FieldResult Give(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> value)
    {
        scratch.Write(value);
        return FieldResult.Replaced;
    }

    private static void Add(ArrayBufferWriter<byte> scratch, byte value)
    {
        scratch.GetSpan(1)[0] = value;
        scratch.Advance(1);
    }

    /// <summary>Decimal digits, zero-padded to at least <paramref name="width"/>.</summary>
    private static void AddNumber(ArrayBufferWriter<byte> scratch, long value, int width = 1)
    {
        var target = scratch.GetSpan(32);
        Utf8Formatter.TryFormat(value, target, out var written, new StandardFormat('D', (byte)width));
        scratch.Advance(written);
    }

    private static TransformException Bad(string function, ReadOnlySpan<byte> value, string expected) =>
        new($"{function} cannot use {Utf8Text.Show(value)}: expected {expected}");
}
