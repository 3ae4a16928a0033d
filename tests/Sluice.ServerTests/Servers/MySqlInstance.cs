using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;

namespace Sluice.ServerTests.Servers;

/// <summary>A private MariaDB or MySQL in a temporary folder, on a free loopback port and a Unix socket.</summary>
public sealed class MySqlInstance : IAsyncDisposable
{
    public const string AdminUser = "sluice_admin";
    public const string Password = "s3cret-Pa55:word";

    private readonly string _folder;
    private Process? _process;

    private MySqlInstance(string folder, int port, bool isMariaDb)
    {
        _folder = folder;
        Port = port;
        IsMariaDb = isMariaDb;
    }

    public int Port { get; }

    public bool IsMariaDb { get; }

    public string Socket => Path.Combine(_folder, "s.sock");

    /// <summary>The server's log so far.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(_folder, "server.log");

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>The folder of the programs: SLUICE_MYSQL_BIN, else where Debian puts them; null where there is no server.</summary>
    public static string? FindServer() =>
        Environment.GetEnvironmentVariable("SLUICE_MYSQL_BIN") is { Length: > 0 } bin ? Path.Combine(bin, "mysqld") is var mysqld && File.Exists(mysqld) ? mysqld : Path.Combine(bin, "mariadbd")
        : Shell.Find("mariadbd");

    /// <param name="options">Further options of the server.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<MySqlInstance> StartAsync(CancellationToken ct, params string[] options)
    {
        var server = FindServer() ?? throw new InvalidOperationException("No MariaDB or MySQL is installed");
        var folder = Directory.CreateTempSubdirectory("sluice-my-").FullName;
        var instance = new MySqlInstance(folder, FreePort(), !Path.GetFileName(server).StartsWith("mysqld", StringComparison.Ordinal));
        try
        {
            await instance.InitializeAsync(server, options, ct);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    public MySqlConnectionStringBuilder Admin(string database = "") => new()
    {
        Server = "127.0.0.1",
        Port = (uint)Port,
        UserID = AdminUser,
        Password = Password,
        Database = database,
        Pooling = false,
        SslMode = MySqlSslMode.None,
        AllowPublicKeyRetrieval = true,
        AllowUserVariables = true,
        AllowZeroDateTime = true,
        DefaultCommandTimeout = 120,
    };

    public async Task KillAsync(CancellationToken ct)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task InitializeAsync(string server, string[] options, CancellationToken ct)
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        var script = Path.Combine(_folder, "init.sql");
        var plugin = IsMariaDb ? "" : "IDENTIFIED WITH caching_sha2_password ";
        await File.WriteAllTextAsync(
            script,
            $"CREATE USER '{AdminUser}'@'127.0.0.1' {(IsMariaDb ? "IDENTIFIED" : plugin)} BY '{Password}';\nCREATE USER '{AdminUser}'@'localhost' {(IsMariaDb ? "IDENTIFIED" : plugin)} BY '{Password}';\n"
            + $"GRANT ALL ON *.* TO '{AdminUser}'@'127.0.0.1' WITH GRANT OPTION;\nGRANT ALL ON *.* TO '{AdminUser}'@'localhost' WITH GRANT OPTION;\n", ct);
        string[] user = Environment.UserName == "root" ? ["--user=root"] : [];
        if (IsMariaDb)
        {
            var install = Shell.Find("mariadb-install-db") ?? throw new InvalidOperationException("mariadb-install-db is missing");
            await Shell.RunAsync(install, ["--no-defaults", $"--datadir={DataFolder}", "--auth-root-authentication-method=normal", "--skip-test-db", .. user], ct);
        }
        else
        {
            await Shell.RunAsync(server, ["--no-defaults", "--initialize-insecure", $"--datadir={DataFolder}", .. user], ct);
        }

        var start = new ProcessStartInfo(
            server,
            [
                "--no-defaults", $"--datadir={DataFolder}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={Socket}", $"--pid-file={_folder}/pid", $"--init-file={script}",
                $"--log-error={LogFile}", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--max-allowed-packet=128M", "--skip-name-resolve=ON", "--secure-file-priv=",
                .. IsMariaDb ? ["--innodb-flush-method=nosync", "--event-scheduler=OFF"] : new[] { "--mysqlx=OFF", "--innodb-doublewrite=OFF" }, .. user, .. options,
            ])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!; // null only for shell execution
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitAsync(ct);
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = new MySqlConnection(Admin().ConnectionString);
                await connection.OpenAsync(ct);
                return;
            }
            catch (MySqlException) when (attempt < 600 && _process is { HasExited: false })
            {
                await Task.Delay(100, ct);
            }
            catch (MySqlException e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The server on port {Port} did not start\n{Log}"), e);
            }
        }
    }
}
