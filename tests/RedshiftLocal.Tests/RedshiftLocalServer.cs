using System.Net;
using Npgsql;
using RedshiftLocal.Backing;
using RedshiftLocal.Tests;

[assembly: AssemblyFixture(typeof(RedshiftLocalServer))]

namespace RedshiftLocal.Tests;

/// <summary>
/// One server for all tests of the assembly, started by the first that asks. Ask for it in a test class's constructor. Without PostgreSQL
/// its tests are skipped on a laptop and fail where CI is set.
/// </summary>
public sealed class RedshiftLocalServer : IAsyncLifetime
{
    public const string User = "awsuser";
    public const string Password = "Stand1n-Passw0rd";
    public const string AccessKey = "AKIAREDSHIFTLOCAL000";
    public const string SecretKey = "redshift-local/secret+key0123456789abcdef";
    public const string Bucket = "sample-bucket";
    public const string RoleArn = "arn:aws:iam::123456789012:role/loader";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private LocalRedshift? _server;
    private string? _folder;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The running server.</summary>
    public async Task<LocalRedshift> StartAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return _server ??= await StartOwnAsync(options => options, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A further server, for tests that need other options; the caller disposes it. Its data is in a new folder unless one is named.</summary>
    public async Task<LocalRedshift> StartOwnAsync(Func<RedshiftLocalOptions, RedshiftLocalOptions> change, CancellationToken ct)
    {
        RequirePostgres();
        var options = new RedshiftLocalOptions
        {
            DataFolder = NewFolder(),
            Port = 0,
            S3Port = 0,
            User = User,
            Password = Password,
            AccessKey = AccessKey,
            SecretKey = SecretKey,
            Buckets = [Bucket],
            IamRoles = [$"{RoleArn}={AccessKey}"],
            MaxConnections = 60,
        };
        return await LocalRedshift.StartAsync(change(options), ct);
    }

    /// <summary>A data folder that does not exist yet; all go when the tests have run.</summary>
    public string NewFolder()
    {
        lock (_turn)
        {
            if (_folder is null)
            {
                _folder = Directory.CreateTempSubdirectory("redshift-local-tests-").FullName;
                if (!OperatingSystem.IsWindows())
                {
                    // PostgreSQL runs under an account of its own when the tests run as root.
                    File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
                }
            }
        }

        return Path.Combine(_folder, Guid.NewGuid().ToString("N")[..8]);
    }

    /// <summary>Skips the test where there is no PostgreSQL, or fails it in CI.</summary>
    public static void RequirePostgres()
    {
        try
        {
            PostgresPrograms.Find(Environment.GetEnvironmentVariable("SLUICE_POSTGRES_BIN"), Environment.GetEnvironmentVariable("PATH"));
        }
        catch (StartException exception) when (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.Skip(exception.Message);
        }
    }

    /// <summary>A connection string as a careful client of Redshift has it.</summary>
    public static string ConnectionString(IPEndPoint endPoint, string user = User, string password = Password, string database = "dev") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = endPoint.Address.ToString(),
            Port = endPoint.Port,
            Username = user,
            Password = password,
            Database = database,
            Pooling = false,
            Timeout = 15,
            CommandTimeout = 60,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            IncludeErrorDetail = true,
        }.ConnectionString + ";Server Compatibility Mode=NoTypeLoading";

    /// <summary>An open connection of the master user, without type loading.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        var server = await StartAsync(ct);
        var connection = new NpgsqlConnection(ConnectionString(server.EndPoint));
        await connection.OpenAsync(ct);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _turn.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
