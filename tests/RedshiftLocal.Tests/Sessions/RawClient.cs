// The protocol is made of MD5, and the certificates of the tests are their own.
#pragma warning disable CA5351, CA5359

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>A client that sends what it is told to, message by message.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;

    public WireReader Reader { get; private set; } = new(Stream.Null);

    public WireWriter Writer { get; private set; } = new(Stream.Null);

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint, CancellationToken ct)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(endPoint, ct);
        client.Use(client._client.GetStream());
        return client;
    }

    /// <summary>A client that has logged in and read up to ReadyForQuery.</summary>
    public static async Task<RawClient> LogInAsync(LocalRedshift server, CancellationToken ct, params (string Name, string Value)[] parameters)
    {
        var client = await ConnectAsync(server.EndPoint, ct);
        await client.StartAsync(ct, parameters);
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, ct);
        var messages = await client.ReadToReadyAsync(ct);
        Assert.DoesNotContain(messages, message => message.Type == 'E');
        return client;
    }

    public async Task StartAsync(CancellationToken ct, params (string Name, string Value)[] parameters)
    {
        Writer.BeginUntyped().Int32(ProtocolCodes.Version3);
        if (!parameters.Any(parameter => parameter.Name == "user"))
        {
            Writer.Text("user").Text(RedshiftLocalServer.User).Text("database").Text("dev");
        }

        foreach (var (name, value) in parameters)
        {
            Writer.Text(name).Text(value);
        }

        Writer.Byte(0).End();
        await Writer.FlushAsync(ct);
    }

    public async Task AnswerMd5Async(string user, string password, CancellationToken ct)
    {
        var request = await ReadAsync(ct);
        Assert.Equal(('R', 5), (request.Type, request.Type == 'R' ? new PayloadReader(request.Payload).Int32() : 0));
        var inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + user)));
        byte[] salted = [.. Encoding.ASCII.GetBytes(inner), .. request.Payload[4..8]];
        Writer.Begin('p').Text("md5" + Convert.ToHexStringLower(MD5.HashData(salted))).End();
        await Writer.FlushAsync(ct);
    }

    public async Task UpgradeAsync(CancellationToken ct)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, ct);
        Use(tls);
    }

    public async Task SendAsync(byte[] bytes, CancellationToken ct) => await _stream.WriteAsync(bytes, ct);

    public async Task SendQueryAsync(string sql, CancellationToken ct)
    {
        Writer.Begin('Q').Text(sql).End();
        await Writer.FlushAsync(ct);
    }

    /// <summary>Runs a query string and returns all answers.</summary>
    public async Task<IReadOnlyList<Received>> QueryAsync(string sql, CancellationToken ct)
    {
        await SendQueryAsync(sql, ct);
        return await ReadToReadyAsync(ct);
    }

    /// <summary>The next message; type 0 at the end of the stream.</summary>
    public async Task<Received> ReadAsync(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        var message = await Reader.ReadAsync(1 << 26, timeout.Token);
        return new Received((char)message.Type, message.Payload.ToArray());
    }

    public async Task<IReadOnlyList<Received>> ReadToReadyAsync(CancellationToken ct)
    {
        var messages = new List<Received>();
        while (true)
        {
            var message = await ReadAsync(ct);
            messages.Add(message);
            if (message.Type is 'Z' or '\0')
            {
                return messages;
            }
        }
    }

    /// <summary>One byte, -1 at the end of the stream.</summary>
    public async Task<int> ReadByteAsync(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[1];
        try
        {
            return await _stream.ReadAsync(buffer, timeout.Token) == 0 ? -1 : buffer[0];
        }
        catch (IOException)
        {
            return -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        Reader = new WireReader(stream);
        Writer = new WireWriter(stream);
    }
}

/// <summary>A message of the server.</summary>
internal sealed record Received(char Type, byte[] Payload)
{
    public string Tag => Type == 'C' ? new PayloadReader(Payload).Text() : throw new InvalidOperationException($"{Type} is no CommandComplete");

    public ServerError Error => ErrorFields.Read(Payload);

    /// <summary>The letters of the fields of an error or notice.</summary>
    public string FieldLetters
    {
        get
        {
            var letters = new StringBuilder();
            var reader = new PayloadReader(Payload);
            while (!reader.IsAtEnd && reader.Byte() is var letter and not 0)
            {
                letters.Append((char)letter);
                reader.Text();
            }

            return letters.ToString();
        }
    }

    /// <summary>The values of a DataRow.</summary>
    public IReadOnlyList<string?> Values
    {
        get
        {
            var reader = new PayloadReader(Payload);
            var values = new string?[reader.Int16()];
            for (var i = 0; i < values.Length; i++)
            {
                var length = reader.Int32();
                values[i] = length < 0 ? null : Encoding.UTF8.GetString(reader.Bytes(length));
            }

            return values;
        }
    }

    /// <summary>Name, type and type modifier of each column of a RowDescription.</summary>
    public IReadOnlyList<(string Name, int Type, int Modifier)> Columns
    {
        get
        {
            var reader = new PayloadReader(Payload);
            var columns = new (string, int, int)[reader.Int16()];
            for (var i = 0; i < columns.Length; i++)
            {
                var name = reader.Text();
                reader.Bytes(6);
                var type = reader.Int32();
                reader.Bytes(2);
                columns[i] = (name, type, reader.Int32());
                reader.Bytes(2);
            }

            return columns;
        }
    }
}
