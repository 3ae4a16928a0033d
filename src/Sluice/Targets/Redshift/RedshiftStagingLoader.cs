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
    private RedshiftPart? _plainPart;
    private RedshiftPart? _brokenPart;

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
        _plainPart = await AppendAsync(_plain, _plainPart, ct).ConfigureAwait(false);
        _brokenPart = await AppendAsync(_broken, _brokenPart, ct).ConfigureAwait(false);
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

    private async Task<RedshiftPart?> AppendAsync(RedshiftLane lane, RedshiftPart? part, CancellationToken ct)
    {
        if (lane.BatchRows.Count == 0 || _batch is not { } batch)
        {
            return part;
        }

        part ??= load.Stage.CreatePart(hasLineBreaks: lane == _broken);
        await part.AppendAsync(lane, batch, ct).ConfigureAwait(false);
        if (!load.Stage.IsFull(part))
        {
            return part;
        }

        await part.CompleteAsync(ct).ConfigureAwait(false);
        return null;
    }
}
