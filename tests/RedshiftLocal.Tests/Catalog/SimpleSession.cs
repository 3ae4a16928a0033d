using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Tests.Catalog;

/// <summary>Simple queries over a Unix socket that trusts its users: what the tests of the catalog need of a session.</summary>
public sealed class SimpleSession : IBackingSession
{
    private readonly NetworkStream _stream;

    private SimpleSession(NetworkStream stream) => _stream = stream;

    public char TransactionStatus { get; private set; }

    public static async Task<SimpleSession> ConnectAsync(string socketPath, string user, string database, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), ct);
        var session = new SimpleSession(new NetworkStream(socket, ownsSocket: true));
        await session.SendAsync(null, [0, 3, 0, 0, .. Encoding.UTF8.GetBytes($"user\0{user}\0database\0{database}\0client_encoding\0UTF8\0\0")], ct);
        await session.ReadAnswerAsync(ct);
        return session;
    }

    public async Task<QueryResult> QueryAsync(string sql, CancellationToken ct)
    {
        await SendAsync('Q', [.. Encoding.UTF8.GetBytes(sql), 0], ct);
        return await ReadAnswerAsync(ct);
    }

    public Task<ICopyIn> BeginCopyInAsync(string sql, CancellationToken ct) => throw new NotSupportedException("tests of the catalog do not copy");

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static QueryResult ReadColumns(ReadOnlySpan<byte> body)
    {
        var names = new List<string>();
        for (var rest = body[2..]; rest.Length > 0; rest = rest[(rest.IndexOf((byte)0) + 19)..])
        {
            names.Add(Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]));
        }

        return new(names, new List<string?[]>(), "");
    }

    private static string?[] ReadRow(ReadOnlySpan<byte> body)
    {
        var row = new string?[BinaryPrimitives.ReadInt16BigEndian(body)];
        body = body[2..];
        for (var i = 0; i < row.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body);
            row[i] = length < 0 ? null : Encoding.UTF8.GetString(body.Slice(4, length));
            body = body[(4 + Math.Max(length, 0))..];
        }

        return row;
    }

    private static ServerError ReadError(ReadOnlySpan<byte> body)
    {
        var fields = Encoding.UTF8.GetString(body).Split('\0').Where(field => field.Length > 0).ToDictionary(field => field[0], field => field[1..]);
        return new(fields['C'], fields['M']);
    }

    private async Task SendAsync(char? type, byte[] body, CancellationToken ct)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + 4);
        await _stream.WriteAsync((byte[])[.. type is { } letter ? [(byte)letter] : Array.Empty<byte>(), .. length, .. body], ct);
    }

    private async Task<QueryResult> ReadAnswerAsync(CancellationToken ct)
    {
        var result = new QueryResult([], [], "");
        ServerError? error = null;
        while (true)
        {
            var head = new byte[5];
            await _stream.ReadExactlyAsync(head, ct);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await _stream.ReadExactlyAsync(body, ct);
            switch ((char)head[0])
            {
                case 'T':
                    result = ReadColumns(body);
                    break;
                case 'D':
                    ((List<string?[]>)result.Rows).Add(ReadRow(body));
                    break;
                case 'E':
                    error = ReadError(body);
                    break;
                case 'Z':
                    TransactionStatus = (char)body[0];
                    return error is null ? result : throw new ServerException(error);
            }
        }
    }
}
