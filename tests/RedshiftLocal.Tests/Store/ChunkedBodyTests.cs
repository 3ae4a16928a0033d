using System.Globalization;
using System.Text;

namespace RedshiftLocal.Tests.Store;

/// <summary>aws-chunked bodies. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html</summary>
public sealed class ChunkedBodyTests
{
    private const string ObjectPath = "/test-bucket/a";
    private const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private const string SignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    private const string UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private const string Crc32 = "x-amz-checksum-crc32";

    [Fact]
    public async Task Signed_chunks_are_put_together_without_their_framing()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var content = CommonObjectTests.Content(20_000);

        var answer = await PutSignedAsync(raw, Signed, [content[..8192], content[8192..16384], content[16384..]], null, 20_000);

        Assert.Equal(200, answer.Status);
        var got = await raw.SendAsync("GET", ObjectPath);
        Assert.Equal(content, got.Body);
        Assert.False(got.Headers.ContainsKey("content-encoding"));
    }

    [Fact]
    public async Task A_content_encoding_beside_aws_chunked_is_kept()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        await PutSignedAsync(raw, Signed, ["content"u8.ToArray()], null, 7, ("content-encoding", "aws-chunked,gzip"));

        Assert.Equal("gzip", (await raw.SendAsync("HEAD", ObjectPath)).Headers["content-encoding"]);
    }

    [Fact]
    public async Task A_chunk_signed_after_another_than_its_predecessor_is_refused()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        raw.Signed("PUT", ObjectPath, "", Signed, [("x-amz-decoded-content-length", "16384")], out var seed);
        var body = raw.Chunk(seed, [new byte[8192], Enumerable.Repeat((byte)1, 8192).ToArray()]);
        var second = body.AsSpan(1).IndexOf("2000;"u8) + 1;
        byte[] swapped = [.. body[second..(2 * second)], .. body[..second], .. body[(2 * second)..]];

        var answer = await raw.SendAsync(
            "PUT", ObjectPath, swapped, payloadHash: Signed, headers: ("x-amz-decoded-content-length", "16384"));

        Assert.Equal((403, "SignatureDoesNotMatch"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Small_chunks_before_the_last_are_refused()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await PutSignedAsync(store.Raw(), Signed, [new byte[8191], new byte[10]], null, 8201);

        Assert.Equal((403, "InvalidChunkSizeError"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("y/Q5Jg==", 200, "")]
    [InlineData("y/Q5Jw==", 400, "BadDigest")]
    [InlineData("nonsense", 400, "InvalidRequest")]
    public async Task A_signed_trailer_is_verified_and_compared(string checksum, int status, string code)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await PutSignedAsync(
            store.Raw(), SignedTrailer, ["123456789"u8.ToArray()], $"{Crc32}:{checksum}", 9, ("x-amz-trailer", Crc32));

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "y/Q5Jg==")]
    [InlineData("x-amz-checksum-crc32c", "4waSgw==")]
    [InlineData("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")]
    [InlineData("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=")]
    public async Task An_unsigned_trailer_carries_each_checksum(string name, string value)
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var wrong = (value[0] == 'A' ? 'B' : 'A') + value[1..];

        var good = await PutUnsignedAsync(raw, $"9\r\n123456789\r\n0\r\n{name}:{value}\r\n\r\n", 9, name);
        var head = await raw.SendAsync("HEAD", ObjectPath, headers: ("x-amz-checksum-mode", "ENABLED"));
        var bad = await PutUnsignedAsync(raw, $"9\r\n123456789\r\n0\r\n{name}:{wrong}\r\n\r\n", 9, name);

        Assert.Equal(200, good.Status);
        Assert.Equal((value, "FULL_OBJECT"), (head.Headers[name], head.Headers["x-amz-checksum-type"]));
        Assert.Equal((400, "BadDigest"), (bad.Status, bad.Code));
    }

    [Theory]
    [InlineData("9\r\n123456789\r\n0\r\n\r\n", "MalformedTrailerError")]
    [InlineData("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n", "IncompleteBody")]
    [InlineData("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n", "MalformedTrailerError")]
    [InlineData("9\r\n123456789\r\n0\r\nno colon\r\n\r\n", "MalformedTrailerError")]
    [InlineData("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\nmore", "IncompleteBody")]
    [InlineData("9\r\n123456789\r\n", "IncompleteBody")]
    [InlineData("9\r\n12345", "IncompleteBody")]
    [InlineData("9\r\n123456789x\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n", "IncompleteBody")]
    [InlineData("8\r\n12345678\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n", "IncompleteBody")]
    [InlineData("a\r\n1234567890\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n", "IncompleteBody")]
    [InlineData("-9\r\n123456789\r\n0\r\n\r\n", "InvalidRequest")]
    [InlineData("fffffffffffffffff\r\n", "InvalidRequest")]
    [InlineData("7fffffffffffff0\r\n123", "IncompleteBody")]
    [InlineData("9\n123456789\n0\n\n", "IncompleteBody")]
    [InlineData("", "IncompleteBody")]
    public async Task A_body_that_breaks_the_framing_is_refused(string body, string code)
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        var answer = await PutUnsignedAsync(raw, body, 9, Crc32);

        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Equal(404, (await raw.SendAsync("HEAD", ObjectPath)).Status);
        Assert.Empty(Directory.GetFiles(Path.Combine(store.Folder, "data")));
    }

    [Fact]
    public async Task The_length_of_the_content_must_be_told()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync(
            "PUT", ObjectPath, "0\r\n\r\n"u8.ToArray(), payloadHash: UnsignedTrailer, headers: ("x-amz-trailer", Crc32));

        Assert.Equal((411, "MissingContentLength"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_mutilated_body_is_stored_only_when_its_content_is_whole()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var content = CommonObjectTests.Content(300);
        var checksum = Convert.ToBase64String(RedshiftLocal.Store.Payloads.ChecksumAlgorithms.Of(RedshiftLocal.Store.Payloads.ChecksumAlgorithm.Crc32, content));
        byte[] body = [.. "64\r\n"u8, .. content[..100], .. "\r\nc8\r\n"u8, .. content[100..], .. Encoding.ASCII.GetBytes($"\r\n0\r\n{Crc32}:{checksum}\r\n\r\n")];
        var random = new Random(11);
        for (var i = 0; i < 300; i++)
        {
            var changed = random.Next(3) == 0 ? body[..random.Next(body.Length)] : (byte[])body.Clone();
            if (changed.Length == body.Length)
            {
                changed[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var answer = await PutUnsignedAsync(raw, changed, 300, Crc32);

            Assert.Contains(answer.Status, (int[])[200, 400]);
            if (answer.Status == 200)
            {
                Assert.Equal(content, (await raw.SendAsync("GET", ObjectPath)).Body);
            }
        }
    }

    private static Task<RawAnswer> PutUnsignedAsync(RawS3 raw, string body, int length, string trailer) =>
        PutUnsignedAsync(raw, Encoding.Latin1.GetBytes(body), length, trailer);

    private static Task<RawAnswer> PutUnsignedAsync(RawS3 raw, byte[] body, int length, string trailer) => raw.SendAsync(
        "PUT",
        ObjectPath,
        body,
        payloadHash: UnsignedTrailer,
        headers: [("x-amz-decoded-content-length", length.ToString(CultureInfo.InvariantCulture)), ("x-amz-trailer", trailer)]);

    private static Task<RawAnswer> PutSignedAsync(
        RawS3 raw, string hash, byte[][] chunks, string? trailer, int length, params (string Name, string Value)[] more)
    {
        (string, string)[] headers = [("x-amz-decoded-content-length", length.ToString(CultureInfo.InvariantCulture)), .. more];
        raw.Signed("PUT", ObjectPath, "", hash, headers, out var seed);
        return raw.SendAsync("PUT", ObjectPath, raw.Chunk(seed, chunks, trailer), payloadHash: hash, headers: headers);
    }
}
