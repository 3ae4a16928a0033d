// hot path
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using RedshiftLocal.Protocol;
using RedshiftLocal.Unload.Commands;

namespace RedshiftLocal.Unload.Formats;

/// <summary>Columns of fixed width, filled up with blanks; a value that does not fit is an error.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html, FIXEDWIDTH and NULL AS</remarks>
internal sealed class FixedWidthFormat(UnloadCommand command, ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown) : RowFormat(columns, shown)
{
    private readonly int[] _widths = [.. command.Widths];

    public override void Row(UnloadRow row, ArrayBufferWriter<byte> target)
    {
        for (var i = 0; i < Shown.Length; i++)
        {
            var index = Shown[i];
            var column = Columns[index];
            var value = row.IsNull(index) ? Null(column, _widths[i]) : row.Value(index);
            var length = Characters(value);
            if (length > _widths[i])
            {
                throw TooLong(column, _widths[i]);
            }

            target.Write(value);
            var blanks = _widths[i] - length;
            target.GetSpan(blanks)[..blanks].Fill((byte)' ');
            target.Advance(blanks);
        }

        target.Write("\n"u8);
    }

    /// <summary>A null string that is too wide is left out, but for columns of characters.</summary>
    private ReadOnlySpan<byte> Null(UnloadColumn column, int width)
    {
        var marker = (command.NullMarker ?? ReadOnlyMemory<byte>.Empty).Span;
        return Characters(marker) <= width ? marker : column.IsText ? throw TooLong(column, width) : [];
    }

    private static int Characters(ReadOnlySpan<byte> value)
    {
        var count = 0;
        foreach (var unit in value)
        {
            count += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    private static ServerException TooLong(UnloadColumn column, int width) =>
        new("22001", string.Create(CultureInfo.InvariantCulture, $"UNLOAD: a value of column \"{column.Name}\" is wider than the {width} of FIXEDWIDTH"));
}
