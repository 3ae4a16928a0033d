using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Redshift;

/// <summary>
/// The one session that reads, and its transaction: Redshift has no snapshot that sessions could share, and no savepoints. Thread-safe; whoever
/// uses the session has it alone meanwhile.
/// </summary>
internal sealed class RedshiftSession(PostgresConnector connector, ILogger logger) : IAsyncDisposable
{
    private const string LaterPoint = "; tables that are read from here on are of a later point in time";

    // Values are spelled in one way, names keep their case, nothing but us ends a query.
    private static readonly ImmutableArray<string> Settings =
    [
        "SET timezone TO 'UTC'",
        "SET datestyle TO 'ISO, MDY'",
        "SET extra_float_digits TO 2",
        "SET statement_timeout TO 0",
        "SET enable_case_sensitive_identifier TO true",
    ];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private NpgsqlConnection? _connection;
    private bool _hasBegun;
    private bool _hadBegun;

    /// <summary>The server, for messages.</summary>
    public string Display => connector.Settings.ToString();

    public ConnectionSettings Connection => connector.Settings;

    public static bool Recognizes(string version) => version.Contains("Redshift", StringComparison.OrdinalIgnoreCase);

    /// <summary>What every new session is told. A connector of a source has no settings of its own.</summary>
    public static async Task PrepareAsync(NpgsqlConnection session, ImmutableArray<Setting> settings, CancellationToken ct)
    {
        foreach (var sql in Settings)
        {
            await ExecuteAsync(session, sql, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Runs queries before the transaction: one that fails spoils nothing.</summary>
    /// <exception cref="SourceException">The server cannot be reached.</exception>
    public async Task<List<string?[]>?> TryRowsAsync(string sql, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            _connection ??= await OpenAsync(ct).ConfigureAwait(false);
            return await TextRows.ReadAsync(_connection, sql, ct).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            await CloseAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (IsOfDriver(e))
        {
            throw Fault("its sizes", e, [], "");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Uses the session in its transaction. A failure ends that one; the next use begins another.</summary>
    /// <param name="doing">What is read, for messages: <c>table s.t</c>.</param>
    /// <param name="secrets">What must not show in any message.</param>
    /// <param name="action">Reads.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="SourceException">The server refused, or the connection is gone.</exception>
    public async Task<T> UseAsync<T>(string doing, ImmutableArray<string> secrets, Func<NpgsqlConnection, Task<T>> action, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            _connection ??= await OpenAsync(ct).ConfigureAwait(false);
            if (!_hasBegun)
            {
                await ExecuteAsync(_connection, "BEGIN ISOLATION LEVEL SERIALIZABLE", ct).ConfigureAwait(false);
                _hasBegun = true;
                if (_hadBegun)
                {
                    Log.ServerWarning(logger, $"{Display}: the transaction that read until here has ended: {doing} and what is read after it are of a later point in time");
                }

                _hadBegun = true;
            }

            return await action(_connection).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var hadBegun = _hasBegun;
            await CloseAsync().ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            if (IsOfDriver(e))
            {
                throw Fault(doing, e, secrets, hadBegun ? LaterPoint : "");
            }

            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await connector.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private static bool IsOfDriver(Exception e) =>
        e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException { InnerException: NpgsqlException };

    // The driver's exception goes no further: it holds the statement, which may hold keys.
    private SourceException Fault(string doing, Exception e, ImmutableArray<string> secrets, string consequence)
    {
        var (text, hint) = RedshiftFault.Describe(e, secrets);
        return new SourceException($"The source {Display}, {doing}: {text}{consequence}", hint);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        try
        {
            return await connector.OpenAsync(ct).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            throw new SourceException($"The source: {e.Message}", e.Hint, e);
        }
    }

    private async Task CloseAsync()
    {
        _hasBegun = false;
        if (_connection is not { } connection)
        {
            return;
        }

        _connection = null;
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfDriver(e))
        {
            Log.ServerWarning(logger, $"{Display}: {RedshiftFault.Describe(e, []).Text}");
        }
    }
}
