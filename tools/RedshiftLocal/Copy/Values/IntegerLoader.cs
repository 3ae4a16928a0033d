// hot path
using System.Globalization;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>SMALLINT, INTEGER and BIGINT: digits with an optional minus.</summary>
internal sealed class IntegerLoader(TargetColumn column, int bytes, string shownType) : ColumnLoader(column)
{
    private readonly long _highest = bytes switch { 2 => short.MaxValue, 4 => int.MaxValue, _ => long.MaxValue };

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        var position = field[0] == (byte)'-' ? 1 : 0;
        var negative = position == 1;
        if (position == field.Length)
        {
            return Digits.Invalid(field, 0, shownType);
        }

        // Negative numbers reach one further, so all are collected below zero.
        var value = 0L;
        for (; position < field.Length; position++)
        {
            var digit = field[position] - '0';
            if ((uint)digit > 9)
            {
                return Digits.Invalid(field, position, shownType);
            }

            if (value < (long.MinValue + digit) / 10)
            {
                return Overflow(field, position);
            }

            value = (value * 10) - digit;
        }

        if (negative ? value < -_highest - 1 : value < -_highest)
        {
            return Overflow(field, field.Length);
        }

        value = negative ? value : -value;
        switch (bytes)
        {
            case 2:
                row.Int16((short)value);
                break;
            case 4:
                row.Int32((int)value);
                break;
            default:
                row.Int64(value);
                break;
        }

        return null;
    }

    private LoadProblem Overflow(ReadOnlySpan<byte> field, int position)
    {
        for (var rest = position; rest < field.Length; rest++)
        {
            if ((uint)(field[rest] - '0') > 9)
            {
                return Digits.Invalid(field, rest, shownType);
            }
        }

        return new LoadProblem(1222, string.Create(CultureInfo.InvariantCulture, $"Overflow, Column type: {shownType}"));
    }
}
