using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases from where they are in real life: a hot standby, behind PgBouncer, for a role that may only read.</summary>
public sealed class PostgresPlacesTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hot_standby_is_read_in_one_snapshot()
    {
        await using var target = await server.CreateDatabaseAsync();
        await using var primary = await PostgresInstance.StartAsync(Ct, tls: false);
        await ExecuteAsync(primary, "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id serial PRIMARY KEY, m mood, v text); INSERT INTO t (m, v) SELECT 'a', repeat('x', 100) FROM generate_series(1, 20000); CREATE TABLE u (t int REFERENCES t); INSERT INTO u SELECT id FROM t");
        await using var standby = await primary.StandbyAsync(Ct);
        using var folder = new LoadFolder();
        (await folder.RunAsync(["--require-consistent", "--with", "workers = 3", Uri(standby.Port), target.Uri], Ct)).ExitsWith(0)
            .Says("one point in time: 3 readers share one snapshot, of a standby").Says("read 40,000 = loaded 40,000 + rejected 0 + skipped 0");
        Assert.Equal("20000|20000|20001", await target.QueryAsync("SELECT (SELECT sum(length(v)) / 100 FROM t), (SELECT count(*) FROM u), nextval('t_id_seq')", Ct));
        (await folder.RunAsync([target.Uri, Uri(standby.Port)], Ct)).ExitsWith(1).Says("is a standby: it takes no writes");
    }

    [Fact]
    public async Task Pgbouncer_in_session_mode_is_passed_through()
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        await using var bouncer = await PgBouncer.StartAsync(server.Private, folder.Path, Ct);
        (await folder.RunAsync(["--with", "workers = 3", $"postgresql://postgres@127.0.0.1:{bouncer.Port}/{source.Name}?sslmode=disable", target.Uri], Ct)).ExitsWith(0)
            .Says("3 readers share one snapshot");
        Assert.Equal(await source.SchemaAsync(Ct), await target.SchemaAsync(Ct));
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Fact]
    public async Task A_role_that_may_only_select_reads_all_of_it()
    {
        await using var source = await server.CreateEverythingAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        var role = $"selects_{source.Name}";
        await source.ExecuteAsync(
            $"""
            CREATE ROLE {role} LOGIN PASSWORD 'limited';
            DO $$ DECLARE s text; BEGIN
              FOR s IN SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
                EXECUTE format('GRANT USAGE ON SCHEMA %s TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA %s TO {role}; GRANT SELECT ON ALL SEQUENCES IN SCHEMA %s TO {role}', s, s, s);
              END LOOP; END $$;
            """, Ct);
        try
        {
            using var folder = new LoadFolder();
            (await folder.RunAsync([System.Text.RegularExpressions.Regex.Replace(source.Uri, "//[^@]*@", $"//{role}:limited@"), target.Uri], Ct)).ExitsWith(0).DoesNotSay("may not read");
            Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
            Assert.Equal(await source.SchemaAsync(Ct), await target.SchemaAsync(Ct));
        }
        finally
        {
            await source.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}", CancellationToken.None);
        }
    }

    private static string Uri(int port) => $"postgresql://postgres@127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/postgres?sslmode=disable";

    private static async Task ExecuteAsync(PostgresInstance instance, string sql)
    {
        await using var connection = new NpgsqlConnection(instance.Admin().ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>A pooler in front of the shared server. Where the program is missing its test is skipped, and fails in CI.</summary>
    private sealed class PgBouncer : IAsyncDisposable
    {
        private readonly Process _process;

        private PgBouncer(Process process, int port)
        {
            _process = process;
            Port = port;
        }

        public int Port { get; }

        public static async Task<PgBouncer> StartAsync(PostgresInstance server, string folder, CancellationToken ct)
        {
            var program = Shell.Find("pgbouncer") ?? (File.Exists("/usr/sbin/pgbouncer") ? "/usr/sbin/pgbouncer" : null);
            if (program is null)
            {
                Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), "no pgbouncer: eng/ensure-pgbouncer.sh installs it");
                Assert.Fail("no pgbouncer: eng/ensure-pgbouncer.sh installs it");
            }

            var port = FreePort();
            var settings = Path.Combine(folder, "pgbouncer.ini");
            await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture,
                $"""
                [databases]
                * = host=127.0.0.1 port={server.Port} user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = any
                pool_mode = session
                default_pool_size = 20
                server_tls_sslmode = disable
                """) + "\n", ct);
            if (PostgresInstallation.ServerUser is { } user)
            {
                File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
                File.SetUnixFileMode(settings, (UnixFileMode)Convert.ToInt32("644", 8));
                return await ReadyAsync(Start("setpriv", [$"--reuid={user}", "--clear-groups", "--", program, settings]), port, ct);
            }

            return await ReadyAsync(Start(program, [settings]), port, ct);
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private static Process Start(string program, string[] arguments) =>
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!; // null only for shell execution

        private static async Task<PgBouncer> ReadyAsync(Process process, int port, CancellationToken ct)
        {
            // Nobody reads its log: an unread pipe would stop it one day.
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            var bouncer = new PgBouncer(process, port);
            while (true)
            {
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(IPAddress.Loopback, port, ct);
                    return bouncer;
                }
                catch (SocketException) when (!process.HasExited)
                {
                    await Task.Delay(50, ct);
                }
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
