using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Faults;
using RedshiftLocal.Secrecy;
using RedshiftLocal.Sessions;
using RedshiftLocal.Store;
using RedshiftLocal.Unload;

namespace RedshiftLocal;

/// <summary>A running stand-in: the PostgreSQL it starts, its own listener, its store. Dispose stops all of it.</summary>
public sealed class LocalRedshift : IAsyncDisposable
{
    private const int SpareConnections = 40;

    private readonly FileStream _lock;
    private readonly SecretLedger _secrets = new();
    private PrivatePostgres? _postgres;
    private UserDirectory? _users;
    private SessionServer? _server;
    private S3Store? _store;
    private FaultEndpoint? _faults;
    private X509Certificate2? _certificate;
    private HttpClient? _http;
    private QueryLog? _queries;

    private LocalRedshift(FileStream dataLock) => _lock = dataLock;

    /// <summary>Where SQL clients are served.</summary>
    public IPEndPoint EndPoint => _server!.EndPoint;

    /// <summary>The line that says that all listeners accept.</summary>
    public string ReadyLine() => $"ready sql={EndPoint} s3={StoreAddress}" + (_faults is null ? "" : $" faults={_faults.Address}");

    /// <summary>Where S3 clients are served.</summary>
    public Uri StoreAddress => _store!.Endpoint;

    /// <summary>Where faults can be ordered, when that was asked for.</summary>
    public Uri? FaultAddress => _faults?.Address;

    /// <summary>The last statements that were received, secrets masked.</summary>
    public IReadOnlyList<string> MaskedStatements() => _secrets.Report();

    /// <exception cref="StartException">Something is missing or taken; the message says what to do.</exception>
    public static async Task<LocalRedshift> StartAsync(RedshiftLocalOptions options, CancellationToken ct)
    {
        var folder = Path.GetFullPath(options.DataFolder);
        var server = new LocalRedshift(LockFolder(folder));
        try
        {
            await server.RunAsync(options with { DataFolder = folder }, ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_faults is not null)
        {
            await _faults.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_users is not null)
        {
            await _users.DisposeAsync();
        }

        _queries?.Dispose();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _http?.Dispose();
        _certificate?.Dispose();
        await _lock.DisposeAsync();
    }

    private async Task RunAsync(RedshiftLocalOptions options, CancellationToken ct)
    {
        foreach (var secret in (string?[])[options.Password, options.SecretKey])
        {
            _secrets.Remember(secret ?? "");
        }

        _certificate = LoadCertificate(options);
        var settings = StoreSettings.Read(options);
        var faults = LoadFaults(options);
        var programs = PostgresPrograms.Find(options.PostgresFolder, Environment.GetEnvironmentVariable("PATH"));
        await StartStoreAsync(options, settings, faults, ct);
        _postgres = await PrivatePostgres.StartAsync(
            programs,
            Path.Combine(options.DataFolder, "postgres"),
            options.MaxConnections + SpareConnections,
            // What views and functions ask about the cluster.
            [$"redshift_local.slices={options.Slices}", $"redshift_local.serverless={(options.Serverless ? "on" : "off")}"],
            ct);
        await new Installation(_postgres, options).PrepareAsync(ct);
        _users = new UserDirectory(_postgres);
        _http = CopyEngine.CreateHttpClient();
        StartListener(new ServerContext
        {
            Options = options,
            Postgres = _postgres,
            Users = _users,
            Faults = faults,
            Secrets = _secrets,
            Copy = new CopyEngine(_http, TimeProvider.System),
            Unload = new UnloadEngine(_http, TimeProvider.System),
            Queries = _queries = new QueryLog(_postgres, _secrets),
            CopyOptions = new CopyOptions
            {
                S3Endpoint = StoreSettings.Reachable(_store!.Endpoint),
                Slices = options.Slices,
                Serverless = options.Serverless,
                IamRoles = settings.RoleCredentials(),
                LineNumbers = options.LineNumbers,
            },
            Certificate = _certificate,
        });
    }

    private async Task StartStoreAsync(RedshiftLocalOptions options, StoreSettings settings, FaultPlan faults, CancellationToken ct)
    {
        var store = new S3Store(new S3StoreOptions
        {
            DataFolder = Path.Combine(options.DataFolder, "s3"),
            Listen = options.Listen,
            Port = options.S3Port,
            Credentials = settings.Credentials,
            Buckets = settings.Buckets,
            Roles = settings.Roles,
            Faults = faults,
            Secrets = _secrets,
        });
        try
        {
            await store.StartAsync(ct);
            _store = store;
            if (options.FaultPort is { } port)
            {
                _faults = await FaultEndpoint.StartAsync(options.Listen, port, faults, () => _secrets.Report(), ct);
            }
        }
        catch (InvalidDataException exception)
        {
            throw new StartException($"The S3 store cannot be started: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            throw _store is null
                ? new StartException($"The S3 store cannot use {options.Listen}:{options.S3Port} or its folder: {exception.Message.TrimEnd('.')}. --s3-port chooses another port", exception)
                : new StartException($"Cannot listen on {options.Listen}:{options.FaultPort}: {exception.Message.TrimEnd('.')}. --fault-port chooses another port", exception);
        }
    }

    private void StartListener(ServerContext context)
    {
        try
        {
            _server = new SessionServer(context);
        }
        catch (SocketException exception)
        {
            throw new StartException(
                $"Cannot listen on {context.Options.Listen}:{context.Options.Port}: {exception.Message}. --port chooses another port", exception);
        }

        _server.Start();
    }

    private static FaultPlan LoadFaults(RedshiftLocalOptions options)
    {
        if (options.FaultsFile is null)
        {
            return new FaultPlan();
        }

        try
        {
            return FaultPlan.Load(options.FaultsFile);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--faults: {exception.Message}", exception);
        }
    }

    private static FileStream LockFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (Directory.Exists(folder))
        {
            throw new StartException($"The data folder {folder} is in use by another redshift-local", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder {folder} cannot be made or written: {exception.Message}", exception);
        }
    }

    private static X509Certificate2? LoadCertificate(RedshiftLocalOptions options)
    {
        if (options.TlsCertificateFile is null && options.TlsKeyFile is null)
        {
            return options.RequireSsl
                ? throw new StartException("--require-ssl needs a certificate: name one with --tls-cert and its key with --tls-key")
                : null;
        }

        if (options.TlsCertificateFile is null || options.TlsKeyFile is null)
        {
            throw new StartException("--tls-cert and --tls-key belong together: one of them is missing");
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificateFile, options.TlsKeyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new StartException($"The certificate {options.TlsCertificateFile} with the key {options.TlsKeyFile} cannot be used: {exception.Message}", exception);
        }
    }
}
