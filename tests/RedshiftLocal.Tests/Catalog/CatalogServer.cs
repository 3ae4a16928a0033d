using System.Diagnostics;
using RedshiftLocal.Catalog;
using RedshiftLocal.Protocol;
using RedshiftLocal.Tests.Catalog;
using Xunit.Sdk;

[assembly: AssemblyFixture(typeof(CatalogServer))]

namespace RedshiftLocal.Tests.Catalog;

/// <summary>A PostgreSQL 15 with the backing server's settings, started when the first test asks; each test class gets databases of its own.</summary>
public sealed class CatalogServer : IAsyncLifetime
{
    /// <summary>A superuser of Redshift's; an ordinary role of PostgreSQL's.</summary>
    public const string Master = "master";

    public const string Alice = "alice";

    public const string Bob = "bob";

    private const string Superuser = "rdsdb";
    private const string Programs = "/usr/lib/postgresql/15/bin";

    private readonly SemaphoreSlim _lock = new(1);
    private string? _folder;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A database with the catalog in it, owned by <see cref="Master"/>.</summary>
    public async Task<CatalogDatabase> CreateDatabaseAsync(CancellationToken ct)
    {
        await StartAsync(ct);
        var name = $"db{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {Master} TEMPLATE template1", ct);
        return new CatalogDatabase(this, name);
    }

    /// <summary>A database that no test changes.</summary>
    public async Task<CatalogDatabase> SharedDatabaseAsync(CancellationToken ct)
    {
        await StartAsync(ct);
        return new CatalogDatabase(this, "shared");
    }

    /// <summary>A database without the catalog.</summary>
    public async Task<CatalogDatabase> CreateBareDatabaseAsync(CancellationToken ct)
    {
        await StartAsync(ct);
        var name = $"db{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {Master} TEMPLATE template0", ct);
        return new CatalogDatabase(this, name);
    }

    /// <param name="user">Null: the server's own superuser.</param>
    /// <param name="database">Where to.</param>
    /// <param name="ct">Cancels the connecting.</param>
    public async Task<SimpleSession> ConnectAsync(string? user, string database, CancellationToken ct)
    {
        var session = await SimpleSession.ConnectAsync($"{_folder}/.s.PGSQL.5432", user ?? Superuser, database, ct);
        if (user is not null)
        {
            await session.QueryAsync("SET search_path = \"$user\", public, rs_catalog, pg_catalog", ct);
        }

        return session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await RunAsync("pg_ctl", ["-D", $"{_folder}/data", "-m", "immediate", "-w", "stop"], CancellationToken.None);
            Directory.Delete(_folder, recursive: true);
        }

        _lock.Dispose();
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static async Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        string[] command = IsRoot
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", $"{Programs}/{program}", .. arguments]
            : [$"{Programs}/{program}", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {await process.StandardError.ReadToEndAsync(ct)}");
        }
    }

    private async Task StartAsync(CancellationToken ct)
    {
        if (!File.Exists($"{Programs}/initdb"))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                throw new XunitException("PostgreSQL 15 is not installed");
            }

            Assert.Skip("PostgreSQL 15 is not installed");
        }

        await _lock.WaitAsync(ct);
        try
        {
            if (_folder is null)
            {
                var folder = Directory.CreateTempSubdirectory("rs-catalog-").FullName;
                await InitializeAsync(folder, ct);
                _folder = folder;
                await PrepareAsync(ct);
            }
        }
        finally
        {
            _lock.Release();
        }
    }

    private static async Task InitializeAsync(string folder, CancellationToken ct)
    {
        if (IsRoot)
        {
            using var chown = Process.Start("chown", ["postgres", folder]);
            await chown.WaitForExitAsync(ct);
        }

        await RunAsync("initdb", ["-D", $"{folder}/data", "-U", Superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--no-sync"], ct);
        await File.AppendAllLinesAsync(
            $"{folder}/data/postgresql.conf",
            [
                "listen_addresses = ''", $"unix_socket_directories = '{folder}'", "fsync = off", "standard_conforming_strings = off",
                "backslash_quote = on", "escape_string_warning = off", "lc_messages = 'C'", "datestyle = 'ISO, MDY'", "timezone = 'UTC'",
                "default_transaction_isolation = 'repeatable read'", "jit = off",
            ],
            ct);
        await RunAsync("pg_ctl", ["-D", $"{folder}/data", "-l", $"{folder}/log", "-w", "start"], ct);
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        await ExecuteAsync("postgres", $"CREATE ROLE {Master} LOGIN CREATEDB CREATEROLE; CREATE ROLE {Alice} LOGIN; CREATE ROLE {Bob} LOGIN", ct);
        await using (var session = await ConnectAsync(null, "template1", ct))
        {
            await Bootstrapper.ApplyAsync(session, ct);
        }

        await ExecuteAsync("postgres", $"GRANT rs_superuser TO {Master}", ct);
        await ExecuteAsync("postgres", $"CREATE DATABASE shared OWNER {Master} TEMPLATE template1", ct);
    }

    private async Task ExecuteAsync(string database, string sql, CancellationToken ct)
    {
        await using var session = await ConnectAsync(null, database, ct);
        await session.QueryAsync(sql, ct);
    }
}

/// <summary>One database of a <see cref="CatalogServer"/>.</summary>
public sealed class CatalogDatabase(CatalogServer server, string name)
{
    public string Name => name;

    public Task<SimpleSession> ConnectAsync(string? user, CancellationToken ct) => server.ConnectAsync(user, name, ct);

    /// <summary>The rows of a statement run by a user in a session of its own, each joined by '|'; NULL is shown as ~.</summary>
    public async Task<string[]> RowsAsync(string? user, string sql, CancellationToken ct)
    {
        await using var session = await ConnectAsync(user, ct);
        return await RowsAsync(session, sql, ct);
    }

    public static async Task<string[]> RowsAsync(SimpleSession session, string sql, CancellationToken ct)
    {
        var result = await session.QueryAsync(sql, ct);
        return [.. result.Rows.Select(row => string.Join('|', row.Select(value => value ?? "~")))];
    }

    /// <summary>The error of a statement, as SQLSTATE, blank, message.</summary>
    public async Task<string> ErrorAsync(string? user, string sql, CancellationToken ct)
    {
        await using var session = await ConnectAsync(user, ct);
        var exception = await Assert.ThrowsAsync<ServerException>(() => session.QueryAsync(sql, ct));
        return $"{exception.Error.SqlState} {exception.Error.Message}";
    }
}
