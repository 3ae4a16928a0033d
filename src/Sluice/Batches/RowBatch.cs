// hot path
using System.Buffers;
using System.Diagnostics;

namespace Sluice.Batches;

/// <summary>
/// Encoded rows in one contiguous buffer, with the end and the origin of each. Any range of them can be sent, and any row
/// can be written as COPY text whatever the encoding is: only values that can be turned back get into binary rows.
/// </summary>
public sealed class RowBatch
{
    private readonly RowOrigins _origins = new();
    private BinaryType[] _types = [];
    private int[] _rowEnds = [];

    internal RowBatch(int batchBytes)
    {
        var bytes = batchBytes + BufferSizes.SlackBytes;
        Buffer = new RowBuffer(bytes, keptBytes: bytes);
    }

    public RowEncoding Encoding { get; private set; }

    public int RowCount { get; private set; }

    /// <summary>0-based, in the order in which its writer handed its batches on.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The size of the rows.</summary>
    public int EncodedBytes => RowCount == 0 ? 0 : _rowEnds[RowCount - 1];

    internal RowBuffer Buffer { get; }

    /// <summary>True while the pool has it: a batch that is returned twice would be filled by two writers.</summary>
    internal bool IsIdle { get; set; }

    /// <summary>The encoded rows from 0-based <paramref name="first"/> on. Valid until the batch is returned.</summary>
    public ReadOnlyMemory<byte> Rows(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, RowCount, nameof(count));
        return Buffer.Slice(Start(first), Start(first + count));
    }

    public RowOrigin Origin(int row) => _origins[row];

    /// <summary>One row as a line of COPY text, with its newline.</summary>
    public void WriteRowAsCopyText(int row, IBufferWriter<byte> output)
    {
        var encoded = Rows(row, 1).Span;
        if (Encoding == RowEncoding.CopyText)
        {
            output.Write(encoded);
            return;
        }

        var fields = BinaryRowDecoder.WriteFields(encoded, _types, output);
        Debug.Assert(fields == _types.Length, "a finished row has all its fields");
        output.Write("\n"u8);
    }

    internal void Reset(RowEncoding encoding, BinaryType[] types)
    {
        Encoding = encoding;
        _types = types;
        RowCount = 0;
        _origins.Clear();
        Buffer.Reset();
    }

    /// <summary>What was written since the last row is a row.</summary>
    internal void EndRow(in RowOrigin origin) => EndRow(origin, Buffer.Position);

    /// <summary>The same for a row that is not the last thing in the buffer.</summary>
    internal void EndRow(in RowOrigin origin, int end)
    {
        if (RowCount == _rowEnds.Length)
        {
            Array.Resize(ref _rowEnds, Math.Max(64, _rowEnds.Length * 2));
        }

        _rowEnds[RowCount++] = end;
        _origins.Add(origin);
    }

    /// <summary>Forgets what was written since the last row.</summary>
    internal void AbandonRow() => Buffer.Position = EncodedBytes;

    /// <summary>Takes over all rows of a binary batch as text.</summary>
    internal void AppendAsText(RowBatch binary)
    {
        for (var row = 0; row < binary.RowCount; row++)
        {
            binary.WriteRowAsCopyText(row, Buffer);
            EndRow(binary.Origin(row));
        }
    }

    private int Start(int row) => row == 0 ? 0 : _rowEnds[row - 1];
}
