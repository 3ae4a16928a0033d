using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Commands;
using Sluice.Postgres;
using Sluice.Targets.Postgres;

namespace Sluice.Targets;

/// <summary>Opens the target that an address names.</summary>
public static class TargetRegistry
{
    /// <param name="uri">The INTO clause.</param>
    /// <param name="settings">The SET clause, for every session.</param>
    /// <param name="environment">Variables that complete the address.</param>
    /// <param name="reconnect">How long a server that went away may stay away.</param>
    /// <param name="logger">Takes connection messages and the SQL that is run.</param>
    /// <param name="time">Waits.</param>
    /// <exception cref="Diagnostics.TargetException">The address cannot be completed.</exception>
    public static ITarget Open(
        DatabaseUri uri, ImmutableArray<Setting> settings, Func<string, string?> environment, TimeSpan reconnect, ILogger logger, TimeProvider time)
    {
        var resolved = ConnectionResolver.Resolve(uri, new ConnectionEnvironment { Variable = environment });
        return new PostgresTarget(new PostgresConnector(resolved, settings, logger, time), reconnect, logger, time);
    }
}
