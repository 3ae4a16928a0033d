// hot path
using System.Buffers;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>VARBYTE(n): hexadecimal digits. https://docs.aws.amazon.com/redshift/latest/dg/copy-usage-varbyte.html</summary>
internal sealed class VarbyteLoader(TargetColumn column) : ColumnLoader(column)
{
    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        if (field.Length % 2 != 0)
        {
            return new LoadProblem(1219, "Odd number of hex digits", field.Length);
        }

        if (field.Length / 2 > Column.Length)
        {
            return new LoadProblem(1204, "Varbyte length exceeds DDL length");
        }

        // The text of a bad value never reaches the row: the row is taken back.
        return Convert.FromHexString(field, row.Value(field.Length / 2), out var consumed, out _) == OperationStatus.Done
            ? null
            : new LoadProblem(1219, "Invalid hex digit", consumed);
    }
}
