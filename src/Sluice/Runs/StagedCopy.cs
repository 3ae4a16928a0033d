using System.Runtime.ExceptionServices;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Runs a table's copy, and then what puts rows into the table that were only laid ready.</summary>
internal static class StagedCopy
{
    /// <param name="copy">Reads and sends.</param>
    /// <param name="load">The table's load.</param>
    /// <param name="features">Say whether batches are final.</param>
    /// <param name="line">Its loaded rows are taken back when they did not get into the table after all.</param>
    /// <param name="rejects">Takes rows that are refused at the end.</param>
    /// <param name="drain">Stops reading.</param>
    /// <param name="ct">Stops at once.</param>
    public static async Task RunAsync(
        TableCopy copy, ITableLoad load, TargetFeatures features, RunLine line, RejectFiles rejects, CancellationToken drain, CancellationToken ct)
    {
        var before = line.Loaded;
        var isComplete = false;
        try
        {
            ExceptionDispatchInfo? broken = null;
            try
            {
                await copy.RunAsync(drain, ct).ConfigureAwait(false);
            }
            catch (SourceException e) when (!features.BatchesAreFinal)
            {
                // What could be read is loaded all the same.
                broken = ExceptionDispatchInfo.Capture(e);
            }

            await load.CompleteAsync(Refuse, ct).ConfigureAwait(false);
            isComplete = true;
            broken?.Throw();
        }
        finally
        {
            if (!isComplete && !features.BatchesAreFinal)
            {
                line.AddLoaded(before - line.Loaded);
            }
        }

        void Refuse(Rejection rejection, ReadOnlySpan<byte> row)
        {
            line.AddLoaded(-1);
            line.AddRejected(1);
            rejects.RejectRow(rejection, row);

            // On its way to the disk before the commit that leaves it out.
            rejects.Flush();
        }
    }
}
