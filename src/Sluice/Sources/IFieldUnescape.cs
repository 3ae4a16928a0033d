using System.Buffers;

namespace Sluice.Sources;

/// <summary>Turns the bytes of a field of the kind <see cref="TextFieldKind.Escaped"/> into its value, which is never longer.</summary>
internal interface IFieldUnescape
{
    /// <summary>Appends the value of a well-formed field to <paramref name="output"/>.</summary>
    void Write(ReadOnlySpan<byte> field, ArrayBufferWriter<byte> output);
}
