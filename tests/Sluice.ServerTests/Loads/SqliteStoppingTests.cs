using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Databases that come over the net, stopped on their way: no temporary file stays.</summary>
public sealed class SqliteStoppingTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shop.db", "INT", 130)]
    [InlineData("shop.db", "TERM", 143)]
    [InlineData("shop.db.gz", "INT", 130)]
    [InlineData("shop.sqlite.zip", "INT", 130)]
    public async Task A_download_that_is_stopped_leaves_no_file(string name, string signal, int code)
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("plain.db", "CREATE TABLE t (v TEXT); INSERT INTO t VALUES (hex(randomblob(200000)));");
        Directory.CreateDirectory(folder["tmp"]);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        folder.With("test.load", $"LOAD DATABASE FROM http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{name} INTO {database.Uri};");
        using var process = folder.Start(["--root-dir", folder.Root, "test.load"], ("TMPDIR", folder["tmp"]));
        using var client = await listener.AcceptTcpClientAsync(Ct);
        var body = Packed(name, await File.ReadAllBytesAsync(folder["plain.db"], Ct));
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"), Ct);
        await stream.WriteAsync(body.AsMemory(0, body.Length / 2), Ct);
        while (Downloads(folder).Sum(file => new FileInfo(file).Length) == 0 && !process.HasExited)
        {
            await Task.Delay(10, Ct);
        }

        await Shell.RunAsync("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], Ct);
        (await LoadFolder.FinishAsync(process, null, Ct)).ExitsWith(code).Says("Stopped on request: nothing was done yet");
        Assert.Empty(Downloads(folder));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
    }

    // The runtime has files of its own there.
    private static string[] Downloads(LoadFolder folder) =>
        [.. Directory.GetDirectories(folder["tmp"], "sluice-source-*").SelectMany(Directory.GetFiles)];

    private static byte[] Packed(string name, byte[] plain)
    {
        using var output = new MemoryStream();
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(plain);
            }

            return output.ToArray();
        }

        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
            {
                using var entry = zip.CreateEntry("shop.sqlite").Open();
                entry.Write(plain);
            }

            return output.ToArray();
        }

        return plain;
    }
}
