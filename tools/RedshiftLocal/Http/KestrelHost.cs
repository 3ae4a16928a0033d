using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RedshiftLocal.Http;

/// <summary>A bare Kestrel: HTTP/1.1 on one address, one handler, no container, no configuration from outside.</summary>
public sealed class KestrelHost : IAsyncDisposable
{
    private readonly KestrelServer _server;

    private KestrelHost(KestrelServer server, Uri address)
    {
        _server = server;
        Address = address;
    }

    /// <summary>Where it listens; the port is the real one.</summary>
    public Uri Address { get; }

    /// <summary>Throws <see cref="IOException"/> when the address cannot be had.</summary>
    public static async Task<KestrelHost> StartAsync(
        IPEndPoint endpoint, Action<KestrelServerOptions> configure, RequestDelegate handler, CancellationToken ct)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
        configure(options);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(handler), ct);
            return new KestrelHost(server, new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening; requests under way may finish until the token is cancelled.</summary>
    public Task StopAsync(CancellationToken ct) => _server.StopAsync(ct);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Application(RequestDelegate handler) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handler(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
