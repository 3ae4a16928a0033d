using RedshiftLocal;
using RedshiftLocal.Backing;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// Redshift's stand-ins for the tests of the assembly, each started by the first that asks for it by name. Without PostgreSQL their tests are
/// skipped on a laptop and fail where CI is set.
/// </summary>
public sealed class RedshiftServers : IAsyncLifetime
{
    public const string User = "awsuser";
    public const string Password = "Redsh1ft-Pa55w0rd";
    public const string AccessKey = "AKIASLUICETEST000001";
    public const string SecretKey = "Sluice/Secret+Key0123456789abcdefghijklmn";
    public const string RoleArn = "arn:aws:iam::123456789012:role/loader";

    private const int Buckets = 500;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, LocalRedshift> _servers = new(StringComparer.Ordinal);
    private string? _folder;
    private int _cases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A table's and a bucket's worth of a server; servers of one name are one.</summary>
    public async Task<RedshiftCase> OpenAsync(CancellationToken ct, string name = "shared", Func<RedshiftLocalOptions, RedshiftLocalOptions>? change = null)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (!_servers.TryGetValue(name, out var server))
            {
                _servers[name] = server = await StartAsync(name, change ?? (options => options), ct);
            }

            return new RedshiftCase(server, ++_cases, BucketName(_cases));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _turn.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string BucketName(int number) => $"sluice-test-{number}";

    private async Task<LocalRedshift> StartAsync(string name, Func<RedshiftLocalOptions, RedshiftLocalOptions> change, CancellationToken ct)
    {
        try
        {
            PostgresPrograms.Find(Environment.GetEnvironmentVariable("SLUICE_POSTGRES_BIN"), Environment.GetEnvironmentVariable("PATH"));
        }
        catch (StartException exception) when (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.Skip(exception.Message);
        }

        _folder ??= Directory.CreateTempSubdirectory("sluice-redshift-tests-").FullName;
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        var options = new RedshiftLocalOptions
        {
            DataFolder = Path.Combine(_folder, name),
            Port = 0,
            S3Port = 0,
            FaultPort = 0,
            User = User,
            Password = Password,
            AccessKey = AccessKey,
            SecretKey = SecretKey,
            Buckets = [.. Enumerable.Range(0, Buckets).Select(BucketName)],
            IamRoles = [$"{RoleArn}={AccessKey}"],
            MaxConnections = 60,
        };
        return await LocalRedshift.StartAsync(change(options), ct);
    }
}
