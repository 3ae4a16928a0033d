// hot path
using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using RedshiftLocal.Unload.Commands;

namespace RedshiftLocal.Unload.Formats;

/// <summary>Text between delimiters, with ADDQUOTES and ESCAPE.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html, ADDQUOTES and ESCAPE</remarks>
internal sealed class DelimitedFormat(UnloadCommand command, ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown) : RowFormat(columns, shown)
{
    private readonly ReadOnlyMemory<byte> _null = command.NullMarker ?? ReadOnlyMemory<byte>.Empty;
    private readonly SearchValues<byte> _escaped = SearchValues.Create(
        command.AddQuotes ? [(byte)'\n', (byte)'\r', (byte)'\\', command.Delimiter, (byte)'"', (byte)'\''] : [(byte)'\n', (byte)'\r', (byte)'\\', command.Delimiter]);

    public override void Header(IBufferWriter<byte> target)
    {
        for (var i = 0; i < Shown.Length; i++)
        {
            Separate(i, target);
            Quote(target);
            Text(Encoding.UTF8.GetBytes(Columns[Shown[i]].Name), isText: true, target);
            Quote(target);
        }

        Byte((byte)'\n', target);
    }

    public override void Row(UnloadRow row, ArrayBufferWriter<byte> target)
    {
        for (var i = 0; i < Shown.Length; i++)
        {
            var index = Shown[i];
            Separate(i, target);
            Quote(target);
            if (Columns[index].Type == "super")
            {
                JsonText.Compact(row.IsNull(index) ? "null"u8 : row.Value(index), target);
            }
            else if (row.IsNull(index))
            {
                target.Write(_null.Span);
            }
            else
            {
                Text(row.Value(index), Columns[index].IsText, target);
            }

            Quote(target);
        }

        Byte((byte)'\n', target);
    }

    private void Separate(int place, IBufferWriter<byte> target)
    {
        if (place > 0)
        {
            Byte(command.Delimiter, target);
        }
    }

    private void Quote(IBufferWriter<byte> target)
    {
        if (command.AddQuotes)
        {
            Byte((byte)'"', target);
        }
    }

    private void Text(ReadOnlySpan<byte> value, bool isText, IBufferWriter<byte> target)
    {
        if (!command.Escape || !isText)
        {
            target.Write(value);
            return;
        }

        while (value.IndexOfAny(_escaped) is >= 0 and var found)
        {
            target.Write(value[..found]);
            Byte((byte)'\\', target);
            Byte(value[found], target);
            value = value[(found + 1)..];
        }

        target.Write(value);
    }

    private static void Byte(byte value, IBufferWriter<byte> target)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
