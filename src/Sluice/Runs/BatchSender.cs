using System.Buffers;
using Microsoft.Extensions.Logging;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>
/// Gets one batch after another into the target, each exactly once: retries what can be retried, looks up the outcome after a lost
/// connection, isolates the rows the server refuses and has them on disk before the commit that counts them.
/// </summary>
public sealed class BatchSender(ITableLoader loader, IBatchRejects rejects, RunLine line, ILogger logger, TimeProvider time)
{
    /// <summary>How often one batch is tried again after errors that leave its rows blameless.</summary>
    public const int MaxAttempts = 10;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly ArrayBufferWriter<byte> _copyText = new();

    // Rows of the batch at hand that are set aside already: they stay so when the batch has to be sent again.
    private readonly List<int> _refused = [];

    // How many rows to try first while isolating.
    private int _firstPiece;

    // Rows of the batch that are in its transaction while isolating.
    private int _copied;

    /// <summary>Loads the batch but for the rows the server refuses.</summary>
    /// <param name="batch">What to load.</param>
    /// <param name="isFollowed">Another batch is at hand and will be sent next.</param>
    /// <param name="ct">Stops at once.</param>
    /// <exception cref="LoadStoppedException">A reject was one too many; the rows of the batch that precede it are loaded.</exception>
    /// <exception cref="TargetException">The load cannot go on.</exception>
    public async Task SendAsync(RowBatch batch, bool isFollowed, CancellationToken ct)
    {
        _refused.Clear();
        var isolate = false;
        var checkDeferred = false;
        for (var attempt = 1; ; attempt++)
        {
            LoaderException failure;
            using var wait = new ServerWait(line, logger, time);
            try
            {
                _copied = 0;
                await loader.BeginAsync(ct).ConfigureAwait(false);
                if (isolate)
                {
                    await CopyAroundRefusedAsync(batch, checkDeferred, ct).ConfigureAwait(false);
                }
                else
                {
                    await loader.CopyAsync(new RowRange(batch, 0, batch.RowCount), ct).ConfigureAwait(false);
                }

                await loader.CommitAsync(isFollowed, ct).ConfigureAwait(false);
                Count(batch);
                return;
            }
            catch (LoadStoppedException)
            {
                await KeepPrecedingAsync(ct).ConfigureAwait(false);
                throw;
            }
            catch (LoaderException e)
            {
                failure = e;
            }

            switch (failure)
            {
                case RowsRefusedException refused:
                    _firstPiece = refused.Refusal.Row is > 0 and { } row ? row : int.MaxValue;
                    // Refused while isolating means: at the commit, by a deferred constraint.
                    checkDeferred = isolate;
                    isolate = true;
                    await loader.RollbackAsync(ct).ConfigureAwait(false);
                    break;
                case BatchRetryException when attempt < MaxAttempts:
                    Log.BatchRetried(logger, line.Label, batch.Sequence, failure.Message);
                    await loader.RollbackAsync(ct).ConfigureAwait(false);
                    await Task.Delay(RetryDelay * attempt, time, ct).ConfigureAwait(false);
                    break;
                case ConnectionLostException when attempt < MaxAttempts:
                    Log.ConnectionLost(logger, line.Label, failure.Message);
                    line.Phase = "reconnecting";
                    var committed = await loader.WasCommittedAsync(ct).ConfigureAwait(false);
                    line.Phase = null;
                    Log.OutcomeKnown(logger, line.Label, committed ? "committed" : "not committed, sent again");
                    if (committed)
                    {
                        Count(batch);
                        return;
                    }

                    break;
                default:
                    throw new TargetException(
                        $"{line.Label}: gave up on a batch after {attempt} attempts: {failure.Message}", "the batches before it are committed", failure);
            }
        }
    }

    // Rows are isolated in their order: what is in when one ends the load is what precedes it.
    private async Task KeepPrecedingAsync(CancellationToken ct)
    {
        try
        {
            rejects.Flush();
            await loader.CommitAsync(beginNext: false, ct).ConfigureAwait(false);
            line.AddLoaded(_copied);
        }
        catch (ConnectionLostException)
        {
            line.AddLoaded(await loader.WasCommittedAsync(ct).ConfigureAwait(false) ? _copied : 0);
        }
        catch (LoaderException)
        {
            await loader.RollbackAsync(ct).ConfigureAwait(false);
        }
    }

    private void Count(RowBatch batch)
    {
        line.AddLoaded(batch.RowCount - _refused.Count);
        line.AddBytes(batch.EncodedBytes);
        if (loader.InsertedRows is { } inserted)
        {
            line.AddWithheld(batch.RowCount - _refused.Count - inserted);
        }

        Log.BatchLoaded(logger, line.Label, batch.Sequence, batch.RowCount - _refused.Count);
    }

    private async Task CopyAroundRefusedAsync(RowBatch batch, bool checkDeferred, CancellationToken ct)
    {
        line.Phase = "isolating rejects";
        var first = 0;
        foreach (var refused in _refused.Order().ToArray())
        {
            await CopyRangeAsync(batch, first, refused, checkDeferred, ct).ConfigureAwait(false);
            first = refused + 1;
        }

        await CopyRangeAsync(batch, first, batch.RowCount, checkDeferred, ct).ConfigureAwait(false);
        rejects.Flush();
        line.Phase = null;
    }

    // Pieces grow while the server takes them and shrink to the distance between refusals, so that little is sent in vain.
    private async Task CopyRangeAsync(RowBatch batch, int first, int end, bool checkDeferred, CancellationToken ct)
    {
        var piece = Math.Min(_firstPiece, end - first);
        while (first < end)
        {
            var count = Math.Min(piece, end - first);
            var refusal = await TryCopyAsync(batch, first, count, checkDeferred, ct).ConfigureAwait(false);
            if (refusal is null)
            {
                first += count;
                piece = Math.Max(piece, Math.Min(int.MaxValue / 2, count) * 2);
                continue;
            }

            if (refusal.Row is { } row && row < count)
            {
                // What precedes the refused row may hold another fault that the server had not come to (a foreign key).
                if (row > 0)
                {
                    await CopyRangeAsync(batch, first, first + row, checkDeferred, ct).ConfigureAwait(false);
                }

                await JudgeRowAsync(batch, first + row, refusal, checkDeferred, ct).ConfigureAwait(false);
                first += row + 1;
                piece = Math.Max(8, 2 * (row + 1));
            }
            else if (count == 1)
            {
                await JudgeRowAsync(batch, first, refusal, checkDeferred, ct).ConfigureAwait(false);
                first++;
            }
            else
            {
                await CopyRangeAsync(batch, first, first + (count / 2), checkDeferred, ct).ConfigureAwait(false);
                first += count / 2;
                piece = count - (count / 2);
            }
        }
    }

    private async Task<ServerRefusal?> TryCopyAsync(RowBatch batch, int first, int count, bool checkDeferred, CancellationToken ct)
    {
        try
        {
            await loader.CopyGuardedAsync(new RowRange(batch, first, count), checkDeferred, ct).ConfigureAwait(false);
            _copied += count;
            return null;
        }
        catch (RowsRefusedException e)
        {
            return e.Refusal;
        }
    }

    // The text form is the judge: a row refused as binary for its value is offered once more as text before it is set aside.
    private async Task JudgeRowAsync(RowBatch batch, int row, ServerRefusal refusal, bool checkDeferred, CancellationToken ct)
    {
        _copyText.ResetWrittenCount();
        batch.WriteRowAsCopyText(row, _copyText);
        if (batch.Encoding == RowEncoding.CopyBinary && refusal.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            try
            {
                await loader.CopyTextGuardedAsync(_copyText.WrittenMemory, checkDeferred, ct).ConfigureAwait(false);
                _copied++;
                return;
            }
            catch (RowsRefusedException e)
            {
                refusal = e.Refusal;
            }
        }

        _refused.Add(row);
        line.AddRejected(1);
        rejects.RejectRow(
            new Rejection
            {
                Origin = batch.Origin(row),
                Stage = RejectStage.Server,
                Message = refusal.Message,
                Column = refusal.Column,
                SqlState = refusal.SqlState,
                Detail = refusal.Detail,
            },
            _copyText.WrittenSpan);
    }
}

/// <summary>A reject sink whose contents can be made to reach the operating system.</summary>
public interface IBatchRejects : IRejectSink
{
    /// <summary>Hands everything written so far to the operating system.</summary>
    void Flush();
}
