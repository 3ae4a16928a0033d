using System.Globalization;
using System.Text;
using Npgsql;

namespace Sluice.ServerTests.Servers;

/// <summary>A fresh database, dropped on dispose.</summary>
public sealed class TestDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public PostgresServer Server { get; } = server;

    public string Name { get; } = name;

    /// <summary>As the superuser, for Npgsql.</summary>
    public string ConnectionString => Server.Admin(Name).ConnectionString;

    /// <summary>As the superuser, for a command file: <c>postgresql://user@host:port/database?sslmode=…</c>.</summary>
    public string Uri
    {
        get
        {
            var admin = Server.Admin(Name);
            var password = admin.Password is { Length: > 0 } text ? ":" + System.Uri.EscapeDataString(text) : "";
            return $"postgresql://{System.Uri.EscapeDataString(admin.Username!)}{password}@{admin.Host}:{admin.Port}/{Name}"
                + $"?sslmode={(admin.SslMode == SslMode.Disable ? "disable" : "prefer")}";
        }
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>Runs one or more statements in one transaction.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct) ?? throw new InvalidOperationException($"No row: {sql}"));
    }

    /// <summary>The result as <c>psql -At</c> prints it: fields split by <c>|</c>, NULL as <c>\N</c>, a line a row, no final newline.</summary>
    public async Task<string> QueryAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var text = new StringBuilder();
        while (await reader.ReadAsync(ct))
        {
            text.Append(text.Length == 0 ? "" : "\n");
            for (var field = 0; field < reader.FieldCount; field++)
            {
                text.Append(field == 0 ? "" : "|").Append(await reader.IsDBNullAsync(field, ct) ? @"\N" : reader.GetString(field));
            }
        }

        return text.ToString();
    }

    public Task<long> CountAsync(string table, CancellationToken ct) => ScalarAsync<long>($"SELECT count(*) FROM {table}", ct);

    /// <summary>Ends a session of this database from outside.</summary>
    public async Task KillBackendAsync(int processId, CancellationToken ct)
    {
        await ExecuteAsync($"SELECT pg_terminate_backend({processId.ToString(CultureInfo.InvariantCulture)})", ct);
        while (await ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE pid = {processId}", ct) > 0)
        {
            await Task.Delay(20, ct);
        }
    }

    public async ValueTask DisposeAsync() => await Server.DropDatabaseAsync(Name);
}
