// hot path
using System.Buffers.Binary;

namespace Sluice.Batches;

/// <summary>Numbers that need no spelling on their way into a binary column, where the server would make the same of the spelling.</summary>
internal static class BinaryNumber
{
    /// <summary>Bits of a double that a float has no room for.</summary>
    private const long DroppedBits = (1L << 29) - 1;

    private const long HalfWay = 1L << 28;

    public static bool Fits(long value, BinaryType type) => type switch
    {
        BinaryType.Int8 => true,
        BinaryType.Int4 => value == (int)value,
        BinaryType.Int2 => value == (short)value,
        _ => false,
    };

    /// <summary>
    /// The nearest float of a double is that of its decimal digits unless the double lies half-way between two floats. What becomes
    /// infinite or tiny is the server's to judge.
    /// </summary>
    public static bool Fits(double value, BinaryType type) => type switch
    {
        BinaryType.Float8 => double.IsFinite(value),
        BinaryType.Float4 => value == 0
            || (float.IsNormal((float)value) && (BitConverter.DoubleToInt64Bits(value) & DroppedBits) != HalfWay),
        _ => false,
    };

    /// <summary>Writes length and value, and returns the bytes of a row that it counts for.</summary>
    public static int Write(RowBuffer output, long value, BinaryType type)
    {
        var room = output.GetSpan(sizeof(int) + sizeof(long));
        var bytes = sizeof(long);
        if (type == BinaryType.Int8)
        {
            BinaryPrimitives.WriteInt64BigEndian(room[sizeof(int)..], value);
        }
        else if (type == BinaryType.Int4)
        {
            bytes = sizeof(int);
            BinaryPrimitives.WriteInt32BigEndian(room[sizeof(int)..], (int)value);
        }
        else
        {
            bytes = sizeof(short);
            BinaryPrimitives.WriteInt16BigEndian(room[sizeof(int)..], (short)value);
        }

        BinaryPrimitives.WriteInt32BigEndian(room, bytes);
        output.Advance(sizeof(int) + bytes);
        return bytes + 1;
    }

    /// <summary>Writes length and value, and returns the bytes of a row that it counts for.</summary>
    public static int Write(RowBuffer output, double value, BinaryType type)
    {
        var room = output.GetSpan(sizeof(int) + sizeof(double));
        var bytes = type == BinaryType.Float8 ? sizeof(double) : sizeof(float);
        BinaryPrimitives.WriteInt32BigEndian(room, bytes);
        if (type == BinaryType.Float8)
        {
            BinaryPrimitives.WriteDoubleBigEndian(room[sizeof(int)..], value);
        }
        else
        {
            BinaryPrimitives.WriteSingleBigEndian(room[sizeof(int)..], (float)value);
        }

        output.Advance(sizeof(int) + bytes);
        return bytes + 1;
    }
}
