using System.Globalization;
using System.Text;
using MySqlConnector;
using Xunit.Sdk;

namespace Sluice.ServerTests.Servers;

/// <summary>
/// The MariaDB (or, by SLUICE_MYSQL_BIN, MySQL) that all tests share, started when the first of them needs it. Without one a test is skipped; with
/// CI=true it fails.
/// </summary>
public sealed class MySqlServer : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);
    private MySqlInstance? _instance;
    private InvalidOperationException? _failure;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<MySqlInstance> InstanceAsync()
    {
        if (MySqlInstance.FindServer() is null)
        {
            const string Missing = "no MariaDB: install mariadb-server, or set SLUICE_MYSQL_BIN";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                throw new XunitException(Missing);
            }

            Assert.Skip(Missing);
        }

        await _gate.WaitAsync();
        try
        {
            return _failure is null ? _instance ??= await MySqlInstance.StartAsync(CancellationToken.None) : throw new XunitException(_failure.Message);
        }
        catch (InvalidOperationException e)
        {
            // What failed once would only take each test's time.
            _failure = e;
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>An empty database of utf8mb4, with the statements run in it.</summary>
    public async Task<MySqlDatabase> CreateDatabaseAsync(string sql, CancellationToken ct)
    {
        var instance = await InstanceAsync();
        var database = new MySqlDatabase(instance, string.Create(CultureInfo.InvariantCulture, $"shop_{Interlocked.Increment(ref _databases)}"));
        await database.CreateAsync(ct);
        await database.ExecuteAsync(sql, ct);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_instance is not null)
        {
            await _instance.DisposeAsync();
        }
    }
}

/// <summary>A fresh database of that server, dropped on dispose.</summary>
public sealed class MySqlDatabase(MySqlInstance instance, string name) : IAsyncDisposable
{
    public MySqlInstance Instance { get; } = instance;

    public string Name { get; } = name;

    public bool IsMariaDb => Instance.IsMariaDb;

    /// <summary>As the administrator, for a command file.</summary>
    public string Uri => UriOf(MySqlInstance.AdminUser, MySqlInstance.Password);

    public string UriOf(string user, string password, string parameters = "?sslmode=disable") =>
        string.Create(CultureInfo.InvariantCulture, $"mysql://{user}:{System.Uri.EscapeDataString(password)}@127.0.0.1:{Instance.Port}/{Name}{parameters}");

    public async Task CreateAsync(CancellationToken ct)
    {
        await using var connection = new MySqlConnection(Instance.Admin().ConnectionString);
        await connection.OpenAsync(ct);
        await RunAsync(connection, $"DROP DATABASE IF EXISTS {Name}; CREATE DATABASE {Name} CHARACTER SET utf8mb4", ct);
    }

    public async Task<MySqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new MySqlConnection(Instance.Admin(Name).ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await RunAsync(connection, sql, ct);
    }

    /// <summary>The result as <c>psql -At</c> prints it: fields split by <c>|</c>, NULL as <c>\N</c>, a line a row.</summary>
    public async Task<string> QueryAsync(string sql, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var text = new StringBuilder();
        while (await reader.ReadAsync(ct))
        {
            text.Append(text.Length == 0 ? "" : "\n");
            for (var field = 0; field < reader.FieldCount; field++)
            {
                text.Append(field == 0 ? "" : "|").Append(reader.IsDBNull(field) ? @"\N" : reader.GetValue(field) switch
                {
                    byte[] bytes => Encoding.UTF8.GetString(bytes),
                    var value => Convert.ToString(value, CultureInfo.InvariantCulture),
                });
            }
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = new MySqlConnection(Instance.Admin().ConnectionString);
        await connection.OpenAsync();
        await RunAsync(connection, $"DROP DATABASE IF EXISTS {Name}", CancellationToken.None);
    }

    private static async Task RunAsync(MySqlConnection connection, string sql, CancellationToken ct)
    {
        if (sql.Length == 0)
        {
            return;
        }

        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
