// hot path
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sluice.Batches;

/// <summary>
/// Turns canonical spellings into what the receive functions of PostgreSQL take. A spelling that is not canonical may well be
/// valid: it goes as text and the server judges it.
/// </summary>
internal static class BinaryEncoder
{
    /// <summary>What every encoder returns for a value that must go as text.</summary>
    public const int NotCanonical = -1;

    /// <summary>An encoded value, with its length word, is never longer than its text and this.</summary>
    private const int MaxExtraBytes = 40;

    /// <summary>Writes length and value; false, with nothing written, when the spelling is not canonical.</summary>
    public static bool TryWriteField(RowBuffer output, in BinaryColumn column, ReadOnlySpan<byte> utf8)
    {
        var room = output.GetSpan(utf8.Length + MaxExtraBytes);
        var length = Encode(in column, utf8, room[sizeof(int)..]);
        if (length < 0)
        {
            return false;
        }

        BinaryPrimitives.WriteInt32BigEndian(room, length);
        output.Advance(sizeof(int) + length);
        return true;
    }

    private static int Encode(in BinaryColumn column, ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        switch (column.Type)
        {
            case BinaryType.Boolean:
                return Boolean(utf8, value);
            case BinaryType.Int2:
                return Int2(utf8, value);
            case BinaryType.Int4:
                return Int4(utf8, value);
            case BinaryType.Int8:
                return Int8(utf8, value);
            case BinaryType.Float4:
                return BinaryFloat.Encode4(utf8, value);
            case BinaryType.Float8:
                return BinaryFloat.Encode8(utf8, value);
            case BinaryType.Numeric:
                return BinaryNumeric.Encode(utf8, value);
            case BinaryType.Text:
            case BinaryType.Json:
            case BinaryType.Enum:
                return Text(utf8, value);
            case BinaryType.VarChar:
            case BinaryType.BpChar:
                return utf8.Length <= column.MaxCharacters || CountCharacters(utf8) <= column.MaxCharacters ? Text(utf8, value) : NotCanonical;
            case BinaryType.Jsonb:
                return Jsonb(utf8, value);
            case BinaryType.Bytea:
                return Bytea(utf8, value);
            case BinaryType.Uuid:
                return Uuid(utf8, value);
            case BinaryType.Date:
                return BinaryDateTime.EncodeDate(utf8, value);
            case BinaryType.Time:
                return BinaryDateTime.EncodeTime(utf8, value);
            case BinaryType.Timestamp:
                return BinaryDateTime.EncodeTimestamp(utf8, value);
            case BinaryType.TimestampTz:
                return BinaryDateTime.EncodeTimestampTz(utf8, in column, value);
            default:
                return NotCanonical;
        }
    }

    private static int Boolean(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (utf8.Length == 1 ? utf8[0] == 't' : utf8.SequenceEqual("true"u8))
        {
            value[0] = 1;
            return 1;
        }

        if (utf8.Length == 1 ? utf8[0] == 'f' : utf8.SequenceEqual("false"u8))
        {
            value[0] = 0;
            return 1;
        }

        return NotCanonical;
    }

    private static int Int2(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (!TryParseInteger(utf8, out var number) || number != (short)number)
        {
            return NotCanonical;
        }

        BinaryPrimitives.WriteInt16BigEndian(value, (short)number);
        return sizeof(short);
    }

    private static int Int4(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (!TryParseInteger(utf8, out var number) || number != (int)number)
        {
            return NotCanonical;
        }

        BinaryPrimitives.WriteInt32BigEndian(value, (int)number);
        return sizeof(int);
    }

    private static int Int8(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (!TryParseInteger(utf8, out var number))
        {
            return NotCanonical;
        }

        BinaryPrimitives.WriteInt64BigEndian(value, number);
        return sizeof(long);
    }

    /// <summary>An optional minus and 1 to 19 digits, in range. Leading zeros are what they are to the server: nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParseInteger(ReadOnlySpan<byte> utf8, out long number)
    {
        const int MaxDigits = 19;
        var isNegative = utf8.Length > 0 && utf8[0] == '-';
        var digits = isNegative ? utf8[1..] : utf8;
        var sum = 0UL;
        number = 0;
        if (digits.Length is 0 or > MaxDigits)
        {
            return false;
        }

        foreach (var c in digits)
        {
            var digit = (uint)c - '0';
            if (digit > 9)
            {
                return false;
            }

            sum = (sum * 10) + digit;
        }

        number = isNegative ? (long)(0 - sum) : (long)sum;
        return sum <= long.MaxValue || (isNegative && number == long.MinValue);
    }

    private static int Text(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (utf8.Contains((byte)0))
        {
            return NotCanonical;
        }

        utf8.CopyTo(value);
        return utf8.Length;
    }

    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
        {
            // Every byte but those that continue a character.
            count += (sbyte)b >= -64 ? 1 : 0;
        }

        return count;
    }

    private static int Jsonb(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        const byte FormatVersion = 1;
        value[0] = FormatVersion;
        var length = Text(utf8, value[1..]);
        return length < 0 ? NotCanonical : length + 1;
    }

    private static int Bytea(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (!utf8.StartsWith("\\x"u8) || (utf8.Length & 1) != 0)
        {
            return NotCanonical;
        }

        var status = Convert.FromHexString(utf8[2..], value, out _, out var written);
        return status == OperationStatus.Done ? written : NotCanonical;
    }

    private static int Uuid(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        const int TextLength = 36;
        if (utf8.Length != TextLength || utf8[8] != '-' || utf8[13] != '-' || utf8[18] != '-' || utf8[23] != '-')
        {
            return NotCanonical;
        }

        Span<byte> hex = stackalloc byte[32];
        utf8[..8].CopyTo(hex);
        utf8[9..13].CopyTo(hex[8..]);
        utf8[14..18].CopyTo(hex[12..]);
        utf8[19..23].CopyTo(hex[16..]);
        utf8[24..].CopyTo(hex[20..]);
        var status = Convert.FromHexString(hex, value, out _, out var written);
        return status == OperationStatus.Done ? written : NotCanonical;
    }
}
