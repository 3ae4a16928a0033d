using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.ServerTests.Servers;

/// <summary>Ends TLS for a server that speaks HTTP, and keeps the heads of the requests. Its certificate is that of <c>localhost</c>.</summary>
internal sealed partial class TlsRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentQueue<string> _heads = new();

    public TlsRelay(Uri server, TestCertificates certificates)
    {
        _server = server;
        _certificate = X509Certificate2.CreateFromPemFile(certificates.ServerCertificate, certificates.ServerKey);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public IReadOnlyCollection<string> Heads => _heads;

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

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
        using (client)
        {
            try
            {
                await using var secure = new SslStream(client.GetStream());
                await secure.AuthenticateAsServerAsync(_certificate);
                using var server = new TcpClient();
                await server.ConnectAsync(_server.Host, _server.Port);
                await using var plain = server.GetStream();
                await await Task.WhenAny(PassAsync(secure, plain, isRequest: true), PassAsync(plain, secure, isRequest: false));
            }
            catch (Exception broken) when (broken is IOException or SocketException or AuthenticationException or ObjectDisposedException)
            {
                // Both ends are closed.
            }
        }
    }

    // A request begins where a read begins: the client waits for the answer to the one before it.
    private async Task PassAsync(Stream from, Stream to, bool isRequest)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer) is var length and > 0)
        {
            if (isRequest && Head().Match(Encoding.Latin1.GetString(buffer, 0, length)) is { Success: true } head)
            {
                _heads.Enqueue(head.Value);
            }

            await to.WriteAsync(buffer.AsMemory(0, length));
            await to.FlushAsync();
        }
    }

    [GeneratedRegex(@"\A[A-Z]+ /.*?\r\n\r\n", RegexOptions.Singleline)]
    private static partial Regex Head();
}
