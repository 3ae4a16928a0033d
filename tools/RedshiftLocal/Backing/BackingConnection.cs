using System.Net.Sockets;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Backing;

/// <summary>A connection to the private PostgreSQL, message by message.</summary>
public sealed class BackingConnection : IBackingSession
{
    private const int MaxMessageBytes = 1 << 30;

    private readonly string _socketPath;
    private readonly Socket _socket;
    private readonly WireReader _reader;
    private int _secret;

    private BackingConnection(string socketPath, Socket socket)
    {
        _socketPath = socketPath;
        _socket = socket;
        var stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new WireReader(stream);
        Writer = new WireWriter(stream);
    }

    public char TransactionStatus { get; private set; } = 'I';

    public int ProcessId { get; private set; }

    public WireWriter Writer { get; }

    /// <summary>Called for notices that arrive while a query of our own runs.</summary>
    public Action<ServerError>? Noticed { get; set; }

    /// <summary>Called when the server reports a setting.</summary>
    public Action<string, string>? ParameterReported { get; set; }

    public static async Task<BackingConnection> ConnectAsync(string socketPath, string user, string database, CancellationToken ct)
    {
        var connection = new BackingConnection(socketPath, await OpenAsync(socketPath, ct));
        try
        {
            await connection.StartAsync(user, database, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next message, whatever it is. ReadyForQuery has been noted; asynchronous messages have been handed on.</summary>
    /// <exception cref="ServerException">The server ended the connection (57P01).</exception>
    public async ValueTask<WireMessage> ReceiveAsync(CancellationToken ct)
    {
        while (true)
        {
            WireMessage message;
            try
            {
                message = await _reader.ReadAsync(MaxMessageBytes, ct);
            }
            catch (IOException)
            {
                throw Gone();
            }

            switch ((char)message.Type)
            {
                case '\0':
                    throw Gone();
                case 'S':
                    Report(message.Payload.Span);
                    continue;
                case 'N':
                    Noticed?.Invoke(ErrorFields.Read(message.Payload.Span));
                    continue;
                case 'Z':
                    TransactionStatus = (char)message.Payload.Span[0];
                    return message;
                default:
                    return message;
            }
        }
    }

    public async ValueTask SendAsync(CancellationToken ct)
    {
        try
        {
            await Writer.FlushAsync(ct);
        }
        catch (IOException)
        {
            throw Gone();
        }
    }

    /// <summary>Cancellation is asked of the server, whose answer is awaited, so that the connection can be used further.</summary>
    public async Task<QueryResult> QueryAsync(string sql, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var canceling = CancelOn(ct);
        Writer.Begin('Q').Text(sql).End();
        await SendAsync(CancellationToken.None);
        IReadOnlyList<string> columns = [];
        List<string?[]> rows = [];
        var tag = "";
        ServerError? error = null;
        while (true)
        {
            var message = await ReceiveAsync(CancellationToken.None);
            switch ((char)message.Type)
            {
                case 'T':
                    columns = ColumnNames(message.Payload.Span);
                    rows = [];
                    break;
                case 'D':
                    rows.Add(Values(message.Payload.Span));
                    break;
                case 'C':
                    tag = new PayloadReader(message.Payload.Span).Text();
                    break;
                case 'E':
                    error = ErrorFields.Read(message.Payload.Span);
                    break;
                case 'G':
                    Writer.Begin('f').Text("not a COPY").End();
                    await SendAsync(CancellationToken.None);
                    break;
                case 'Z':
                    return error is null ? new QueryResult(columns, rows, tag) : throw Failure(error, ct);
            }
        }
    }

    public async Task<ICopyIn> BeginCopyInAsync(string sql, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var canceling = CancelOn(ct);
        Writer.Begin('Q').Text(sql).End();
        await SendAsync(CancellationToken.None);
        ServerError? error = null;
        while (true)
        {
            var message = await ReceiveAsync(CancellationToken.None);
            switch ((char)message.Type)
            {
                case 'G':
                    return new BackingCopyIn(this);
                case 'E':
                    error = ErrorFields.Read(message.Payload.Span);
                    break;
                case 'Z':
                    throw Failure(error ?? new ServerError("XX000", "the statement is not a COPY FROM STDIN"), ct);
            }
        }
    }

    /// <summary>Asks the server to end the running statement; may be called from another thread.</summary>
    public async Task CancelAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var socket = await OpenAsync(_socketPath, timeout.Token);
            await using var stream = new NetworkStream(socket);
            var writer = new WireWriter(stream);
            writer.BeginUntyped().Int32(ProtocolCodes.CancelRequest).Int32(ProcessId).Int32(_secret).End();
            await writer.FlushAsync(timeout.Token);
            _ = await stream.ReadAsync(new byte[1], timeout.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ServerException)
        {
            // The server may be gone, and then there is nothing to cancel.
        }
    }

    internal CancellationTokenRegistration CancelOn(CancellationToken ct) => ct.Register(() => _ = CancelAsync());

    /// <summary>An error that came because the caller gave up is told as such.</summary>
    internal static Exception Failure(ServerError error, CancellationToken ct) =>
        error.SqlState == "57014" && ct.IsCancellationRequested ? new OperationCanceledException(ct) : new ServerException(error);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.Connected)
            {
                Writer.Message('X');
                using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await Writer.FlushAsync(timeout.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It is closed all the same.
        }

        _socket.Dispose();
    }

    private static async Task<Socket> OpenAsync(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ServerException(new ServerError("57P03", "the database system is not available") { Severity = "FATAL" }, exception);
        }
    }

    private async Task StartAsync(string user, string database, CancellationToken ct)
    {
        Writer.BeginUntyped().Int32(ProtocolCodes.Version3)
            .Text("user").Text(user).Text("database").Text(database).Text("client_encoding").Text("UTF8").Byte(0).End();
        await SendAsync(ct);
        while (true)
        {
            var message = await ReceiveAsync(ct);
            switch ((char)message.Type)
            {
                case 'E':
                    throw new ServerException(ErrorFields.Read(message.Payload.Span));
                case 'K':
                    ReadKey(message.Payload.Span);
                    break;
                case 'Z':
                    return;
            }
        }
    }

    private void ReadKey(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        ProcessId = reader.Int32();
        _secret = reader.Int32();
    }

    private void Report(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        ParameterReported?.Invoke(reader.Text(), reader.Text());
    }

    private static ServerException Gone() =>
        new(new ServerError("57P01", "terminating connection due to administrator command") { Severity = "FATAL" });

    private static string[] ColumnNames(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var names = new string[reader.Int16()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.Text();
            reader.Bytes(18);
        }

        return names;
    }

    private static string?[] Values(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var values = new string?[reader.Int16()];
        for (var i = 0; i < values.Length; i++)
        {
            var length = reader.Int32();
            values[i] = length < 0 ? null : System.Text.Encoding.UTF8.GetString(reader.Bytes(length));
        }

        return values;
    }
}
