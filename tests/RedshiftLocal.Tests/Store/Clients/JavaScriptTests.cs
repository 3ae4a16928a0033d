namespace RedshiftLocal.Tests.Store.Clients;

/// <summary>npm's @aws-sdk/client-s3 at its defaults: CRC32 in headers, or as an unsigned trailer for streams.</summary>
public sealed class JavaScriptTests(S3Target target) : IClassFixture<S3Target>
{
    private const string Preamble =
        """
        const s3 = require(process.env.S3_MODULES + '/@aws-sdk/client-s3');
        const { Readable } = require('node:stream');
        const crypto = require('node:crypto');
        const bucket = process.env.S3_BUCKET;
        const open = secret => new s3.S3Client({
            endpoint: process.env.S3_ENDPOINT, region: process.env.S3_REGION, forcePathStyle: true, maxAttempts: 1,
            credentials: { accessKeyId: process.env.S3_KEY, secretAccessKey: secret } });
        const client = open(process.env.S3_SECRET);
        const send = (name, input) => client.send(new s3[name + 'Command']({ Bucket: bucket, ...input }));

        """;

    [Fact]
    public async Task A_stream_with_an_unsigned_trailer_is_stored_bit_for_bit()
    {
        target.Needs(S3Deviations.StreamedTrailers);
        var output = await RunAsync(
            """
            const content = crypto.randomBytes(3000001);
            await send('PutObject', { Key: 'a', Body: Readable.from([content.subarray(0, 1), content.subarray(1)]), ContentLength: content.length });
            const got = await send('GetObject', { Key: 'a' });
            console.log(Buffer.from(await got.Body.transformToByteArray()).equals(content), got.ContentEncoding);
            """);

        Assert.Equal("true undefined", output);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var output = await RunAsync(
            """
            try { await open('wrong').send(new s3.PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'a' })); }
            catch (e) { console.log(e.name, e.$metadata.httpStatusCode); }
            """);

        Assert.Equal($"{target.Refusal("SignatureDoesNotMatch")} 403", output);
    }

    [Theory]
    [InlineData("ChecksumCRC32", "y/Q5Jg==")]
    [InlineData("ChecksumCRC32C", "4waSgw==")]
    [InlineData("ChecksumCRC64NVME", "rosUhgp5mIg=")]
    [InlineData("ChecksumSHA1", "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    public async Task A_right_checksum_is_taken_and_given_back_and_a_wrong_one_refused(string name, string value)
    {
        target.Needs(S3Deviations.HeaderChecksums | S3Deviations.StoredChecksums);

        var output = await RunAsync(
            $$"""
            await send('PutObject', { Key: 'a', Body: '123456789', {{name}}: '{{value}}' });
            console.log((await send('HeadObject', { Key: 'a', ChecksumMode: 'ENABLED' })).{{name}});
            try { await send('PutObject', { Key: 'b', Body: '12345678', {{name}}: '{{value}}' }); }
            catch (e) { console.log(e.name); }
            """);

        Assert.Equal(value + "\nBadDigest", output);
    }

    [Fact]
    public async Task Parts_with_checksums_are_put_together()
    {
        var output = await RunAsync(
            """
            const content = crypto.randomBytes((5 << 20) + 7);
            const { UploadId } = await send('CreateMultipartUpload', { Key: 'big', ChecksumAlgorithm: 'CRC32' });
            const parts = [];
            for (const [number, body] of [[1, content.subarray(0, 5 << 20)], [2, content.subarray(5 << 20)]]) {
                const { ETag, ChecksumCRC32 } = await send('UploadPart', { Key: 'big', UploadId, PartNumber: number, Body: body });
                parts.push({ PartNumber: number, ETag, ChecksumCRC32 });
            }
            await send('CompleteMultipartUpload', { Key: 'big', UploadId, MultipartUpload: { Parts: parts } });
            const got = await send('GetObject', { Key: 'big' });
            console.log(Buffer.from(await got.Body.transformToByteArray()).equals(content));
            """);

        Assert.Equal("true", output);
    }

    private async Task<string> RunAsync(string script)
    {
        var node = ClientProgram.RequireNode("@aws-sdk/client-s3");
        var environment = new Dictionary<string, string>
        {
            ["S3_MODULES"] = ClientProgram.NodeModules(),
            ["S3_ENDPOINT"] = target.Endpoint.ToString(),
            ["S3_REGION"] = target.Region,
            ["S3_KEY"] = target.AccessKey,
            ["S3_SECRET"] = target.SecretKey,
            ["S3_BUCKET"] = await target.CreateBucketAsync(),
        };
        var result = await ClientProgram.RunAsync(
            node, ["-e", $"{Preamble}(async () => {{ {script} }})().catch(e => {{ console.error(e); process.exitCode = 1; }});"], environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output.Trim();
    }
}
