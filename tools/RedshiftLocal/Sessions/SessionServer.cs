using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>Accepts clients and runs a session for each. No client can end it.</summary>
internal sealed class SessionServer : IAsyncDisposable
{
    private const int Backlog = 1024;

    private readonly ServerContext _context;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _clients = [];
    private readonly Lock _gate = new();
    private Task _accepting = Task.CompletedTask;

    public SessionServer(ServerContext context)
    {
        _context = context;
        var address = context.Options.Listen;
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(address, context.Options.Port));
            _listener.Listen(Backlog);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Start() => _accepting = AcceptAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] clients;
        lock (_gate)
        {
            clients = [.. _clients];
        }

        await Task.WhenAny(Task.WhenAll(clients), Task.Delay(TimeSpan.FromSeconds(10)));
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client left, or the process is out of file handles: neither must end the server.
                await Task.Delay(TimeSpan.FromMilliseconds(20));
                continue;
            }

            var client = Task.Run(() => ServeAsync(socket));
            lock (_gate)
            {
                _clients.Add(client);
            }

            _ = client.ContinueWith(
                ended =>
                {
                    lock (_gate)
                    {
                        _clients.Remove(ended);
                    }
                },
                TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            await new ClientConnection(_context, socket).RunAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or AuthenticationException
            or ObjectDisposedException or WireException or ServerException)
        {
            // The client left, was too slow, or spoke nonsense.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
