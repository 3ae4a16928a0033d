// hot path
using System.Buffers.Binary;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>
/// NUMERIC(p,s): digits beyond the scale are cut off, or rounded with ROUNDEC. No exponent. Up to 19 digits are kept in 64 bits,
/// which bounds the value as well.
/// </summary>
internal sealed class DecimalLoader(TargetColumn column, bool round) : ColumnLoader(column)
{
    private const int LongestPrecision = 38;

    private readonly int _precision = column.Precision;
    private readonly int _scale = column.Scale;
    private readonly UInt128 _bound = Bound(column.Precision);

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        var position = field[0] == (byte)'-' ? 1 : 0;
        var negative = position == 1;
        UInt128 wide = 0;
        ulong narrow = 0;
        var significant = 0;
        var digits = 0;
        var fraction = -1;
        var up = false;
        var overflow = false;
        for (; position < field.Length; position++)
        {
            var digit = field[position] - '0';
            if ((uint)digit > 9)
            {
                if (field[position] != (byte)'.' || fraction >= 0)
                {
                    return Digits.Invalid(field, position, "Decimal");
                }

                fraction = 0;
                continue;
            }

            digits++;
            if (fraction >= _scale)
            {
                up |= fraction == _scale && digit >= 5;
                fraction++;
                continue;
            }

            fraction += fraction >= 0 ? 1 : 0;
            significant += significant > 0 || digit > 0 ? 1 : 0;
            if (significant <= 18)
            {
                narrow = (narrow * 10) + (uint)digit;
            }
            else if (significant <= LongestPrecision)
            {
                wide = ((significant == 19 ? narrow : wide) * 10) + (uint)digit;
            }
            else
            {
                overflow = true;
            }
        }

        if (digits == 0)
        {
            return new LoadProblem(1209, "Invalid decimal format");
        }

        var value = significant > 18 ? wide : narrow;
        for (var missing = _scale - Math.Max(fraction, 0); missing > 0 && !overflow; missing--)
        {
            overflow = value > _bound / 10;
            value *= 10;
        }

        value += round && up ? 1u : 0u;
        if (overflow || value > _bound)
        {
            return new LoadProblem(1222, "Overflow, Column type: Decimal");
        }

        Write(value, negative, row);
        return null;
    }

    private static UInt128 Bound(int precision)
    {
        if (precision == 19)
        {
            return long.MaxValue;
        }

        UInt128 bound = 1;
        for (var i = 0; i < precision; i++)
        {
            bound *= 10;
        }

        return bound - 1;
    }

    /// <summary>Four-digit groups from the decimal point outwards; https://doxygen.postgresql.org/backend_2utils_2adt_2numeric_8c.html numeric_recv.</summary>
    private void Write(UInt128 value, bool negative, RowBuffer row)
    {
        Span<short> groups = stackalloc short[12];
        var count = 0;
        var lowestWeight = -((_scale + 3) / 4);
        var zeros = 0;

        // The fraction is padded to whole groups: the lowest group takes the digits that are there.
        var lowestDigits = _scale % 4;
        if (lowestDigits != 0)
        {
            var divisor = Power(lowestDigits);
            var (rest, low) = UInt128.DivRem(value, divisor);
            groups[count++] = (short)((uint)low * Power(4 - lowestDigits));
            value = rest;
        }

        while (value > ulong.MaxValue)
        {
            var (rest, low) = UInt128.DivRem(value, 10_000);
            groups[count++] = (short)low;
            value = rest;
        }

        for (var small = (ulong)value; small > 0; small /= 10_000)
        {
            groups[count++] = (short)(small % 10_000);
        }

        while (count > 0 && groups[count - 1] == 0)
        {
            count--;
        }

        while (zeros < count && groups[zeros] == 0)
        {
            zeros++;
        }

        var length = count - zeros;
        var target = row.Value(8 + (2 * length));
        BinaryPrimitives.WriteInt16BigEndian(target, (short)length);
        BinaryPrimitives.WriteInt16BigEndian(target[2..], (short)(length == 0 ? 0 : lowestWeight + count - 1));
        BinaryPrimitives.WriteInt16BigEndian(target[4..], (short)(negative && length > 0 ? 0x4000 : 0));
        BinaryPrimitives.WriteInt16BigEndian(target[6..], (short)_scale);
        for (var i = 0; i < length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(target[(8 + (2 * i))..], groups[count - 1 - i]);
        }
    }

    private static uint Power(int exponent) => exponent switch { 1 => 10, 2 => 100, 3 => 1000, _ => 1 };
}
