using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Tests.Locations;

/// <summary>An HTTP server on loopback that answers each path with bytes given to it, then closes the connection.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public ScriptedServer()
    {
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>Answered with 200 and these bytes.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Paths whose connection stays open without more bytes.</summary>
    public HashSet<string> Stalls { get; } = [];

    public List<string> Requests { get; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address(string path) => new($"http://127.0.0.1:{Port}{path}");

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public static string Redirect(string to, int code = 302) => $"HTTP/1.1 {code} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // The test is over, or the client went away, which some tests do on purpose.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        var buffer = new byte[1024];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return;
            }

            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        Requests.Add(request.ToString());
        var path = request.ToString().Split(' ')[1];
        if (Files.TryGetValue(path, out var file))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {file.Length}\r\nConnection: close\r\n\r\n"), _stop.Token);
            await stream.WriteAsync(file, _stop.Token);
            return;
        }

        var answer = Answers.GetValueOrDefault(path, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
        if (Stalls.Contains(path))
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
    }
}
