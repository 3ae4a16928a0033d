// hot path
using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using RedshiftLocal.Unload.Commands;

namespace RedshiftLocal.Unload.Formats;

/// <summary>CSV: a field is quoted only where it must be, so that NULL, the empty string and a text like the null string look alike.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html, FORMAT</remarks>
internal sealed class CsvFormat(UnloadCommand command, ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown) : RowFormat(columns, shown)
{
    private readonly ReadOnlyMemory<byte> _null = command.NullMarker ?? ReadOnlyMemory<byte>.Empty;
    private readonly SearchValues<byte> _quoted = SearchValues.Create([(byte)'\n', (byte)'\r', (byte)'"', command.Delimiter]);
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public override void Header(IBufferWriter<byte> target)
    {
        for (var i = 0; i < Shown.Length; i++)
        {
            Separate(i, target);
            Field(Encoding.UTF8.GetBytes(Columns[Shown[i]].Name), target);
        }

        target.Write("\n"u8);
    }

    public override void Row(UnloadRow row, ArrayBufferWriter<byte> target)
    {
        for (var i = 0; i < Shown.Length; i++)
        {
            var index = Shown[i];
            Separate(i, target);
            if (Columns[index].Type == "super")
            {
                _scratch.ResetWrittenCount();
                JsonText.Compact(row.IsNull(index) ? "null"u8 : row.Value(index), _scratch);
                Field(_scratch.WrittenSpan, target);
            }
            else if (row.IsNull(index))
            {
                target.Write(_null.Span);
            }
            else
            {
                Field(row.Value(index), target);
            }
        }

        target.Write("\n"u8);
    }

    private void Separate(int place, IBufferWriter<byte> target)
    {
        if (place > 0)
        {
            target.Write([command.Delimiter]);
        }
    }

    private void Field(ReadOnlySpan<byte> value, IBufferWriter<byte> target)
    {
        if (!value.ContainsAny(_quoted))
        {
            target.Write(value);
            return;
        }

        target.Write("\""u8);
        while (value.IndexOf((byte)'"') is >= 0 and var found)
        {
            target.Write(value[..(found + 1)]);
            target.Write("\""u8);
            value = value[(found + 1)..];
        }

        target.Write(value);
        target.Write("\""u8);
    }
}
