using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Postgres;

/// <summary>Connectors for tests, with nothing taken from this machine's environment or home folder.</summary>
internal static class Connections
{
    private const string EmptyHome = "/nowhere/at/all";

    /// <summary>As the superuser of a test database.</summary>
    public static PostgresConnector Connector(
        this TestDatabase database, ImmutableArray<Setting>? settings = null, ILogger? logger = null, string? user = null, string? password = null)
    {
        var admin = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return Connector(
            new DatabaseUri
            {
                Scheme = "postgresql",
                User = user ?? admin.Username,
                Password = (password ?? admin.Password) is { } text ? new Secret(text) : null,
                Host = admin.Host,
                Port = admin.Port,
                Database = database.Name,
            },
            settings: settings,
            logger: logger);
    }

    /// <summary>On a private server, with libpq parameters.</summary>
    public static PostgresConnector Connector(
        this PostgresInstance instance, string user, string? password, params (string Name, string Value)[] parameters) =>
        Connector(
            new DatabaseUri
            {
                Scheme = "postgresql",
                User = user,
                Password = password is null ? null : new Secret(password),
                Host = "127.0.0.1",
                Port = instance.Port,
                Database = "postgres",
                Parameters = parameters.ToImmutableSortedDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            });

    public static PostgresConnector Connector(
        DatabaseUri uri, Dictionary<string, string>? variables = null, ImmutableArray<Setting>? settings = null, ILogger? logger = null)
    {
        var environment = new ConnectionEnvironment
        {
            Variable = name => variables?.GetValueOrDefault(name) ?? (name == "HOME" ? EmptyHome : null),
        };
        return new PostgresConnector(ConnectionResolver.Resolve(uri, environment), settings ?? [], logger ?? NullLogger.Instance, TimeProvider.System);
    }

    /// <summary>One value, as text.</summary>
    public static async Task<string> ScalarAsync(this NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
