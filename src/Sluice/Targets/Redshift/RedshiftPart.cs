using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>A staged file with the origins of its rows. Not thread-safe.</summary>
internal sealed class RedshiftPart(StagedPart upload, RedshiftOrigins origins, bool hasLineBreaks) : IAsyncDisposable
{
    private StagedObject? _object;

    /// <summary>Values of its rows hold line breaks: the number of a line is not that of a row.</summary>
    public bool HasLineBreaks => hasLineBreaks;

    public long Rows { get; private set; }

    public long PlainBytes => upload.PlainBytes;

    public long CompressedBytes => upload.CompressedBytes;

    public StagedObject Object => _object ?? throw new InvalidOperationException("The file is not complete.");

    public async ValueTask AppendAsync(RedshiftLane rows, RowBatch batch, CancellationToken ct)
    {
        await upload.WriteAsync(rows.Bytes, ct).ConfigureAwait(false);
        foreach (var row in rows.BatchRows)
        {
            origins.Add(batch.Origin(row));
        }

        Rows += rows.BatchRows.Count;
    }

    public async Task CompleteAsync(CancellationToken ct) => _object ??= await upload.CompleteAsync(ct).ConfigureAwait(false);

    /// <summary>The origins of 0-based, ascending rows.</summary>
    public List<RowOrigin> Origins(IReadOnlyList<long> rows) => origins.Find(rows);

    public async ValueTask DisposeAsync()
    {
        origins.Dispose();
        await upload.DisposeAsync().ConfigureAwait(false);
    }
}
