using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Runs a step of a plan, with a line of its own in the summary.</summary>
internal static class SqlSteps
{
    /// <exception cref="TargetException">A statement failed; the line counts it.</exception>
    public static async Task RunAsync(
        ITarget target, RunProgress progress, RunOptions options, SummarySection section, SqlStep? step, CancellationToken ct)
    {
        if (step is null)
        {
            return;
        }

        var line = progress.Add(section, step.Title);
        try
        {
            using var wait = new ServerWait(line, options.Logger, options.Time);
            await target.ExecuteAsync(step, ct).ConfigureAwait(false);
            line.AddRead(step.Statements.Length);
            line.AddLoaded(step.Statements.Length);
        }
        catch (TargetException)
        {
            line.AddRejected(1);
            throw;
        }
        finally
        {
            line.Stop();
        }
    }
}
