using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Backing;

/// <summary>
/// Runs statements by the extended protocol: those between two <see cref="SyncAsync"/> share one transaction, as the statements of one
/// query string do. After an error the pipeline is synchronised, its transaction rolled back or failed, and the error thrown in the form
/// that the given function makes of it.
/// </summary>
public sealed class BackingPipeline(BackingConnection connection, Func<ServerError, ServerError> translate)
{
    private const string InternalName = "redshift_local";

    public BackingConnection Connection => connection;

    /// <summary>Something was sent since the last synchronisation.</summary>
    public bool IsOpen { get; private set; }

    public async Task ParseAsync(string name, string sql, IReadOnlyList<int> types, CancellationToken ct)
    {
        Parse(name, sql, types);
        await FlushAsync(ct);
        await ExpectAsync('1', ct);
    }

    /// <summary>Parameter types and columns of a statement; the latter null when it returns none.</summary>
    public async Task<(int[] ParameterTypes, byte[]? Columns)> DescribeStatementAsync(string name, CancellationToken ct)
    {
        connection.Writer.Begin('D').Byte((byte)'S').Text(name).End();
        await FlushAsync(ct);
        var types = ReadTypes((await ExpectAsync('t', ct)).Payload.Span);
        var message = await ReceiveAsync(ct);
        return (types, message.Type == 'T' ? message.Payload.ToArray() : null);
    }

    /// <summary>Binds as the client's message says, and returns the portal's columns, null when it returns none.</summary>
    public async Task<byte[]?> BindAsync(ReadOnlyMemory<byte> payload, string portal, CancellationToken ct)
    {
        connection.Writer.Message('B', payload.Span);
        connection.Writer.Begin('D').Byte((byte)'P').Text(portal).End();
        await FlushAsync(ct);
        await ExpectAsync('2', ct);
        var message = await ReceiveAsync(ct);
        return message.Type == 'T' ? message.Payload.ToArray() : null;
    }

    /// <summary>Runs a bound portal to its end and returns the tag; null for an empty statement.</summary>
    public async Task<string?> ExecuteAsync(string portal, IResultSink? sink, CancellationToken ct)
    {
        connection.Writer.Begin('E').Text(portal).Int32(0).End();
        await FlushAsync(ct);
        return await TakeResultAsync(sink, ct);
    }

    /// <summary>Closes a statement (S) or portal (P); closing what does not exist is no error.</summary>
    public async Task CloseAsync(char kind, string name, CancellationToken ct)
    {
        connection.Writer.Begin('C').Byte((byte)kind).Text(name).End();
        await FlushAsync(ct);
        await ExpectAsync('3', ct);
    }

    /// <summary>Runs one statement without parameters, results as text; the unnamed statement and portal are lost.</summary>
    public async Task<string?> RunAsync(string sql, IResultSink? sink, CancellationToken ct)
    {
        Parse("", sql, []);
        connection.Writer.Begin('B').Text("").Text("").Int16(0).Int16(0).Int16(0).End();
        connection.Writer.Begin('D').Byte((byte)'P').Text("").End();
        connection.Writer.Begin('E').Text("").Int32(0).End();
        await FlushAsync(ct);
        await ExpectAsync('1', ct);
        await ExpectAsync('2', ct);
        var message = await ReceiveAsync(ct);
        if (message.Type == 'T')
        {
            sink?.RowDescription(message.Payload.Span);
        }

        return await TakeResultAsync(sink, ct);
    }

    /// <summary>Runs a statement of our own, leaving the client's unnamed statement alone; returns the first value of its first row.</summary>
    public async Task<string?> RunInternalAsync(string sql, CancellationToken ct) => (await RunInternalCoreAsync(sql, ct)).Value;

    /// <summary>As <see cref="RunInternalAsync"/>, but returns the command tag.</summary>
    public async Task<string?> RunInternalTagAsync(string sql, CancellationToken ct) => (await RunInternalCoreAsync(sql, ct)).Tag;

    /// <summary>Ends the pipeline's transaction, unless a block is open, and learns the transaction status.</summary>
    public async Task SyncAsync(CancellationToken ct)
    {
        if (!IsOpen)
        {
            return;
        }

        IsOpen = false;
        connection.Writer.Message('S');
        await connection.SendAsync(ct);
        ServerError? error = null;
        while (true)
        {
            var message = await connection.ReceiveAsync(ct);
            if (message.Type == 'E')
            {
                // The commit itself failed.
                error = ErrorFields.Read(message.Payload.Span);
            }
            else if (message.Type == 'Z')
            {
                break;
            }
        }

        if (error is not null)
        {
            throw new ServerException(translate(error));
        }
    }

    /// <summary>Makes the server treat the running transaction as failed, because of an error that it did not meet itself.</summary>
    public async Task FailAsync(CancellationToken ct)
    {
        if (!IsOpen && connection.TransactionStatus != 'T')
        {
            return;
        }

        Parse("", "redshift_local: failed", []);
        try
        {
            await FlushAsync(ct);
            await ExpectAsync('1', ct);
        }
        catch (ServerException exception) when (exception.Error.Severity != "FATAL")
        {
            // This is what was wanted.
        }
    }

    private async Task<(string? Tag, string? Value)> RunInternalCoreAsync(string sql, CancellationToken ct)
    {
        // One that failed has left its statement behind.
        connection.Writer.Begin('C').Byte((byte)'S').Text(InternalName).End();
        Parse(InternalName, sql, []);
        connection.Writer.Begin('B').Text(InternalName).Text(InternalName).Int16(0).Int16(0).Int16(0).End();
        connection.Writer.Begin('E').Text(InternalName).Int32(0).End();
        connection.Writer.Begin('C').Byte((byte)'P').Text(InternalName).End();
        await FlushAsync(ct);
        await ExpectAsync('3', ct);
        await ExpectAsync('1', ct);
        await ExpectAsync('2', ct);
        var sink = new FirstValue();
        var tag = await TakeResultAsync(sink, ct);
        await ExpectAsync('3', ct);
        return (tag, sink.Value);
    }

    private void Parse(string name, string sql, IReadOnlyList<int> types)
    {
        var writer = connection.Writer.Begin('P').Text(name).Text(sql).Int16(types.Count);
        foreach (var type in types)
        {
            writer.Int32(type);
        }

        writer.End();
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        IsOpen = true;
        connection.Writer.Message('H');
        await connection.SendAsync(ct);
    }

    private async Task<string?> TakeResultAsync(IResultSink? sink, CancellationToken ct)
    {
        while (true)
        {
            var message = await ReceiveAsync(ct);
            switch ((char)message.Type)
            {
                case 'D':
                    if (sink is not null)
                    {
                        await sink.DataRowAsync(message.Payload, ct);
                    }

                    break;
                case 'C':
                    return new PayloadReader(message.Payload.Span).Text();
                case 'I':
                    return null;
                case 'G':
                    connection.Writer.Begin('f').Text("not a COPY").End();
                    await connection.SendAsync(ct);
                    break;
            }
        }
    }

    private async Task<WireMessage> ExpectAsync(char type, CancellationToken ct)
    {
        var message = await ReceiveAsync(ct);
        return message.Type == type
            ? message
            : throw new ServerException(new ServerError("XX000", $"the backing server answered {(char)message.Type} where {type} was due") { Severity = "FATAL" });
    }

    private async ValueTask<WireMessage> ReceiveAsync(CancellationToken ct)
    {
        var message = await connection.ReceiveAsync(ct);
        if (message.Type != 'E')
        {
            return message;
        }

        var error = translate(ErrorFields.Read(message.Payload.Span));
        if (error.Severity == "ERROR")
        {
            try
            {
                await SyncAsync(ct);
            }
            catch (ServerException exception) when (exception.Error.Severity == "ERROR")
            {
                // The first error is the one to tell.
            }
        }

        throw new ServerException(error);
    }

    private static int[] ReadTypes(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var types = new int[reader.Int16() & 0xffff];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = reader.Int32();
        }

        return types;
    }

    private sealed class FirstValue : IResultSink
    {
        private bool _taken;

        public string? Value { get; private set; }

        public void RowDescription(ReadOnlySpan<byte> payload)
        {
        }

        public ValueTask DataRowAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
        {
            if (!_taken)
            {
                _taken = true;
                var reader = new PayloadReader(payload.Span);
                if (reader.Int16() > 0 && reader.Int32() is >= 0 and var length)
                {
                    Value = Encoding.UTF8.GetString(reader.Bytes(length));
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
