// hot path
using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace RedshiftLocal.Unload.Formats;

/// <summary>One JSON object a line; SUPER is nested as it is.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html, FORMAT</remarks>
internal sealed class JsonFormat : RowFormat
{
    private readonly byte[][] _names;

    public JsonFormat(ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown)
        : base(columns, shown)
    {
        _names = new byte[shown.Length][];
        for (var i = 0; i < shown.Length; i++)
        {
            var name = new ArrayBufferWriter<byte>();
            name.Write(i == 0 ? "{"u8 : ","u8);
            JsonText.String(Encoding.UTF8.GetBytes(columns[shown[i]].Name), name);
            name.Write(":"u8);
            _names[i] = name.WrittenSpan.ToArray();
        }
    }

    public override void Row(UnloadRow row, ArrayBufferWriter<byte> target)
    {
        for (var i = 0; i < Shown.Length; i++)
        {
            var index = Shown[i];
            target.Write(_names[i]);
            if (row.IsNull(index))
            {
                target.Write("null"u8);
            }
            else if (Columns[index].Type == "super")
            {
                JsonText.Compact(row.Value(index), target);
            }
            else if (Columns[index].IsNumber && !IsSpecial(row.Value(index)))
            {
                target.Write(row.Value(index));
            }
            else
            {
                JsonText.String(row.Value(index), target);
            }
        }

        target.Write("}\n"u8);
    }

    /// <summary>NaN and the infinities are no numbers in JSON.</summary>
    private static bool IsSpecial(ReadOnlySpan<byte> number) => number[^1] is (byte)'N' or (byte)'y';
}
