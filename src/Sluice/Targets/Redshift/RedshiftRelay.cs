using System.Globalization;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Targets.Redshift;

/// <summary>Loads what a source laid ready in S3: one COPY in one transaction, which is kept only when it loaded every row.</summary>
internal sealed class RedshiftRelay(RedshiftTarget target, QualifiedName table, RedshiftCopyRunner runner)
{
    private const int Attempts = 5;
    private const string Advice = "WITH no unload sends the rows through this machine, and sets aside those that are refused";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <param name="statement">The COPY.</param>
    /// <param name="rows">How many it has to load.</param>
    /// <param name="ct">Stops: nothing is loaded then.</param>
    /// <exception cref="TargetException">Nothing was loaded, or what became of it cannot be known.</exception>
    public async Task RunAsync(RedshiftCopyStatement statement, long rows, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(statement, rows, ct).ConfigureAwait(false);
                return;
            }
            catch (ConnectionLostException e)
            {
                if (target.IsSingle || !await runner.WasCommittedAsync(ct).ConfigureAwait(false))
                {
                    throw new TargetException($"Loading {table} failed, nothing was loaded: the connection was lost: {e.Message}", "run the load again");
                }

                return;
            }
            catch (BatchRetryException e)
            {
                if (target.IsSingle || attempt == Attempts)
                {
                    throw new TargetException($"Loading {table} failed, nothing was loaded: {e.Message}", "run the load again");
                }

                await Task.Delay(RetryDelay, target.Time, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task TryAsync(RedshiftCopyStatement statement, long rows, CancellationToken ct)
    {
        if (await runner.CopyAsync(statement, isTrial: false, ct).ConfigureAwait(false) is { } fault)
        {
            throw new TargetException($"Loading {table} failed, nothing was loaded: {fault.Text}", fault.Hint ?? Advice);
        }

        if (runner.Copied != rows)
        {
            var copied = runner.Copied;
            await runner.RollbackAsync().ConfigureAwait(false);
            throw new TargetException(string.Create(CultureInfo.InvariantCulture, $"Loading {table} failed, nothing was loaded: of {rows} rows that were unloaded COPY took {copied}"), Advice);
        }

        await runner.CommitAsync(ct).ConfigureAwait(false);
    }
}
