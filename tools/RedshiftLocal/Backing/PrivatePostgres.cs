using System.Diagnostics;
using System.Globalization;

namespace RedshiftLocal.Backing;

/// <summary>A PostgreSQL of our own in a folder: made when it is not there, started, reached through a socket only we can enter, stopped.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>The server's own superuser; Redshift's has the same name.</summary>
    public const string Superuser = "rdsdb";

    /// <summary>The database that no client sees.</summary>
    public const string MaintenanceDatabase = "postgres";

    private const int MaxSocketPath = 100;
    private const string NothingToDo = "ended";

    private readonly PostgresPrograms _programs;
    private readonly ServerProcess _process;
    private readonly string _data;
    private readonly string _log;
    private readonly string _socketFolder;
    private readonly bool _socketFolderIsTemporary;
    private bool _running;
    private Process? _guard;

    private PrivatePostgres(PostgresPrograms programs, ServerProcess process, string folder)
    {
        _programs = programs;
        _process = process;
        _data = Path.Combine(folder, "data");
        _log = Path.Combine(folder, "log");
        _socketFolder = folder;
        if (System.Text.Encoding.UTF8.GetByteCount(SocketPath) > MaxSocketPath || folder.AsSpan().ContainsAny(" ,\"'\\"))
        {
            _socketFolder = Path.Combine("/tmp", "redshift-local-" + Guid.NewGuid().ToString("N")[..12]);
            _socketFolderIsTemporary = true;
        }
    }

    public string SocketPath => Path.Combine(_socketFolder, ".s.PGSQL.5432");

    public int Major => _programs.Major;

    /// <summary>True when the folder held no data before.</summary>
    public bool IsNew { get; private set; }

    /// <summary>A server with no settings but its usual ones.</summary>
    public static Task<PrivatePostgres> StartAsync(PostgresPrograms programs, string folder, int connections, CancellationToken ct) =>
        StartAsync(programs, folder, connections, [], ct);

    /// <param name="programs">Of the PostgreSQL to start.</param>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="connections">At one time.</param>
    /// <param name="settings">Further ones, each as name=value.</param>
    /// <param name="ct">Ends the start.</param>
    /// <exception cref="StartException">It could not be made or started.</exception>
    public static async Task<PrivatePostgres> StartAsync(
        PostgresPrograms programs, string folder, int connections, IReadOnlyList<string> settings, CancellationToken ct)
    {
        var process = new ServerProcess();
        var server = new PrivatePostgres(programs, process, folder);
        await process.OwnAsync(folder, ct);
        if (server._socketFolderIsTemporary)
        {
            await process.OwnAsync(server._socketFolder, ct);
        }

        await server.CheckFolderAsync(folder, ct);
        await server.InitializeAsync(ct);
        await server.EndLeftoverAsync(ct);
        await server.LaunchAsync(connections, settings, ct);
        return server;
    }

    public Task<BackingConnection> ConnectAsync(string user, string database, CancellationToken ct) =>
        BackingConnection.ConnectAsync(SocketPath, user, database, ct);

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            await _guard.StandardInput.WriteLineAsync(NothingToDo);
            _guard.StandardInput.Close();
            _guard.Dispose();
            _guard = null;
        }

        if (_running)
        {
            _running = false;
            var (code, _) = await _process.RunAsync(_programs.Path("pg_ctl"), ["stop", "-w", "-s", "-t", "20", "-m", "fast", "-D", _data], CancellationToken.None);
            if (code != 0)
            {
                await _process.RunAsync(_programs.Path("pg_ctl"), ["stop", "-w", "-s", "-t", "10", "-m", "immediate", "-D", _data], CancellationToken.None);
            }
        }

        if (_socketFolderIsTemporary && Directory.Exists(_socketFolder))
        {
            Directory.Delete(_socketFolder, recursive: true);
        }
    }

    private async Task CheckFolderAsync(string folder, CancellationToken ct)
    {
        if (_process.Account is { } account && (await _process.RunAsync("test", ["-w", folder, "-a", "-x", folder], ct)).ExitCode != 0)
        {
            throw new StartException(
                $"PostgreSQL does not run as root, and the user {account}, under which it is started, cannot enter {folder}: " +
                "choose a data folder whose parents all users may enter, such as one below /var/lib or /tmp");
        }
    }

    private async Task InitializeAsync(CancellationToken ct)
    {
        var versionFile = Path.Combine(_data, "PG_VERSION");
        if (File.Exists(versionFile))
        {
            var version = (await File.ReadAllTextAsync(versionFile, ct)).Trim();
            if (version != _programs.Major.ToString(CultureInfo.InvariantCulture))
            {
                throw new StartException(
                    $"{_data} was made by PostgreSQL {version}, and {_programs.Folder} holds version {_programs.Major}: name the other with --postgres-bin");
            }

            return;
        }

        IsNew = true;
        if (Directory.Exists(_data))
        {
            // What an interrupted initdb left is of no use.
            Directory.Delete(_data, recursive: true);
        }

        var (code, output) = await _process.RunAsync(
            _programs.Path("initdb"),
            ["-D", _data, "-U", Superuser, "--auth=trust", "--locale=C", "--lc-ctype=C.UTF-8", "--encoding=UTF8", "--no-sync"],
            ct);
        if (code != 0)
        {
            throw new StartException("initdb failed: " + output);
        }
    }

    /// <summary>A server that outlived a killed predecessor of ours is ended; the lock of the data folder says that nobody needs it.</summary>
    private async Task EndLeftoverAsync(CancellationToken ct)
    {
        var (code, _) = await _process.RunAsync(_programs.Path("pg_ctl"), ["status", "-D", _data], ct);
        if (code == 0)
        {
            await _process.RunAsync(_programs.Path("pg_ctl"), ["stop", "-w", "-s", "-t", "20", "-m", "fast", "-D", _data], ct);
        }

        // A process id may have been given to another program since; PostgreSQL would believe that to be its own server.
        var pidFile = Path.Combine(_data, "postmaster.pid");
        if (File.Exists(pidFile) && File.ReadLines(pidFile).FirstOrDefault() is { } pid && !IsServer(pid.Trim()))
        {
            File.Delete(pidFile);
        }
    }

    private bool IsServer(string processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Contains(_data, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task LaunchAsync(int connections, IReadOnlyList<string> further, CancellationToken ct)
    {
        string[] settings =
        [
            "listen_addresses=", "port=5432", $"unix_socket_directories={_socketFolder}", "unix_socket_permissions=0700",
            $"max_connections={connections.ToString(CultureInfo.InvariantCulture)}", "superuser_reserved_connections=3",
            "standard_conforming_strings=off", "backslash_quote=on", "escape_string_warning=off", "lc_messages=C", "DateStyle=ISO,MDY",
            "TimeZone=UTC", "log_timezone=UTC", "bytea_output=hex", "extra_float_digits=0", "client_encoding=UTF8",
            "default_transaction_isolation=repeatable read", "password_encryption=md5", "search_path=\"$user\", public",
            "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "jit=off",
            "log_statement=none", "log_min_error_statement=panic", "log_min_messages=fatal", "cluster_name=redshift-local",
            .. further,
        ];
        var options = string.Join(' ', settings.Select(setting => "-c '" + setting.Replace("'", "'\\''", StringComparison.Ordinal) + "'"));
        var (code, output) = await _process.RunAsync(
            _programs.Path("pg_ctl"), ["start", "-w", "-s", "-t", "60", "-D", _data, "-l", _log, "-o", options], ct);
        if (code != 0)
        {
            var tail = File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(5)) : "";
            throw new StartException($"PostgreSQL did not start: {output}\n{tail}".Trim());
        }

        _running = true;
        StartGuard();
    }

    /// <summary>Should we be killed, a shell sees its input end, and ends the server that nobody needs any more.</summary>
    private void StartGuard()
    {
        var processId = File.ReadLines(Path.Combine(_data, "postmaster.pid")).First().Trim();
        var script = $"trap '' INT HUP; read -r word; [ \"$word\" = {NothingToDo} ] || kill -INT {processId} 2>/dev/null";
        _guard = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, WorkingDirectory = "/" });
    }
}
