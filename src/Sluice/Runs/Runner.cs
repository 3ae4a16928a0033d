using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Runs bound commands, one after the other. One for all commands of a process: reject files of one run go together.</summary>
public sealed class Runner
{
    private readonly Dictionary<string, RejectDirectory> _rejects = new(StringComparer.Ordinal);

    /// <summary>Loads. What fails is in the result; only cancellation and bugs are thrown.</summary>
    public async Task<RunResult> RunAsync(LoadSpec spec, RunProgress progress, RunOptions options, CancellationToken ct)
    {
        if (!_rejects.TryGetValue(options.RootDirectory, out var rejects))
        {
            _rejects[options.RootDirectory] = rejects = new RejectDirectory(options.RootDirectory);
        }

        return spec is DatabaseLoadSpec database
            ? await new DatabaseLoad(database, progress, options, rejects).RunAsync(ct).ConfigureAwait(false)
            : await new FileLoad(File(spec), progress, options, rejects).RunAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Connects, checks and gives the plan; changes nothing.</summary>
    /// <exception cref="SluiceException">The load could not be run.</exception>
    public static Task ExplainAsync(LoadSpec spec, PlanOutput output, RunOptions options, CancellationToken ct) => spec is DatabaseLoadSpec database
        ? DatabaseLoad.ExplainAsync(database, output, options, ct)
        : new FileLoad(File(spec), new RunProgress(options.Time), options, new RejectDirectory(options.RootDirectory)).ExplainAsync(output, ct);

    /// <summary>Compares what was loaded with a file of expected rows.</summary>
    /// <exception cref="SluiceException">They cannot be compared.</exception>
    public static async Task<RegressionResult> CompareAsync(LoadSpec spec, string expectedFile, RunOptions options, CancellationToken ct)
    {
        var file = File(spec);
        var table = file.Table ?? throw new TargetException("The command names no target table to compare");
        var uri = file.Target ?? throw new TargetException("The command names no target to compare");
        var target = await TargetRegistry.Resolve(file, options.Environment, options.ReconnectFor, options.Logger, options.Time).ConnectAsync(ct).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            if (!target.Features.ClientCopy)
            {
                throw new TargetException(
                    $"--regress is not possible on {target.Features.ServerKind}: it takes no rows from a client to compare with",
                    $"the rows are loaded; compare {table} with a query of your own");
            }
        }

        var settings = ConnectionResolver.Resolve(uri, new ConnectionEnvironment { Variable = options.Environment });
        var connector = new PostgresConnector(settings, file.Settings, options.Logger, options.Time);
        await using (connector.ConfigureAwait(false))
        {
            var connection = await connector.OpenAsync(ct).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var found = await TableCatalogReader.ReadAsync(connection, table, ct).ConfigureAwait(false);
                return await Regression.CompareAsync(connection, found.Name, expectedFile, ct).ConfigureAwait(false);
            }
        }
    }

    private static FileLoadSpec File(LoadSpec spec) => spec as FileLoadSpec
        ?? throw new InvalidOperationException($"LOAD {spec.Kind} was bound but cannot be run.");
}
