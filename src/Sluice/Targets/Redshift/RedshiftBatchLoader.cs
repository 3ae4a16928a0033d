using System.Globalization;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Locations.S3;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Uploads each batch as one CSV file and runs a COPY for it, as pgloader does. A refused batch is tried once with its errors let go, so
/// that all of its bad rows are known at once; the sender then leaves them out.
/// </summary>
internal sealed class RedshiftBatchLoader(RedshiftTableLoad load) : ITableLoader
{
    private readonly RedshiftCopyRunner _runner = load.CreateRunner();
    private readonly RedshiftLane _rows = new();

    // Rows of the batch at hand that the server refused: they stay so when the batch is sent again.
    private readonly Dictionary<int, ServerRefusal> _refused = [];
    private RedshiftRowEncoder? _encoder;
    private byte[] _marker = [];
    private bool _hasLineBreaks;

    public long? InsertedRows => null;

    public Task<bool> TryConnectAsync(CancellationToken ct) => Task.FromResult(true);

    public Task BeginAsync(CancellationToken ct)
    {
        _rows.Clear();
        _marker = RedshiftTableLoad.DrawMarker();
        _encoder = load.CreateEncoder(_marker);
        _hasLineBreaks = false;
        return Task.CompletedTask;
    }

    public Task CopyAsync(RowRange rows, CancellationToken ct) => CopyGuardedAsync(rows, checkDeferred: false, ct);

    public Task CopyGuardedAsync(RowRange rows, bool checkDeferred, CancellationToken ct)
    {
        var encoder = _encoder ?? throw new InvalidOperationException("Begin comes first.");
        var mark = _rows.Mark;
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows.First + i;
            var refusal = _refused.TryGetValue(row, out var known) ? known with { Row = i } : encoder.Encode(rows.Batch.Rows(row, 1).Span, i, _rows.Buffer);
            if (refusal is not null)
            {
                _rows.Return(mark);
                throw new RowsRefusedException(refusal, new InvalidDataException(refusal.Message));
            }

            _rows.EndRow(row);
            _hasLineBreaks |= encoder.HasLineBreak;
        }

        return Task.CompletedTask;
    }

    public Task CopyTextGuardedAsync(ReadOnlyMemory<byte> row, bool checkDeferred, CancellationToken ct) =>
        throw new InvalidOperationException("Rows come as text: there is no binary form to be judged again.");

    public async Task CommitAsync(bool beginNext, CancellationToken ct)
    {
        if (_rows.BatchRows.Count > 0)
        {
            // Two COPYs into one table would only wait for each other.
            using var turn = await load.EnterAsync(ct).ConfigureAwait(false);
            var staged = await load.Stage.PutBatchAsync(_rows.Bytes, ct).ConfigureAwait(false);
            await LoadAsync(staged, ct).ConfigureAwait(false);
            await load.Stage.DeleteAsync(staged, ct).ConfigureAwait(false);
        }

        _refused.Clear();
        _rows.Clear();
    }

    public Task RollbackAsync(CancellationToken ct)
    {
        _rows.Clear();
        return Task.CompletedTask;
    }

    public Task<bool> WasCommittedAsync(CancellationToken ct) => throw new InvalidOperationException("A lost COPY is looked up at once.");

    public async ValueTask DisposeAsync() => await _runner.RollbackAsync().ConfigureAwait(false);

    // The outcome of a lost commit is looked up before another writer's COPY changes the table.
    private async Task LoadAsync(StagedObject staged, CancellationToken ct)
    {
        try
        {
            var statement = load.BatchStatement(staged.Url, _encoder?.NeedsMarker == true ? _marker : null);
            var fault = await _runner.CopyAsync(statement, isTrial: false, ct).ConfigureAwait(false);
            if (fault is not null)
            {
                await FindRefusedAsync(fault, staged, statement, ct).ConfigureAwait(false);
            }

            if (_runner.Copied != _rows.BatchRows.Count)
            {
                throw new TargetException(
                    string.Create(CultureInfo.InvariantCulture, $"The COPY of a batch into {load.Table} loaded {_runner.Copied} of {_rows.BatchRows.Count} rows: it was rolled back"),
                    "the batches before it are loaded; keep staged files shows what was read");
            }

            await _runner.CommitAsync(ct).ConfigureAwait(false);
        }
        catch (ConnectionLostException lost)
        {
            Log.ConnectionLost(load.Logger, load.Table.ToString(), lost.Message);
            if (load.IsSingle)
            {
                throw new TargetException($"The connection was lost while loading {load.Table} in a single transaction: nothing was loaded", "run the load again");
            }

            var isCommitted = await _runner.WasCommittedAsync(ct).ConfigureAwait(false);
            Log.OutcomeKnown(load.Logger, load.Table.ToString(), isCommitted ? "committed" : "not committed, sent again");
            if (!isCommitted)
            {
                throw new BatchRetryException(lost.Message, lost);
            }
        }
    }

    /// <exception cref="RowsRefusedException">Always, when the rows are to blame.</exception>
    private async Task FindRefusedAsync(RedshiftFault fault, StagedObject staged, RedshiftCopyStatement statement, CancellationToken ct)
    {
        if (!fault.NamesErrorView || load.IsSingle)
        {
            throw fault.ToException($"Loading {load.Table} failed" + (load.IsSingle ? ", nothing was loaded" : ""));
        }

        var part = RedshiftPart.Of(staged, _rows.BatchRows.Count, _hasLineBreaks);
        await using var closing = part.ConfigureAwait(false);
        var trial = await _runner.CopyAsync(statement with { LeavesOutErrors = true }, isTrial: true, ct).ConfigureAwait(false);
        var refused = _rows.BatchRows.Count - _runner.Copied;
        await _runner.RollbackAsync().ConfigureAwait(false);
        if (trial is not null || refused == 0)
        {
            throw (trial ?? fault).ToException($"Loading {load.Table} failed");
        }

        var errors = await load.ErrorsAsync(_runner.CopyId, refused, ct).ConfigureAwait(false);
        var search = new RedshiftRefusedRows(load, _runner, url => statement with { Source = url, LeavesOutErrors = true });
        var found = await search.LookUpAsync([part], errors, refused, ct).ConfigureAwait(false) ?? await search.TryAsync([part], errors, ct).ConfigureAwait(false);
        foreach (var row in found)
        {
            _refused[_rows.BatchRows[(int)row.Row]] = row.ToRefusal();
        }

        var first = _refused.Keys.Min();
        throw new RowsRefusedException(_refused[first] with { Row = first }, new InvalidDataException(_refused[first].Message));
    }
}
