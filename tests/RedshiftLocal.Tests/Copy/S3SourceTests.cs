using System.Text;
using Amazon.S3.Model;

namespace RedshiftLocal.Tests.Copy;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html and loading-data-files-using-manifest.html.</summary>
public sealed class S3SourceTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_prefix_loads_all_its_keys_siblings_included()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("t.0.1", "1,a\n");
        await copy.PutAsync("t.0.10", "10,b\n");
        await copy.PutAsync("t.0.1/x y+é", "11,c\n");
        await copy.PutAsync("t.0.2", "2,d\n");
        await copy.CopyAsync("t.0.1", "csv");

        Assert.Equal("1|a;10|b;11|c", await copy.RowsAsync());
    }

    [Fact]
    public async Task A_prefix_of_more_keys_than_a_page_is_loaded_whole()
    {
        await using var copy = await CopyAsync();
        for (var i = 0; i < 1010; i++)
        {
            await copy.PutAsync($"many/{i:d4}", $"{i},x\n");
        }

        await copy.CopyAsync("many/", "csv");

        Assert.Equal("1010", await copy.Connection.ScalarAsync($"select count(*) from {copy.Table}", Ct));
        Assert.Equal("1010", await copy.Connection.ScalarAsync($"select count(*) from stl_load_commits where {copy.Mine}", Ct));
    }

    [Fact]
    public async Task A_prefix_without_keys_is_an_error()
    {
        await using var copy = await CopyAsync();
        var error = await copy.FailAsync("none", "csv");

        Assert.Equal(("XX000", $"The specified S3 prefix '{copy.Prefix}none' does not exist"), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task A_manifest_names_the_files_and_one_named_twice_is_loaded_twice()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("a.csv", CopyTester.Gzip("1,a\n"));
        await copy.PutAsync("a.csv.bak", CopyTester.Gzip("2,b\n"));
        await PutManifestAsync(copy, Entry(copy, "a.csv", "true"), Entry(copy, "a.csv", "true"), Entry(copy, "missing", "false"));
        await copy.CopyAsync("m", "manifest gzip csv");

        Assert.Equal("1|a;1|a", await copy.RowsAsync());
    }

    [Fact]
    public async Task A_mandatory_file_must_exist()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("a.csv", "1,a\n");
        await PutManifestAsync(copy, Entry(copy, "a.csv", "true"), Entry(copy, "missing", "true"));

        var error = await copy.FailAsync("m", "manifest csv");

        Assert.Contains("Error NoSuchKey", error.MessageText, StringComparison.Ordinal);
        Assert.Equal("", await copy.RowsAsync());
    }

    [Fact]
    public async Task A_manifest_of_missing_files_only_is_an_error()
    {
        await using var copy = await CopyAsync();
        await PutManifestAsync(copy, Entry(copy, "missing", "false"));

        Assert.StartsWith("None of the files listed in the manifest", (await copy.FailAsync("m", "manifest csv")).MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"entries":[{"url":"a.csv","mandatory":true}]}""", "MANIFEST requires full S3 object path")]
    [InlineData("""{"entries":[{"url":"s3://sample-bucket/dir/","mandatory":true}]}""", "MANIFEST requires full S3 object path")]
    [InlineData("""{"entries":[{"mandatory":true}]}""", "MANIFEST requires full S3 object path")]
    [InlineData("""{"entries":[{"url":"s3://b/k","mandatory":"yes"}]}""", "mandatory in the manifest is neither true nor false")]
    [InlineData("""{"files":[]}""", "The manifest has no entries")]
    [InlineData("""{"entries":[""", "The manifest is not well-formed JSON, line 1")]
    [InlineData("1,a\n", "The manifest is not well-formed JSON, line 1")]
    public async Task A_wrong_manifest_is_refused(string manifest, string message)
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("m", manifest);

        var error = await copy.FailAsync("m", "manifest csv");

        Assert.Equal(message, error.MessageText);
        Assert.Contains("code:      8001", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_length_is_compared_with_the_file()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("a.csv", "1,a\n");
        await PutManifestAsync(copy, $$$"""{"url":"{{{copy.Url("a.csv")}}}","mandatory":true,"meta":{"content_length":5}}""");

        Assert.EndsWith("is 4 bytes, not the 5 of the manifest's content_length", (await copy.FailAsync("m", "manifest csv")).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_without_its_word_is_read_as_data()
    {
        await using var copy = await CopyAsync();
        await PutManifestAsync(copy, Entry(copy, "a.csv", "true"));

        Assert.StartsWith("Load into table", (await copy.FailAsync("m", "csv")).MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_key_id 'AKIANOBODY' secret_access_key 'x'", "InvalidAccessKeyId")]
    [InlineData($"access_key_id '{RedshiftLocalServer.AccessKey}' secret_access_key 'wrong'", "SignatureDoesNotMatch")]
    [InlineData($"access_key_id '{RedshiftLocalServer.AccessKey}' secret_access_key '{RedshiftLocalServer.SecretKey}' token 'x'", "InvalidToken")]
    public async Task The_given_credentials_are_what_counts(string authorization, string code)
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("f.csv", "1,a\n");
        var error = await copy.FailAsync("f.csv", "csv", authorization);

        Assert.Equal("XX000", error.SqlState);
        Assert.StartsWith("S3ServiceException:", error.MessageText, StringComparison.Ordinal);
        Assert.Contains($",Status 4", error.MessageText, StringComparison.Ordinal);
        Assert.Contains($",Error {code},Rid ", error.MessageText, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.MessageText + error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_configured_reads_and_another_may_not_be_assumed()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("f.csv", "1,a\n");
        await copy.CopyAsync("f.csv", "csv", $"iam_role '{RedshiftLocalServer.RoleArn}'");
        await copy.CopyAsync("f.csv", "csv", "iam_role default");
        await copy.CopyAsync("f.csv", "csv", $"credentials 'aws_iam_role={RedshiftLocalServer.RoleArn}'");
        var error = await copy.FailAsync("f.csv", "csv", "iam_role 'arn:aws:iam::999999999999:role/other'");

        Assert.Equal("1|a;1|a;1|a", await copy.RowsAsync());
        Assert.StartsWith("User arn:aws:redshift:", error.MessageText, StringComparison.Ordinal);
        Assert.EndsWith("is not authorized to assume IAM Role arn:aws:iam::999999999999:role/other", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_bucket_is_named_by_the_store()
    {
        await using var copy = await CopyAsync();
        var error = await copy.Connection.ErrorAsync($"copy {copy.Table} from 's3://no-such-bucket-here/x' {CopyTester.Keys} csv", Ct);

        Assert.Contains("Error NoSuchBucket", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_of_another_region_needs_its_region()
    {
        await using var own = await server.StartOwnAsync(options => options with { Buckets = [RedshiftLocalServer.Bucket + ":eu-west-1"] }, Ct);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        using var store = new Amazon.S3.AmazonS3Client(
            new Amazon.Runtime.BasicAWSCredentials(RedshiftLocalServer.AccessKey, RedshiftLocalServer.SecretKey),
            new Amazon.S3.AmazonS3Config { ServiceURL = own.StoreAddress.ToString(), ForcePathStyle = true, AuthenticationRegion = "eu-west-1" });
        await store.PutObjectAsync(new PutObjectRequest { BucketName = RedshiftLocalServer.Bucket, Key = copy.Prefix + "f.csv", ContentBody = "1,a\n" }, Ct);

        var error = await copy.FailAsync("f.csv", "csv");
        await copy.CopyAsync("f.csv", "csv region 'eu-west-1'");

        Assert.Contains("Status 301,Error PermanentRedirect", error.MessageText, StringComparison.Ordinal);
        Assert.Equal("1|a", await copy.RowsAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Compressed_files_are_read_and_plain_ones_are_not_taken_for_them(string option)
    {
        await using var copy = await CopyAsync();
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},text {i}\n"));
        using var zstd = new ZstdSharp.Compressor();
        var packed = option == "gzip" ? CopyTester.Gzip(text) : zstd.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
        await copy.PutAsync("good", packed);
        await copy.PutAsync("cut", packed[..^7]);
        await copy.PutAsync("plain", text);
        await copy.CopyAsync("good", $"csv {option}");

        Assert.Equal("20000", await copy.Connection.ScalarAsync($"select count(*) from {copy.Table}", Ct));
        Assert.StartsWith("The file could not be decompressed", (await copy.FailAsync("cut", $"csv {option}")).MessageText, StringComparison.Ordinal);
        Assert.StartsWith("The file could not be decompressed", (await copy.FailAsync("plain", $"csv {option}")).MessageText, StringComparison.Ordinal);
        Assert.Equal("20000", await copy.Connection.ScalarAsync($"select count(*) from {copy.Table}", Ct));
    }

    [Fact]
    public async Task A_compressed_file_read_as_text_is_garbage()
    {
        await using var copy = await CopyAsync();
        await copy.PutAsync("f", CopyTester.Gzip("1,a\n"));

        Assert.StartsWith("Load into table", (await copy.FailAsync("f", "csv")).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_bomb_is_read_with_flat_memory()
    {
        await using var copy = await CopyAsync();
        using var target = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(target, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++)
            {
                await gzip.WriteAsync(zeros, Ct);
            }
        }

        await copy.PutAsync("bomb", target.ToArray());
        var before = GC.GetTotalAllocatedBytes();
        await copy.FailAsync("bomb", "csv gzip");

        Assert.True(GC.GetTotalAllocatedBytes() - before < 100 << 20);
    }

    private static string Entry(CopyTester copy, string name, string mandatory) => $$"""{"url":"{{copy.Url(name)}}","mandatory":{{mandatory}}}""";

    private static Task PutManifestAsync(CopyTester copy, params string[] entries) =>
        copy.PutAsync("m", $$"""{"entries":[{{string.Join(',', entries)}}]}""");

    private async Task<CopyTester> CopyAsync() => await CopyTester.CreateAsync(await server.StartAsync(Ct), "id int, a varchar(20)", Ct);
}
