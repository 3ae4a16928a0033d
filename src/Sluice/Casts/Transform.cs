using System.Buffers;

namespace Sluice.Casts;

/// <summary>Changes one field. Writes to <paramref name="scratch"/> (cleared by the caller) only when it returns Replaced.</summary>
/// <exception cref="TransformException">The value cannot be transformed: the row is rejected with this message.</exception>
public delegate FieldResult Transform(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch);

/// <summary>Computes one column from the fields of a row; the same rules as <see cref="Transform"/>, Unchanged is not used.</summary>
public delegate FieldResult RowExpression(IRowFields fields, ArrayBufferWriter<byte> scratch);
