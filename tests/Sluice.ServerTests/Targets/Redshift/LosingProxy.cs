using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Stands between a client and a store, and loses the answer to the first request whose first line matches.</summary>
internal sealed class LosingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _store;
    private readonly Func<string, bool> _loses;
    private int _lost;

    public LosingProxy(Uri store, Func<string, bool> loses)
    {
        _store = store;
        _loses = loses;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Lost => _lost;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_store.Host, _store.Port);
                var isLost = false;
                var up = CopyAsync(client.GetStream(), server.GetStream(), head => isLost |= _loses(head) && Interlocked.CompareExchange(ref _lost, 1, 0) == 0);
                var down = CopyAsync(server.GetStream(), client.GetStream(), _ => isLost ? throw new IOException("lost") : false);
                await Task.WhenAny(up, down);
            }
            catch (Exception broken) when (broken is IOException or SocketException)
            {
                // Both ends are closed below.
            }
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<string, bool> look)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer) is var length and > 0)
        {
            _ = look(Encoding.Latin1.GetString(buffer, 0, Math.Min(length, 2000)).Split('\r')[0]);
            await to.WriteAsync(buffer.AsMemory(0, length));
        }
    }
}
