// hot path
using System.Text;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>BOOLEAN: t, true, y, yes, 1 and their opposites, in any case.</summary>
internal sealed class BooleanLoader(TargetColumn column) : ColumnLoader(column)
{
    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        if (IsTrue(field))
        {
            row.Boolean(true);
            return null;
        }

        if (IsFalse(field))
        {
            row.Boolean(false);
            return null;
        }

        return new LoadProblem(1210, "Unknown boolean format");
    }

    private static bool IsTrue(ReadOnlySpan<byte> field) => field.Length switch
    {
        1 => field[0] is (byte)'t' or (byte)'1' or (byte)'T' or (byte)'y' or (byte)'Y',
        3 => Ascii.EqualsIgnoreCase(field, "yes"u8),
        4 => Ascii.EqualsIgnoreCase(field, "true"u8),
        _ => false,
    };

    private static bool IsFalse(ReadOnlySpan<byte> field) => field.Length switch
    {
        1 => field[0] is (byte)'f' or (byte)'0' or (byte)'F' or (byte)'n' or (byte)'N',
        2 => Ascii.EqualsIgnoreCase(field, "no"u8),
        5 => Ascii.EqualsIgnoreCase(field, "false"u8),
        _ => false,
    };
}
