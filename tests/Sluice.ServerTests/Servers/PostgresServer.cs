using System.Globalization;
using Npgsql;
using Xunit.Sdk;

namespace Sluice.ServerTests.Servers;

/// <summary>
/// The PostgreSQL all tests share: the one SLUICE_TEST_POSTGRES names (a superuser on a throw-away server), else a private
/// one from an installed PostgreSQL. Without either a test is skipped; with CI=true it fails.
/// </summary>
public class PostgresServer : IAsyncLifetime
{
    private readonly string? _binVariable;
    private NpgsqlConnectionStringBuilder? _external;
    private PostgresInstance? _private;
    private string? _missing;
    private int _databases;

    public PostgresServer()
    {
    }

    /// <param name="binVariable">The variable that names the folder of the programs; no other server will do.</param>
    protected PostgresServer(string binVariable) => _binVariable = binVariable;

    /// <summary>The server as ours: port, socket folder, certificates, roles. Skips the test on a server from outside.</summary>
    public PostgresInstance Private
    {
        get
        {
            Require();
            Assert.SkipWhen(_private is null, "needs a private server; SLUICE_TEST_POSTGRES is set");
            return _private!;
        }
    }

    /// <summary>server_version_num.</summary>
    public int Version { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (_binVariable is not null)
        {
            if (Environment.GetEnvironmentVariable(_binVariable) is not { Length: > 0 } folder)
            {
                _missing = $"no other PostgreSQL: set {_binVariable} to the folder of its programs";
                return;
            }

            _private = await PostgresInstance.StartAsync(CancellationToken.None, installation: new PostgresInstallation(folder));
        }
        else if (Environment.GetEnvironmentVariable("SLUICE_TEST_POSTGRES") is { Length: > 0 } address)
        {
            _external = ExternalAddress.Parse(address);
        }
        else if (PostgresInstallation.Find() is null)
        {
            _missing = "no PostgreSQL: set SLUICE_TEST_POSTGRES or SLUICE_POSTGRES_BIN, or install one";
            return;
        }
        else
        {
            _private = await PostgresInstance.StartAsync(CancellationToken.None);
        }

        Version = int.Parse((string)await ScalarAsync("SHOW server_version_num"), CultureInfo.InvariantCulture);
    }

    /// <summary>As the superuser.</summary>
    public NpgsqlConnectionStringBuilder Admin(string database = "postgres")
    {
        Require();
        return _private?.Admin(database) ?? new NpgsqlConnectionStringBuilder(_external!.ConnectionString) { Database = database };
    }

    /// <summary>An empty database; a test that lacks the server is skipped here.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        Require();
        var number = Interlocked.Increment(ref _databases);
        var name = $"sluice_{Environment.ProcessId}_{number}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return new TestDatabase(this, name);
    }

    public async Task DropDatabaseAsync(string name)
    {
        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        await ExecuteAsync($"DROP DATABASE IF EXISTS {name}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_private is not null)
        {
            await _private.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private void Require()
    {
        if (_missing is null)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new XunitException(_missing);
        }

        Assert.Skip(_missing);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Admin().ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Admin().ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync())!;
    }
}
