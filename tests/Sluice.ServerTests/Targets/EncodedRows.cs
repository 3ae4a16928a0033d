using System.Text;
using System.Threading.Channels;
using Sluice.Batches;

namespace Sluice.ServerTests.Targets;

/// <summary>Rows as a batch of a source would hold them.</summary>
internal static class EncodedRows
{
    /// <param name="lines">Fields apart by tabs, <c>\N</c> for NULL, a line a row.</param>
    /// <param name="isBinary">In the binary form; else as COPY text.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="columns">Of the fields; an id and a note when there are none.</param>
    public static async Task<RowRange> OfAsync(string lines, bool isBinary, CancellationToken ct, params ColumnEncoding[] columns)
    {
        var full = Channel.CreateUnbounded<RowBatch>();
        using var rows = await CopyRowWriter.CreateAsync(
            new CopyRowWriterOptions
            {
                Columns = columns.Length > 0 ? [.. columns] : [new ColumnEncoding("id", BinaryType.Int4), new ColumnEncoding("note", BinaryType.Text)],
                Pool = new BatchPool(4, 1 << 16),
                Full = full.Writer,
                Rejects = new NoRejects(),
                Counted = (_, _, _) => { },
                BatchBytes = 1 << 16,
                BatchRows = 1000,
                MaxRowBytes = 1 << 16,
                PreserveOrder = true,
                TextOnly = !isBinary,
            },
            ct);
        foreach (var (line, number) in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => (line, i)))
        {
            foreach (var field in line.Split('\t'))
            {
                if (field == "\\N")
                {
                    rows.WriteNull();
                }
                else
                {
                    rows.WriteText(Encoding.UTF8.GetBytes(field));
                }
            }

            Assert.False(rows.EndRow(new RowOrigin(0, number + 1, -1)));
        }

        await rows.CompleteAsync(ct);
        Assert.True(full.Reader.TryRead(out var batch));
        Assert.Equal(isBinary, batch.Encoding == RowEncoding.CopyBinary);
        return new RowRange(batch, 0, batch.RowCount);
    }

    private sealed class NoRejects : IRejectSink
    {
        public void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source) => Assert.Fail(rejection.Message);

        public void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText) => Assert.Fail(rejection.Message);
    }
}
