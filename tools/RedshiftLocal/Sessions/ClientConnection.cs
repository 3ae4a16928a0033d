using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using RedshiftLocal.Backing;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>One client from its first byte: handshake, login, then a session.</summary>
internal sealed class ClientConnection(ServerContext context, Socket socket)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        using var startup = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        startup.CancelAfter(context.Options.StartupTimeout);
        var handshake = new Handshake(socket, context.Certificate, context.Options.GssAnswer);
        try
        {
            if (await handshake.RunAsync(startup.Token) is not { } payload)
            {
                if (handshake.Cancel is { } cancel)
                {
                    await context.Sessions.CancelAsync(cancel.ProcessId, cancel.Secret);
                }

                return;
            }

            await ServeAsync(handshake, payload, startup, stopping);
        }
        finally
        {
            await handshake.Stream.DisposeAsync();
        }
    }

    private async Task ServeAsync(Handshake handshake, ReadOnlyMemory<byte> payload, CancellationTokenSource startup, CancellationToken stopping)
    {
        var reader = handshake.Reader!;
        var writer = new WireWriter(handshake.Stream);
        var entered = false;
        try
        {
            var request = StartupRequest.Parse(payload.Span);
            if (context.Options.RequireSsl && !handshake.IsEncrypted)
            {
                var host = (socket.RemoteEndPoint as IPEndPoint)?.Address.MapToIPv6();
                throw StartupRequest.Fatal(
                    "28000", $"no pg_hba.conf entry for host \"{host}\", user \"{request.User}\", database \"{request.Database}\", SSL off");
            }

            var fault = new FaultRunner(context.Faults);
            await fault.TakeAsync(FaultPoint.Connect, request.User, startup.Token);
            var user = await context.Users.FindUserAsync(request.User, startup.Token);
            await new Authenticator(reader, writer, context.Options.Authentication).RunAsync(request.User, user, startup.Token);
            entered = context.Sessions.TryEnter(context.Options.MaxConnections);
            if (!entered)
            {
                throw StartupRequest.Fatal("53300", $"connection limit \"{context.Options.MaxConnections}\" exceeded for non-bootstrap users");
            }

            await CheckAsync(request, user!, startup.Token);
            await using var backing = await ConnectAsync(request, startup.Token);
            var session = new Session(context, backing, reader, writer, request, user!, RandomNumberGenerator.GetInt32(int.MaxValue));
            await session.StartAsync(startup.Token);
            startup.CancelAfter(Timeout.InfiniteTimeSpan);
            await session.RunAsync(stopping);
        }
        catch (ServerException exception)
        {
            // Redshift closes the connection at whatever goes wrong before a session runs.
            ErrorFields.Write(writer, exception.Error with { Severity = "FATAL" });
            await FlushLastAsync(writer);
        }
        catch (FaultDropException)
        {
            socket.Close(0);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ErrorFields.Write(writer, StartupRequest.Fatal("57P01", "terminating connection due to administrator command").Error);
            await FlushLastAsync(writer);
        }
        finally
        {
            if (entered)
            {
                context.Sessions.Leave();
            }
        }
    }

    private async Task CheckAsync(StartupRequest request, UserRecord user, CancellationToken ct)
    {
        if (!await context.Users.DatabaseExistsAsync(request.Database, ct))
        {
            throw StartupRequest.Fatal("3D000", $"database \"{request.Database}\" does not exist");
        }

        if (user.ConnectionLimit >= 0 && user.Connections >= user.ConnectionLimit)
        {
            throw StartupRequest.Fatal("53300", $"too many connections for user \"{user.Name}\"");
        }
    }

    private async Task<BackingConnection> ConnectAsync(StartupRequest request, CancellationToken ct)
    {
        try
        {
            return await context.Postgres.ConnectAsync(request.User, request.Database, ct);
        }
        catch (ServerException exception) when (exception.Error.SqlState == "53300")
        {
            throw StartupRequest.Fatal("53300", $"connection limit \"{context.Options.MaxConnections}\" exceeded for non-bootstrap users");
        }
    }

    private static async Task FlushLastAsync(WireWriter writer)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await writer.FlushAsync(timeout.Token);
    }
}
