using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>The first bytes of a connection: TLS and GSS requests, cancel requests, the start-up message, or nonsense.</summary>
internal sealed class Handshake(Socket socket, X509Certificate2? certificate, GssAnswer gssAnswer)
{
    private static readonly byte[] HttpAnswer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis port speaks the PostgreSQL protocol.\r\n"u8.ToArray();

    public Stream Stream { get; private set; } = new NetworkStream(socket, ownsSocket: true);

    public bool IsEncrypted { get; private set; }

    /// <summary>The process id and the secret of a cancel request, when that is what came.</summary>
    public (int ProcessId, int Secret)? Cancel { get; private set; }

    /// <summary>The payload of the start-up message, or null: nothing more is to be done with this connection.</summary>
    public async Task<ReadOnlyMemory<byte>?> RunAsync(CancellationToken ct)
    {
        var reader = new WireReader(Stream);
        var gssAsked = false;
        while (true)
        {
            WireMessage message;
            try
            {
                message = await reader.ReadStartupAsync(StartupRequest.MaxBytes, ct);
            }
            catch (WireException)
            {
                await AnswerStrangerAsync(reader.Peek().ToArray(), ct);
                return null;
            }

            if (message.IsEnd)
            {
                return null;
            }

            switch (new PayloadReader(message.Payload.Span).Int32())
            {
                case ProtocolCodes.SslRequest when !IsEncrypted && reader.BufferedBytes == 0:
                    if (!await AnswerSslAsync(ct))
                    {
                        return null;
                    }

                    reader = new WireReader(Stream);
                    break;
                case ProtocolCodes.GssEncRequest when !IsEncrypted && !gssAsked && reader.BufferedBytes == 0:
                    gssAsked = true;
                    if (!await AnswerGssAsync(ct))
                    {
                        return null;
                    }

                    break;
                case ProtocolCodes.CancelRequest:
                    Cancel = ReadCancel(message.Payload.Span);
                    return null;
                case ProtocolCodes.SslRequest or ProtocolCodes.GssEncRequest:
                    // A second request, or bytes behind one that an attacker may have put there.
                    return null;
                default:
                    Reader = reader;
                    return message.Payload.ToArray();
            }
        }
    }

    /// <summary>Goes on behind the start-up message.</summary>
    public WireReader? Reader { get; private set; }

    private static (int ProcessId, int Secret)? ReadCancel(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload[4..]);
        return payload.Length == 12 ? (reader.Int32(), reader.Int32()) : null;
    }

    private async Task<bool> AnswerSslAsync(CancellationToken ct)
    {
        if (certificate is null)
        {
            await Stream.WriteAsync("N"u8.ToArray(), ct);
            return true;
        }

        await Stream.WriteAsync("S"u8.ToArray(), ct);
        var tls = new SslStream(Stream);
        Stream = tls;
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            },
            ct);
        IsEncrypted = true;
        return true;
    }

    private async Task<bool> AnswerGssAsync(CancellationToken ct)
    {
        switch (gssAnswer)
        {
            case GssAnswer.Refuse:
                await Stream.WriteAsync("N"u8.ToArray(), ct);
                return true;
            case GssAnswer.Error:
                var writer = new WireWriter(Stream);
                ErrorFields.Write(writer, StartupRequest.Fatal("0A000", "unsupported frontend protocol 1234.5680: server supports 1.0 to 3.0").Error);
                await writer.FlushAsync(ct);
                return false;
            default:
                return false;
        }
    }

    /// <summary>A browser or curl on this port is told so; anything else is not worth an answer.</summary>
    private async Task AnswerStrangerAsync(byte[] first, CancellationToken ct)
    {
        ReadOnlySpan<byte> start = first.AsSpan(0, Math.Min(4, first.Length));
        if (start.SequenceEqual("GET "u8) || start.SequenceEqual("POST"u8) || start.SequenceEqual("HEAD"u8) || start.SequenceEqual("PUT "u8)
            || start.SequenceEqual("OPTI"u8) || start.SequenceEqual("CONN"u8) || start.SequenceEqual("DELE"u8))
        {
            await Stream.WriteAsync(HttpAnswer, ct);
        }
    }
}
