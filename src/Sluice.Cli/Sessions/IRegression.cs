using Sluice.Commands;
using Sluice.Runs;

namespace Sluice.Cli.Sessions;

/// <summary>Compares what a command loaded with what it should have loaded.</summary>
internal interface IRegression
{
    /// <exception cref="Diagnostics.SluiceException">They cannot be compared.</exception>
    Task<RegressionResult> CompareAsync(LoadSpec spec, string expectedFile, RunOptions options, CancellationToken ct);
}
