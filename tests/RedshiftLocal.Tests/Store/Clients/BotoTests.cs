namespace RedshiftLocal.Tests.Store.Clients;

/// <summary>Debian's python3-boto3 against the store.</summary>
public sealed class BotoTests(S3Target target) : IClassFixture<S3Target>
{
    private const string Preamble =
        """
        import boto3, hashlib, os, sys
        from botocore.config import Config
        from botocore.exceptions import ClientError
        def client(secret=os.environ['S3_SECRET']):
            return boto3.client('s3', endpoint_url=os.environ['S3_ENDPOINT'], region_name=os.environ['S3_REGION'],
                aws_access_key_id=os.environ['S3_KEY'], aws_secret_access_key=secret,
                config=Config(s3={'addressing_style': 'path'}, retries={'max_attempts': 1}))
        bucket = os.environ['S3_BUCKET']
        s3 = client()

        """;

    [Fact]
    public async Task Two_hundred_megabytes_are_stored_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var content = CommonObjectTests.Content(200_000_000);

        var output = await RunAsync(
            """
            s3.upload_file(sys.argv[1], bucket, 'big')
            body = s3.get_object(Bucket=bucket, Key='big')['Body']
            digest = hashlib.sha256()
            for piece in body.iter_chunks(1 << 20):
                digest.update(piece)
            print(digest.hexdigest())
            """,
            folder.Write("big", content));

        Assert.Equal(CommonObjectTests.Hash(content), output);
    }

    [Fact]
    public async Task Two_thousand_five_hundred_keys_are_listed()
    {
        var output = await RunAsync(
            """
            from concurrent.futures import ThreadPoolExecutor
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda i: s3.put_object(Bucket=bucket, Key='k+ %04d' % i, Body=b''), range(2500)))
            keys = [o['Key'] for page in s3.get_paginator('list_objects_v2').paginate(Bucket=bucket) for o in page['Contents']]
            print(len(keys), keys == ['k+ %04d' % i for i in range(2500)])
            for start in range(0, 2500, 1000):
                s3.delete_objects(Bucket=bucket, Delete={'Objects': [{'Key': k} for k in keys[start:start + 1000]]})
            print(s3.list_objects_v2(Bucket=bucket)['KeyCount'])
            """);

        Assert.Equal("2500 True\n0", output);
    }

    [Fact]
    public async Task Odd_keys_come_back_from_listings_in_url_form()
    {
        var output = await RunAsync(
            """
            keys = ['a b', 'a%20b', 'a+b', 'ü', 'x\x01y', '~*\'()']
            for key in keys:
                s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
            print(sorted(keys) == [o['Key'] for o in s3.list_objects_v2(Bucket=bucket)['Contents']])
            print(all(s3.get_object(Bucket=bucket, Key=key)['Body'].read() == key.encode() for key in keys))
            for key in keys:
                s3.delete_object(Bucket=bucket, Key=key)
            """);

        Assert.Equal("True\nTrue", output);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var output = await RunAsync(
            """
            try:
                client('wrong').put_object(Bucket=bucket, Key='a', Body=b'a')
            except ClientError as e:
                print(e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode'])
            """);

        Assert.Equal($"{target.Refusal("SignatureDoesNotMatch")} 403", output);
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused()
    {
        target.Needs(S3Deviations.HeaderChecksums);

        var output = await RunAsync(
            """
            for wrong in ({'ChecksumSHA256': 'A' * 43 + '='}, {'ContentMD5': 'A' * 22 + '=='}):
                try:
                    s3.put_object(Bucket=bucket, Key='a', Body=b'a', **wrong)
                except ClientError as e:
                    print(e.response['Error']['Code'])
            """);

        Assert.Equal("BadDigest\nBadDigest", output);
    }

    [Fact]
    public async Task A_trailing_checksum_is_taken_and_given_back()
    {
        target.Needs(S3Deviations.StoredChecksums);

        var output = await RunAsync(
            """
            s3.put_object(Bucket=bucket, Key='a', Body=b'123456789', ChecksumAlgorithm='SHA256')
            got = s3.get_object(Bucket=bucket, Key='a', ChecksumMode='ENABLED')
            print(got['Body'].read().decode(), got['ChecksumSHA256'])
            """);

        Assert.Equal("123456789 FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=", output);
    }

    private async Task<string> RunAsync(string script, params string[] arguments)
    {
        var python = await ClientProgram.RequirePythonAsync("boto3");
        var environment = new Dictionary<string, string>
        {
            ["S3_ENDPOINT"] = target.Endpoint.ToString(),
            ["S3_REGION"] = target.Region,
            ["S3_KEY"] = target.AccessKey,
            ["S3_SECRET"] = target.SecretKey,
            ["S3_BUCKET"] = await target.CreateBucketAsync(),
        };
        var result = await ClientProgram.RunAsync(python, ["-c", Preamble + script, .. arguments], environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output.Trim();
    }
}
