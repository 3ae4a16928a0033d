using Microsoft.Extensions.Logging;
using MySqlConnector;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>Opens sessions that read: settings that a long read needs first, then those of the command.</summary>
internal sealed class MySqlOpener(MySqlSettings settings, ILogger logger)
{
    // What a proxy, a slow target or a large value could otherwise run into. Not every server has all of them.
    private static readonly string[] Patience =
    [
        "SESSION net_read_timeout = 31536000", "SESSION net_write_timeout = 31536000", "SESSION wait_timeout = 31536000", "SESSION max_execution_time = 0", "SESSION max_statement_time = 0",
    ];

    private static readonly HashSet<MySqlErrorCode> NotThere = [MySqlErrorCode.UnknownSystemVariable, MySqlErrorCode.SpecifiedAccessDeniedError];

    private readonly MySqlSettings _settings = settings;
    private readonly bool _keepsZone = settings.Parameters.Any(IsTimeZone);

    public MySqlSettings Settings => _settings;

    /// <summary>TIMESTAMP values come in UTC: no setting of the command says otherwise.</summary>
    public bool IsUtc => !_keepsZone;

    /// <summary>Opens one more session.</summary>
    /// <exception cref="SourceException">The server cannot be reached, or refuses.</exception>
    public async Task<MySqlConnection> OpenAsync(CancellationToken ct)
    {
        var listener = new MySqlLoginListener();
        MySqlConnection? connection = null;
        try
        {
            // The data source only lends its logging to the connection, which keeps no hold on it.
            var builder = new MySqlDataSourceBuilder(ConnectionString()).UseLoggerFactory(listener);
            var source = builder.Build();
            await using var _ = source.ConfigureAwait(false);
            connection = source.CreateConnection();
            await connection.OpenAsync(ct).ConfigureAwait(false);
            await PrepareAsync(connection, ct).ConfigureAwait(false);
            Log.Connected(logger, _settings.Place, _settings.User, _settings.Database, connection.ServerVersion, connection.ServerThread, _settings.SslMode);
            var opened = connection;
            connection = null;
            return opened;
        }
        catch (Exception e) when (e is MySqlException or InvalidOperationException or NotSupportedException or IOException or ArgumentException)
        {
            throw MySqlFailure.OfConnecting(_settings, listener, await MySqlFailure.FindCauseAsync(_settings, e, ct).ConfigureAwait(false));
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    private static bool IsTimeZone(Setting setting) => setting.Name.EndsWith("time_zone", StringComparison.OrdinalIgnoreCase);

    private string ConnectionString()
    {
        var builder = new MySqlConnectionStringBuilder
        {
            UserID = _settings.User,
            Password = _settings.Password?.Reveal() ?? "",
            Database = _settings.Database,
            Pooling = false,
            ConnectionTimeout = (uint)Math.Max(0, _settings.ConnectTimeout.TotalSeconds),
            DefaultCommandTimeout = 0,
            Keepalive = 60,
            ApplicationName = "sluice",
            TreatTinyAsBoolean = false,
            GuidFormat = MySqlGuidFormat.None,
            AllowZeroDateTime = true,
            AllowUserVariables = true,
            ServerRedirectionMode = MySqlServerRedirectionMode.Disabled,
            SslMode = _settings.SslMode switch
            {
                "disable" => MySqlSslMode.None,
                "require" => MySqlSslMode.Required,
                "verify-ca" => MySqlSslMode.VerifyCA,
                "verify-full" => MySqlSslMode.VerifyFull,
                _ => MySqlSslMode.Preferred,
            },

            // caching_sha2_password sends the password under the server's key where there is no TLS: as safe as the words that led here.
            AllowPublicKeyRetrieval = _settings.SslMode is "disable" or "prefer",
        };
        if (_settings.Socket is { } socket)
        {
            builder.ConnectionProtocol = MySqlConnectionProtocol.UnixSocket;
            builder.Server = socket;
        }
        else
        {
            builder.Server = _settings.Host;
            builder.Port = (uint)_settings.Port;
        }

        if (_settings.RootCertificate is { } authority)
        {
            builder.SslCa = authority;
        }

        if (_settings.Certificate is { } certificate)
        {
            builder.SslCert = certificate;
            builder.SslKey = _settings.CertificateKey ?? "";
        }

        return builder.ConnectionString;
    }

    private async Task PrepareAsync(MySqlConnection connection, CancellationToken ct)
    {
        foreach (var words in Patience)
        {
            try
            {
                await ExecuteAsync(connection, $"SET {words}", ct).ConfigureAwait(false);
            }
            catch (MySqlException e) when (NotThere.Contains(e.ErrorCode))
            {
                // The other kind of server has it.
            }
        }

        // Backslashes and quotes mean what this program writes, and instants are instants.
        await ExecuteAsync(connection, _keepsZone ? "SET SESSION sql_mode = ''" : "SET SESSION sql_mode = '', SESSION time_zone = '+00:00'", ct).ConfigureAwait(false);
        foreach (var setting in _settings.Parameters)
        {
            var set = $"SET {setting.Name} = {Value(setting.Value)}";
            try
            {
                await ExecuteAsync(connection, set, ct).ConfigureAwait(false);
            }
            catch (MySqlException e)
            {
                throw new SourceException(
                    $"The source {_settings} refuses {Printable.Escape(SecretMask.RedactSql($"{set}: {e.Message}", set))}", "mend SET MySQL PARAMETERS of the command", e);
            }
        }
    }

    // Numbers and words that the server knows as such stand without quotes; it refuses them in quotes.
    private static string Value(string value) =>
        value.Length > 0 && (value.All(char.IsAsciiDigit) || value.ToUpperInvariant() is "ON" or "OFF" or "TRUE" or "FALSE" or "DEFAULT" or "NULL") ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
