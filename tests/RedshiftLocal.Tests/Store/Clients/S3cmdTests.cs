namespace RedshiftLocal.Tests.Store.Clients;

/// <summary>Debian's s3cmd against the store: sha256 of the whole body in a header, version 1 of listings.</summary>
public sealed class S3cmdTests(S3Target target) : IClassFixture<S3Target>
{
    [Fact]
    public async Task Two_hundred_megabytes_go_up_in_parts_and_come_down_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var bucket = await target.CreateBucketAsync();
        var content = CommonObjectTests.Content(200_000_000);
        var file = folder.Write("big", content);

        AssertSuccess(await RunAsync("put", "--multipart-chunk-size-mb=50", file, $"s3://{bucket}/big"));
        AssertSuccess(await RunAsync("get", $"s3://{bucket}/big", folder.PathOf("back")));

        Assert.Equal(CommonObjectTests.Hash(content), CommonObjectTests.Hash(await File.ReadAllBytesAsync(folder.PathOf("back"), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var bucket = await target.CreateBucketAsync();

        var result = await RunAsync("ls", $"s3://{bucket}/", "--secret_key=wrong");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(target.Refusal("SignatureDoesNotMatch"), result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_listed_copied_and_deleted()
    {
        using var folder = new TemporaryFolder();
        var bucket = await target.CreateBucketAsync();
        var file = folder.Write("some file+ü.csv", "1,2\n"u8.ToArray());

        AssertSuccess(await RunAsync("put", file, $"s3://{bucket}/in/"));
        AssertSuccess(await RunAsync("cp", $"s3://{bucket}/in/some file+ü.csv", $"s3://{bucket}/copy"));
        var listed = await RunAsync("ls", "--recursive", $"s3://{bucket}/");
        AssertSuccess(await RunAsync("del", $"s3://{bucket}/copy"));
        var left = await RunAsync("ls", "--recursive", $"s3://{bucket}/");

        Assert.Contains($"s3://{bucket}/in/some file+ü.csv", listed.Output, StringComparison.Ordinal);
        Assert.Contains($"s3://{bucket}/copy", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"s3://{bucket}/copy", left.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_is_made_and_removed()
    {
        var bucket = target.NewName();

        AssertSuccess(await RunAsync("mb", $"s3://{bucket}"));
        AssertSuccess(await RunAsync("rb", $"s3://{bucket}"));
    }

    private static void AssertSuccess(ClientResult result) => Assert.True(result.ExitCode == 0, result.ToString());

    private Task<ClientResult> RunAsync(params string[] arguments) => ClientProgram.RunAsync(
        ClientProgram.RequireProgram("s3cmd"),
        [
            "--config=/dev/null", $"--access_key={target.AccessKey}", $"--secret_key={target.SecretKey}", "--no-ssl", "--no-progress",
            $"--host={target.Endpoint.Authority}", $"--host-bucket={target.Endpoint.Authority}", $"--region={target.Region}", .. arguments,
        ]);
}
