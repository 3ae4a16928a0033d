using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Lays a writer's rows ready in staged files of its own: no server takes part, so a refused row costs no more than its batch's encoding.
/// Rows that hold line breaks go to files of their own, so that in all others the number of a line is that of a row.
/// </summary>
internal sealed class RedshiftStagingLoader(RedshiftTableLoad load) : ITableLoader
{
    private readonly RedshiftRowEncoder _encoder = load.CreateEncoder();
    private readonly RedshiftLane _plain = new();
    private readonly RedshiftLane _broken = new();
    private RowBatch? _batch;

    public long? InsertedRows => null;

    public Task<bool> TryConnectAsync(CancellationToken ct) => Task.FromResult(true);

    public Task BeginAsync(CancellationToken ct)
    {
        Clear();
        return Task.CompletedTask;
    }

    public Task CopyAsync(RowRange rows, CancellationToken ct) => CopyGuardedAsync(rows, checkDeferred: false, ct);

    public Task CopyGuardedAsync(RowRange rows, bool checkDeferred, CancellationToken ct)
    {
        _batch = rows.Batch;
        _plain.Reserve(rows.Batch.EncodedBytes);
        var (plain, broken) = (_plain.Mark, _broken.Mark);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows.First + i;
            var start = _plain.Buffer.Position;
            if (_encoder.Encode(rows.Batch.Rows(row, 1).Span, i, _plain.Buffer) is { } refusal)
            {
                _plain.Return(plain);
                _broken.Return(broken);
                throw new RowsRefusedException(refusal, new InvalidDataException(refusal.Message));
            }

            if (_encoder.HasLineBreak)
            {
                _broken.Move(_plain, start, row);
            }
            else
            {
                _plain.EndRow(row);
            }
        }

        return Task.CompletedTask;
    }

    public Task CopyTextGuardedAsync(ReadOnlyMemory<byte> row, bool checkDeferred, CancellationToken ct) =>
        throw new InvalidOperationException("Rows come as text: there is no binary form to be judged again.");

    public async Task CommitAsync(bool beginNext, CancellationToken ct)
    {
        await AppendAsync(_plain, hasLineBreaks: false, ct).ConfigureAwait(false);
        await AppendAsync(_broken, hasLineBreaks: true, ct).ConfigureAwait(false);
        if (_encoder.NeedsMarker)
        {
            load.NeedMarker();
        }

        Clear();
    }

    public Task RollbackAsync(CancellationToken ct)
    {
        Clear();
        return Task.CompletedTask;
    }

    public Task<bool> WasCommittedAsync(CancellationToken ct) => throw new InvalidOperationException("There is no connection to lose.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Clear()
    {
        _plain.Clear();
        _broken.Clear();
        _batch = null;
    }

    private Task AppendAsync(RedshiftLane lane, bool hasLineBreaks, CancellationToken ct) => lane.BatchRows.Count > 0 && _batch is { } batch
        ? load.Stage.AppendAsync(lane, batch, hasLineBreaks, ct)
        : Task.CompletedTask;
}
