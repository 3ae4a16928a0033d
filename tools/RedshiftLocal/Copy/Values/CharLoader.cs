// hot path
using System.Text;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>CHAR(n): ASCII, at most n bytes.</summary>
internal sealed class CharLoader(TargetColumn column, bool truncate) : ColumnLoader(column)
{
    public override bool IsText => true;

    public override LoadProblem? Append(ReadOnlySpan<byte> field, RowBuffer row)
    {
        if (!Ascii.IsValid(field))
        {
            return Utf8Check.NotForChar(field, field.IndexOfAnyInRange((byte)0x80, (byte)0xFF));
        }

        if (field.Length > Column.Length)
        {
            if (!truncate)
            {
                return new LoadProblem(1204, "Char length exceeds DDL length");
            }

            field = field[..Column.Length];
        }

        row.Bytes(field);
        return null;
    }
}
