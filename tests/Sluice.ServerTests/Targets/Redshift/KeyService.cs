using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What the services of containers and instances are: one answer a connection. It has a thread of its own, so that no busy pool delays it.</summary>
internal sealed class KeyService : IDisposable
{
    private const int PatienceMilliseconds = 5000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string> _answer;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public KeyService(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true, Name = "key service" };
        _thread.Start();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public void Dispose()
    {
        _isOver = true;
        _listener.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        while (!_isOver)
        {
            try
            {
                using var client = _listener.AcceptSocket();
                client.ReceiveTimeout = client.SendTimeout = PatienceMilliseconds;
                Answer(client);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // A client went away, or the test is over.
            }
        }
    }

    private void Answer(Socket client)
    {
        var buffer = new byte[8192];
        var length = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = client.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
            if (read == 0)
            {
                return; // it only looked whether somebody is there
            }

            length += read;
        }

        var body = Encoding.UTF8.GetBytes(_answer(Encoding.ASCII.GetString(buffer, 0, length)));
        var status = body.Length == 0 ? "404 Not Found" : "200 OK";
        client.Send(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        client.Send(body);
        client.Shutdown(SocketShutdown.Send);
        while (client.Receive(buffer) > 0)
        {
            // Closing before the other side has read everything would take the answer back.
        }
    }
}
