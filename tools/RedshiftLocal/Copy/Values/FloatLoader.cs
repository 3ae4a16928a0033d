// hot path
using System.Buffers.Text;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>REAL and DOUBLE PRECISION: plain or exponent notation; neither infinity nor NaN.</summary>
internal sealed class FloatLoader(TargetColumn column, bool single) : ColumnLoader(column)
{
    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        if (field[^1] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.'))
        {
            return Invalid();
        }

        if (single)
        {
            if (!Utf8Parser.TryParse(field, out float real, out var used) || used != field.Length)
            {
                return Invalid();
            }

            if (!float.IsFinite(real))
            {
                return new LoadProblem(1222, "Overflow, Column type: Real");
            }

            row.Int32(BitConverter.SingleToInt32Bits(real));
            return null;
        }

        if (!Utf8Parser.TryParse(field, out double value, out var consumed) || consumed != field.Length)
        {
            return Invalid();
        }

        if (!double.IsFinite(value))
        {
            return new LoadProblem(1222, "Overflow, Column type: Double");
        }

        row.Int64(BitConverter.DoubleToInt64Bits(value));
        return null;
    }

    private static LoadProblem Invalid() => new(1208, "Invalid floating point format");
}
