using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Opens sessions that are ready for use: authenticated, UTF-8, with the user's SETs applied. Thread-safe.</summary>
public sealed class PostgresConnector : IAsyncDisposable
{
    private const int Attempts = 6;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly ImmutableArray<Setting> _sessionSettings;
    private readonly Func<string, SessionPreparation?> _preparations;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lazy<NpgsqlDataSource> _wanted;
    private readonly Lazy<NpgsqlDataSource> _plain;
    private volatile bool _passwordAsked;
    private volatile string? _certificateProblem;
    private NpgsqlConnection? _asked;

    /// <param name="settings">From <see cref="ConnectionResolver"/>; its warnings are logged here.</param>
    /// <param name="sessionSettings">The command's SET clause, applied to every session in order.</param>
    /// <param name="logger">Takes warnings and the server's notices.</param>
    /// <param name="time">Waits between attempts.</param>
    /// <param name="preparations">What makes a session ready, by the server's version text; null for PostgreSQL's own way.</param>
    public PostgresConnector(
        ConnectionSettings settings, ImmutableArray<Setting> sessionSettings, ILogger logger, TimeProvider time,
        Func<string, SessionPreparation?>? preparations = null)
    {
        Settings = settings;
        _preparations = preparations ?? (_ => null);
        _logger = logger;
        _time = time;
        _wanted = new(() => DataSource(Encryption(settings.Tls.Mode)));
        _plain = new(() => DataSource(SslMode.Disable));
        foreach (var warning in settings.Warnings)
        {
            Log.ConnectionWarning(logger, warning);
        }

        _sessionSettings = sessionSettings.RemoveAll(IsClientEncoding);
        foreach (var setting in sessionSettings.Where(IsClientEncoding))
        {
            Log.ConnectionWarning(logger, $"SET {setting.Name} to {Identifier.Literal(Printable.Escape(setting.Value))} is ignored: data is sent as UTF-8");
        }
    }

    public ConnectionSettings Settings { get; }

    /// <summary>What the server answered to <c>SELECT version()</c>; null before the first session.</summary>
    public string? VersionText { get; private set; }

    /// <summary>What the server answers to <c>SELECT version()</c>. The session that asked is the next one that is opened.</summary>
    /// <exception cref="TargetException">As <see cref="OpenAsync"/>.</exception>
    public async Task<string> AskVersionAsync(CancellationToken ct)
    {
        _asked ??= await OpenAsync(ct).ConfigureAwait(false);
        return VersionText ?? "";
    }

    /// <summary>A new session, owned by the caller.</summary>
    /// <exception cref="TargetException">The server cannot be reached, refuses, or is not of the wanted kind; a SET was refused.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _asked, null) is { } asked)
        {
            return asked;
        }

        var connection = await ConnectAsync(ct).ConfigureAwait(false);
        try
        {
            connection.Notice += (_, notice) => LogNotice(notice.Notice);
            Log.Connected(
                _logger, Settings.Place, Settings.User.Value, Settings.Database.Value, connection.ServerVersion, connection.ProcessID, Settings.Tls.ModeName);
            VersionText ??= await ReadVersionAsync(connection, ct).ConfigureAwait(false);
            if (_preparations(VersionText) is { } prepareAsync)
            {
                await prepareAsync(connection, _sessionSettings, ct).ConfigureAwait(false);
                return connection;
            }

            await ApplySettingsAsync(connection, ct).ConfigureAwait(false);
            await CheckTargetSessionAsync(connection, ct).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _asked, null) is { } asked)
        {
            await asked.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var source in (Lazy<NpgsqlDataSource>[])[_wanted, _plain])
        {
            if (source.IsValueCreated)
            {
                await source.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static bool IsClientEncoding(Setting setting) => setting.Name.Equals("client_encoding", StringComparison.OrdinalIgnoreCase);

    private static SslMode Encryption(TlsMode mode) => mode switch
    {
        TlsMode.Disable => SslMode.Disable,
        TlsMode.Allow => SslMode.Allow,
        TlsMode.Prefer => SslMode.Prefer,
        _ => SslMode.Require,
    };

    private NpgsqlDataSource DataSource(SslMode encryption) => ConnectionStrings.DataSource(
        Settings, encryption, () => _passwordAsked = true, problem => _certificateProblem = problem);

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ConnectOnceAsync(ct).ConfigureAwait(false);
            }
            catch (PostgresException e) when (attempt < Attempts && IsPassing(e.SqlState))
            {
                Log.ConnectionRetried(_logger, Settings.Place, e.MessageText, RetryDelay.TotalMilliseconds);
                await Task.Delay(RetryDelay, _time, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (IsConnectionError(e))
            {
                throw ConnectionFailure.Explain(Settings, e, _passwordAsked, _certificateProblem);
            }
        }
    }

    private async Task<NpgsqlConnection> ConnectOnceAsync(CancellationToken ct)
    {
        try
        {
            return await _wanted.Value.OpenConnectionAsync(ct).ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (Settings.Tls.Mode == TlsMode.Prefer && e.InnerException is AuthenticationException or IOException)
        {
            // As in libpq: prefer means that a failed handshake, a refused certificate too, is followed by a try without TLS.
            try
            {
                var connection = await _plain.Value.OpenConnectionAsync(ct).ConfigureAwait(false);
                Log.ConnectionWarning(_logger, $"{Settings.Place}: the connection is not encrypted: {_certificateProblem ?? e.InnerException!.Message}");
                return connection;
            }
            catch (PostgresException plain) when (plain.SqlState == SqlStates.InvalidAuthorization)
            {
                ExceptionDispatchInfo.Throw(e);
                throw;
            }
        }
    }

    private static bool IsPassing(string sqlState) =>
        sqlState is SqlStates.TooManyConnections or SqlStates.ConfigurationLimitExceeded or SqlStates.CannotConnectNow;

    private static bool IsConnectionError(Exception error) =>
        error is NpgsqlException or SocketException or IOException or TimeoutException or AuthenticationException or ArgumentException or NotSupportedException;

    private static async Task<string> ReadVersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        using var command = new NpgsqlCommand("SELECT version()", connection);
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string ?? "";
    }

    private async Task ApplySettingsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var setting in _sessionSettings)
        {
            try
            {
                // set_config reads a list as SET does without quotes: search_path 'a, b' names two schemas.
                using var command = new NpgsqlCommand("SELECT pg_catalog.set_config($1, $2, false)", connection);
                command.Parameters.Add(new() { Value = setting.Name });
                command.Parameters.Add(new() { Value = setting.Value });
                await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            }
            catch (PostgresException e)
            {
                var set = $"SET {setting.Name} to {Identifier.Literal(setting.Value)}";
                throw new TargetException(
                    $"The server refuses {Printable.Escape(SecretMask.RedactSql($"{set}: {e.MessageText}", set))}", e.Hint, e);
            }
        }
    }

    private async Task CheckTargetSessionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (Settings.TargetSession is TargetSession.Any or TargetSession.PreferStandby)
        {
            return;
        }

        using var command = new NpgsqlCommand(
            "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only') = 'on'", connection);
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        await reader.ReadAsync(ct).ConfigureAwait(false);
        var (isStandby, isReadOnly) = (reader.GetBoolean(0), reader.GetBoolean(1));
        var (isMet, wanted) = Settings.TargetSession switch
        {
            TargetSession.ReadWrite => (!isReadOnly && !isStandby, "read-write"),
            TargetSession.ReadOnly => (isReadOnly || isStandby, "read-only"),
            TargetSession.Primary => (!isStandby, "primary"),
            _ => (isStandby, "standby"),
        };
        if (!isMet)
        {
            throw new TargetException(
                $"The server at {Settings.Place} is {(isStandby ? "a standby" : isReadOnly ? "read-only" : "a primary that takes writes")}, "
                + $"but target_session_attrs={wanted} is asked for");
        }
    }

    private void LogNotice(PostgresNotice notice)
    {
        var text = Printable.Escape(notice.MessageText);
        if (notice.InvariantSeverity == "WARNING")
        {
            Log.ServerWarning(_logger, text);
        }
        else
        {
            Log.ServerNotice(_logger, text);
        }
    }
}

/// <summary>Makes a new session ready for use on a kind of server that does not take PostgreSQL's own way; with the command's SET clause.</summary>
public delegate Task SessionPreparation(NpgsqlConnection connection, ImmutableArray<Setting> settings, CancellationToken ct);
