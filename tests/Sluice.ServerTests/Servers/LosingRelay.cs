using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.ServerTests.Servers;

/// <summary>When a session is to be lost.</summary>
public enum Loss
{
    /// <summary>The server has begun a COPY.</summary>
    InCopy,

    /// <summary>The server has not received the commit.</summary>
    BeforeCommit,

    /// <summary>The server has committed, and nobody was told.</summary>
    AfterCommit,
}

/// <summary>Stands between a client and a server, without TLS, and cuts the first session that comes to a given point; all others pass.</summary>
internal sealed class LosingRelay : IDisposable
{
    private const int TailBytes = 16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private readonly Loss _loss;
    private int _lost;

    public LosingRelay(string host, int port, Loss loss)
    {
        _host = host;
        _port = port;
        _loss = loss;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>A session was cut.</summary>
    public bool HasLost => Volatile.Read(ref _lost) > 0;

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
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(_host, _port);
                var (up, down) = (client.GetStream(), server.GetStream());
                var isCommitting = false;
                var statements = PassAsync(up, down, text =>
                {
                    // Ended by zero, as statements are: BEGIN … READ COMMITTED is none of them.
                    isCommitting |= text.Contains("COMMIT\0", StringComparison.Ordinal);
                    return _loss switch
                    {
                        Loss.InCopy => text.Contains("COPY ", StringComparison.Ordinal) ? Fate.CutBehind : Fate.Pass,
                        Loss.BeforeCommit => isCommitting ? Fate.CutBefore : Fate.Pass,
                        _ => Fate.Pass,
                    };
                });
                var answers = PassAsync(down, up, text =>
                    _loss == Loss.AfterCommit && isCommitting && text.Contains("COMMIT\0", StringComparison.Ordinal) ? Fate.CutBefore : Fate.Pass);
                await await Task.WhenAny(statements, answers);
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException)
            {
                // Both ends are closed below.
            }
        }
    }

    // What is looked for may come in two pieces.
    private async Task PassAsync(NetworkStream from, NetworkStream to, Func<string, Fate> judge)
    {
        var buffer = new byte[64 << 10];
        var tail = "";
        while (await from.ReadAsync(buffer) is var length and > 0)
        {
            var text = tail + Encoding.Latin1.GetString(buffer, 0, length);
            var fate = HasLost ? Fate.Pass : judge(text);
            tail = text[Math.Max(0, text.Length - TailBytes)..];
            if (fate != Fate.Pass && Interlocked.Exchange(ref _lost, 1) == 1)
            {
                fate = Fate.Pass;
            }

            if (fate != Fate.CutBefore)
            {
                await to.WriteAsync(buffer.AsMemory(0, length));
            }

            if (fate != Fate.Pass)
            {
                return;
            }
        }
    }

    private enum Fate
    {
        Pass,
        CutBefore,
        CutBehind,
    }
}
