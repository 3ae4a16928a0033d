using Sluice.Batches;
using Sluice.Locations.S3;

namespace Sluice.Targets.Redshift;

/// <summary>A staged file with the origins of its rows. Not thread-safe.</summary>
internal sealed class RedshiftPart : IAsyncDisposable
{
    private readonly StagedPart? _upload;
    private readonly RedshiftOrigins? _origins;
    private StagedObject? _object;
    private Task<StagedObject>? _completion;

    public RedshiftPart(StagedPart upload, RedshiftOrigins origins, bool hasLineBreaks)
    {
        _upload = upload;
        _origins = origins;
        HasLineBreaks = hasLineBreaks;
    }

    private RedshiftPart(StagedObject staged, long rows, bool hasLineBreaks)
    {
        _object = staged;
        Rows = rows;
        HasLineBreaks = hasLineBreaks;
    }

    /// <summary>Values of its rows hold line breaks: the number of a line is not that of a row.</summary>
    public bool HasLineBreaks { get; }

    public long Rows { get; private set; }

    public long PlainBytes => Upload.PlainBytes;

    public long CompressedBytes => Upload.CompressedBytes;

    /// <summary>Bytes of a piece that is not full yet.</summary>
    public long HeldBytes => Upload.HeldBytes;

    /// <summary>A file that was put whole, whose rows the caller has at hand.</summary>
    public static RedshiftPart Of(StagedObject staged, long rows, bool hasLineBreaks) => new(staged, rows, hasLineBreaks);

    public StagedObject Object => _object ?? throw new InvalidOperationException("The file is not complete.");

    public async ValueTask AppendAsync(RedshiftLane rows, RowBatch batch, CancellationToken ct)
    {
        await Upload.WriteAsync(rows.Bytes, ct).ConfigureAwait(false);
        foreach (var row in rows.BatchRows)
        {
            Origins.Add(batch.Origin(row));
        }

        Rows += rows.BatchRows.Count;
    }

    /// <summary>No more rows: the end of its upload is not waited for.</summary>
    public void BeginToComplete()
    {
        if (_completion is null)
        {
            Origins.Complete();
            _completion = Upload.CompleteAsync();
        }
    }

    /// <summary>Its upload failed.</summary>
    public bool IsLost => _completion is { IsFaulted: true };

    public async Task CompleteAsync(CancellationToken ct)
    {
        BeginToComplete();
        _object ??= await _completion!.WaitAsync(ct).ConfigureAwait(false); // it has begun
    }

    /// <summary>The origins of 0-based, ascending rows.</summary>
    public List<RowOrigin> FindOrigins(IReadOnlyList<long> rows) => Origins.Find(rows);

    public async ValueTask DisposeAsync()
    {
        _origins?.Dispose();
        if (_upload is not null)
        {
            await _upload.DisposeAsync().ConfigureAwait(false);
        }
    }

    private StagedPart Upload => _upload ?? throw new InvalidOperationException("The file was staged whole.");

    private RedshiftOrigins Origins => _origins ?? throw new InvalidOperationException("The file was staged whole.");
}
