using System.Data;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>
/// A connection that outlives its breaks: opened when first needed, replaced after it was lost. Not thread-safe: one user at a time.
/// </summary>
public sealed class TargetConnection(PostgresConnector connector, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private NpgsqlConnection? _connection;
    private bool _wasOpen;

    public async Task<NpgsqlConnection> GetAsync(CancellationToken ct)
    {
        _connection ??= await connector.OpenAsync(ct).ConfigureAwait(false);
        _wasOpen = true;
        return _connection;
    }

    /// <summary>The connection after a question that any server answers: one that broke while nobody used it is replaced.</summary>
    /// <exception cref="Diagnostics.TargetException">The server does not come back.</exception>
    public async Task<NpgsqlConnection> GetAliveAsync(TimeSpan patience, CancellationToken ct)
    {
        if (_connection is null && _wasOpen)
        {
            return await ReplaceAsync(patience, ct).ConfigureAwait(false);
        }

        var connection = await GetAsync(ct).ConfigureAwait(false);
        if (connection.State != ConnectionState.Open)
        {
            // Npgsql closes it by itself at an internal error of the server.
            return await ReplaceAsync(patience, ct).ConfigureAwait(false);
        }

        try
        {
            using var ask = new NpgsqlCommand("SELECT 1", connection);
            await ask.ExecuteScalarAsync(ct).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (ServerError.Classify(e) == ServerErrorKind.ConnectionLost)
        {
            return await ReplaceAsync(patience, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Gives up the connection and opens another, for as long as <paramref name="patience"/> allows.</summary>
    /// <exception cref="Diagnostics.TargetException">The server does not come back.</exception>
    public async Task<NpgsqlConnection> ReplaceAsync(TimeSpan patience, CancellationToken ct)
    {
        await DisposeAsync().ConfigureAwait(false);
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await GetAsync(ct).ConfigureAwait(false);
            }
            catch (Diagnostics.TargetException) when (time.GetElapsedTime(started) < patience)
            {
                await Task.Delay(RetryDelay, time, ct).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
