using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets;

/// <summary>A target that is not connected yet: what kind of server it is shows only then.</summary>
public sealed class TargetAddress
{
    private readonly PostgresConnector _connector;
    private readonly TargetContext _context;
    private readonly Func<string, TargetContext, TargetConnection, CancellationToken, Task<ITarget>> _open;

    internal TargetAddress(TargetContext context, Func<string, TargetContext, TargetConnection, CancellationToken, Task<ITarget>> open)
    {
        _connector = context.Connector;
        _context = context;
        _open = open;
    }

    public string Database => _connector.Settings.Database.Value;

    /// <summary>For messages: user, place and database, without any secret.</summary>
    public string Display => _connector.Settings.ToString();

    /// <summary>Connects and learns what the server is.</summary>
    /// <exception cref="TargetException">It cannot be reached, refuses, or takes no writes.</exception>
    public async Task<ITarget> ConnectAsync(CancellationToken ct)
    {
        var connection = new TargetConnection(_connector, _context.Time);
        try
        {
            return await ServerText.GuardAsync(_connector.Settings, "connect", async () =>
            {
                await connection.GetAsync(ct).ConfigureAwait(false);
                return await _open(_connector.VersionText ?? "", _context, connection, ct).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            await _connector.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>What a target is made from. The target owns the connector.</summary>
/// <param name="Connector">Opens sessions.</param>
/// <param name="Options">The command's WITH options.</param>
/// <param name="Environment">Environment variables.</param>
/// <param name="Reconnect">How long a server that went away may stay away.</param>
/// <param name="Logger">Takes connection messages and the SQL that is run.</param>
/// <param name="Time">Waits.</param>
internal sealed record TargetContext(
    PostgresConnector Connector, Commands.LoadOptions Options, Func<string, string?> Environment, TimeSpan Reconnect, ILogger Logger, TimeProvider Time);
