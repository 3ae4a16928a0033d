using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace RedshiftLocal.Tests.Store;

/// <summary>What came back over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The error's code; empty without one.</summary>
    public string Code => Element("Code");

    public string Element(string name)
    {
        var start = Text.IndexOf($"<{name}>", StringComparison.Ordinal);
        var end = Text.IndexOf($"</{name}>", StringComparison.Ordinal);
        return start < 0 || end < 0 ? "" : Text[(start + name.Length + 2)..end];
    }
}

/// <summary>Requests written and signed by hand over a bare socket, so that everything about them can be wrong.</summary>
internal sealed class RawS3(Uri endpoint, string accessKey, string secretKey)
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";

    public string Region { get; set; } = "us-east-1";

    public string Service { get; set; } = "s3";

    public DateTimeOffset Time { get; set; } = DateTimeOffset.UtcNow;

    public string Host { get; set; } = endpoint.Authority;

    public string Timestamp => Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private string Scope => $"{Timestamp[..8]}/{Region}/{Service}/aws4_request";

    public static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    /// <summary>Sends what is given, byte for byte.</summary>
    public async Task<RawAnswer> SendBytesAsync(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint.Host, endpoint.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // A reset: what was received until then counts.
        }

        return Parse(answer.ToArray());
    }

    /// <summary>A signed request. The path and query must be in canonical form already.</summary>
    public Task<RawAnswer> SendAsync(
        string method, string path, byte[]? body = null, string query = "", string? payloadHash = null, params (string Name, string Value)[] headers)
    {
        body ??= [];
        var all = Signed(method, path, query, payloadHash ?? Hash(body), headers, out _);
        return SendUnsignedAsync(method, path + (query.Length > 0 ? "?" + query : ""), body, [.. all]);
    }

    public Task<RawAnswer> SendUnsignedAsync(string method, string target, byte[] body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (!headers.Any(header => header.Name is "host"))
        {
            text.Append("host: ").Append(Host).Append("\r\n");
        }

        if (!headers.Any(header => header.Name is "content-length" or "transfer-encoding"))
        {
            text.Append(CultureInfo.InvariantCulture, $"content-length: {body.Length}\r\n");
        }

        return SendBytesAsync([.. Encoding.UTF8.GetBytes(text.Append("connection: close\r\n\r\n").ToString()), .. body]);
    }

    /// <summary>The headers with their signature.</summary>
    public List<(string Name, string Value)> Signed(
        string method, string path, string query, string payloadHash, IEnumerable<(string Name, string Value)> headers, out string signature)
    {
        var all = headers.ToList();
        all.Add(("host", Host));
        all.Add(("x-amz-date", Timestamp));
        if (Service == "s3")
        {
            all.Add(("x-amz-content-sha256", payloadHash));
        }

        all = [.. all.OrderBy(header => header.Name, StringComparer.Ordinal)];
        var names = string.Join(';', all.Select(header => header.Name));
        var canonical = $"{method}\n{path}\n{query}\n{string.Concat(all.Select(header => $"{header.Name}:{header.Value}\n"))}\n{names}\n{payloadHash}";
        signature = Sign($"AWS4-HMAC-SHA256\n{Timestamp}\n{Scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}");
        all.Add(("authorization", $"AWS4-HMAC-SHA256 Credential={accessKey}/{Scope}, SignedHeaders={names}, Signature={signature}"));
        return all;
    }

    /// <summary>A query that carries its signature; more headers than the host are not signed.</summary>
    public string Presign(string method, string path, int seconds, string more = "")
    {
        var query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={accessKey}%2F{Scope.Replace("/", "%2F", StringComparison.Ordinal)}"
            + $"&X-Amz-Date={Timestamp}&X-Amz-Expires={seconds.ToString(CultureInfo.InvariantCulture)}{more}&X-Amz-SignedHeaders=host";
        var canonical = $"{method}\n{path}\n{query}\nhost:{Host}\n\nhost\n{Unsigned}";
        return query + "&X-Amz-Signature=" + Sign($"AWS4-HMAC-SHA256\n{Timestamp}\n{Scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}");
    }

    /// <summary>An aws-chunked body with a signature on each chunk.</summary>
    public byte[] Chunk(string seed, IEnumerable<byte[]> chunks, string? trailer = null)
    {
        using var body = new MemoryStream();
        var previous = seed;
        foreach (var chunk in chunks.Append([]))
        {
            previous = Sign($"AWS4-HMAC-SHA256-PAYLOAD\n{Timestamp}\n{Scope}\n{previous}\n{Hash([])}\n{Hash(chunk)}");
            body.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x};chunk-signature={previous}\r\n"));
            body.Write(chunk);
            body.Write(chunk.Length > 0 || trailer is null ? "\r\n"u8 : ""u8);
        }

        if (trailer is not null)
        {
            var signature = Sign($"AWS4-HMAC-SHA256-TRAILER\n{Timestamp}\n{Scope}\n{previous}\n{Hash(Encoding.UTF8.GetBytes(trailer + "\n"))}");
            body.Write(Encoding.ASCII.GetBytes($"{trailer}\r\nx-amz-trailer-signature:{signature}\r\n\r\n"));
        }

        return body.ToArray();
    }

    private static RawAnswer Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return new RawAnswer(0, new Dictionary<string, string>(), bytes);
        }

        var lines = Encoding.UTF8.GetString(bytes, 0, end).Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        if (status == 100)
        {
            return Parse(bytes[(end + 4)..]);
        }

        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .GroupBy(line => line[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First()[1], StringComparer.OrdinalIgnoreCase);
        return new RawAnswer(status, headers, bytes[(end + 4)..]);
    }

    private string Sign(string text)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in Scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
