using System.Globalization;
using Npgsql;

namespace Sluice.Benchmarks;

/// <summary>The private server, as libpq's variables name it.</summary>
public sealed record Connection(string Host, int Port, string User, string Database, string Password)
{
    public static Connection FromEnvironment()
    {
        var host = Variable("PGHOST");
        var port = Variable("PGPORT");
        var password = File.ReadLines(Variable("PGPASSFILE")).Select(line => line.Split(':')).First(parts => parts[0] == host && parts[1] == port)[4];
        return new Connection(host, int.Parse(port, CultureInfo.InvariantCulture), Variable("PGUSER"), Variable("PGDATABASE"), password);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string[]>> QueryAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]> { Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray() };
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))]);
        }

        return rows;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Username = User,
            Password = Password,
            Database = Database,
            Pooling = false,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: start a server with eng/postgres.sh and source its connection.env");
}
