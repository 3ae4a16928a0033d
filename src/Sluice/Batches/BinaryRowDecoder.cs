using System.Buffers;
using System.Buffers.Binary;

namespace Sluice.Batches;

/// <summary>Writes binary rows as COPY text. The text is read by the server as the same values; it need not be the source's spelling.</summary>
public static class BinaryRowDecoder
{
    /// <summary>Enough for every type of fixed size.</summary>
    private const int MaxFixedText = 64;

    /// <summary>
    /// Writes the fields that <paramref name="tuple"/> holds (all of them, or those written so far), with tabs between them and
    /// no newline. Returns how many there were.
    /// </summary>
    public static int WriteFields(ReadOnlySpan<byte> tuple, ReadOnlySpan<BinaryType> types, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var rest = tuple[sizeof(short)..];
        var field = 0;
        for (; rest.Length > 0; field++)
        {
            if (field > 0)
            {
                output.Write("\t"u8);
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[sizeof(int)..];
            if (length < 0)
            {
                output.Write("\\N"u8);
                continue;
            }

            WriteValue(types[field], rest[..length], output);
            rest = rest[length..];
        }

        return field;
    }

    private static void WriteValue(BinaryType type, ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        switch (type)
        {
            case BinaryType.Text:
            case BinaryType.VarChar:
            case BinaryType.BpChar:
            case BinaryType.Json:
            case BinaryType.Enum:
                WriteText(value, output);
                return;
            case BinaryType.Jsonb:
                // After the format version.
                WriteText(value[1..], output);
                return;
            case BinaryType.Bytea:
                WriteBytea(value, output);
                return;
            case BinaryType.Numeric:
                output.Advance(BinaryNumeric.Decode(value, output.GetSpan(BinaryNumeric.MaxTextBytes(value))));
                return;
            default:
                output.Advance(DecodeFixed(type, value, output.GetSpan(MaxFixedText)));
                return;
        }
    }

    private static int DecodeFixed(BinaryType type, ReadOnlySpan<byte> value, Span<byte> text)
    {
        switch (type)
        {
            case BinaryType.Boolean:
                text[0] = value[0] == 0 ? (byte)'f' : (byte)'t';
                return 1;
            case BinaryType.Int2:
                return DecodeInteger(BinaryPrimitives.ReadInt16BigEndian(value), text);
            case BinaryType.Int4:
                return DecodeInteger(BinaryPrimitives.ReadInt32BigEndian(value), text);
            case BinaryType.Int8:
                return DecodeInteger(BinaryPrimitives.ReadInt64BigEndian(value), text);
            case BinaryType.Float4:
                return BinaryFloat.Decode4(value, text);
            case BinaryType.Float8:
                return BinaryFloat.Decode8(value, text);
            case BinaryType.Uuid:
                new Guid(value, bigEndian: true).TryFormat(text, out var written, "D");
                return written;
            case BinaryType.Date:
                return BinaryDateTime.DecodeDate(value, text);
            case BinaryType.Time:
                return BinaryDateTime.DecodeTime(value, text);
            case BinaryType.Timestamp:
                return BinaryDateTime.DecodeTimestamp(value, text);
            case BinaryType.TimestampTz:
                return BinaryDateTime.DecodeTimestampTz(value, text);
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "The type has no binary form.");
        }
    }

    private static int DecodeInteger(long number, Span<byte> text)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(number, text, out var written);
        return written;
    }

    private static void WriteText(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        if (value.Length > 0)
        {
            output.Advance(CopyText.Escape(value, output.GetSpan(CopyText.MaxEscapedBytes(value))));
        }
    }

    private static void WriteBytea(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write("\\\\x"u8);
        if (value.Length > 0)
        {
            Convert.TryToHexStringLower(value, output.GetSpan(value.Length * 2), out var written);
            output.Advance(written);
        }
    }
}
