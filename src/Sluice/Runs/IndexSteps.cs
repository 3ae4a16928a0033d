using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary><c>drop indexes</c>: takes a table's indexes away before a load and brings them back after it, whatever happened in between.</summary>
internal sealed class IndexSteps(ITarget target, FileLoadPlan plan, RunProgress progress)
{
    private bool _isDropped;

    private bool IsSingleTransaction => plan.Spec.Options.SingleTransaction;

    public async Task DropAsync(CancellationToken ct)
    {
        if (plan.Indexes is not { } indexes)
        {
            return;
        }

        var line = progress.Add(SummarySection.Before, "Drop Indexes");
        try
        {
            await target.ExecuteAsync(SqlStep.Of("Drop Indexes", indexes.Drop), ct).ConfigureAwait(false);
            _isDropped = true;
            line.AddRead(indexes.Drop.Length);
            line.AddLoaded(indexes.Drop.Length);
        }
        finally
        {
            line.Stop();
        }
    }

    /// <summary>Builds the indexes side by side, then their constraints. A failure is added to <paramref name="failures"/> with the SQL that is left to do.</summary>
    public async Task RestoreAsync(bool isCopied, RunFailures failures)
    {
        // A single transaction that failed is rolled back, its dropped indexes too.
        if (!_isDropped || plan.Indexes is not { } indexes || (IsSingleTransaction && !isCopied))
        {
            return;
        }

        var build = progress.Add(SummarySection.After, "Create Indexes");
        var finish = progress.Add(SummarySection.After, "Constraints");
        try
        {
            // Not cancelled: a table that lost its indexes to an interrupt would be the worse surprise.
            if (IsSingleTransaction)
            {
                await target.ExecuteAsync(SqlStep.Of("Create Indexes", indexes.Restore), CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await Parallel.ForEachAsync(
                    indexes.Build,
                    new ParallelOptions { MaxDegreeOfParallelism = plan.IndexBuilders },
                    async (index, ct) =>
                    {
                        await target.ExecuteEachAsync("Create Indexes", index.Statements, apart: true, ct).ConfigureAwait(false);
                        build.AddRead(1);
                        build.AddLoaded(1);
                    }).ConfigureAwait(false);
                build.Stop();
                await target.ExecuteEachAsync("Constraints", indexes.Finish, apart: false, CancellationToken.None).ConfigureAwait(false);
            }

            finish.AddRead(indexes.Finish.Length);
            finish.AddLoaded(indexes.Finish.Length);
        }
        catch (TargetException e)
        {
            finish.AddRejected(1);
            var failure = IsSingleTransaction
                ? e
                : new TargetException(
                    $"The indexes of {plan.Table.Name} could not all be built again: {e.Message}",
                    $"once the cause is gone, run what is missing of: {string.Join("; ", indexes.Restore)}", e);
            failures.Add(failure);
        }
        finally
        {
            if (!build.IsStopped)
            {
                build.Stop();
            }

            finish.Stop();
        }
    }
}
