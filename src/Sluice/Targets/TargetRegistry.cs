using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Commands;
using Sluice.Postgres;
using Sluice.Targets.Citus;
using Sluice.Targets.Postgres;
using Sluice.Targets.Redshift;

namespace Sluice.Targets;

/// <summary>The kinds of target, and how a server is told to be of one.</summary>
public static class TargetRegistry
{
    /// <summary>Every kind. To add one, add a line.</summary>
    public static ImmutableArray<TargetDescriptor> All { get; } = [PostgresTarget.Descriptor, RedshiftOptions.Target];

    /// <param name="spec">The command; it has an INTO clause.</param>
    /// <param name="environment">Variables that complete the address.</param>
    /// <param name="reconnect">How long a server that went away may stay away.</param>
    /// <param name="logger">Takes connection messages and the SQL that is run.</param>
    /// <param name="time">Waits.</param>
    /// <exception cref="Diagnostics.TargetException">The address cannot be completed.</exception>
    public static TargetAddress Resolve(LoadSpec spec, Func<string, string?> environment, TimeSpan reconnect, ILogger logger, TimeProvider time)
    {
        var uri = spec.Target ?? throw new InvalidOperationException("The command is bound with its target.");
        var resolved = ConnectionResolver.Resolve(uri, new ConnectionEnvironment { Variable = environment });
        var redshift = new RedshiftSession(resolved);
        var connector = new PostgresConnector(
            resolved, spec.Settings, logger, time, version => RedshiftSession.Recognizes(version) ? redshift.PrepareAsync : null);
        return new TargetAddress(
            new TargetContext(connector, spec.Options, environment, reconnect, logger, time),
            async (version, context, connection, ct) => RedshiftSession.Recognizes(version)
                ? await RedshiftTarget.OpenAsync(context, connection, redshift, ct).ConfigureAwait(false)
                : await PostgresTarget.OpenAsync(context, connection, CitusDialect.Instance, ct).ConfigureAwait(false));
    }
}
